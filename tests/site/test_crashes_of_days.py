"""kill -9 while goods come, orders change, money and returns come in and the clock brings what is due: nothing is lost or doubled."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests import database as databases
from tests.site.harness import PlayedSite, order, purchase_order, site_like

FRIDAY, SATURDAY, MONDAY = "2026-11-20T20:00:00Z", "2026-11-21T16:00:00Z", "2026-11-23T16:00:00Z"
TUESDAY, WEDNESDAY, THURSDAY = "2026-11-24T16:00:00Z", "2026-11-25T16:00:00Z", "2026-11-26T16:00:00Z"
KILLED = -9
AGREED = {
    "acme": """  order_change: {in: csv/order-changes}
  change_acknowledgment: {out: x12/865}
  return_request: {in: csv/returns}
  return_answer: {out: csv/return-answer}
  inventory: {out: x12/846, when: daily 06:00}
""",
    "warehouse": "  goods_receipt: {in: csv/goods-receipts}\n",
    "accounting": "  payment: {in: csv/payments}\n",
    "erp": "  replenishment: {out: csv/replenishment, when: daily 06:00}\n",
}
CAME = "warehouse,sku,quantity,reference\nDAL,COOLER-24,14,\n"
CHANGED = "po_number,line,action,quantity,uom,sku,change_number\nD-1,3,add,3,EA,TENT-4P,7\n"
SHIPPED = (
    "shipment_number,order_number,line,quantity,ship_date,warehouse\n"
    "S1,SO-1,1,24,2026-11-23,DAL\nS1,SO-1,2,2,2026-11-23,DAL\nS1,SO-1,3,3,2026-11-23,DAL\n"
)
BACK = "po_number,line,quantity,reason,return_number\nD-1,2,1,damaged,R-1\n"
PAID = (
    "payment_number,payment_date,partner,amount,invoice_number,paid,deduction,reason\n"
    "B1,2026-11-25,acme,1500.00,INV0000001,1500.00,9.90,06\n"
)


def orders_come(site: PlayedSite) -> None:
    coolers, tents = "PO1*1*24*EA*54.00**VP*COOLER-24", "PO1*2*2*EA*89.95**VP*TENT-2P"
    site.drop("acme", "po.edi", purchase_order(order("D-1", coolers, tents), order("D-2", coolers)))


def goods_and_a_change_come(site: PlayedSite) -> None:
    site.drop("warehouse", "came.csv", CAME)
    site.drop("acme", "change.csv", CHANGED)


def money_and_returns_come(site: PlayedSite) -> None:
    site.drop("accounting", "paid.csv", PAID)
    site.drop("acme", "back.csv", BACK)


def take_back(site: PlayedSite, *, crash_at: str = "", expect: int = 0) -> None:
    words = ("RMA-1", "--line", "2", "--quantity", "1", "--disposition", "restock", "--now", THURSDAY)
    answer = site.gateway("returns", "receive", *words, crash_at=crash_at)
    assert answer.code == expect, answer


DAYS: tuple[tuple[str, Callable[[PlayedSite], None]], ...] = (
    (FRIDAY, orders_come),
    (SATURDAY, goods_and_a_change_come),
    (MONDAY, lambda site: site.drop("warehouse", "shipped.csv", SHIPPED)),
    (TUESDAY, lambda _: None),
    (WEDNESDAY, money_and_returns_come),
    (THURSDAY, take_back),
)
"""What is new on each day; on Monday evening the invoices of the day are due, on Thursday goods that came back are credited."""


@pytest.fixture(scope="module")
def mornings(mastered: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The site as it stands before each day and after the last one, when nobody is killed."""
    folder = tmp_path_factory.mktemp("days")
    site = site_like(mastered, folder / "site")
    for name, more in AGREED.items():
        file = site.folder / "partners" / f"{name}.yaml"
        text = file.read_text().replace("invoice: {out: x12/810}", 'invoice: {out: x12/810, when: "daily 18:00"}')
        kinds = {line.strip().partition(":")[0] for line in more.splitlines()}
        others = [line for line in text.splitlines() if line.strip().partition(":")[0] not in kinds]
        file.write_text("\n".join(others).replace("documents:", f"documents:\n{more.rstrip()}") + "\n")
    stands: list[Path] = []
    for at, (now, happens) in enumerate(DAYS):
        stands.append(site.copy(folder / f"morning-{at}").folder)
        happens(site)
        site.run(now)
    return [*stands, site.folder]


def rows(site: PlayedSite) -> Mapping[str, list[str]]:
    """Every row, without the ids that are drawn by lot."""
    lines = databases.dump(site.database())
    found: dict[str, list[str]] = {}
    for line in lines:
        table = line.split('"')[1]
        if table != "observations":
            found.setdefault(table, []).append(re.sub(r"H-[0-9a-f]{8}|\b[0-9a-f]{32}\b", "ID", line))
    return {table: sorted(each) for table, each in found.items()}


def judge(site: PlayedSite, undisturbed: PlayedSite) -> None:
    """Both have sent and kept the same."""
    assert databases.comparable(site.outbox()) == databases.comparable(undisturbed.outbox())
    mine, theirs = (databases.comparable_rows(rows(each)) for each in (site, undisturbed))
    assert {table: each for table, each in mine.items() if each != theirs.get(table)} == {}
    assert mine.keys() == theirs.keys()
    assert site.inbox() == []


@pytest.mark.parametrize(
    ("day", "window"),
    [
        (0, "committed"), (1, "interpreted:2"), (1, "committed:1"), (1, "daily-done"), (1, "daily-committed"),
        (2, "interpreted"), (3, "bill_day-done"), (3, "bill_day-committed"), (4, "interpreted:2"), (4, "committed:1"),
    ],
)  # fmt: skip
def test_a_kill_on_any_day_changes_no_result(mornings: list[Path], tmp_path: Path, day: int, window: str) -> None:
    site = site_like(mornings[day], tmp_path / "site")
    now, happens = DAYS[day]
    happens(site)
    answer = site.gateway("run", "--once", "--now", now, crash_at=window)
    assert answer.code == KILLED, f"{window} was never passed: {answer}"
    site.run(now)
    judge(site, PlayedSite(mornings[day + 1]))


def test_a_kill_while_people_take_goods_back_changes_no_result(mornings: list[Path], tmp_path: Path) -> None:
    site = site_like(mornings[-2], tmp_path / "site")
    take_back(site, crash_at="dispatch-written", expect=KILLED)
    site.run(THURSDAY)
    judge(site, PlayedSite(mornings[-1]))


def test_the_days_do_what_they_are_to_show(mornings: list[Path]) -> None:
    site = PlayedSite(mornings[-1])
    names = " ".join(site.outbox())
    for document in ("855", "865", "846", "856", "810", "warehouse/", "return"):
        assert document in names, (document, names)
    assert [each["unapplied"] for each in site.json("payments", "list")] == ["0.00"]
    assert len(site.json("invoices", "list")) > 1
