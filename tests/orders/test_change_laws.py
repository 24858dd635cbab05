"""Laws that changes and returns keep, whatever is asked in whatever order: nothing lost, nothing doubled."""

from dataclasses import fields
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO
from gateway.orders import decisions
from gateway.orders import stock as stocks
from gateway.orders.asked.change_commands import ChangeOrder, RejectChange
from gateway.orders.asked.return_commands import EndReturn, ReceiveReturn, RequestReturn, WantedReturn
from gateway.orders.case import Case
from gateway.orders.commands import Command, IssueInvoice, ReleaseHold, ReleaseToWarehouse
from gateway.orders.events import Event, LineCancelled, LineShipped
from gateway.orders.facts import Facts
from gateway.orders.happened.return_events import ReturnReceived
from gateway.orders.order import Order, Proposal
from gateway.orders.proposal import HeadChange, LineChange
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
NAMES = st.sampled_from(["1", "2", "3", "9"])
ITEMS = st.sampled_from(["TENT", "STOVE", "NO-SUCH"])
ASKED = st.builds(
    lambda name, action, quantity, sku, price: LineChange(
        name, action, action, None if quantity is None else Decimal(quantity), ids=(("vendor_sku", sku),) if action in ("add", "replace") else (),
        sku=sku if action in ("add", "replace") else "", unit_price=None if price is None else Decimal(price),
    ),
    NAMES, st.sampled_from(["add", "delete", "change", "replace", "increase", "decrease"]),
    st.none() | st.integers(0, 60), ITEMS, st.sampled_from([None, "89.95", "80"]),
)  # fmt: skip


