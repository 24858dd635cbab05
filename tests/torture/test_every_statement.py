"""The nth statement or commit fails or is the last one, for n = 1, 2, 3 until a run has no failure: nothing lost, doubled, half."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

import pytest

from gateway.kernel.fault_plan import COMMIT, STATEMENT
from gateway.store import faults
from tests import database
from tests.site.harness import PlayedSite, new_site, order, purchase_order, site_like
from tests.torture.workers import KILLED, SCALE

FAULT = "GATEWAY_FAULT"
FRIDAY, MONDAY, TUESDAY = "2026-11-20T20:00:00Z", "2026-11-23T16:00:00Z", "2026-11-24T16:00:00Z"
DELIVERIES = """gateway: 1
partner: carrier
name: Lone Star Freight
kind: carrier
documents:
  delivery: {in: csv/deliveries}
"""
SHIPPED = "shipment_number,order_number,line,quantity,uom,ship_date,warehouse\nS1,SO-1,1,2,EA,2026-11-23,DAL\n"
DELIVERED = "shipment_number,delivered_date,signed_by\nS1,2026-11-24,DOCK 4\n"
DAYS: tuple[tuple[str, Callable[[PlayedSite], None]], ...] = (
    (FRIDAY, lambda site: site.drop("acme", "po.edi", purchase_order(order("E-1")))),
    (MONDAY, lambda site: site.drop("warehouse", "shipped.csv", SHIPPED)),
    (TUESDAY, lambda site: site.drop("carrier", "delivered.csv", DELIVERED)),
)
"""What comes on each day: an order, what the warehouse shipped of it, that it was delivered."""
OF_STATEMENTS = {
    database.SQLITE: ("FULL", "BROKEN", "BUSY"),
    database.POSTGRESQL: ("FULL", "CONFLICT", "DEADLOCK", "LOST", "LOST_AFTER"),
}
OF_COMMITS = {
    database.SQLITE: ("FULL", "BROKEN", "BUSY", "LOST_AFTER", "KILL_BEFORE", "KILL_AFTER"),
    database.POSTGRESQL: ("FULL", "CONFLICT", "LOST", "LOST_AFTER", "KILL_BEFORE", "KILL_AFTER"),
}
STRIDE = {STATEMENT: 1, COMMIT: 1} if SCALE > 1 else {STATEMENT: 41, COMMIT: 3}
"""In a short run so many are left out between two that fail, and each fails in one way only."""
OF_THE_FAULT = ('INSERT INTO "alerts" ', 'INSERT INTO "alert_notices" ', 'INSERT INTO "observations" ')
"""Rows that say that something went wrong, and since when a file lay there."""
NEVER = re.compile(r"Traceback|this is a (?:bug|defect)|This is a defect")
TOLD = re.compile(r"^gateway: The (?:server of the )?database .*\n  \w", re.MULTILINE)
"""What the database refuses, in a sentence, and the next step."""
ENDS = (0, 6, 7, 8)
"""How a run may end that the database disturbs: it got over it, a unit waits, there is no database, somebody else was at it."""


@dataclass(frozen=True, slots=True)
class Life:
    """A site as it stands before each day and after the last one, when nothing fails."""

    dialect: str
    mornings: Sequence[Path]

    def end(self, day: int) -> PlayedSite:
        """How it stands when the day is over."""
        return PlayedSite(self.mornings[day + 1])

    def began(self, day: int, folder: Path) -> PlayedSite:
        """A site of its own to which has come what comes on this day."""
        site = site_like(self.mornings[day], folder)
        DAYS[day][1](site)
        return site


@pytest.fixture(scope="module", params=database.DIALECTS)
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Life:
    folder = tmp_path_factory.mktemp("life")
    site = new_site(folder / "site", on=request.param)
    (site.folder / "partners" / "carrier.yaml").write_text(DELIVERIES)
    site.drop_master()
    stands: list[Path] = []
    for at, (now, happens) in enumerate(DAYS):
        stands.append(site.copy(folder / f"morning-{at}").folder)
        happens(site)
        site.run(now)
    kinds = sorted({name.partition("/")[2].partition("_")[0] for name in site.outbox("")})
    assert kinds == ["810", "855", "856", "997", "invoice", "warehouse"], kinds
    assert site.json("orders", "show", "E-1")["delivery_status"] == "delivered"
    return Life(request.param, [*stands, site.folder])


@contextmanager
def meeting(plan: str) -> Iterator[pytest.MonkeyPatch]:
    """Processes begun inside meet this fault, and so does this one."""
    with pytest.MonkeyPatch.context() as patch:
        faults.begin("")
        patch.setenv(FAULT, plan)
        try:
            yield patch
        finally:
            faults.begin("")


def rows(site: PlayedSite, dialect: str) -> Mapping[str, list[str]]:
    """Every row, without ids that are drawn by lot; on PostgreSQL, where a number may be left out, without numbers."""
    found: dict[str, list[str]] = {}
    for line in database.dump(site.database()):
        if line.startswith(OF_THE_FAULT) or (dialect == database.POSTGRESQL and '"counters"' in line):
            continue
        known = re.sub(r"H-[0-9a-f]{8}|\b[0-9a-f]{32}\b", "ID", line)
        known = re.sub(r"\b[0-9a-f]{64}\b|\d+", "#", known) if dialect == database.POSTGRESQL else known
        found.setdefault(line.split('"')[1], []).append(known)
    return {table: sorted(each) for table, each in found.items()}


def outbox(site: PlayedSite, dialect: str) -> list[tuple[str, bytes]]:
    """What everybody got; without numbers where one may be left out."""
    if dialect == database.SQLITE:
        return sorted(site.outbox().items())
    return sorted((re.sub(r"\d+", "#", name), re.sub(rb"\d+", b"#", each)) for name, each in site.outbox().items())


def nothing_is_half(life: Life, site: PlayedSite, day: int, plan: str) -> None:
    """After the fault, and before anybody mends anything: what is in the outbox is whole."""
    seen = [each for each in outbox(site, life.dialect) if not each[0].rpartition("/")[2].startswith(".")]
    assert set(seen) <= set(outbox(life.end(day), life.dialect)), plan


def all_is_well(life: Life, site: PlayedSite, day: int, plan: str) -> None:
    """A run without a fault ends what the other one began, as if nothing had been."""
    site.run(DAYS[day][0])
    assert outbox(site, life.dialect) == outbox(life.end(day), life.dialect), plan
    mine, theirs = rows(site, life.dialect), rows(life.end(day), life.dialect)
    assert {table: each for table, each in mine.items() if each != theirs.get(table)} == {}, plan
    assert mine.keys() == theirs.keys()
    assert site.inbox() == [], plan
    assert [path.name for path in (site.folder / "var" / "work").iterdir()] == []
    assert site.rows("SELECT key FROM alerts WHERE closed_at IS NULL AND kind <> 'worker'") == [], plan
    assert site.gateway("audit", "verify").code == 0


def disturbed(site: PlayedSite, plan: str, now: str) -> bool:
    """One run that meets a fault; whether it met it."""
    killed = "KILL" in plan
    with meeting(plan):
        answer = site.gateway("run", "--once", "--now", now, crash_at="never" if killed else "")
        met = answer.code == KILLED if killed else faults.met()
    assert not NEVER.search(answer.err), (plan, answer)
    assert killed or answer.code in ENDS, (plan, answer)
    return met


@pytest.mark.parametrize("day", range(len(DAYS)))
@pytest.mark.parametrize(("counted", "ways"), [(STATEMENT, OF_STATEMENTS), (COMMIT, OF_COMMITS)])
def test_a_fault_at_any_statement_or_commit_loses_and_doubles_nothing(
    life: Life, tmp_path: Path, day: int, counted: str, ways: Mapping[str, Sequence[str]]
) -> None:
    now, turns, met = DAYS[day][0], cycle(ways[life.dialect]), 0
    for number in count(1 + day % STRIDE[counted], STRIDE[counted]):
        these = ways[life.dialect] if SCALE > 1 else (next(turns),)
        hit = 0
        for fault in these:
            site = life.began(day, tmp_path / f"{number}-{fault}")
            plan = f"{counted}:{number}:{fault}"
            hit += disturbed(site, plan, now)
            nothing_is_half(life, site, day, plan)
            all_is_well(life, site, day, plan)
        if not hit:
            break
        met += hit
    assert met


def test_f_04_a_database_that_stays_full_or_away_loses_nothing_and_is_told_until_it_is_back(
    life: Life, tmp_path: Path
) -> None:
    day = 0
    for fault, number in zip(cycle(("FULL", "LOST")), count(7, STRIDE[STATEMENT]), strict=False):
        plan = f"{STATEMENT}:{number}:{fault}+"
        site = life.began(day, tmp_path / f"{number}")
        if not disturbed(site, plan, DAYS[day][0]):
            break
        nothing_is_half(life, site, day, plan)
        left = site.inbox()
        with meeting(f"{STATEMENT}:1:{fault}+"):
            answer = site.gateway("run", "--once", "--now", DAYS[day][0])
        assert (answer.code, bool(TOLD.search(answer.err)), site.inbox()) == (7, True, left), (plan, answer)
        all_is_well(life, site, day, plan)
    assert number > STRIDE[STATEMENT]
