"""What people do to invoices: credit a part of one, or bill it right; each recorded with who and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gateway.config.partner import Partner
from gateway.flows import agreed, auditing, billing
from gateway.flows.advance import Step
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.orders.commands import CreditInvoice, RebillInvoice, WantedCredit
from gateway.orders.happened.bill_events import Bill, OrderInvoiced
from gateway.orders.order import Order

Made = Callable[[UnitOfWork, Partner], Callable[["Share"], CreditInvoice | RebillInvoice]]


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of an invoice: a line with its quantity or price, the freight, or everything; and why."""

    invoice: str
    reason: str
    line: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    freight: Decimal | None = None
    everything: bool = False
    order: str = ""
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class Share:
    """What of a correction belongs to one order of the invoice."""

    order: Order
    lines: tuple[WantedCredit, ...]
    freight: Decimal | None


def credit(bench: Workbench, what: Correction) -> str:
    """Credit a part of an invoice; returns a sentence about it."""

    def commands(work: UnitOfWork, partner: Partner) -> Callable[[Share], CreditInvoice]:
        number, document = billing.new_credit_number(work), _document(bench, work, partner)
        today = bench.today(partner, bench.clock())
        return lambda share: CreditInvoice(
            number, what.invoice, today, what.reason, share.lines, share.freight, what.everything, document=document,
            who=what.who,
        )  # fmt: skip

    made = _correct(bench, what, commands, "invoice.credit")
    return f"{_over(made)} credits {what.invoice}"


def rebill(bench: Workbench, what: Correction) -> str:
    """Credit what is wrong on an invoice and bill it right; returns a sentence about both."""

    def commands(work: UnitOfWork, partner: Partner) -> Callable[[Share], RebillInvoice]:
        credit_number, number = billing.new_credit_number(work), billing.new_invoice_number(work)
        document, today = _document(bench, work, partner), bench.today(partner, bench.clock())
        return lambda share: RebillInvoice(
            credit_number, what.invoice, number, today, what.reason, share.lines, share.freight, what.everything,
            document=document, who=what.who,
        )  # fmt: skip

    made = _correct(bench, what, commands, "invoice.rebill")
    invoices = [each for each in made if isinstance(each, OrderInvoiced)]
    credits_ = [each for each in made if not isinstance(each, OrderInvoiced)]
    took = f"{_over(credits_)} credits {what.invoice}; " if credits_ else ""
    return f"{took}{_over(invoices)} takes its place"


def _over(bills: Sequence[Bill]) -> str:
    return f"{bills[0].number} over {sum((each.total for each in bills), Decimal(0))}"


def _correct(bench: Workbench, what: Correction, made: Made, action: str) -> list[Bill]:
    """Give the commands in one transaction; returns the bills that were issued."""
    if not what.reason.strip():
        raise UsageError("A correction needs a reason.", next_step="Add --reason TEXT; it is recorded and told.")
    with bench.store.unit() as work:
        parts = _parts(work, what)
        partner = bench.partner(parts[0][0].partner)
        if partner is None:
            raise NotFoundError(f"{what.invoice} belongs to '{parts[0][0].partner}', who has no partner file.")
        shares = _shares(what, parts)
        command_of = made(work, partner)
        known = {order.number: len(work.orders.bills(order.number)) for order, _ in parts}
        step = Step(now=bench.clock(), who=what.who)
        after = billing.correct(
            bench, work, partner, [(share.order, command_of(share)) for share in shares], step
        )  # fmt: skip
        auditing.deed(
            bench, work, what.who, action, what.invoice, what.reason, partner=partner.partner, line=what.line,
            quantity=what.quantity, price=what.price, freight=what.freight, everything=what.everything,
        )  # fmt: skip
        issued = [each for order in after for each in work.orders.bills(order.number)[known[order.number] :]]
        work.commit()
    return issued


def _parts(work: UnitOfWork, what: Correction) -> list[tuple[Order, OrderInvoiced]]:
    """The parts of the invoice meant, one for each order it bills."""
    found: list[tuple[Order, OrderInvoiced]] = []
    for number, bill in work.orders.parts(what.invoice):
        order = work.orders.get(number)
        if not isinstance(bill, OrderInvoiced):
            raise UsageError(
                f"{what.invoice} is a credit memo; only an invoice can be corrected.",
                next_step=f"It corrects {bill.invoice_number}; correct that one, or bill the goods again.",
            )
        if order is not None and what.order in ("", order.number, order.po_number):
            found.append((order, bill))
    if not found:
        raise NotFoundError(
            f"There is no invoice '{what.invoice}'{f' of order {what.order}' if what.order else ''}.",
            next_step="'gateway invoices list' shows all of them.",
        )
    return found


def _shares(what: Correction, parts: list[tuple[Order, OrderInvoiced]]) -> list[Share]:
    """Which order gets what of the correction."""
    if not what.line and (what.quantity is not None or what.price is not None):
        raise UsageError("A quantity or a price belongs to a line.", next_step="Add --line N.")
    if what.everything:
        return [Share(order, (), what.freight) for order, _ in parts]
    meant = [
        (order, bill) for order, bill in parts if not what.line or any(one.line == what.line for one in bill.lines)
    ]
    if len(meant) > 1:
        names = ", ".join(order.number for order, _ in meant)
        raise UsageError(
            f"{what.invoice} bills several orders: {names}.", next_step="Say which one with --order NUMBER."
        )
    lines = (WantedCredit(what.line, what.quantity, what.price),) if what.line else ()
    return [Share(order, lines, what.freight) for order, _ in meant or parts[:1]]


def _document(bench: Workbench, work: UnitOfWork, partner: Partner) -> Literal["810", "812"]:
    return "812" if agreed.terms(bench, work, partner).returns.credit == "812" else "810"
