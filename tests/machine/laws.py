"""What must hold of the whole machine, whatever was asked of it: each law reads everything and raises where it does not."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import reduce

from gateway.config.partner import Partner
from gateway.documents.registry import OWED
from gateway.exchange.dispatch import Dispatch
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, PartnerId, Sku, WarehouseId
from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders import lifecycle, stock, transitions
from gateway.orders.events import (
    Event,
    LineOverShipped,
    LineShipped,
    OrderDecided,
    OrderShipped,
)
from gateway.orders.happened.bill_events import OrderCredited, OrderInvoiced
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Buckets, Line, Order
from gateway.orders.receivables import account as accounts
from gateway.orders.receivables.account import Account
from gateway.orders.receivables.ageing import aged
from gateway.orders.receivables.book import Wanted
from gateway.orders.receivables.entries import Kind
from gateway.orders.stockroom import Change, Level
from tests.machine.world import CUSTOMERS, SKUS, World

BUCKETS = ("cancelled", "rejected", "pending", "backordered", "allocated", "picked", "packed", "shipped")
Key = tuple[WarehouseId, Sku]


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything at one moment."""

    bench: Workbench
    work: UnitOfWork
    orders: tuple[Order, ...]
    events: Mapping[OrderNumber, tuple[Event, ...]]
    levels: Mapping[Key, Level]


def look(bench: Workbench, work: UnitOfWork) -> Seen:
    """What stands in the store."""
    orders = tuple(work.orders.find(OrderQuery()))
    events = {each.number: tuple(one.event for one in work.orders.events(each.number)) for each in orders}
    levels = {(each.warehouse, each.sku): each for each in work.stock.shelves()}
    return Seen(bench, work, orders, events, levels)


def judge(world: World, before: Mapping[Key, Level]) -> Mapping[Key, Level]:
    """Every law; ``before`` is the stock at the last look, what stands now comes back."""
    with world.bench.store.unit() as work:
        seen = look(world.bench, work)
        for law in LAWS:
            law(seen)
        nothing_is_promised_that_is_not_there(seen, before)
    return seen.levels


def quantities_add_up(seen: Seen) -> None:
    for order in seen.orders:
        for line in order.lines:
            _buckets(line, line.quantity)
            served = sum((each.quantity for each in line.stores), ZERO)
            assert served <= line.quantity.ordered or not (order.decided and line.quantity.open), line
            waiting = line.quantity.allocated + line.quantity.picked + line.quantity.packed
            assert sum((each.quantity for each in line.sources), ZERO) == waiting, line


def _buckets(line: Line, quantity: Buckets) -> None:
    assert quantity.ordered == sum(getattr(quantity, name) for name in BUCKETS), line
    assert all(getattr(quantity, each.name) >= 0 for each in fields(quantity)), line
    assert quantity.released <= quantity.allocated + quantity.picked + quantity.packed, line
    assert quantity.released == sum((told.quantity for told in line.told), ZERO), line
    assert max(quantity.delivered, quantity.invoiced, quantity.returned) <= quantity.shipped, line
    assert quantity.credited <= quantity.invoiced, line


def the_events_alone_give_the_order(seen: Seen) -> None:
    for order in seen.orders:
        none: Order | None = None
        replayed = reduce(transitions.apply, seen.events[order.number], none)
        assert replayed == order, order.number


def what_is_reserved_is_what_orders_hold(seen: Seen) -> None:
    held: dict[Key, Decimal] = defaultdict(Decimal)
    for order in seen.orders:
        for key, quantity in stock.reservations(order).items():
            held[key] += quantity
    assert {key: level.reserved for key, level in seen.levels.items() if level.reserved} == {
        key: quantity for key, quantity in held.items() if quantity
    }


def an_order_is_settled_when_all_is_invoiced_and_no_invoice_is_open(seen: Seen) -> None:
    owed = {number for bill in seen.work.invoices.find(open_only=True) if not bill.is_credit for number in bill.orders}
    invoiced = {each.number for each in seen.orders if lifecycle.status(each) is lifecycle.Status.INVOICED}
    assert {number for number, _ in seen.work.receivables.settled_orders()} == invoiced - owed


def on_hand_is_what_its_moves_made_of_it(seen: Seen) -> None:
    for sku in SKUS:
        stands: dict[WarehouseId, Decimal] = defaultdict(Decimal)
        for move in seen.work.moves.of(Sku(sku)):
            stands[move.warehouse] += move.quantity
            assert move.on_hand == stands[move.warehouse], move
        for (place, item), level in seen.levels.items():
            if item == sku:
                assert level.on_hand == stands[place], level
                assert min(level.in_question, level.blocked, level.reserved) >= 0, level


