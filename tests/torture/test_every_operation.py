"""The nth operation on files fails or is the last one, for n = 1, 2, 3 until a run has no failure: nothing lost or doubled."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.app import build
from gateway.files.disk import Watch
from gateway.files.faults import CHANGES
from tests import database
from tests.site.harness import PlayedSite, new_site, order, purchase_order
from tests.torture.workers import KILLED, SCALE

FAULT = "GATEWAY_FAULT"
STEP = 1 if SCALE > 1 else 3
"""In a short run the process is killed at every third operation only."""
DIGITS = re.compile(r"\d+")
NAMES = ("one.edi", "two.edi")
REORDERS = ("rename", "unlink")
"""Where one of these fails a file waits for the next scan, and the other one gets the first numbers."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A site with two orders on its doorstep, what an undisturbed run makes of them, and the operations it takes."""

    site: PlayedSite
    outcome: dict[str, bytes]
    operations: tuple[str, ...]


def counting(seen: list[str]) -> Watch:
    """Remembers what was done."""

    def watch(operation: str, _path: str) -> None:
        if operation in CHANGES:
            seen.append(operation)

    return watch


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp("every")
    site = new_site(folder / "site", on=database.SQLITE)
    site.drop_master()
    for number, name in enumerate(NAMES, start=1):
        site.drop("acme", name, purchase_order(order(f"E-{number}"), control=number))
    undisturbed, seen = site.copy(folder / "undisturbed"), list[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "watch_of", lambda _plan: counting(seen))
        undisturbed.run()
    return Stage(site, undisturbed.outbox(), tuple(seen))


def shapes(outbox: dict[str, bytes]) -> Counter[tuple[str, bytes]]:
    """Files without their numbers: where one order waits for another scan the other one gets the first numbers."""
    return Counter(
        (DIGITS.sub("#", name), DIGITS.sub("#", content.decode()).encode()) for name, content in outbox.items()
    )


def afterwards_all_is_well(stage: Stage, site: PlayedSite, *, same_numbers: bool = True) -> None:
    """A run without a fault ends what the other one began: each file once, its bytes and numbers as if nothing had been."""
    site.run()
    assert shapes(site.outbox()) == shapes(stage.outcome)
    assert same_numbers is False or site.outbox() == stage.outcome
    assert site.inbox() == []
    assert [path.name for path in (site.folder / "var" / "work").iterdir()] == []
    assert sorted(each["po_number"] for each in site.json("orders", "list")) == ["E-1", "E-2"]
    assert [each for each in site.json("holds", "list") if each["type"] == "FILE"] == []
    assert site.rows("SELECT key FROM alerts WHERE closed_at IS NULL") == []


def whole_or_absent(stage: Stage, site: PlayedSite) -> None:
    """A partner never sees a part of a file."""
    seen = {name: content for name, content in site.outbox().items() if not Path(name).name.startswith(".")}
    assert shapes(seen) <= shapes(stage.outcome)


def hit(stage: Stage, counted: str, number: int) -> str:
    """The operation that fails, where the nth of those counted does."""
    return stage.operations[number - 1] if counted == "change" else counted


def test_a_kill_at_any_operation_loses_and_doubles_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, killed = 1, 0
    while True:
        site = stage.site.copy(tmp_path / f"kill-{number}")
        with monkeypatch.context() as patch:
            patch.setenv(FAULT, f"change:{number}:kill")
            answer = site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z", crash_at="never")
        whole_or_absent(stage, site)
        if answer.code != KILLED:
            break
        killed += 1
        afterwards_all_is_well(stage, site)
        number += STEP
    assert killed >= len(stage.operations) // STEP


@pytest.mark.parametrize(
    ("fault", "counted"),
    [("EIO", ("fsync",)), ("ENOSPC", ("create", "write")), ("EACCES", ("rename", "unlink"))]
    if SCALE == 1
    else [(fault, ("change",)) for fault in ("EIO", "ENOSPC", "EACCES")],
)
def test_a_failure_of_any_operation_loses_and_doubles_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, counted: tuple[str, ...]
) -> None:
    for each in counted:
        most = sum(each in (operation, "change") for operation in stage.operations)
        assert most
        for number in range(1, most + 1, 2 if SCALE == 1 and most > 9 else 1):
            site = stage.site.copy(tmp_path / f"{each}-{number}")
            with monkeypatch.context() as patch:
                patch.setenv(FAULT, f"{each}:{number}:{fault}")
                answer = site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")
            assert answer.code in (0, 6), (each, number, answer)
            whole_or_absent(stage, site)
            afterwards_all_is_well(stage, site, same_numbers=hit(stage, each, number) not in REORDERS)


def test_a_disk_that_stays_full_takes_nothing_and_loses_nothing_and_is_told_until_there_is_room(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = sum(operation == "write" for operation in stage.operations)
    for number in range(1, writes + 1, 1 if SCALE > 1 else 2):
        site = stage.site.copy(tmp_path / f"full-{number}")
        with monkeypatch.context() as patch:
            for nth in (number, 1):
                patch.setenv(FAULT, f"write:{nth}:ENOSPC+")
                answer = site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")
                assert (answer.code, "No space left" in answer.err) == (6, True), (number, answer)
        whole_or_absent(stage, site)
        afterwards_all_is_well(stage, site)
