"""Correcting an invoice: a part of it is credited, or credited and billed right; what was issued is never changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.kernel.errors import TransitionError
from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.billing import settlement, standing, taxes
from gateway.orders.billing.standing import Taken
from gateway.orders.bills import FREIGHT, RESTOCKING, BilledAdjustment, BilledTax, added, unit_price
from gateway.orders.case import Case
from gateway.orders.commands import CreditInvoice, RebillInvoice, WantedCredit
from gateway.orders.events import Event
from gateway.orders.happened.bill_events import CreditedLine, InvoicedLine, OrderCredited, OrderInvoiced
from gateway.orders.order import Order

CODE = "C-CREDIT-MEMO"


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice with what its credit memos took of it."""

    bill: OrderInvoiced
    gone: Taken


def credit(order: Order, command: CreditInvoice, case: Case) -> Iterator[Event]:
    """A credit memo; raises TransitionError when more would be credited than was invoiced."""
    memo = _memo(_open(order, command.invoice_number, case), command)
    if not memo.lines and not memo.adjustments:
        raise TransitionError(
            f"Nothing of {command.invoice_number} is left to be credited like this.", code=CODE,
            next_step="Say --line with --quantity or --price, --freight AMOUNT, or --all; 'gateway invoices show' tells what is left.",
        )  # fmt: skip
    yield memo


def rebill(order: Order, command: RebillInvoice, case: Case) -> Iterator[Event]:
    """The credit of what is wrong, where something was billed at all, and the invoice that takes its place."""
    known = _open(order, command.invoice_number, case)
    wanted = _everything(known) if command.everything else command.lines
    whole = CreditInvoice(
        command.credit_number, command.invoice_number, command.today, command.reason, everything=command.everything,
        lines=tuple(WantedCredit(each.line) for each in wanted), document=command.document, who=command.who,
        freight=_freight_left(known) if command.freight is not None else None,
    )  # fmt: skip
    memo = _memo(known, whole)
    if not wanted and not command.freight:
        raise TransitionError(
            f"Nothing says what of {command.invoice_number} is to be billed again.", code=CODE,
            next_step="Say --line with --quantity or --price, --freight AMOUNT, or --all.",
        )  # fmt: skip
    if memo.lines or memo.adjustments:
        yield memo
    yield _again(order, known.bill, memo, wanted, command, case)


def _open(order: Order, number: str, case: Case) -> Open:
    bill = next(
        (each for each in case.facts.bills if isinstance(each, OrderInvoiced) and each.invoice_number == number), None
    )
    if bill is None:
        raise TransitionError(f"{order.number} has no invoice {number}.", code=CODE)
    return Open(bill, standing.taken(bill, standing.credits_of(case.facts.bills, number)))


def _everything(known: Open) -> tuple[WantedCredit, ...]:
    waits = ((line.line, standing.left(line, known.gone)) for line in known.bill.lines)
    return tuple(WantedCredit(number) for number, (units, amount) in waits if units or amount)


def _credited(bill: OrderInvoiced, gone: Taken, wanted: WantedCredit) -> CreditedLine:
    """What is credited of one line."""
    line = next((each for each in bill.lines if each.line == wanted.line), None)
    if line is None:
        there = ", ".join(each.line for each in bill.lines)
        raise TransitionError(f"{bill.invoice_number} has no line {wanted.line}; its lines are {there}.", code=CODE)
    units, amount = standing.left(line, gone)
    quantity = units if wanted.quantity is None else wanted.quantity
    if not ZERO < quantity <= units:
        raise TransitionError(
            f"{plain(quantity)} of line {line.line} of {bill.invoice_number} cannot be credited: {plain(line.quantity)} "
            f"were invoiced and {plain(units)} of them are not credited yet.",
            code=CODE, next_step=f"Say a quantity from 1 to {plain(units)}." if units else "Nothing is left of this line.",
        )  # fmt: skip
    worth = amount if quantity == units else cents(amount * quantity / units)
    if wanted.price is None:
        price = unit_price(worth, quantity, line.unit_price)
        return CreditedLine(line.line, line.sku, quantity, price, worth, quantity)
    less = worth - cents(wanted.price * quantity)
    if less <= ZERO or wanted.price < ZERO:
        now = plain(unit_price(worth, quantity, line.unit_price))
        raise TransitionError(
            f"The price {plain(wanted.price)} is not below the {now} that line {line.line} of {bill.invoice_number} was billed at.",
            code=CODE, next_step="A higher price is billed with 'gateway invoices rebill'.",
        )  # fmt: skip
    return CreditedLine(
        line.line, line.sku, quantity, unit_price(less, quantity, line.unit_price - wanted.price), less, ZERO
    )


