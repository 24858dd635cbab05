"""Customers and what they owe: the figures are always those of the rows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from gateway.canonical.house import CustomerTerms
from gateway.canonical.money import OpenItem
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders import lifecycle
from gateway.orders.commands import IssueInvoice, ReleaseToWarehouse
from gateway.orders.events import OrderPlaced
from gateway.orders.facts import OpenInvoice
from gateway.orders.order import Order
from gateway.store.migrate import upgrade
from gateway.store.schema import invoices, payments
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.orders.build import DAL, NOW, TODAY, confirmed, do, facts, line, placed, stock
from tests.orders.build import TENT as SKU

ACME, WEST, OTHER = PartnerId("acme"), PartnerId("acme-west"), PartnerId("other")
PARTNERS = st.sampled_from([ACME, WEST, OTHER])
MONEY = st.decimals(1, 9999, places=2)
DAYS = st.integers(-60, 60).map(lambda days: TODAY + timedelta(days=days))
PLENTY = facts(stock(("DAL", SKU, 10**6)))
LEVELS = ("placed", "released", "shipped", "invoiced")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqlStore:
    address = f"sqlite:///{tmp_path_factory.mktemp('store') / 'gateway.db'}"
    upgrade(address)
    return SqlStore(address)


def grown(number: int, partner: PartnerId, quantity: int, level: str, *, test: bool) -> Order:
    """An order as far as it is said, with the invoice that belongs to it."""
    order = replace(placed(line(quantity=str(quantity)), known=PLENTY, test=test), number=OrderNumber(f"SO-{number}"))
    order = replace(order, partner=partner)
    for name, command in (
        ("released", ReleaseToWarehouse((DAL,))),
        ("shipped", confirmed(("1", str(max(1, quantity - 1))), shipment=f"S{number}")),
        ("invoiced", IssueInvoice(f"INV{number}", f"S{number}", TODAY)),
    ):
        if LEVELS.index(level) >= LEVELS.index(name):
            order = do(order, command, PLENTY)
    return order


def put_order(work: SqlUnitOfWork, order: Order) -> None:
    work.orders.add(order, lifecycle.status(order).value, (OrderPlaced(order),), at=NOW, who="t")


def worth(orders: Iterable[Order], *buckets: str) -> Decimal:
    total = Decimal(0)
    for order in orders:
        for each in order.lines:
            total += sum(getattr(each.quantity, name) for name in buckets) * (each.unit_price or 0)
    return total


@given(
    orders=st.lists(st.tuples(PARTNERS, st.integers(1, 40), st.sampled_from(LEVELS), st.booleans()), max_size=6),
    bills=st.lists(st.tuples(PARTNERS, MONEY, st.sampled_from(["invoice", "credit"]), st.booleans(), DAYS), max_size=6),
    items=st.lists(st.tuples(PARTNERS, MONEY, DAYS), max_size=6),
    cash=st.lists(st.tuples(PARTNERS, MONEY), max_size=4),
    group=st.sets(PARTNERS, min_size=1),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_exposure_is_what_all_rows_of_the_group_add_up_to(
    store: SqlStore,
    orders: list[tuple[PartnerId, int, str, bool]],
    bills: list[tuple[PartnerId, Decimal, str, bool, date]],
    items: list[tuple[PartnerId, Decimal, date]],
    cash: list[tuple[PartnerId, Decimal]],
    group: set[PartnerId],
) -> None:
    made = [
        grown(at, partner, quantity, level, test=test) for at, (partner, quantity, level, test) in enumerate(orders)
    ]
    with store.unit() as work:  # never committed
        for order in made:
            put_order(work, order)
        put_order(work, replace(placed(test=True), number=OrderNumber("SO-X"), partner=OTHER))
        run = work._session.execute
        for at, (partner, amount, kind, is_open, due) in enumerate(bills):
            row = {
                "number": f"B{at}", "order_number": "SO-X", "partner": partner, "currency": "USD", "kind": kind,
                "invoice_date": "2026-11-01", "due_date": due.isoformat(), "total": str(amount), "open": is_open,
                "paid": "0.5" if is_open else str(amount), "body": "{}",
            }  # fmt: skip
            run(insert(invoices).values(**row))
        for at, (partner, amount, due) in enumerate(items):
            item = OpenItem(partner=partner, invoice_number=f"88-{at}", due_date=due, open_amount=amount)
            assert work.customers.put_open_item(item) == "new"
        for at, (partner, amount) in enumerate(cash):
            row = {"partner": partner, "number": f"P{at}", "payment_date": "2026-11-01", "currency": "USD"}
            run(insert(payments).values(**row, amount=str(amount), unapplied=str(amount), body="{}"))

        found = work.customers.exposure(sorted(group))

    half = Decimal("0.5")
    mine = [each for each in made if each.partner in group and not each.test]
    unpaid = [(p, a - half) for p, a, kind, is_open, _ in bills if is_open and kind == "invoice" and p in group]
    assert found.open_orders == worth(mine, "backordered", "allocated", "picked", "packed")
    assert found.shipped_not_invoiced == worth(mine, "shipped") - worth(mine, "invoiced")
    assert found.unpaid_invoices == sum(a for _, a in unpaid)
    assert found.credits == sum(
        a - half for p, a, kind, is_open, _ in bills if is_open and kind == "credit" and p in group
    )
    assert found.open_items == sum(a for p, a, _ in items if p in group)
    assert found.unapplied_cash == sum(a for p, a in cash if p in group)
    days = [d for p, a, kind, is_open, d in bills if is_open and kind == "invoice" and a > half and p in group]
    days += [d for p, _, d in items if p in group]
    assert (found.oldest.due_date if found.oldest else None) == min(days, default=None)


def test_the_open_goods_of_the_order_itself_do_not_count_and_what_it_owes_already_does(store: SqlStore) -> None:
    order = grown(1, ACME, 10, "shipped", test=False)
    with store.unit() as work:
        put_order(work, order)
        put_order(work, grown(2, ACME, 3, "placed", test=False))
        found = work.customers.exposure([ACME], without=order.number)
    assert (found.open_orders, found.shipped_not_invoiced) == (3 * Decimal("89.95"), 9 * Decimal("89.95"))


def test_an_open_item_of_nothing_is_settled(store: SqlStore) -> None:
    item = OpenItem(partner="acme", invoice_number="88-1", due_date=TODAY, open_amount=Decimal(5))
    with store.unit() as work:
        assert [work.customers.put_open_item(item), work.customers.put_open_item(item)] == ["new", "same"]
        assert work.customers.exposure([ACME]).oldest == OpenInvoice(ACME, "88-1", TODAY)
        assert work.customers.put_open_item(item.model_copy(update={"open_amount": Decimal(0)})) == "changed"
        assert work.customers.put_open_item(item.model_copy(update={"open_amount": Decimal(0)})) == "same"
        assert work.customers.open_items([ACME]) == []


def test_what_the_house_says_of_a_customer_is_kept_with_where_it_stood(store: SqlStore) -> None:
    said = CustomerTerms(partner="acme", credit_limit=Decimal("5000.00"), credit_group="NORTH")
    with store.unit() as work:
        assert work.customers.get(ACME) is None
        assert work.customers.put(said, "customers.csv of 2026-11-20") == "new"
        assert work.customers.put(said, "customers.csv of 2026-11-21") == "same"
        assert work.customers.get(ACME) == (said, "customers.csv of 2026-11-20")
        assert work.customers.groups() == {ACME: "NORTH"}
        changed = said.model_copy(update={"credit_group": None})
        assert work.customers.put(changed, "customers.csv of 2026-11-22") == "changed"
        assert work.customers.get(ACME) == (changed, "customers.csv of 2026-11-22")
        assert work.customers.groups() == {}
