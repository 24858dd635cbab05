"""Bring an order forward: decide on fresh facts, apply, move the stock, owe the documents; one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gateway.config.partner import Partner
from gateway.documents.registry import OWED
from gateway.exchange.receipt import FileHold
from gateway.flows import advice_context, agreed, deadline, follow, goods_known, owe, places, preflight, promised
from gateway.flows.happening import at_commit, thread
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, PartnerId, ReceiptId, Sku, WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders import decisions, lifecycle, stock
from gateway.orders.applied import corrected
from gateway.orders.asked.change_commands import ChangeOrder
from gateway.orders.case import Case
from gateway.orders.commands import (
    Command,
    ConfirmShipment,
    CorrectOrder,
    CreditInvoice,
    IssueInvoice,
    PlaceOrder,
    RebillInvoice,
    ReleaseToWarehouse,
)
from gateway.orders.events import (
    Event,
    LineOverShipped,
    LineShipped,
    LineShortPicked,
    OrderDecided,
    OrderHeld,
    OrderShipped,
)
from gateway.orders.facts import Facts, LocationFacts
from gateway.orders.happened.bill_events import OrderCredited, OrderInvoiced
from gateway.orders.happened.return_events import ReturnReceived
from gateway.orders.order import Order, Proposal
from gateway.orders.shipping import fulfilment
from gateway.orders.stockroom import Occasion
from gateway.orders.transitions import Applied

LIST = "list"
ON_THE_ORDER_ALONE = (ConfirmShipment, IssueInvoice)
"""Commands that nothing is looked up for: the order and the terms say all."""
MADE_ELSEWHERE = (OrderShipped, OrderInvoiced, OrderCredited)
"""What may be of several orders: its documents are owed by the flow that knows all of them (ship, billing)."""


@dataclass(frozen=True, slots=True)
class Step:
    """Who asked for a step, when, and which file brought it."""

    now: datetime
    who: str
    receipt: ReceiptId | None = None


def place(bench: Workbench, work: UnitOfWork, partner: Partner, command: PlaceOrder, step: Step) -> Order:
    """A new order, decided where nothing holds it, and released where it is due.

    It is decided on stock that was only looked at, so that others need not wait; where that does not cover every line, it
    is decided again on stock that nobody else changes.
    """
    ids = [pair for line in command.lines for pair in line.ids]
    facts = _facts(bench, work, partner, ids, step, held=False)
    facts = replace(facts, locations=_locations(work, None, command, command))
    due = deadline.answer_due(bench, partner, step.now)
    if due is not None and command.acknowledgment_type != owe.UNANSWERED:
        command = replace(command, answer_due=due)
    steps = _decide(bench, work, None, command, facts, partner, step)
    if not work.stock.holds(facts.items) and not stock.is_covered(steps[-1].order, (each.event for each in steps)):
        work.goods.reread()
        held = _facts(bench, work, partner, ids, step)
        steps = _decide(bench, work, None, command, replace(held, locations=facts.locations), partner, step)
    order = _record(bench, work, partner, None, steps, step)
    return release_due(bench, work, partner, order, step)


def act(bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, command: Command, step: Step) -> Order:
    """One command on an order that exists; raises TransitionError when its state forbids it."""
    facts = _looked_up(bench, work, partner, order, command, step)
    steps = _decide(bench, work, order, command, facts, partner, step)
    return _record(bench, work, partner, order, steps, step) if steps else order


def release_due(bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, step: Step) -> Order:
    """Tell the warehouses to pick when it is time; who has no partner is listed once and waits."""
    today = bench.today(partner, step.now)
    wanted = fulfilment.release_due(order, agreed.terms(bench, work, partner), today)
    if order.test or not wanted:
        return order
    ready: list[WarehouseId] = []
    for warehouse in sorted(wanted):
        held = _kept(bench, work, partner, order, warehouse)
        if held is not None:
            work.exchange.hold(held)
            continue
        ready.append(warehouse)
    return act(bench, work, partner, order, ReleaseToWarehouse(tuple(ready)), step) if ready else order


def _kept(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, warehouse: WarehouseId
) -> FileHold | None:
    """What keeps an order from a warehouse: nobody picks there, or its ship notice could not be written."""
    if advice_context.warehouse_partner(bench, warehouse) is None:
        return owe.unserved(bench, order, warehouse)
    return preflight.holds(bench, work, partner, order, warehouse, agreed.terms(bench, work, partner))


def new_order_number(work: UnitOfWork) -> OrderNumber:
    """Our number of a new order: SO- and a running number of the site."""
    return OrderNumber(f"SO-{work.exchange.next_number('order')}")


def _looked_up(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, command: Command, step: Step
) -> Facts:
    """What one command on an order is decided on."""
    if isinstance(command, ON_THE_ORDER_ALONE):
        return Facts(bench.today(partner, step.now))
    if isinstance(command, ReleaseToWarehouse):
        exposure = agreed.exposure(bench, work, partner, agreed.terms(bench, work, partner), without=order.number)
        items = work.master.items(sorted({line.sku for line in order.lines if line.sku}))
        return Facts(bench.today(partner, step.now), items=items, exposure=exposure)
    ids = list(_ids(order, command))
    if isinstance(command, CorrectOrder):
        ids += [(corrected.OURS, each.value) for each in command.values if each.field == corrected.SKU]
    facts = _facts(bench, work, partner, ids, step, order.number)
    if isinstance(command, CreditInvoice | RebillInvoice):
        facts = replace(facts, bills=work.orders.bills(order.number))
    return replace(facts, locations=_locations(work, order, command, order))


def _ids(order: Order, command: Command) -> Iterator[tuple[str, str]]:
    """The ids of every item an order and a change of it are about."""
    yield from (pair for line in order.lines for pair in line.ids)
    yield from (pair for each in _proposals(order, command) for line in each.lines for pair in line.ids)


def _proposals(order: Order | None, command: Command) -> Iterator[Proposal]:
    """The change that is asked for, or the one that waits."""
    if isinstance(command, ChangeOrder):
        yield command.proposal
    elif order is not None and order.change is not None:
        yield order.change


def _locations(
    work: UnitOfWork, order: Order | None, command: Command, named: PlaceOrder | Order
) -> Mapping[str, LocationFacts]:
    """What is known of the places of the order and of the one that it is to go to instead."""
    found = dict(places.known(work, named))
    for each in _proposals(order, command):
        if order is not None and each.ship_to is not None:
            found |= places.known(work, replace(order, ship_to=each.ship_to))
    return found


def _decide(
    bench: Workbench,
    work: UnitOfWork,
    order: Order | None,
    command: Command,
    facts: Facts,
    partner: Partner,
    step: Step,
) -> list[Applied]:
    case = Case(facts, agreed.terms(bench, work, partner), step.now, bench.new_hold_id)
    return decisions.carry_out(order, command, case)


def _facts(
    bench: Workbench, work: UnitOfWork, partner: Partner, ids: Iterable[tuple[str, str]], step: Step,
    order: OrderNumber | None = None, *, held: bool = True,
) -> Facts:  # fmt: skip
    """What lines are answered on: the goods, those on their way, and what waits for them already; stock is ``held`` or looked at."""
    known_terms = agreed.terms(bench, work, partner)
    owner = PartnerId(partner.partner)
    known = work.master.skus(owner, ids)
    skus = sorted(set(known.values()))
    goods = goods_known.of_items(work, skus, held=held)
    supply = work.goods.supply(goods.items)
    places = {each.warehouse for each in goods.stock} | {each.warehouse for each in supply}
    return Facts(
        today=bench.today(partner, step.now), ids=known, items=goods.items, supply=supply,
        claimed=work.goods.claimed(goods.items), local=goods_known.local(bench, step.now),
        warehouses=goods_known.warehouses(work, places),
        prices=work.master.prices(sorted(goods.items), (*known_terms.contracts, known_terms.price_list, LIST)),
        stock=goods.stock,
        exposure=agreed.exposure(bench, work, partner, known_terms, without=order),
    )  # fmt: skip


def _record(
    bench: Workbench, work: UnitOfWork, partner: Partner, before: Order | None, steps: Sequence[Applied], step: Step
) -> Order:
    """Events, current rows, stock and owed documents; one transaction, whatever happens next."""
    order, events = steps[-1].order, tuple(each.event for each in steps)
    status = lifecycle.status(order).value
    if before is None:
        work.orders.add(order, status, events, at=step.now, who=step.who)
    else:
        work.orders.save(order, status, events, at=step.now, who=step.who, expected_version=before.version)
    if before is not None:
        _end_listed(work, before, order, events)
    if not order.test:
        _move_stock(bench, work, before, order, events, step)
        follow.demand(work, agreed.terms(bench, work, partner), steps, bench.today(partner, step.now))
        follow.shipments(bench, work, steps, step.now)
        promised.follow(bench, work, partner, order, events, step.now)
        _take_back(work, order, events, step)
    if order.returns != (before.returns if before else ()):
        work.returns.keep(order, at=step.now)
    for event in events:
        if type(event) in OWED and not isinstance(event, MADE_ELSEWHERE):
            owe.event(bench, work, partner, order, event, step.now, step.receipt)
    _said(bench, work, order, events, status, is_new=before is None)
    return order


def _said(
    bench: Workbench, work: UnitOfWork, order: Order, events: tuple[Event, ...], status: str, *, is_new: bool
) -> None:  # fmt: skip
    """The log tells which order went how far; the thread is that of the file, else of the order."""
    names = list(dict.fromkeys(type(each).__name__ for each in events))
    facts = {"trace_id": thread(order.number), "partner": order.partner, "po_number": order.po_number}
    at_commit(
        bench.observer, work, "order.placed" if is_new else "order.changed", **facts, order=order.number, state=status,
        what=names,
    )  # fmt: skip
    for each in events:
        if isinstance(each, OrderHeld):
            at_commit(
                bench.observer, work, "document.held", **facts, document="order", code=each.hold.code, hold=each.hold.id
            )  # fmt: skip


def _end_listed(work: UnitOfWork, before: Order, after: Order, events: tuple[Event, ...]) -> None:
    """Nobody has to look after an order that waits in a warehouse no more, or after an answer that was given."""
    for warehouse in before.untold() - after.untold():
        for key in (owe.unserved_key(after, warehouse), preflight.key(after, warehouse)):
            work.exchange.end_listed(key, "Nothing of the order waits there any more.")
    if after.answer_due is not None and any(isinstance(each, OrderDecided) for each in events):
        deadline.end_alert(work, after)


def _move_stock(
    bench: Workbench, work: UnitOfWork, before: Order | None, after: Order, events: tuple[Event, ...], step: Step
) -> None:
    """Reservations follow the order; what left the house leaves on hand; what was not found is in question."""
    shipped: dict[tuple[WarehouseId, Sku], Decimal] = {}
    for event in events:
        if isinstance(event, LineShipped | LineOverShipped):
            key = (event.warehouse, event.sku)
            shipped[key] = shipped.get(key, ZERO) + event.stock_quantity
    for sent in (each for each in events if isinstance(each, OrderShipped)):
        zone, said = bench.site.settings.zone(), f"shipped for {after.number}"
        occasion = Occasion(step.now, step.who, sent.shipment_number, said, zone)
        for (warehouse, sku), quantity in shipped.items():
            work.stock.ship(warehouse, sku, quantity, shipped_on=sent.ship_date, occasion=occasion)
    _reserve(work, stock.reservations(before) if before else {}, stock.reservations(after), shipped)
    for event in events:
        if isinstance(event, LineShortPicked):
            work.stock.question(event.warehouse, event.sku, event.stock_quantity)
        elif isinstance(event, LineOverShipped) and event.turned_up:
            work.stock.question(event.warehouse, event.sku, -event.stock_quantity)


def _take_back(work: UnitOfWork, order: Order, events: tuple[Event, ...], step: Step) -> None:
    """What came back and is good is on hand again, what must be refurbished is set apart; the rest is gone."""
    for event in events:
        if isinstance(event, ReturnReceived) and event.disposition != "scrap":
            blocked = event.disposition == "refurbish"
            occasion = Occasion(step.now, step.who, event.rma, f"came back of {order.number}")
            work.stock.take_back(event.warehouse, event.sku, event.stock_quantity, blocked=blocked, occasion=occasion)


def _reserve(
    work: UnitOfWork, before: Mapping[tuple[WarehouseId, Sku], Decimal],
    after: Mapping[tuple[WarehouseId, Sku], Decimal], shipped: Mapping[tuple[WarehouseId, Sku], Decimal],
) -> None:  # fmt: skip
    for warehouse, sku in sorted(before.keys() | after.keys() | shipped.keys()):
        key = (warehouse, sku)
        change = after.get(key, ZERO) - before.get(key, ZERO) + shipped.get(key, ZERO)
        if change:
            work.stock.reserve(warehouse, sku, change)
