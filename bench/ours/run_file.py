"""`gateway run --once` on one big file, in a process of its own: its peak memory is ours.

Usage: python -m bench.ours.run_file FILE

The orders are of a retailer whose items the house does not have: each is judged, mapped, decided and answered all the same.
This process starts the other and must stay small, so it imports nothing of the product.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SITE = """gateway: 1
us: {qualifier: ZZ, id: POTSANDPANS, name: Pots and Pans}
second_opinion: {first: 0, sample: 0}
"""
PARTNER = """gateway: 1
partner: kitchen
name: Kitchen Retail
status: live
x12: {them: {qualifier: ZZ, id: KITCHENRETAIL}, version: 004010}
documents:
  order: {in: x12/850}
  acknowledgment: {out: x12/855, batch: run}
"""


def main(file: Path) -> bool:
    """Whether every order was answered."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        site = Path(folder)
        (site / "gateway.yaml").write_text(SITE, encoding="utf-8")
        (site / "partners").mkdir()
        (site / "partners" / "kitchen.yaml").write_text(PARTNER, encoding="utf-8")
        inbox = site / "inbox" / "kitchen"
        inbox.mkdir(parents=True)
        shutil.copy(file, inbox / "orders.edi")
        command = [
            sys.executable,
            "-m",
            "gateway",
            "run",
            "--once",
            "--site",
            str(site),
            "--now",
            "2026-03-02T20:00:00Z",
        ]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:  # noqa: S603 - our own command
            return False
        return _count(site / "outbox", b"ST*855*") == _count(file.parent, b"ST*850*", file.name)


def _count(folder: Path, what: bytes, name: str = "*") -> int:
    """How often bytes stand in files, read piece by piece."""
    found = 0
    for each in (path for path in folder.rglob(name) if path.is_file()):
        rest = b""
        with each.open("rb") as source:
            while piece := source.read(1 << 20):
                found += (rest + piece).count(what)
                rest = (rest + piece)[1 - len(what) :]
    return found


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1])))