def what_left_the_house_left_the_stock(seen: Seen) -> None:
    """All goods are counted before they leave here, so each shipment is a move."""
    left: dict[Key, Decimal] = defaultdict(Decimal)
    for events in seen.events.values():
        for event in events:
            if isinstance(event, LineShipped | LineOverShipped):
                left[event.warehouse, event.sku] += event.stock_quantity
    moved: dict[Key, Decimal] = defaultdict(Decimal)
    for sku in SKUS:
        for move in seen.work.moves.of(Sku(sku)):
            if move.kind is Change.SHIPMENT:
                moved[move.warehouse, move.sku] -= move.quantity
    assert dict(left) == dict(moved)


def nothing_is_promised_that_is_not_there(seen: Seen, before: Mapping[Key, Level]) -> None:
    """What is reserved grows only by what is there; so nothing is promised twice."""
    for key, level in seen.levels.items():
        earlier = before.get(key, Level(*key))
        if level.reserved > earlier.reserved:
            assert level.free >= ZERO, (earlier, level)


def what_waits_is_known_to_wait(seen: Seen) -> None:
    waits: dict[Sku, Decimal] = defaultdict(Decimal)
    for order in seen.orders:
        for line in order.lines:
            if line.sku is not None and not order.test:
                waits[line.sku] += line.quantity.backordered * line.stock_per_unit
    claimed = seen.work.goods.claimed([Sku(each) for each in SKUS])
    assert dict(claimed) == {sku: quantity for sku, quantity in waits.items() if quantity}
    assert all(each.quantity > ZERO for each in seen.work.goods.supply([Sku(each) for each in SKUS]))


def what_is_billed_was_shipped_at_its_price(seen: Seen) -> None:
    for order in seen.orders:
        billed: dict[str, Decimal] = defaultdict(Decimal)
        credited: dict[str, Decimal] = defaultdict(Decimal)
        for bill in seen.work.orders.bills(order.number):
            for each in bill.lines:
                assert each.amount == cents(each.quantity * each.unit_price), each
                if isinstance(bill, OrderInvoiced):
                    billed[each.line] += each.quantity
                elif hasattr(each, "units"):
                    credited[each.line] += each.units
            assert bill.goods == sum((each.amount for each in bill.lines), ZERO), bill
            assert bill.total >= ZERO, bill
        for line in order.lines:
            assert billed[line.number] - credited[line.number] <= line.quantity.shipped, line
            assert billed[line.number] - credited[line.number] == line.quantity.invoiced - line.quantity.credited, line


def what_is_shipped_is_what_shipments_say(seen: Seen) -> None:
    for order in seen.orders:
        said: dict[str, Decimal] = defaultdict(Decimal)
        for event in seen.events[order.number]:
            if isinstance(event, OrderShipped):
                for row in event.rows:
                    said[row.line] += row.quantity
        for line in order.lines:
            assert said[line.number] == line.quantity.shipped, line


def accounts_agree_with_orders(seen: Seen) -> None:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for order in seen.orders:
        if not order.test:
            for bill in seen.work.orders.bills(order.number):
                totals[bill.number] += bill.total
    booked = {each.number: each.total for each in seen.work.invoices.find()}
    assert booked == dict(totals)
    for record in seen.work.invoices.find():
        assert ZERO <= record.paid <= record.total, record
        assert record.is_open == (record.paid != record.total), record


def _account(seen: Seen, owner: PartnerId) -> Account:
    work = seen.work
    every = Wanted(
        tuple(each.number for each in work.invoices.find(partner=owner)),
        tuple(each.payment.number for each in work.receivables.payments(owner)),
        tuple(each.claim.number for each in work.receivables.claims(owner)),
    )
    return work.receivables.account(owner, "USD", every)


def money_is_neither_made_nor_lost(seen: Seen) -> None:
    for owner in seen.work.receivables.partners():
        account = _account(seen, owner)
        entries = [each.entry for each in seen.work.receivables.entries(owner)]
        received = sum((each.amount for each in entries if each.kind is Kind.RECEIVED), ZERO)
        assert received == sum((each.amount for each in account.payments.values()), ZERO)
        settled: dict[str, Decimal] = defaultdict(Decimal)
        for each in entries:
            if each.kind in (Kind.APPLIED, Kind.CREDITED, Kind.DISCOUNT, Kind.ALLOWED):
                settled[each.invoice] += each.amount
            if each.kind is Kind.CREDITED:
                settled[each.payment] += each.amount
        for invoice in account.invoices.values():
            assert invoice.paid == settled[invoice.number], invoice
            assert ZERO <= account.disputed(invoice.number) <= max(invoice.open, ZERO), invoice
        for claim in account.claims.values():
            assert ZERO <= claim.amount <= claim.claimed, claim
            assert (claim.state == accounts.OPEN) == (claim.amount > ZERO) or claim.state == accounts.NOTED, claim
        applied = sum((each.amount for each in entries if each.kind is Kind.APPLIED), ZERO)
        assert applied == sum((each.applied for each in account.payments.values()), ZERO)
        _ages(seen, owner, account)