def _charges(bill: OrderInvoiced, gone: Taken, command: CreditInvoice) -> Taken:
    """What is credited of the charges that do not follow the goods: all of them, or so much of the freight."""
    rest = command.freight or ZERO
    for at, each in enumerate(bill.adjustments):
        if each.follows_goods:
            continue
        there = each.amount - gone.once.get(at, ZERO)
        if command.everything:
            gone = gone.charge(at, there)
        elif each.code == FREIGHT:
            gone = gone.charge(at, min(rest, there))
            rest -= min(rest, there)
    if rest > ZERO and not command.everything:
        raise TransitionError(
            f"{command.freight} of freight cannot be credited: {bill.invoice_number} has {(command.freight or ZERO) - rest} of it left.",
            code=CODE, next_step="'gateway invoices show' tells what was billed.",
        )  # fmt: skip
    return gone


def _memo(known: Open, command: CreditInvoice) -> OrderCredited:
    """The credit memo of everything that is taken now: what goes with all of it, less what went before."""
    bill, gone, told = known.bill, known.gone, list[CreditedLine]()
    for each in _everything(known) if command.everything else command.lines:
        told.append(_credited(bill, gone, each))
        gone = gone.line(each.line, told[-1].units, told[-1].amount)
    before, after = standing.figures(bill, known.gone), standing.figures(bill, _charges(bill, gone, command))
    for number in dict.fromkeys(line.line for line in told):
        at = next(at for at, line in enumerate(told) if line.line == number)
        billed = next(line for line in bill.lines if line.line == number)
        own = (after.of_lines[number, n] - before.of_lines[number, n] for n in range(len(billed.adjustments)))
        told[at] = replace(told[at], adjustments=tuple(_of(billed.adjustments, own)))
    goods = sum((line.amount for line in told), cents(ZERO))
    header = (
        *_of(bill.adjustments, (b - a for a, b in zip(before.of_bill, after.of_bill, strict=True))),
        *_kept_back(goods, command.restocking_percent),
    )
    taxed = tuple(
        BilledTax(each.percent, cents(each.base * (b - a) / each.amount) if each.amount else ZERO, b - a)
        for each, a, b in zip(bill.taxes, before.taxes, after.taxes, strict=True) if b != a
    )  # fmt: skip
    total = goods + added(header) + sum((added(line.adjustments) for line in told), ZERO)
    total += sum((tax.amount for tax in taxed), ZERO)
    return OrderCredited(
        credit_number=command.credit_number, invoice_number=bill.invoice_number, credit_date=command.credit_date,
        lines=tuple(told), goods=goods, total=total, reason=command.reason, who=command.who, adjustments=header,
        taxes=taxed, return_number=command.return_number, document=command.document,
    )  # fmt: skip


def _of(billed: tuple[BilledAdjustment, ...], amounts: Iterator[Decimal]) -> Iterator[BilledAdjustment]:
    for at, (each, amount) in enumerate(zip(billed, amounts, strict=True)):
        if amount:
            yield replace(each, amount=amount, quantity=None, source=at)


def _kept_back(goods: Decimal, percent: Decimal) -> Iterator[BilledAdjustment]:
    """What we keep for taking goods back: it lowers the credit as an allowance lowers an invoice."""
    amount = cents(goods * percent / 100)
    if amount:
        yield BilledAdjustment("allowance", RESTOCKING, amount, percent=percent, description="Restocking")


