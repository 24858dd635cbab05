"""Laws that hold whatever happens: quantities add up, stock is never promised twice, what is billed was shipped."""

from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gateway.canonical.parts import Party
from gateway.documents import ship_notice_856
from gateway.documents.context import DocumentContext
from gateway.kernel.errors import TransitionError
from gateway.kernel.money import cents
from gateway.orders import decisions
from gateway.orders import stock as stocks
from gateway.orders.case import Case
from gateway.orders.commands import IssueInvoice, RejectOrder, ReleaseHold, ReleaseToWarehouse
from gateway.orders.events import Event, OrderShipped
from gateway.orders.facts import Facts
from gateway.orders.happened.bill_events import OrderInvoiced
from gateway.orders.order import Buckets, Order
from gateway.orders.terms import Terms
from tests.orders.build import (
    DAL,
    NOW,
    RNO,
    STOVE,
    TENT,
    TODAY,
    confirmed,
    facts,
    follow,
    hold_ids,
    line,
    number,
    stock,
    wanted,
)

PARTS = ("cancelled", "rejected", "pending", "backordered", "allocated", "picked", "packed", "shipped")
LINES = st.lists(
    st.builds(
        line, st.sampled_from(["TENT", "STOVE", "NO-SUCH"]), st.integers(1, 60).map(str),
        uom=st.sampled_from(["EA", "CA"]), price=st.sampled_from([None, "89.95", "80", "400"]),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


class OneOrder(RuleBasedStateMachine):
    """One order, whatever is asked of it in whatever order."""

    order: Order
    known: Facts
    terms: Terms
    history: list[Event]

    @initialize(
        lines=LINES, dallas=st.integers(0, 90), reno=st.integers(0, 90), held=st.booleans(),
        backorder=st.sampled_from(["", "no_backorder", "ship_complete"]),
    )  # fmt: skip
    def place(self, lines: list[object], dallas: int, reno: int, held: bool, backorder: str) -> None:  # noqa: FBT001
        levels = stock(("DAL", TENT, dallas), ("RNO", TENT, reno), ("DAL", STOVE, reno))
        self.known, self.terms, self.history, self.count = facts(levels), Terms(), [], 0
        command = wanted(*lines, unobeyed=("SCH",) if held else (), backorder=backorder)  # type: ignore[arg-type]
        self.history = list(decisions.decide(None, command, Case(self.known, self.terms, NOW, hold_ids())))
        self.order = follow(None, self.history)

    def ask(self, command: object) -> None:
        try:
            events = decisions.decide(self.order, command, Case(self.known, self.terms, NOW, hold_ids()))  # type: ignore[arg-type]
        except TransitionError:
            return
        self.history.extend(events)
        self.order = follow(self.order, events)

    @rule(accept=st.sampled_from(["", "ours", "theirs"]))
    def release_a_hold(self, accept: str) -> None:
        if self.order.holds:
            self.ask(ReleaseHold(self.order.holds[0].id, "ok", accept))  # type: ignore[arg-type]

    @rule(place=st.sampled_from([DAL, RNO]))
    def tell_a_warehouse(self, place: str) -> None:
        self.ask(ReleaseToWarehouse((place,)))  # type: ignore[arg-type]

    @rule(place=st.sampled_from([DAL, RNO]), less=st.integers(0, 5), more=st.booleans(), accepted=st.booleans())
    def ship(self, place: str, less: int, more: bool, accepted: bool) -> None:  # noqa: FBT001
        waiting = [(each.number, each.told_in(place) + accepted) for each in self.order.lines]  # type: ignore[arg-type]
        rows = [(name, str(max(Decimal(1), quantity - less + more * 9))) for name, quantity in waiting if quantity]
        self.count += 1
        command = confirmed(*rows, shipment=f"S{self.count}", warehouse=place)  # type: ignore[arg-type]
        self.ask(replace(command, accepted="they keep it" if accepted else ""))

    @precondition(lambda self: self.order.shipments)
    @rule()
    def invoice(self) -> None:
        self.count += 1
        self.ask(IssueInvoice(f"I{self.count}", self.order.shipments[-1], TODAY))

    @rule()
    def reject(self) -> None:
        self.ask(RejectOrder("no"))

    @invariant()
    def quantities_add_up(self) -> None:
        for each in self.order.lines:
            quantity: Buckets = each.quantity
            assert quantity.ordered == sum(getattr(quantity, name) for name in PARTS)
            assert all(getattr(quantity, name.name) >= 0 for name in fields(quantity))
            assert quantity.invoiced <= quantity.shipped
            assert quantity.released <= quantity.allocated + quantity.picked + quantity.packed
            assert quantity.released == sum((told.quantity for told in each.told), number(0))
            assert all(each.told_in(told.warehouse) <= each.reserved_in(told.warehouse) for told in each.told)

    @invariant()
    def reservations_are_what_waits_to_be_shipped_and_never_more_than_there_was(self) -> None:
        available = {(each.warehouse, each.sku): each.on_hand for each in self.known.stock}
        for key, reserved in stocks.reservations(self.order).items():
            assert reserved <= available[key]
        for each in self.order.lines:
            waiting = each.quantity.allocated + each.quantity.picked + each.quantity.packed
            assert sum((source.quantity for source in each.sources), number(0)) == waiting

    @invariant()
    def what_is_billed_was_shipped(self) -> None:
        billed = sum((event.goods for event in self.history if isinstance(event, OrderInvoiced)), number(0))
        worth = sum((each.quantity.invoiced * (each.unit_price or 0) for each in self.order.lines), number(0))
        assert abs(billed - worth) < Decimal("0.05")
        assert billed == cents(billed)

    @invariant()
    def what_is_told_to_the_customer_is_what_left(self) -> None:
        shipped = [event for event in self.history if isinstance(event, OrderShipped)]
        told: dict[str | None, Decimal] = {}
        for event in shipped:
            notice = ship_notice_856.build([(self.order, event)], DocumentContext(us=Party(name="US")))
            for item in (each for order in notice.orders for pack in order.packs for each in pack.items):
                told[item.line_number] = told.get(item.line_number, number(0)) + (item.quantity or 0)
        for each in self.order.lines:
            assert told.get(each.number, 0) == each.quantity.shipped

    @invariant()
    def the_events_alone_give_the_order(self) -> None:
        assert follow(None, self.history) == self.order


TestOneOrder = OneOrder.TestCase
TestOneOrder.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
