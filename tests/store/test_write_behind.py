"""Whatever a unit of work is asked, it answers and leaves as if each row were written at once and nothing remembered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gateway.canonical.house import Stock
from gateway.exchange.dispatch import Dispatch, DispatchState
from gateway.exchange.readings import ReadDocument
from gateway.exchange.receipt import FileHold, Receipt
from gateway.kernel.ids import ClaimId, DispatchId, HoldId, OrderNumber, PartnerId, ReceiptId, Sha256
from gateway.orders import decisions, lifecycle, transitions
from gateway.orders.applied import journeys
from gateway.orders.case import Case
from gateway.orders.commands import IssueInvoice, ReleaseToWarehouse
from gateway.orders.events import Event, OrderShipped
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order
from gateway.orders.stockroom import Asked, Change, Occasion
from gateway.orders.terms import Terms
from gateway.store.migrate import upgrade
from gateway.store.schema import metadata
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.orders.build import DAL, NOW, STOVE, TENT, TODAY, confirmed, facts, hold_ids, line, stock, wanted

ACME = PartnerId("acme")
FILE = ReceiptId("R1")
BY = Occasion(NOW, "jo")
SCARCE = facts(stock(("DAL", TENT, 5), ("DAL", STOVE, 100)))
KEYS = ("a", "b")


@dataclass(frozen=True, slots=True)
class Step:
    """One command on an order: how it stood, what happened, how it stands."""

    before: Order | None
    events: tuple[Event, ...]
    after: Order


def life(number: int) -> Iterator[Step]:
    """An order of which one line is short, until what is there is billed."""
    order: Order | None = None
    place = replace(wanted(line("TENT", "8"), line("STOVE", "3")), number=OrderNumber(f"SO-{number}"))
    for command in (
        replace(place, po_number=f"PO{number % 2}"), ReleaseToWarehouse((DAL,)),
        confirmed(("1", "4"), shipment=f"S{number % 2}"), IssueInvoice(f"INV{number}", f"S{number % 2}", TODAY),
    ):  # fmt: skip
        events = decisions.decide(
            order, command, Case(SCARCE, Terms(backorder="always", partial_shipments=True), NOW, hold_ids())
        )
        after = transitions.apply_all(order, events)[-1].order
        yield Step(order, events, after)
        order = after


LIVES = [list(life(number)) for number in range(3)]
Deed = Callable[[SqlUnitOfWork], object]


def forward(number: int) -> Deed:
    """The next step of an order; nothing once its life is over."""

    def deed(work: SqlUnitOfWork) -> object:
        order = work.orders.get(OrderNumber(f"SO-{number}"))
        step = next((each for each in LIVES[number] if each.before == order), None)
        if step is None:
            return order
        status = lifecycle.status(step.after).value
        if step.before is None:
            work.orders.add(step.after, status, step.events, at=NOW, who="t")
        else:
            version = step.before.version
            work.orders.save(step.after, status, step.events, at=NOW, who="t", expected_version=version)
        for event in step.events:
            if isinstance(event, OrderShipped):
                work.shipments.sent(step.after, journeys.begun(event))
                work.cartons.note(event.shipment_number, step.after.number, [f"{number:020}"])
        return step.after

    return deed


def questions(number: int) -> list[Deed]:
    """What is asked of one order, and of what belongs to it."""
    name, shipment = OrderNumber(f"SO-{number}"), f"S{number % 2}"
    key = {"po_number": f"PO{number % 2}"}
    since = NOW - timedelta(days=1)
    return [
        lambda work: work.orders.get(name), lambda work: work.orders.bills(name), lambda work: work.orders.events(name),
        lambda work: work.orders.shipment(shipment, name), lambda work: work.orders.orders_of_shipment(shipment),
        lambda work: work.orders.of_key(ACME, key, store="", test=False, since=since),
        lambda work: work.orders.parts(f"INV{number}"), lambda work: work.cartons.shipments([f"{number:020}"]),
        lambda work: work.customers.exposure([ACME], without=name), lambda work: work.invoices.find(),
        lambda work: work.shipments.find(shipment=shipment),
    ]  # fmt: skip


GENERAL: list[Deed] = [
    lambda work: work.orders.unreleased(), lambda work: work.orders.unbilled(),
    lambda work: work.orders.find(OrderQuery(partner=ACME)), lambda work: work.goods.waiting([TENT, STOVE]),
    lambda work: work.goods.claimed([TENT]), lambda work: work.goods.queues(), lambda work: work.goods.supply([TENT]),
    lambda work: work.stock.levels([TENT, STOVE]), lambda work: work.stock.shelves(), lambda work: work.moves.of(TENT),
    lambda work: work.planning.asked(since=TODAY), lambda work: work.exchange.holds(),
    lambda work: work.exchange.holds(about="a"), lambda work: work.exchange.next_number("isa13:acme"),
    lambda work: work.readings.of_file(FILE), lambda work: work.receivables.settled_orders(),
    lambda work: work.customers.exposure([ACME]), lambda work: work.exchange.opinions_passed(ACME, "x12/855", "f"),
    lambda work: work.exchange.remember_opinion(ACME, "x12/855", "f", passed=True),
    lambda work: work.stock.reserve(DAL, TENT, Decimal(2)), lambda work: work.stock.question(DAL, TENT, Decimal(1)),
    lambda work: work.stock.change(DAL, STOVE, Decimal(3), Change.ADJUSTMENT, BY),
    lambda work: work.planning.ask(TENT, DAL, TODAY, Asked.ORDERED, Decimal(2)),
    lambda work: [(each.id, each.state) for each in work.exchange.dispatches(partner=ACME)], lambda work: work.exchange.open_dispatches(),
]  # fmt: skip


def with_key(key: str) -> list[Deed]:
    """What is done under a key of its own."""
    hold = FileHold(HoldId(f"H-{key}"), "DATA", "C-ROW", "why", NOW, ACME, None, "f.csv", reference=key, key=key)
    read = ReadDocument(FILE, key, ACME, "order", key, "x12/850", "hash", TODAY, NOW, "{}", (), None)
    sent = Dispatch(DispatchId(f"D{key}"), ACME, "855", key, "000000001", f"{key}.edi", "outbox/acme", b"ISA", NOW)

    def leave(work: SqlUnitOfWork) -> object:
        known = work.exchange.dispatch(sent.id)
        if known is None:
            work.exchange.add_dispatch(sent)
        return known.state if known is not None else None

    def wait(work: SqlUnitOfWork) -> object:
        known = work.exchange.was_listed(key)
        if not known:
            work.exchange.hold(hold)
        return known

    return [
        leave, wait, lambda work: work.readings.note(read), lambda work: work.exchange.end_listed(key, "done"),
        lambda work: work.exchange.mark([sent.id], DispatchState.STAGED, at=NOW),
    ]  # fmt: skip


DEEDS = [
    *(forward(number) for number in range(3) for _ in range(6)),
    *(deed for number in range(3) for deed in questions(number)),
    *(lambda work: work.customers.exposure([ACME]) for _ in range(6)),
    *GENERAL,
    *(deed for key in KEYS for deed in with_key(key)),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqlStore:
    address = f"sqlite:///{tmp_path_factory.mktemp('store') / 'gateway.db'}"
    upgrade(address)
    return SqlStore(address)


@contextmanager
def begun(store: SqlStore) -> Iterator[SqlUnitOfWork]:
    """A unit of work that is never committed, with a file, a shelf and a counter there."""
    with store.unit() as work:
        work.exchange.add_receipt(Receipt(FILE, ClaimId("C1"), ACME, "po.edi", Sha256("a" * 64), 5, NOW))
        work.stock.count(Stock(warehouse="DAL", sku=TENT, on_hand=Decimal(50)), BY)
        work.stock.count(Stock(warehouse="DAL", sku=STOVE, on_hand=Decimal(50)), BY)
        yield work


def rows(work: SqlUnitOfWork) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table; batches have names that are drawn."""
    work._session.flush()
    return {
        table.name: sorted(
            (tuple(work._session.execute(select(*(each for each in table.c if each.name != "batch")))) or ()), key=repr
        )
        for table in metadata.sorted_tables
    }  # fmt: skip


@given(st.lists(st.sampled_from(range(len(DEEDS))), max_size=40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_behind_is_what_is_written_at_once(store: SqlStore, chosen: list[int]) -> None:
    with begun(store) as work:
        behind = [DEEDS[each](work) for each in chosen]
        left = rows(work)
    with begun(store) as work:
        at_once = []
        for each in chosen:
            at_once.append(DEEDS[each](work))
            work._session.flush()
            for forget in work._session._readers:
                forget()

        assert behind == at_once
        assert left == rows(work)