def _freight_left(known: Open) -> Decimal:
    freight = [(at, each) for at, each in enumerate(known.bill.adjustments) if each.code == FREIGHT]
    return sum((each.amount - known.gone.once.get(at, ZERO) for at, each in freight), ZERO)


def _again(
    order: Order, bill: OrderInvoiced, memo: OrderCredited, wanted: tuple[WantedCredit, ...], command: RebillInvoice,
    case: Case,
) -> OrderInvoiced:  # fmt: skip
    """The invoice that bills right what the memo took back."""
    lines = tuple(
        _line_again(order, bill, line, right, case if command.everything else None)
        for line, right in zip(memo.lines, wanted, strict=True)
    )
    goods = sum((line.amount for line in lines), cents(ZERO))
    header = [_anew(each, goods, ZERO) for each in memo.adjustments if each.code != FREIGHT or command.freight is None]
    if command.freight:
        header.append(BilledAdjustment("charge", FREIGHT, cents(command.freight), description="Freight"))
    # charges alone are taxed as if they stood with the goods of the first invoice
    weighed = lines or tuple(replace(line, adjustments=()) for line in bill.lines)
    bases = standing.line_bases(weighed, header)
    if not lines:
        bases = tuple(base - line.amount for base, line in zip(bases, weighed, strict=True))
    taxed = taxes.taxes(zip((line.tax_percent for line in weighed), bases, strict=True))
    total = goods + added(header) + sum((added(line.adjustments) for line in lines), ZERO)
    total += sum((tax.amount for tax in taxed), ZERO)
    return settlement.with_terms(
        OrderInvoiced(
            invoice_number=command.new_number, shipment_number=bill.shipment_number, invoice_date=command.today,
            due_date=command.today, lines=lines, goods=goods, total=total, adjustments=tuple(header), taxes=taxed,
            shipments=bill.shipments, replaces=bill.invoice_number,
        ),
        order, case.terms,
    )  # fmt: skip


def _line_again(
    order: Order, bill: OrderInvoiced, credited: CreditedLine, right: WantedCredit, case: Case | None
) -> InvoicedLine:
    """A line as it should have been billed; ``case`` when the rate of tax is to be found anew."""
    wrong = next(line for line in bill.lines if line.line == credited.line)
    quantity = credited.quantity if right.quantity is None else right.quantity
    if not ZERO < quantity <= credited.quantity:
        raise TransitionError(
            f"{plain(quantity)} of line {wrong.line} cannot be billed: {plain(credited.quantity)} of it were invoiced and not credited.",
            code=CODE, next_step=f"Say a quantity from 1 to {plain(credited.quantity)}; none at all is a plain credit.",
        )  # fmt: skip
    price = wrong.unit_price if right.price is None else right.price
    if price < ZERO:
        raise TransitionError(f"The price {plain(price)} is below zero.", code=CODE)
    amount, tax_percent = cents(quantity * price), wrong.tax_percent
    ordered = order.line(wrong.line)
    if case is not None and ordered is not None:
        tax_percent = taxes.rate(case.terms.tax, (order.tax_region, order.ship_to.state), ordered.tax_code)
    own = tuple(_anew(each, amount, quantity) for each in credited.adjustments)
    return replace(wrong, quantity=quantity, unit_price=price, amount=amount, adjustments=own, tax_percent=tax_percent)


def _anew(each: BilledAdjustment, goods: Decimal, quantity: Decimal) -> BilledAdjustment:
    """An adjustment of what is billed again: its percentage or rate anew, a fixed amount as it was credited."""
    if each.percent is not None:
        return replace(each, amount=cents(goods * each.percent / 100), source=-1)
    if each.rate is not None and quantity:
        return replace(each, amount=cents(quantity * each.rate), quantity=quantity, source=-1)
    return replace(each, source=-1)
