"""Bill what was shipped when the agreement says so, and credit what was billed wrong; the documents leave with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from gateway.config.partner import Partner
from gateway.flows import advance, agreed, owe
from gateway.flows.advance import Step
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import OrderNumber
from gateway.kernel.quantity import ZERO
from gateway.orders.billing import invoicing, standing
from gateway.orders.bills import BilledTax
from gateway.orders.commands import CreditInvoice, IssueInvoice, RebillInvoice, WantedCredit
from gateway.orders.events import OrderShipped
from gateway.orders.happened.bill_events import Bill, OrderInvoiced
from gateway.orders.order import Order

DAILY = "daily "


@dataclass(frozen=True, slots=True)
class Portion:
    """What of an order one invoice bills: of these shipments, by line so much; everything when nothing is said."""

    order: Order
    shipments: tuple[str, ...] = ()
    quantities: tuple[tuple[str, Decimal], ...] | None = None


def after_shipment(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, shipment: str, step: Step
) -> Order:
    """Bill a shipment that has just left, where the agreement bills shipments, or whole orders and this was the rest."""
    when = agreed.terms(bench, work, partner).bill
    if when == "shipped":
        return issue(bench, work, partner, [Portion(order, (shipment,))], step)[0]
    return complete(bench, work, partner, order, step) if when == "complete" else order


def after_delivery(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, shipment: str, step: Step
) -> Order:
    """Bill what of a shipment has just been delivered, where the agreement bills deliveries."""
    if agreed.terms(bench, work, partner).bill != "delivered":
        return order
    arrived = _of_lines(order, {line.number: line.quantity.delivered for line in order.lines})
    return issue(bench, work, partner, [Portion(order, (shipment,), arrived)], step)[0] if arrived else order


def complete(bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, step: Step) -> Order:
    """Bill a whole order once nothing of it is open any more."""
    if not invoicing.is_complete(order) or not _waits(order):
        return order
    return issue(bench, work, partner, [Portion(order, _unbilled(work, order))], step)[0]


def waiting(bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, step: Step) -> Order:
    """Bill what waits of an order although no shipment or delivery asks for it any more."""
    when = agreed.terms(bench, work, partner).bill
    if when == "complete":
        return complete(bench, work, partner, order, step)
    if when == "delivered":
        arrived = _of_lines(order, {line.number: line.quantity.delivered for line in order.lines})
        portions = [Portion(order, _unbilled(work, order), arrived)] if arrived else []
    else:
        portions = [Portion(order, _unbilled(work, order))] if when == "shipped" else []
    return issue(bench, work, partner, portions, step)[0] if portions else order


def daily(bench: Workbench, work: UnitOfWork, partner: Partner, orders: Iterable[OrderNumber], step: Step) -> None:
    """One invoice in each currency over everything of a partner that left before today's moment of billing."""
    moment = last_moment(bench, partner, step.now)
    groups: dict[tuple[str, bool], list[Portion]] = {}
    for number in orders:
        order = work.orders.get(number)
        portion = _until(work, order, moment) if order is not None and moment is not None else None
        if portion is not None:
            groups.setdefault((portion.order.currency, portion.order.test), []).append(portion)
    for portions in groups.values():
        issue(bench, work, partner, portions, step)


def last_moment(bench: Workbench, partner: Partner, now: datetime) -> datetime | None:
    """The last time that invoices of the day were due, in the partner's zone; None when they are billed otherwise."""
    when = bench.terms(partner).bill
    if not when.startswith(DAILY):
        return None
    zone = bench.site.zone_of(partner)
    local = now.astimezone(zone)
    moment = datetime.combine(local.date(), time.fromisoformat(when.removeprefix(DAILY)), zone)
    return moment if moment <= now else moment - timedelta(days=1)


def issue(bench: Workbench, work: UnitOfWork, partner: Partner, portions: list[Portion], step: Step) -> list[Order]:
    """One invoice over so much of each order, under the next number of the site, with its documents."""
    number = f"INV{work.exchange.next_number('invoice'):07d}"
    before: tuple[BilledTax, ...] = ()
    after: list[Order] = []
    for portion in portions:
        command = IssueInvoice(
            number, portion.shipments[0] if len(portion.shipments) == 1 else "", bench.today(partner, step.now),
            shipments=portion.shipments if len(portion.shipments) > 1 or portion.quantities is not None else (),
            quantities=portion.quantities, before=before,
        )  # fmt: skip
        after.append(advance.act(bench, work, partner, portion.order, command, step))
        before += _last(work, after[-1]).taxes
    _owe(bench, work, partner, after, number, step)
    return after


Document = Literal["", "810", "812"]


