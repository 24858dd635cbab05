"""A file that never ends a segment, through 'gateway run --once', in a process whose memory is measured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.shops import only_hold, ordered
from tests.site.harness import ROOT, PlayedSite, order, purchase_order

MEGABYTES = 200 if int(os.environ.get("GATEWAY_TORTURE", "1")) > 1 else 24
MOST_KILOBYTES = 160_000
MEASURED = """
import sys
from gateway.cli.main import run_app
code = run_app(sys.argv[1:])
print(open('/proc/self/status').read())
sys.exit(code)
"""
"""The gateway, and then the most memory it had; what the parent says of it counts the parent too."""
FRIDAY, LATER = "2026-11-20T20:00:00Z", "2026-11-21T20:00:00Z"


def run_measured(site: PlayedSite, now: str) -> int:
    """Run once; the most memory that the process had, in kilobytes."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **site.environ()}
    command = [sys.executable, "-c", MEASURED, "run", "--once", "--now", now]
    done = subprocess.run(command, cwd=site.folder, env=environ, check=True, capture_output=True, text=True)
    (most,) = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("VmHWM")]
    return int(most)


def without_a_terminator(path: Path) -> None:
    """A header that promises one, and then megabytes of elements."""
    head = purchase_order(order("BIG-1"))
    begin = head[: head.index("~") + 1].encode()
    piece = b"*ELEMENT OF NO SEGMENT" * 50_000
    with path.open("wb") as file:
        file.write(begin)
        for _ in range(MEGABYTES * 1_000_000 // len(piece)):
            file.write(piece)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in kilobytes there only")
def test_x_01_a_file_that_never_ends_a_segment_is_refused_in_bounded_memory(site: PlayedSite) -> None:
    inbox = site.folder / "inbox" / "acme"
    inbox.mkdir(parents=True, exist_ok=True)
    without_a_terminator(inbox / "big.edi")
    site.drop("acme", "good.edi", purchase_order(order("G-1"), control=2))
    most = max(run_measured(site, FRIDAY), run_measured(site, LATER))
    assert only_hold(site)["file"] == "big.edi"
    assert ordered(site, "acme") == ["G-1"]
    assert most < MOST_KILOBYTES
