"""Who gets goods that came: by priority, requested date and age; and nothing is ever promised twice."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.kernel.ids import OrderNumber, Sku, WarehouseId
from gateway.orders import decisions
from gateway.orders import stock as stocks
from gateway.orders.case import Case
from gateway.orders.commands import CancelBalance, Command, FillBackorder, PlaceOrder, ReleaseToWarehouse
from gateway.orders.events import Event, LineCancelled
from gateway.orders.facts import Facts, StockFacts, SupplyFacts
from gateway.orders.goods import availability, queue
from gateway.orders.goods.queue import Claimant, Waiting
from gateway.orders.happened.goods_events import AnswerRenewed, LineFilled, LineRescheduled
from gateway.orders.order import Order
from gateway.orders.shipping import fulfilment
from gateway.orders.terms import Terms
from tests.orders.build import (
    DAL,
    NOW,
    RNO,
    STOVE,
    TENT,
    TODAY,
    do,
    facts,
    follow,
    hold_ids,
    line,
    number,
    stock,
    wanted,
)

TERMS = Terms()


def waiting(name: str, quantity: str = "10", *, known: Facts | None = None, **more: object) -> Order:
    command = replace(wanted(line(quantity=quantity), **more), number=OrderNumber(name))
    return do(None, command, known or facts(stock(("DAL", TENT, 0))), TERMS)


def queued(orders: Iterable[Order]) -> list[Waiting]:
    return [
        replace(each, sequence=at) for at, order in enumerate(orders, start=1) for each in queue.waits(order)
    ]  # fmt: skip


def claimants(orders: Iterable[Order], known: Facts) -> dict[OrderNumber, Claimant]:
    return {order.number: Claimant(order, TERMS, availability.choice(order, known, TERMS)) for order in orders}


def plan(orders: list[Order], known: Facts, *, came: bool = True) -> Mapping[OrderNumber, FillBackorder]:
    return queue.plan(queued(orders), claimants(orders, known), known, "goods came", came=came)


def got(plans: Mapping[OrderNumber, FillBackorder]) -> dict[str, int]:
    return {str(name): sum(int(fill.quantity) for fill in each.fills) for name, each in plans.items() if each.fills}


def here(on_hand: int, *supply: SupplyFacts) -> Facts:
    return replace(facts(stock(("DAL", TENT, on_hand))), supply=supply)


def test_the_oldest_order_is_filled_first_and_the_next_one_gets_what_is_left() -> None:
    assert got(plan([waiting("SO-1"), waiting("SO-2"), waiting("SO-3")], here(14))) == {"SO-1": 10, "SO-2": 4}


def test_a_higher_priority_and_an_earlier_date_come_before_age() -> None:
    later = waiting("SO-1", ship_not_before=date(2026, 12, 5))
    soon, urgent = waiting("SO-2"), waiting("SO-3", priority=1)
    assert got(plan([later, soon, urgent], here(20))) == {"SO-3": 10, "SO-2": 10}


def test_an_order_that_cannot_be_filled_now_keeps_its_place_but_gets_nothing() -> None:
    orders = [waiting("SO-1"), waiting("SO-2")]
    known = here(10)
    only = {name: each for name, each in claimants(orders, known).items() if name == "SO-2"}
    assert got(queue.plan(queued(orders), only, known, "")) == {"SO-2": 10}


def test_goods_that_move_move_the_promise_and_a_promise_keeps_its_turn() -> None:
    supply = SupplyFacts(DAL, TENT, date(2026, 11, 24), number(10), "PO-7")
    known = replace(here(0, supply))
    first = waiting("SO-1", known=known)
    second = waiting("SO-2", known=replace(known, claimed={TENT: number(10)}))
    assert (first.lines[0].backorder_date, second.lines[0].backorder_date) == (date(2026, 11, 24), None)
    moved = here(0, replace(supply, expected_date=date(2026, 12, 1)))
    (only,) = plan([first, second], moved)["SO-1"].dates  # type: ignore[index]
    assert only.promised_date == date(2026, 12, 1)
    assert plan([first, second], here(0, supply)) == {}
    gone = plan([first, second], here(0))
    assert gone[first.number].dates[0].promised_date is None


def test_filling_and_moving_are_told_once_for_all_lines_of_an_order() -> None:
    order = do(None, wanted(line(quantity="4"), line(quantity="6")), facts(stock(("DAL", TENT, 0))), TERMS)
    known = here(5, SupplyFacts(DAL, TENT, date(2026, 12, 1), number(9), "PO-7"))
    command = plan([order], known)[order.number]
    events = decisions.decide(order, command, Case(known, TERMS, NOW, hold_ids()))
    assert [type(each) for each in events] == [LineFilled, LineFilled, LineRescheduled, AnswerRenewed]


def test_a_promise_after_cancel_after_cancels_what_waits() -> None:
    order = waiting("SO-1", cancel_after=date(2026, 11, 27))
    known = here(4, SupplyFacts(DAL, TENT, date(2026, 12, 1), number(9), "PO-7"))
    events = decisions.decide(order, plan([order], known)[order.number], Case(known, TERMS, NOW, hold_ids()))
    assert [type(each) for each in events] == [LineFilled, LineCancelled, AnswerRenewed]
    assert follow(order, events).lines[0].quantity.cancelled == 6


def future(name: str) -> Order:
    supply = SupplyFacts(DAL, TENT, date(2026, 11, 24), number(10), "PO-7")
    return waiting(name, known=here(50, supply), ship_not_before=date(2026, 11, 30))


def test_stock_of_today_is_not_taken_for_an_order_that_goods_on_their_way_serve() -> None:
    on_the_way = SupplyFacts(DAL, TENT, date(2026, 11, 24), number(10), "PO-7")
    assert got(plan([future("SO-1")], here(50, on_the_way))) == {}


def test_goods_accepted_for_a_future_order_are_kept_back_from_older_backorders() -> None:
    orders = [waiting("SO-1"), future("SO-2")]
    assert got(plan(orders, here(10))) == {"SO-2": 10}
    assert got(plan(orders, here(14))) == {"SO-1": 4, "SO-2": 10}
    other = SupplyFacts(DAL, TENT, date(2026, 11, 27), number(10), "PO-8")
    assert got(plan(orders, here(10, other))) == {"SO-1": 10}


def test_goods_that_come_too_late_for_a_future_order_let_it_have_stock() -> None:
    late = SupplyFacts(DAL, TENT, date(2026, 12, 9), number(10), "PO-7")
    assert got(plan([future("SO-1")], here(50, late))) == {"SO-1": 10}


def test_an_order_that_leaves_whole_waits_in_one_warehouse() -> None:
    known = facts(stock(("DAL", TENT, 4)))
    order = do(None, wanted(backorder="ship_complete"), known, TERMS)
    more = facts((StockFacts(DAL, TENT, number(7), number(4)), StockFacts(RNO, TENT, number(50))))
    (fill,) = plan([order], more)[order.number].fills
    assert (fill.warehouse, fill.quantity) == (DAL, 3)


def test_an_order_that_leaves_whole_has_a_day_when_its_last_goods_are_there() -> None:
    order = do(None, wanted(backorder="ship_complete"), facts(stock(("DAL", TENT, 4))), TERMS)
    assert order.lines[0].promised_date is None
    more = facts((StockFacts(DAL, TENT, number(10), number(4)),))
    filled = do(order, plan([order], more)[order.number], more, TERMS)
    assert (filled.lines[0].quantity.backordered, filled.lines[0].promised_date) == (0, more.today)


class ManyOrders(RuleBasedStateMachine):
    """Orders that share stock, whatever comes, goes, is asked, filled, cancelled or released."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[OrderNumber, Order] = {}
        self.history: dict[OrderNumber, list[Event]] = {}
        self.on_hand: dict[tuple[WarehouseId, Sku], Decimal] = {}
        self.supply: list[SupplyFacts] = []

    def known(self) -> Facts:
        reserved = self.reserved()
        levels = tuple(
            StockFacts(place, sku, on_hand, reserved.get((place, sku), number(0)))
            for (place, sku), on_hand in sorted(self.on_hand.items())
        )
        claims: dict[Sku, Decimal] = {}
        for each in queued(self.orders.values()):
            claims[each.sku] = claims.get(each.sku, number(0)) + each.quantity
        return replace(facts(levels), supply=tuple(self.supply), claimed=claims)

    def reserved(self) -> dict[tuple[WarehouseId, Sku], Decimal]:
        found: dict[tuple[WarehouseId, Sku], Decimal] = {}
        for order in self.orders.values():
            for key, quantity in stocks.reservations(order).items():
                found[key] = found.get(key, number(0)) + quantity
        return found

    def act(self, number_: OrderNumber, command: Command) -> None:
        before = self.orders.get(number_)
        events = decisions.decide(before, command, Case(self.known(), TERMS, NOW, hold_ids()))
        self.orders[number_] = follow(before, events)
        self.history.setdefault(number_, []).extend(events)

    @rule(
        sku=st.sampled_from(["TENT", "STOVE"]), quantity=st.integers(1, 20), unit=st.sampled_from(["EA", "CA"]),
        late=st.booleans(), how=st.sampled_from(["", "no_backorder", "ship_complete"]), priority=st.integers(0, 1),
    )  # fmt: skip
    def place(self, sku: str, quantity: int, unit: str, late: bool, how: str, priority: int) -> None:  # noqa: FBT001
        name = OrderNumber(f"SO-{len(self.orders) + 1}")
        first = TODAY + timedelta(days=10) if late else None
        lines = (line(sku, str(quantity), uom="EA" if sku == "TENT" else unit), line("TENT", "3"))
        command: PlaceOrder = wanted(*lines, backorder=how, priority=priority, ship_not_before=first)
        self.act(name, replace(command, number=name))

    @rule(place=st.sampled_from([DAL, RNO]), sku=st.sampled_from([TENT, STOVE]), quantity=st.integers(1, 40))
    def goods_come(self, place: WarehouseId, sku: Sku, quantity: int) -> None:
        self.on_hand[place, sku] = self.on_hand.get((place, sku), number(0)) + quantity
        self.supply = [each for each in self.supply if (each.warehouse, each.sku) != (place, sku)]
        self.fill(came=True)

    @rule(sku=st.sampled_from([TENT, STOVE]), quantity=st.integers(1, 40), days=st.integers(-2, 14))
    def goods_are_expected(self, sku: Sku, quantity: int, days: int) -> None:
        self.supply = [each for each in self.supply if each.sku != sku]
        self.supply.append(SupplyFacts(DAL, sku, TODAY + timedelta(days=days), number(quantity), "PO-7"))
        self.fill(came=False)

    def fill(self, *, came: bool) -> None:
        known = self.known()
        orders = list(self.orders.values())
        ready = [order for order in orders if order.decided and not order.holds]
        for name, command in queue.plan(queued(orders), claimants(ready, known), known, "", came=came).items():
            self.act(name, command)
        again = self.known()
        ready = [self.orders[each.number] for each in ready]
        assert not got(queue.plan(queued(self.orders.values()), claimants(ready, again), again, "", came=came))

    @rule(at=st.integers(0, 30))
    def cancel_the_balance(self, at: int) -> None:
        ready = [each for each in self.orders.values() if each.has_balance() and not each.holds]
        if ready:
            self.act(ready[at % len(ready)].number, CancelBalance("late"))
            self.fill(came=False)

    @rule(at=st.integers(0, 30))
    def release(self, at: int) -> None:
        due = [(each.number, fulfilment.release_due(each, Terms(), TODAY)) for each in self.orders.values()]
        ready = [(name, places) for name, places in due if places]
        if ready:
            name, places = ready[at % len(ready)]
            self.act(name, ReleaseToWarehouse(tuple(sorted(places))))

    @invariant()
    def nothing_is_reserved_that_is_not_there(self) -> None:
        for key, reserved in self.reserved().items():
            assert reserved <= self.on_hand.get(key, number(0))

    @invariant()
    def every_line_adds_up_and_its_reservations_are_what_is_allocated(self) -> None:
        for order in self.orders.values():
            for each in order.lines:
                q = each.quantity
                parts = (
                    q.cancelled + q.rejected + q.pending + q.backordered + q.allocated + q.picked + q.packed + q.shipped
                )
                assert q.ordered == parts
                assert sum((source.quantity for source in each.sources), number(0)) == q.allocated
                assert each.awaited <= q.backordered
                assert q.backordered or each.backorder_date is None

    @invariant()
    def the_events_alone_give_the_orders(self) -> None:
        for name, events in self.history.items():
            assert follow(None, events) == self.orders[name]


TestManyOrders = ManyOrders.TestCase
TestManyOrders.settings = settings(max_examples=50, stateful_step_count=12, deadline=None)


@given(st.permutations(range(4)), st.integers(0, 45))
def test_who_is_filled_does_not_hang_on_the_order_in_which_the_queue_is_read(turn: list[int], on_hand: int) -> None:
    orders = [waiting(f"SO-{at}", priority=at % 2) for at in range(1, 5)]
    known = here(on_hand)
    rows = queued(orders)
    mixed = queue.plan([rows[at] for at in turn], claimants(orders, known), known, "goods came")
    assert got(mixed) == got(plan(orders, known))