def credit(
    bench: Workbench, work: UnitOfWork, partner: Partner, order: Order, lines: tuple[WantedCredit, ...], reason: str,
    step: Step, *, invoice_number: str = "", return_number: str = "", document: Document = "",
    restocking_percent: Decimal = ZERO,
) -> Order:  # fmt: skip
    """Credit lines of an order; without an invoice named, the oldest invoices that have them left, each with a memo.

    ``document`` is what the customer gets, else what the agreement says of returns. Raises TransitionError when more
    would be credited than was invoiced.
    """
    kind = document or agreed.terms(bench, work, partner).returns.credit
    for name, mine in _shared_out(work.orders.bills(order.number), order, lines, invoice_number):
        command = CreditInvoice(
            new_credit_number(work), name, bench.today(partner, step.now), reason, lines=mine, who=step.who,
            restocking_percent=restocking_percent, return_number=return_number,
            document="812" if kind == "812" else "810",
        )  # fmt: skip
        (order,) = correct(bench, work, partner, [(order, command)], step)
    return order


def correct(
    bench: Workbench, work: UnitOfWork, partner: Partner, parts: list[tuple[Order, CreditInvoice | RebillInvoice]],
    step: Step,
) -> list[Order]:  # fmt: skip
    """Give the commands, each the part of one order of the same correction, and owe each document they make once."""
    after = [advance.act(bench, work, partner, order, command, step) for order, command in parts]
    command = parts[0][1]
    _owe(bench, work, partner, after, command.credit_number, step)
    if isinstance(command, RebillInvoice):
        _owe(bench, work, partner, after, command.new_number, step)
    return after


def new_credit_number(work: UnitOfWork) -> str:
    """The next number of a credit memo."""
    return f"CM{work.exchange.next_number('credit'):07d}"


def new_invoice_number(work: UnitOfWork) -> str:
    """The next number of an invoice."""
    return f"INV{work.exchange.next_number('invoice'):07d}"


def _owe(bench: Workbench, work: UnitOfWork, partner: Partner, orders: list[Order], number: str, step: Step) -> None:
    """The documents of one bill, with all its parts."""
    parts = [(order, bill) for order in orders for bill in work.orders.bills(order.number) if bill.number == number]
    if parts:
        owe.bill(bench, work, partner, parts, step.now, step.receipt)


def _last(work: UnitOfWork, order: Order) -> Bill:
    return work.orders.bills(order.number)[-1]


def _waits(order: Order) -> bool:
    return any(line.quantity.shipped > line.quantity.invoiced for line in order.lines)


def _unbilled(work: UnitOfWork, order: Order) -> tuple[str, ...]:
    """The shipments of an order that no invoice bears yet."""
    bills = work.orders.bills(order.number) if order.invoices else ()
    billed = {name for each in bills if isinstance(each, OrderInvoiced) for name in each.shipments}
    return tuple(each for each in order.shipments if each not in billed)


def _until(work: UnitOfWork, order: Order, moment: datetime) -> Portion | None:
    """What of an order left until a moment and is not invoiced."""
    gone: dict[str, Decimal] = {}
    shipments: list[str] = []
    for each in work.orders.events(order.number):
        if isinstance(each.event, OrderShipped) and each.at <= moment:
            shipments.append(each.event.shipment_number)
            for row in each.event.rows:
                gone[row.line] = gone.get(row.line, ZERO) + row.quantity
    waits = _of_lines(order, gone)
    unbilled = _unbilled(work, order)
    return Portion(order, tuple(each for each in shipments if each in unbilled), waits) if waits else None


def _of_lines(order: Order, done: dict[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    """By line what was done and is not invoiced."""
    waits = ((line.number, done.get(line.number, ZERO) - line.quantity.invoiced) for line in order.lines)
    return tuple((number, quantity) for number, quantity in waits if quantity > ZERO)


def _shared_out(
    bills: tuple[Bill, ...], order: Order, lines: tuple[WantedCredit, ...], invoice_number: str
) -> Iterator[tuple[str, tuple[WantedCredit, ...]]]:
    """The lines by the invoice that they are credited on; what does not fit on any stays with the last, to be refused."""
    invoices = [each for each in bills if isinstance(each, OrderInvoiced)]
    if not invoices:
        raise TransitionError(f"{order.number} has no invoice, so nothing of it can be credited.", code="C-CREDIT-MEMO")
    if invoice_number:
        yield invoice_number, lines
        return
    found: dict[str, list[WantedCredit]] = {}
    for wanted in lines:
        rest = wanted.quantity
        there = [(each, left) for each in invoices if (left := _units_left(each, bills, wanted.line)) > ZERO]
        for at, (invoice, left) in enumerate(there):
            is_last = at == len(there) - 1
            mine = left if rest is None else rest if is_last else min(rest, left)
            if mine:
                found.setdefault(invoice.invoice_number, []).append(WantedCredit(wanted.line, mine, wanted.price))
            rest = rest - mine if rest is not None else None
        if not there:
            found.setdefault(invoices[-1].invoice_number, []).append(wanted)
    yield from ((name, tuple(mine)) for name, mine in found.items())


def _units_left(invoice: OrderInvoiced, bills: tuple[Bill, ...], number: str) -> Decimal:
    line = next((each for each in invoice.lines if each.line == number), None)
    if line is None:
        return ZERO
    return standing.left(line, standing.taken(invoice, standing.credits_of(bills, invoice.invoice_number)))[0]
