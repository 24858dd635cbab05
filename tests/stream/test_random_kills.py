"""Daemons killed at random while files stream in, judged by what each partner took."""

import random
import re
import socket
import time
from collections import Counter
from pathlib import Path

import pytest

from tests import database
from tests.servers.sshd import Sshd
from tests.stream.havoc import Havoc
from tests.stream.judge import judged
from tests.stream.parties import Parties
from tests.stream.street import KINDS, ON_THEIR_SERVER, PLENTY, SKUS, Street, make
from tests.torture.server import own_server
from tests.torture.workers import SCALE

IS_SHORT = SCALE == 1
SECONDS = 2 if IS_SHORT else 30 * SCALE
CUSTOMERS = [name for name in KINDS if not IS_SHORT or name not in ON_THEIR_SERVER]
"""A server is asked every half a minute, which is too long for every change."""
WAYS = [(database.SQLITE, 1), *([] if IS_SHORT else [(database.POSTGRESQL, 3)])]
PATIENCE = 150
"""Seconds without anything new after which nothing more is waited for; a server is asked every thirty."""


@pytest.mark.parametrize(("dialect", "count"), WAYS)
def test_nothing_is_lost_doubled_or_torn(tmp_path: Path, sftp_server: Sshd, dialect: str, count: int) -> None:
    seed = 11 if IS_SHORT else random.randrange(10**6)
    port = _free_port()
    if dialect == database.SQLITE:
        street = make(tmp_path / "site", sftp_server, port)
        hold_court(Havoc(street, count, random.Random(seed)), seed)
        return
    with own_server() as server:
        street = make(tmp_path / "site", sftp_server, port, database=server.url)
        hold_court(Havoc(street, count, random.Random(seed), server), seed)


def hold_court(havoc: Havoc, seed: int) -> None:
    """Let it stream, strike for so long, drain, judge."""
    parties = Parties(havoc.street, seed)
    havoc.begin()
    began = time.monotonic()
    try:
        parties.begin(CUSTOMERS, most=1 if IS_SHORT else 10_000, pause=0.1 if IS_SHORT else 1.0)
        while time.monotonic() - began < SECONDS:
            time.sleep(havoc.choice.uniform(0.3, 2.0))
            havoc.strike()
        parties.enough()
        drain(havoc, parties)
        havoc.end_in_peace()
        havoc.once()
        time.sleep(1)
    finally:
        havoc.end()
        parties.end()
    verdict = judged(parties)
    orders = sum(len(each.orders) for each in parties.sent)
    print(  # noqa: T201 - shown with -s, and when it fails
        f"\nseed {seed}: {time.monotonic() - began:.0f} s, {dict(havoc.done)}; {len(parties.sent)} files, {orders} orders, "
        f"{len(parties.got)} files with {verdict.papers} papers taken, {verdict.gaps} gaps in control numbers"
    )
    assert (parties.faults, havoc.strange) == ([], [])
    assert (verdict.wrong, verdict.missing) == ([], [])
    the_house_agrees(havoc, parties)


def drain(havoc: Havoc, parties: Parties) -> None:
    """Nothing happens any more: wait until everybody has everything, and a while longer for what would come twice."""
    last, came = time.monotonic(), -1
    while True:
        havoc.replace()
        verdict = judged(parties)
        assert verdict.wrong == [], [verdict.wrong[:20], said(havoc)]
        waiting = left(havoc.street)
        if not verdict.missing and not waiting and not unacknowledged(havoc, parties):
            break
        if len(parties.got) != came:
            last, came = time.monotonic(), len(parties.got)
        if given_up(
            havoc
        ):  # more than ten processes were killed while they did it: somebody has to say that it is no poison
            havoc.done["given up, and tried again by hand"] += 1
            assert havoc.command("units", "retry", "--all") == 0
        assert time.monotonic() - last < PATIENCE, (units(havoc)[:20], waiting, verdict.missing[:20], said(havoc))
        time.sleep(0.5)
    time.sleep(0.5 if IS_SHORT else 3)