def _ages(seen: Seen, owner: PartnerId, account: Account) -> None:
    today = seen.bench.today(seen.bench.partner(owner), seen.bench.clock())
    owed = sum((each.open * (-1 if each.is_credit else 1) for each in account.invoices.values()), ZERO)
    unapplied = sum((each.unapplied for each in account.payments.values()), ZERO)
    assert sum((each.total for each in aged(account, today)), ZERO) == owed - unapplied


def an_order_is_paid_when_all_its_invoices_are(seen: Seen) -> None:
    for order in seen.orders:
        bills = [each for each in seen.work.receivables.of_order(order.number) if not each.is_credit]
        if order.paid:
            assert bills, order.number
            assert all(each.open == ZERO for each in bills), order.number


def everything_owed_was_written_once(seen: Seen) -> None:
    every = seen.work.exchange.dispatches()
    held = {each.reference for each in seen.work.exchange.holds()}
    assert not held & {"C-MAPPING", "C-WRITE"}
    names = [(each.partner, each.file_name) for each in every]
    assert len(names) == len(set(names))
    for name in CUSTOMERS:
        partner = seen.bench.partner(PartnerId(name))
        assert partner is not None
        mine = [each for each in every if each.partner == name]
        _answers(seen, partner, mine)
        _bills(seen, partner, mine)
        _notices(seen, partner, mine)


def _answers(seen: Seen, partner: Partner, mine: list[Dispatch]) -> None:
    """One acknowledgment for the decision, and one for each later event that owes one."""
    for order in (each for each in seen.orders if each.partner == partner.partner):
        decisions = [each for each in seen.events[order.number] if isinstance(each, OrderDecided)]
        assert bool(decisions) == order.decided, order.number
        assert len(decisions) <= 1 + len(order.changes), order.number
        owed = 0
        for event in seen.events[order.number]:
            for each in OWED.get(type(event), ()):
                later = partner.outputs("acknowledgment", seen.bench.today(partner, seen.bench.clock()))
                agreed = not each.later or any(use.later == each.later for use in later)
                owed += each.document == "acknowledgment" and agreed and each.applies(order, event)
        sent = [
            each for each in mine if each.document in ("855", "acknowledgment") and each.order_number == order.number
        ]
        assert len(sent) == owed, (order.number, owed, sent)


def _bills(seen: Seen, partner: Partner, mine: list[Dispatch]) -> None:
    numbers: set[str] = set()
    for order in (each for each in seen.orders if each.partner == partner.partner):
        numbers |= {bill.number for bill in seen.work.orders.bills(order.number)}
    sent = Counter(each.number for each in mine if each.document in ("810", "812", "invoice"))
    assert sent == Counter(numbers), partner.partner
    booked = (
        each for each in seen.work.exchange.dispatches(partner=PartnerId("accounting")) if each.document == "invoice"
    )
    told = Counter(each.number for each in booked)
    assert all(told[number] == 1 for number in numbers), told


def _notices(seen: Seen, partner: Partner, mine: list[Dispatch]) -> None:
    left: set[tuple[str, str]] = set()
    for order in (each for each in seen.orders if each.partner == partner.partner):
        for event in seen.events[order.number]:
            if isinstance(event, OrderShipped):
                left.add((event.shipment_number, repr(order.ship_to)))
    sent = Counter(each.number for each in mine if each.document in ("856", "shipment"))
    assert sent == Counter(number for number, _ in left), partner.partner


def statuses_are_kept_as_computed(seen: Seen) -> None:
    for status in lifecycle.Status:
        kept = {each.number for each in seen.work.orders.find(OrderQuery(status=status.value))}
        assert kept == {each.number for each in seen.orders if lifecycle.status(each) is status}


def credits_are_of_invoices(seen: Seen) -> None:
    for order in seen.orders:
        left: dict[str, Decimal] = {}
        for bill in seen.work.orders.bills(order.number):
            if isinstance(bill, OrderCredited):
                left[bill.invoice_number] -= bill.total
                assert left[bill.invoice_number] >= ZERO, bill
            else:
                left[bill.invoice_number] = bill.total


Law = Callable[[Seen], None]
LAWS: Iterable[Law] = (
    quantities_add_up, the_events_alone_give_the_order, what_is_reserved_is_what_orders_hold,
    on_hand_is_what_its_moves_made_of_it, what_left_the_house_left_the_stock, what_waits_is_known_to_wait,
    what_is_billed_was_shipped_at_its_price, what_is_shipped_is_what_shipments_say, accounts_agree_with_orders,
    money_is_neither_made_nor_lost, an_order_is_paid_when_all_its_invoices_are, everything_owed_was_written_once,
    statuses_are_kept_as_computed, credits_are_of_invoices,
    an_order_is_settled_when_all_is_invoiced_and_no_invoice_is_open,
)  # fmt: skip
