"""A hostile drop folder: whatever lies there and whatever is done to the folder itself, each good document arrives exactly once."""

import json
import os
import random
import stat
import time
from collections import Counter
from pathlib import Path

import pytest

from gateway.exchange.dispatch import DispatchState
from gateway.exchange.receipt import ReceiptState
from gateway.files.names import escaped
from gateway.flows.scan_report import MOST_NAMED
from gateway.transports.readiness import IGNORED
from tests import database
from tests.machine.laws import LAWS, look
from tests.torture.crowd import Crowd
from tests.torture.hostile import LARGE, Guarded, Hostile, Manners, channels, state_of
from tests.torture.judgement import seen_by_partners, torn
from tests.torture.scene import CSV_CUSTOMER, CUSTOMERS, SEPARATORS, X12_CUSTOMER, make
from tests.torture.workers import REALLY, SCALE, Workers, wait_until

ACTS = 25 if SCALE == 1 else 60 * SCALE
"""So many hostile acts there are at least."""
PATIENCE = 120.0 if SCALE == 1 else 900.0
WAYS = {"acme": "content", "bolt": "marker", "coop": "trailer"}
LONG_WAYS = (
    {"acme": "marker", "bolt": "stable", "coop": "trailer"},
    {"acme": "stable", "bolt": "content", "coop": "marker"},
)
LOOKED_AT = 3.0
IDLE = 0.6
"""The most of a core that a process may take when nothing new comes, with twenty dozen hostile things in its folders."""


def house(folder: Path, ways: dict[str, str]) -> Guarded:
    """A house whose customers' files are complete in these ways."""
    texts = {
        name: X12_CUSTOMER.format(name=name, title=name.upper(), separators=SEPARATORS[name][2])
        for name in ("acme", "bolt")
    }
    texts["coop"] = CSV_CUSTOMER
    scene = make(
        folder, database.SQLITE, more={name: f"{text}{channels(name, ways[name])}" for name, text in texts.items()}
    )
    return Guarded(scene.site, scene.url)


@pytest.mark.parametrize("ways", [WAYS, *(LONG_WAYS if SCALE > 1 else ())], ids=lambda ways: "-".join(ways.values()))
def test_in_a_hostile_folder_each_good_document_arrives_once_and_nothing_outside_is_touched(
    tmp_path: Path, ways: dict[str, str]
) -> None:
    seed = random.randrange(10**6) if SCALE > 1 else 11
    scene = house(tmp_path, ways)
    secret = tmp_path / "secret"
    hostile = Hostile(scene, CUSTOMERS, secret, seed, scene.whole_folders, may_mount=REALLY and os.geteuid() == 0)
    hostile.longest = 1.2 if REALLY else hostile.longest
    crowd, before = Crowd(scene, seed), state_of(secret)
    workers = tortured(scene, crowd, hostile, Manners(scene, crowd, ways, random.Random(seed)))
    said = f"{len(crowd.sent)} good files, kills {dict(workers.kills)}, {dict(hostile.acts)}"
    print(f"\nseed {seed}: {said}; {seen_by_partners(crowd)}")  # noqa: T201 - shown with -s, and when it fails
    assert state_of(secret) == before
    assert {path.name for path in secret.iterdir()} == {name for name, *_ in before}
    the_log_is_fit(workers)
    the_house_is_in_order(scene, crowd)
    what_is_not_taken_is_told_once(scene)


def tortured(scene: Guarded, crowd: Crowd, hostile: Hostile, manners: Manners) -> Workers:
    """Everybody at work for a while, the process killed now and then; in the end everything is delivered."""
    workers, choice = Workers(scene), manners.choice
    try:
        workers.start()
        crowd.begin(most=0)
        manners.settle()
        hostile.begin(0.02)
        good = [manners.begin(name, lambda: sum(hostile.acts.values()) >= ACTS) for name in manners.ways]
        while sum(hostile.acts.values()) < ACTS:
            time.sleep(choice.uniform(0.5, 1.5) * (4 if REALLY else 1))
            with scene.whole_folders:
                workers.kill_one(choice)
                workers.replace_dead(choice)
                manners.settle()
        for each in good:
            each.join()
        hostile.end()
        drain(crowd, workers)
        busy = share_of_a_core(workers) if REALLY else 0.0
        assert busy < IDLE, f"{busy:.0%} of a core, with nothing to do"
        workers.end_in_peace()
    finally:
        hostile.end()
        workers.end()
        crowd.end()
    assert (crowd.faults, hostile.faults, manners.faults, workers.strange) == ([], [], [], [])
    return workers


