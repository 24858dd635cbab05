"""Each command of a person with the nth statement failing: a sentence and an exit code, never a traceback, nothing half done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pytest

from gateway.kernel.fault_plan import STATEMENT
from gateway.store import faults
from tests import database
from tests.site.harness import PlayedSite, new_site, order, purchase_order, site_like
from tests.torture.test_every_statement import FRIDAY, MONDAY, NEVER, OF_STATEMENTS, SHIPPED, meeting, outbox, rows
from tests.torture.workers import SCALE

MOST = 200 if SCALE > 1 else 60
"""At one of so many statements each command fails; at the last of them where it has fewer."""
STEP = 1 if SCALE > 1 else 17
LEFT_OUT = 1 if SCALE > 1 else 4
"""In a short run only every so manieth command is tried, others on SQLite than on PostgreSQL."""
LOOKS = (
    "acks due", "acks overdue", "alerts list", "audit list", "audit verify", "channels list", "claims list", "db check",
    "dispatch list", "dispatch show 855_E-1_000000002.edi", "files list", "health", "holds list", "holds show E-2", "invoices list",
    "invoices show INV0000001", "orders list", "orders show E-1", "payments list", "payments ageing", "promises", "replenish",
    "returns list", "sftp show", "stock list", "stock show TENT-2P", "stock backorders", "trace E-1", "units list",
    "values list", "workers", "partner show acme", "orders labels E-1", "orders packing-slip E-1",
)  # fmt: skip
DEEDS = (
    "orders release E-2 --note seen --accept ours", "orders reject E-2 --reason dear", "orders cancel E-3 --reason late",
    "orders hold E-3 --reason wait", "orders ship E-3", "orders change E-3 --reason less --line 1 --quantity 1",
    "invoices credit INV0000001 --reason price --all", "returns request E-1 --line 1 --quantity 1 --reason damaged",
    "stock adjust TENT-2P --warehouse DAL --quantity -1 --reason broken", "dispatch resend 855_E-1_000000002.edi --note lost",
    "stock move TENT-2P --from DAL --to RNO --quantity 1 --reason even", "import stock more.csv",
    "payments new P-1 --partner acme --amount 100.00 --note cheque", "payments dun", "dispatch retry --partner acme",
    "units retry --all", "run --once", "db backup copy.db", "db upgrade", "db prune",
)  # fmt: skip
COUNTED = "warehouse,sku,on_hand,counted_at\nDAL,LAMP-USB,7,2026-11-23T12:00:00Z\n"
CODES = (0, 1, 2, 5, 6, 7, 8)
"""What a command may answer: what it answers without a fault, or that the database kept it from it."""


@dataclass(frozen=True, slots=True)
class House:
    """A site with an order that was shipped, one that is on hold, one that is released."""

    dialect: str
    folder: Path

    def copy(self, folder: Path) -> PlayedSite:
        """One of its own, with a file to be imported."""
        site = site_like(self.folder, folder)
        (site.folder / "more.csv").write_text(COUNTED)
        return site


@pytest.fixture(scope="module", params=database.DIALECTS)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> House:
    site = new_site(tmp_path_factory.mktemp("house") / "site", on=request.param)
    site.drop_master()
    dear = order("E-2", "PO1*1*2*EA*9.95**VP*TENT-2P")
    site.drop("acme", "po.edi", purchase_order(order("E-1"), dear, order("E-3", "PO1*1*4*EA*89.95**VP*TENT-2P")))
    site.run(FRIDAY)
    site.drop("warehouse", "shipped.csv", SHIPPED)
    site.run(MONDAY)
    assert sorted(each["status"] for each in site.json("orders", "list")) == ["invoiced", "on_hold", "released"]
    return House(request.param, site.folder)


State = tuple[object, object]


def state(house: House, site: PlayedSite) -> State:
    """What there is when all that is due was done."""
    site.run(MONDAY)
    return rows(site, house.dialect), outbox(site, house.dialect)


def tried(site: PlayedSite, command: str, plan: str) -> tuple[int, bool]:
    """How a command ends that meets a fault, and whether it met it."""
    with meeting(plan):
        answer = site.gateway(*command.split())
        met = faults.met()
    assert not NEVER.search(answer.err + answer.out), (command, plan, answer)
    assert answer.code in CODES, (command, plan, answer)
    assert answer.code in (0, 1) or answer.err.strip(), (command, plan, answer)
    return answer.code, met


def some(house: House, commands: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Those that are tried."""
    first = database.DIALECTS.index(house.dialect)
    return ((at, each) for at, each in enumerate(commands) if at % LEFT_OUT == first % LEFT_OUT)


def each_fault(house: House, folder: Path, command: str, judge: Callable[[PlayedSite, str, int], None]) -> None:
    """Let a command fail at one statement after the other."""
    turns = cycle(OF_STATEMENTS[house.dialect])
    for _ in range(len(command) % len(OF_STATEMENTS[house.dialect])):
        next(turns)
    for number in range(1 + len(command) % STEP, MOST + 1, STEP):
        plan = f"{STATEMENT}:{number}:{next(turns)}"
        site = house.copy(folder / f"{number}")
        code, met = tried(site, command, plan)
        if not met:
            break
        judge(site, plan, code)


def test_a_command_that_only_looks_says_what_the_database_refuses(house: House, tmp_path: Path) -> None:
    for at, command in some(house, LOOKS):
        each_fault(house, tmp_path / f"{at}", command, lambda _site, _plan, _code: None)


def test_a_command_that_acts_does_all_or_nothing_whatever_the_database_refuses(house: House, tmp_path: Path) -> None:
    nothing = state(house, house.copy(tmp_path / "nothing"))
    for at, command in some(house, DEEDS):
        done = house.copy(tmp_path / f"done-{at}")
        answer = done.gateway(*command.split())
        assert answer.code == 0, (command, answer)
        all_of_it = state(house, done)

        def judge(site: PlayedSite, plan: str, code: int, command: str = command, all_of_it: State = all_of_it) -> None:
            found = state(house, site)
            assert found in (nothing, all_of_it), (command, plan, code)
            assert code != 0 or found == all_of_it, (command, plan, "said it was done")

        each_fault(house, tmp_path / f"{at}", command, judge)
