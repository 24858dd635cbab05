"""Files without measure or end, and files without number, in a process whose memory and time are measured.

GATEWAY_TORTURE lets the real sizes run: 200 MB, 50,000 lines, 10,000 files.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from tests.cases import shops
from tests.cases.shops import ordered
from tests.site.harness import ROOT, PlayedSite, order, purchase_order

REALLY = int(os.environ.get("GATEWAY_TORTURE", "1")) > 1
MEGABYTES = 200 if REALLY else 24
MOST_KILOBYTES = 200_000 if REALLY else 160_000
PATIENCE = 300.0
MEASURED = """
import sys
from gateway.cli.main import run_app
code = run_app(sys.argv[1:])
print(open('/proc/self/status').read())
sys.exit(code)
"""
"""The gateway, and then the most memory it had; what the parent says of it counts the parent too."""
FRIDAY, LATER = "2026-11-20T20:00:00Z", "2026-11-21T20:00:00Z"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in kilobytes there only")


def environ(site: PlayedSite) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **site.environ()}


def most_of(status: str) -> int:
    """The most memory that a process had, in kilobytes."""
    (most,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(most)


def run_measured(site: PlayedSite, now: str, program: str = MEASURED) -> int:
    """Run once; the most memory that the process had."""
    command = [sys.executable, "-c", program, "run", "--once", "--now", now]
    done = subprocess.run(command, cwd=site.folder, env=environ(site), check=True, capture_output=True, text=True)
    return most_of(done.stdout)


def is_held(site: PlayedSite, holds: int) -> bool:
    """Whether so many files are held; a large file keeps the database for as long as it is read."""
    try:
        return site.rows("SELECT count(*) FROM file_holds WHERE open") == [(holds,)]
    except OperationalError:
        return False


def daemon_measured(site: PlayedSite, holds: int) -> int:
    """Run until so many files are held; the most memory that the process had."""
    command = [sys.executable, "-m", "gateway", "run", "--every", "1"]
    with (site.folder / "run.log").open("wb") as said:
        process = subprocess.Popen(command, cwd=site.folder, env=environ(site), stdout=said, stderr=said)
    try:
        end = time.monotonic() + PATIENCE
        while site.inbox() or not is_held(site, holds):
            assert (process.poll(), time.monotonic() < end) == (None, True), site.inbox()
            time.sleep(0.3)
        return most_of(Path(f"/proc/{process.pid}/status").read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        assert "Traceback" not in (site.folder / "run.log").read_text()


def without_end(path: Path, begin: bytes, piece: bytes) -> None:
    """A beginning, and then megabytes that never come to an end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    many = piece * (1_000_000 // len(piece))
    with path.open("wb") as file:
        file.write(begin)
        for _ in range(MEGABYTES):
            file.write(many)


def endless(site: PlayedSite) -> Iterator[tuple[str, str]]:
    """One file of each kind, and why it is to be held."""
    head = purchase_order(order("BIG-1"))
    inbox = site.folder / "inbox"
    without_end(inbox / "acme" / "terminator.edi", head[: head.index("~") + 1].encode(), b"*ELEMENT OF NO SEGMENT")
    yield "terminator.edi", "X-ISA"
    without_end(inbox / "acme" / "header.edi", b"ISA*00*", b"NEITHER SEPARATOR NOR END ")
    yield "header.edi", "X-ISA"
    without_end(inbox / "acme" / "binary.edi", b"", os.urandom(1000) + b"\0")
    yield "binary.edi", "F-BINARY"
    without_end(inbox / "shop" / "tag.xml", b'<order xmlns="urn:shop"><number>', b"A TEXT WITHOUT END TAG ")
    yield "tag.xml", "F-XML"
    without_end(inbox / "shop" / "line.csv", f"{shops.TITLES}\n".encode(), b"cell,")
    yield "line.csv", "F-COLUMNS"
    without_end(inbox / "shop" / "quote.csv", f'{shops.TITLES}\n"'.encode(), b"a row in a quote,\n")
    yield "quote.csv", "F-COLUMNS"


@pytest.mark.parametrize("way", ["once", *(["daemon"] if REALLY else [])])
def test_x_01_a_file_that_never_ends_is_refused_in_bounded_memory(site: PlayedSite, way: str) -> None:
    expected = dict(endless(site))
    site.drop("acme", "good.edi", purchase_order(order("G-1"), control=2))
    if way == "once":
        most = max(run_measured(site, FRIDAY), run_measured(site, LATER))
    else:
        (site.folder / "gateway.yaml").write_text((site.folder / "gateway.yaml").read_text() + "grace: 1s\n")
        most = daemon_measured(site, len(expected))
    held = site.json("holds", "list")
    assert {each["file"]: each["code"] for each in held} == expected
    assert all(each["reason"] and each["next_step"] for each in held)
    assert ordered(site, "acme") == ["G-1"]
    assert most < MOST_KILOBYTES, most


LINES, MANY = (50_000, 10_000) if REALLY else (3_000, 40)
MOST_OF_MANY = 800_000
"""Kilobytes that an order of very many lines may take: some ten for each line."""
SECONDS = 20.0
"""Of a processor for it; on a quiet machine it is half of that."""
POISONED = """
import sys
from gateway.flows import interpret_documents
from gateway.cli.main import run_app
taken = interpret_documents.take
def take(*of):
    if of[3].file_name == "7.csv":
        raise ZeroDivisionError("poison")
    return taken(*of)
interpret_documents.take = take
code = run_app(sys.argv[1:])
print(open('/proc/self/status').read())
"""


def test_x_10_an_order_of_very_many_lines_is_taken_in_seconds_and_bounded_memory(site: PlayedSite) -> None:
    lines = [f"PO1*{number}*1*EA*89.95*PE*VP*TENT-2P" for number in range(1, LINES + 1)]
    site.drop("acme", "big.edi", purchase_order(order("BIG-1", *lines)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    most = run_measured(site, FRIDAY)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert [(each["po_number"], each["lines"]) for each in site.json("orders", "list")] == [("BIG-1", LINES)]
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
    assert most < (MOST_OF_MANY if REALLY else 200_000), most


def test_f_16_of_very_many_files_at_once_the_one_that_cannot_be_processed_stops_no_other(site: PlayedSite) -> None:
    for number in range(1, MANY + 1):
        site.drop("shop", f"{number}.csv", shops.orders_csv(shops.row(f"M-{number}")))
    most = run_measured(site, FRIDAY, POISONED)
    assert len(ordered(site)) == MANY - 1
    waiting = [each["file"] for each in site.json("files", "list", "--partner", "shop") if each["state"] == "received"]
    assert waiting == ["7.csv"]
    assert most < MOST_KILOBYTES, most