def units(havoc: Havoc, among: str = "status <> 'SUCCESS'") -> list[tuple[object, ...]]:
    """The units that are not done."""
    table = "workflow_status" if havoc.server is None else "dbos.workflow_status"
    return havoc.asked(f"SELECT workflow_uuid, status, attributes FROM {table} WHERE {among}")  # noqa: S608 - our words


def given_up(havoc: Havoc) -> bool:
    """Whether a unit is not tried any more."""
    return bool(units(havoc, "status IN ('CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')"))


def unacknowledged(havoc: Havoc, parties: Parties) -> int:
    """How many acknowledgments of a customer we have not read."""
    ((count,),) = havoc.asked("SELECT count(*) FROM dispatch_answers")
    acme = [each for each in parties.got if each.partner == "acme" and b"GS*FA*" not in each.content]
    return len(acme) - int(str(count))


def left(street: Street) -> list[str]:
    """What nobody has taken."""
    folders = [path for path in (street.folder / "inbox").iterdir() if path.is_dir()]
    folders += [street.incoming(name) for name in ON_THEIR_SERVER]
    return [f"{path.parent.name}/{path.name}" for each in folders for path in each.iterdir() if path.is_file()]


def said(havoc: Havoc) -> str:
    """What the processes said last that is no news."""
    lines = havoc.log.read_text(errors="replace").splitlines()
    return "\n".join([each[:300] for each in lines if '"level": "info"' not in each][-25:])


def the_house_agrees(havoc: Havoc, parties: Parties) -> None:
    """The database has what was ordered, nothing is held or open, goods are conserved, and the trail is whole."""
    text = havoc.log.read_text(errors="replace")
    assert "Traceback" not in text
    assert "defect" not in text
    orders = [order for file in parties.sent for order in file.orders]
    found = Counter(havoc.asked("SELECT partner, po_number FROM orders"))
    assert found == Counter((each.partner, each.po_number) for each in orders)
    assert havoc.asked("SELECT * FROM file_holds WHERE open") == []
    assert set(havoc.asked("SELECT DISTINCT state FROM dispatches")) == {("delivered",)}
    states = Counter(str(state) for (state,) in havoc.asked("SELECT state FROM receipts"))
    assert set(states) <= {"processed", "duplicate"}
    assert states["duplicate"] <= parties.again.total()
    assert havoc.asked("SELECT id FROM dispatches WHERE answer_due IS NOT NULL") == []
    assert havoc.asked("SELECT key, failures, reason FROM channel_states WHERE state <> 'ok'") == []
    assert havoc.asked("SELECT channel, name, state FROM remote_files WHERE state <> 'done'") == []
    accepted = havoc.asked("SELECT DISTINCT answer_state FROM dispatches WHERE partner = 'acme' AND document <> '997'")
    assert accepted == [("accepted",)]
    shipped = Counter(dict.fromkeys(SKUS, 0))
    for order in orders:
        for sku, quantity in order.lines:
            shipped[sku] += quantity
    shelves = havoc.asked("SELECT sku, on_hand, reserved, in_question FROM stock")
    assert {str(each[0]): [int(str(n)) for n in each[1:]] for each in shelves} == {
        sku: [PLENTY - count, 0, 0] for sku, count in shipped.items()
    }
    numbers = sorted(int(re.sub(r"\D", "", str(number))) for (number,) in havoc.asked("SELECT number FROM invoices"))
    assert numbers == list(range(numbers[0], numbers[0] + len(orders)))
    assert havoc.command("audit", "verify") == 0
    alerts = havoc.asked("SELECT kind, code, reason FROM alerts WHERE closed_at IS NULL AND kind <> 'worker'")
    assert alerts == []
    site = havoc.street.folder
    assert [path for path in (site / "var" / "work").rglob("*") if path.is_file()] == []
    assert [path for path in (site / "var" / "fetching").rglob("*") if path.is_file()] == []
    assert [path for path in (site / "outbox").rglob("*") if path.is_file()] == []
    assert list(havoc.street.sshd.files.rglob("*/in/*")) == []


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
