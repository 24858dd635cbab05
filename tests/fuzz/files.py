"""Damaged files of every format through the whole interpretation: what must hold, for long by ``make fuzz``.

Usage: python -m tests.fuzz.files [MUTANTS_OF_EACH_SAMPLE]. Whatever breaks is kept in tests/crashers/files.
"""

import hashlib
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from gateway.app import build
from gateway.exchange.receipt import Receipt, ReceiptState
from gateway.flows import interpret, take_slice
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock
from gateway.kernel.ids import ClaimId, PartnerId, ReceiptId
from tests.cases import shops
from tests.fuzz.x12 import mutant
from tests.site.harness import MASTER, ROOT, order, purchase_order

CRASHERS = Path(__file__).parents[1] / "crashers" / "files"
NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
SECONDS = 2.0
GROWTH = 200_000
"""Kilobytes by which the process may be larger after all mutants of a sample."""
AT_ONCE = 1_000
"""So many files are read by one database; the next ones get a new one."""
ENDS = frozenset({ReceiptState.PROCESSED, ReceiptState.HELD, ReceiptState.DUPLICATE, ReceiptState.SLICED})


def samples() -> dict[str, tuple[str, bytes]]:
    """The files that are damaged: who sends each, and what stands in it."""
    x12 = purchase_order(order("F-1"), order("F-2", more="REF*DP*12"), control=1)
    answer = x12.replace("GS*PO*", "GS*FA*")
    start, end = answer.index("ST*850"), answer.index("GE*")
    told = "ST*997*0001~\nAK1*PO*1~\nAK2*855*0001~\nAK5*A~\nAK9*A*1*1*1~\nSE*6*0001~\n"
    return {
        "order.edi": ("acme", x12.encode()),
        "answer.edi": ("acme", (answer[:start] + told + answer[end:].replace("GE*2", "GE*1")).encode()),
        "orders.csv": (
            "shop",
            shops.orders_csv(shops.row("F-1"), shops.row("F-1", line="2"), shops.row("F-2")).encode(),
        ),
        "order.xml": ("shop", shops.GOOD_XML.format("F-1").encode()),
        "items.csv": ("erp", b"sku,description,uom\nTENT-2P,Tent,EA\nTENT-9P,Large tent,EA\n"),
    }


@dataclass(slots=True)
class Ended:
    """How the mutants of one sample ended, by state, and what broke."""

    states: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def read(bench: Workbench, partner: str, name: str, content: bytes) -> ReceiptState:
    """Take one file as the gateway takes it; raises when anything that must hold does not."""
    receipt = Receipt(
        id=ReceiptId(bench.new_id()), claim=ClaimId(bench.new_id()), partner=PartnerId(partner), file_name=name,
        sha256=bench.archive.put(content), size=len(content), received_at=bench.clock(),
    )  # fmt: skip
    with bench.store.unit() as work:
        work.exchange.add_receipt(receipt)
        work.commit()
    begun = time.process_time()
    interpret.interpret(bench, receipt.id)
    take_slice.take_earlier(bench, _waiting(bench))
    assert time.process_time() - begun < SECONDS, "it took too long"
    with bench.store.unit() as work:
        found = work.exchange.receipt(receipt.id)
        held = [each for each in work.exchange.holds() if each.receipt == receipt.id]
    assert found is not None
    assert found.state in ENDS, f"it is still {found.state.value}"
    assert found.state is not ReceiptState.HELD or held, "it is held and nobody is told why"
    assert all(len(each.reason) < 100_000 for each in held), "a reason without end"
    return found.state


def _waiting(bench: Workbench) -> list[str]:
    with bench.store.unit() as work:
        return [one for one, _ in work.slices.waiting()]


def mutants(site: Path, name: str, count: int, seed: int) -> Ended:
    """Damage one sample so many times and read each, in a copy of a site."""
    partner, content = samples()[name]
    rng, ended = Random(seed), Ended()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for begin in range(0, count, AT_ONCE):
        with _bench(site) as bench:
            for _ in range(min(AT_ONCE, count - begin)):
                damaged = mutant([content], rng)
                try:
                    ended.states[read(bench, partner, name, damaged).value] += 1
                except Exception as error:  # noqa: BLE001 - whatever breaks is kept and told, and the next one is tried
                    ended.broken.append(f"{keep(name, damaged)}: {type(error).__name__}: {error}")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if grown > GROWTH:
        ended.broken.append(f"{name}: the process grew by {grown} kB")
    return ended


@contextmanager
def _bench(site: Path) -> Iterator[Workbench]:
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Path(shutil.copytree(site, Path(folder) / "site"))) as bench,
    ):
        yield bench


def site_in(folder: Path) -> Path:
    """A site whose partners send every sample."""
    for name in ("partners", "mappings"):
        shutil.copytree(ROOT / name, folder / name)
    settings = (ROOT / "gateway.yaml").read_text(encoding="utf-8")
    (folder / "gateway.yaml").write_text(settings + "second_opinion: {first: 0, sample: 0}\n", encoding="utf-8")
    shops.open_shop(folder)
    with opened(folder) as bench:
        for name in MASTER:
            read(bench, "erp", f"{name}.csv", (ROOT / "gateway" / "demo" / f"{name}.csv").read_bytes())
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Workbench]:
    """The workbench of a site."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("GATEWAY_")}
    yield build.workbench(build.load(folder, environ), fixed_clock(NOW), environ)


def keep(name: str, content: bytes) -> Path:
    """A crasher, kept under the hash of its bytes."""
    CRASHERS.mkdir(parents=True, exist_ok=True)
    path = CRASHERS / f"{hashlib.sha256(content).hexdigest()[:12]}-{name}"
    path.write_bytes(content)
    return path


def main() -> int:
    """Damage each sample so many times."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        site = site_in(Path(folder))
        for name in samples():
            ended = mutants(site, name, count, seed=int(time.time()))
            print(f"{name}: {count} mutants, {dict(ended.states)}, {len(ended.broken)} broken")  # noqa: T201 - a program for the terminal
            for each in ended.broken[:20]:
                print(f"  {each}")  # noqa: T201 - same
            broken += len(ended.broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