def drain(crowd: Crowd, workers: Workers) -> None:
    """Wait until everybody has everything, and a while longer for what would come twice."""
    wait_until(
        lambda: not seen_by_partners(crowd).missing,
        PATIENCE,
        lambda: f"{seen_by_partners(crowd)}\n{workers.complaints()}",
    )
    time.sleep(1.5)
    assert torn(crowd.taken) == []
    verdict = seen_by_partners(crowd)
    assert verdict.faultless, str(verdict)


def share_of_a_core(workers: Workers) -> float:
    """How busy the process is for some seconds."""
    (pid,) = [each.process.pid for each in workers.all]
    before = cpu_seconds(pid)
    time.sleep(LOOKED_AT)
    return (cpu_seconds(pid) - before) / LOOKED_AT


def cpu_seconds(pid: int) -> float:
    """What a process used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def the_log_is_fit(workers: Workers) -> None:
    """No defect, and one line each, whatever names lay there."""
    text = workers.log.read_bytes()
    assert b"Traceback" not in text
    lines = [json.loads(line) for line in text.splitlines() if line.startswith(b"{")]
    assert [each for each in lines if "defect" in each or each["event"] == "unit.failed"] == []
    assert all(line.decode().isprintable() for line in text.splitlines())


def the_house_is_in_order(scene: Guarded, crowd: Crowd) -> None:
    """Each order once, everything delivered, and nothing in the work folder."""
    bench = scene.opened()
    with bench.store.unit() as work:
        seen = look(bench, work)
        for law in LAWS:
            law(seen)
        assert Counter(order.po_number for order in seen.orders) == Counter(
            po for sent in crowd.sent for po, _ in sent.orders
        )
        assert {each.state for each in work.exchange.dispatches()} <= {DispatchState.DELIVERED}
        assert work.exchange.receipts(state=ReceiptState.RECEIVED) == []
        held = Counter(each.receipt for each in work.exchange.holds() if each.receipt is not None)
        evil = [
            each
            for each in work.exchange.receipts()
            if each.partner in crowd.customers and not each.file_name.startswith("good-")
        ]
    bench.store.engine.dispose()  # type: ignore[attr-defined]
    assert {each.state for each in evil} <= {ReceiptState.HELD, ReceiptState.DUPLICATE}
    assert {each.id: 1 for each in evil if each.state is ReceiptState.HELD} == held
    assert [path for path in (scene.folder / "var" / "work").rglob("*") if path.is_file()] == []


def what_is_not_taken_is_told_once(scene: Guarded) -> None:
    """Of what still lies there and is never opened twenty things are named, each once, and the others counted."""
    holds = [each for each in scene.site.json("holds", "list") if each["code"] in ("S-FILETYPE", "F-TOO-LARGE")]
    for partner in CUSTOMERS:
        lies = [path for path in (scene.folder / "inbox" / partner).iterdir() if unfit(path)]
        told = [each for each in holds if each["partner"] == partner]
        rest = [each for each in told if "more things" in each["reason"]]
        named = {each["file"] for each in told if each not in rest}
        assert len(told) == len(named) + len(rest)
        assert named <= {escaped(path.name) for path in lies}
        counted = sum(int(each["reason"].split()[0]) for each in rest)
        assert (len(named), counted) == (min(len(lies), MOST_NAMED), max(0, len(lies) - MOST_NAMED)), partner


def unfit(path: Path) -> bool:
    """Whether a thing is never opened, and told."""
    seen = path.lstat()
    fit = stat.S_ISREG(seen.st_mode) and seen.st_nlink == 1 and seen.st_size < LARGE
    return not fit and IGNORED.search(path.name) is None