class OneOrder(RuleBasedStateMachine):
    """One order that is changed, shipped and sent back."""

    @initialize(first=st.integers(1, 60), second=st.integers(1, 60), on_hand=st.integers(0, 80))
    def place(self, first: int, second: int, on_hand: int) -> None:
        self.levels = stock(("DAL", TENT, on_hand), ("RNO", TENT, 20), ("DAL", STOVE, 40))
        self.terms = Terms(credit_limit=number(9000))
        self.history: list[Event] = []
        self.order: Order | None = None
        self.count = 0
        self.ask(wanted(line(quantity=str(first)), line("STOVE", str(second))))

    def known(self) -> Facts:
        """Stock as it is with what this order has reserved and shipped."""
        reserved = stocks.reservations(self.order) if self.order else {}
        gone: dict[tuple[str, str], Decimal] = {}
        for event in self.history:
            if isinstance(event, LineShipped):
                key = (event.warehouse, event.sku)
                gone[key] = gone.get(key, ZERO) + event.stock_quantity
        levels = tuple(
            type(each)(
                each.warehouse, each.sku, each.on_hand - gone.get((each.warehouse, each.sku), ZERO),
                reserved.get((each.warehouse, each.sku), ZERO),
            )
            for each in self.levels
        )  # fmt: skip
        return facts(levels)

    def ask(self, command: Command) -> None:
        try:
            events = decisions.decide(self.order, command, Case(self.known(), self.terms, NOW, hold_ids_of(self)))  # type: ignore[arg-type]
        except TransitionError:
            return
        self.history.extend(events)
        self.order = follow(self.order, events)

    @rule(lines=st.lists(ASKED, min_size=1, max_size=3), by_order=st.booleans())
    def change(self, lines: list[LineChange], by_order: bool) -> None:  # noqa: FBT001
        self.ask(ChangeOrder(Proposal(lines=tuple(lines), by_order=by_order)))

    @rule(days=st.integers(0, 9))
    def change_dates(self, days: int) -> None:
        self.ask(ChangeOrder(Proposal(head=HeadChange(ship_not_before=TODAY.replace(day=20 + days)))))

    @rule()
    def cancel(self) -> None:
        self.ask(ChangeOrder(Proposal(cancels=True)))

    @rule(accept=st.sampled_from(["", "ours", "theirs"]))
    def release_a_hold(self, accept: str) -> None:
        if self.order is not None and self.order.holds:
            self.ask(ReleaseHold(self.order.holds[0].id, "ok", accept))  # type: ignore[arg-type]

    @rule()
    def refuse_the_change(self) -> None:
        if self.order is not None and self.order.change is not None:
            self.ask(RejectChange(self.order.change.holds[0], "no"))

    @rule(place=st.sampled_from([DAL, RNO]))
    def tell_a_warehouse(self, place: str) -> None:
        self.ask(ReleaseToWarehouse((place,)))  # type: ignore[arg-type]

    @rule(place=st.sampled_from([DAL, RNO]), less=st.integers(0, 5))
    def ship(self, place: str, less: int) -> None:
        assert self.order is not None
        told = [(each.number, each.told_in(place)) for each in self.order.lines]  # type: ignore[arg-type]
        rows = [(name, str(max(Decimal(1), quantity - less))) for name, quantity in told if quantity]
        self.count += 1
        self.ask(confirmed(*rows, shipment=f"S{self.count}", warehouse=place))  # type: ignore[arg-type]
        if self.order.shipments:
            self.ask(IssueInvoice(f"I{self.count}", self.order.shipments[-1], TODAY))

    @rule(name=NAMES, quantity=st.integers(1, 70))
    def ask_for_a_return(self, name: str, quantity: int) -> None:
        assert self.order is not None
        known = self.order.line(name)
        gone = ((TODAY, known.quantity.shipped),) if known is not None else ()
        rma = f"RMA-{len(self.order.returns) + 1}"
        self.ask(RequestReturn(rma, "", (WantedReturn(name, Decimal(quantity), "damaged", shipped=gone),)))

    @rule(
        name=NAMES,
        quantity=st.integers(1, 70),
        how=st.sampled_from(["restock", "scrap", "refurbish"]),
        credited=st.booleans(),
    )
    def take_back(self, name: str, quantity: int, how: str, credited: bool) -> None:  # noqa: FBT001
        for each in self.order.returns if self.order else ():
            self.ask(ReceiveReturn(each.rma, name, Decimal(quantity), how, DAL, credited=credited))  # type: ignore[arg-type]

    @rule(cancels=st.booleans())
    def end_a_return(self, cancels: bool) -> None:  # noqa: FBT001
        if self.order is not None and self.order.returns:
            self.ask(EndReturn(self.order.returns[-1].rma, "done", cancels))

    @invariant()
    def quantities_add_up(self) -> None:
        for each in self.order.lines if self.order else ():
            quantity = each.quantity
            assert quantity.ordered == sum(getattr(quantity, name) for name in PARTS)
            assert all(getattr(quantity, name.name) >= 0 for name in fields(quantity))
            assert quantity.returned <= quantity.shipped
            assert quantity.invoiced <= quantity.shipped

    @invariant()
    def what_is_reserved_is_what_waits_to_be_shipped_and_what_a_warehouse_was_told_is_reserved(self) -> None:
        for each in self.order.lines if self.order else ():
            waiting = each.quantity.allocated + each.quantity.picked + each.quantity.packed
            assert sum((source.quantity for source in each.sources), ZERO) == waiting
            assert sum((told.quantity for told in each.told), ZERO) == each.quantity.released
            assert all(each.told_in(told.warehouse) <= each.reserved_in(told.warehouse) for told in each.told)

    @invariant()
    def stock_is_never_promised_twice(self) -> None:
        if self.order is not None:
            assert all(each.on_hand >= each.reserved >= 0 for each in self.known().stock)

    @invariant()
    def what_left_the_house_stays_shipped(self) -> None:
        for each in self.order.lines if self.order else ():
            left = (
                event.quantity for event in self.history if isinstance(event, LineShipped) and event.line == each.number
            )
            assert sum(left, ZERO) == each.quantity.shipped
            came = (
                event.quantity
                for event in self.history
                if isinstance(event, ReturnReceived) and event.line == each.number
            )
            assert sum(came, ZERO) == each.quantity.returned

    @invariant()
    def what_is_authorised_or_came_back_was_shipped(self) -> None:
        for each in self.order.lines if self.order else ():
            mine = [(one.state, back) for one in self.order.returns for back in one.lines if back.line == each.number]  # type: ignore[union-attr]
            promised = sum((back.authorised if state == "open" else back.received for state, back in mine), ZERO)
            assert promised <= each.quantity.shipped
            assert all(back.received == back.restocked + back.scrapped + back.refurbished for _, back in mine)
            assert all(back.creditable <= back.received <= back.authorised for _, back in mine)

    @invariant()
    def nothing_is_left_undecided_but_on_a_hold(self) -> None:
        if self.order is not None and not self.order.holds:
            assert not any(each.quantity.pending for each in self.order.lines)

    @invariant()
    def a_change_waits_under_its_holds_alone(self) -> None:
        if self.order is not None and self.order.change is not None:
            assert {hold.id for hold in self.order.holds} & set(self.order.change.holds)

    @invariant()
    def the_events_alone_give_the_order(self) -> None:
        assert follow(None, self.history) == self.order
        assert all(event.quantity > 0 for event in self.history if isinstance(event, LineCancelled))


def hold_ids_of(machine: OneOrder) -> object:
    """Ids that no hold of the order had before."""
    fresh = hold_ids()
    return lambda: f"{fresh()}-{len(machine.history)}"


TestOneOrder = OneOrder.TestCase
TestOneOrder.settings = settings(max_examples=80, stateful_step_count=14, deadline=None)
