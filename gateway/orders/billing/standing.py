"""What is left of an invoice after its credits, and what a further credit takes of each part of it, exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gateway.kernel.money import cents
from gateway.kernel.quantity import ZERO
from gateway.orders.billing import taxes
from gateway.orders.bills import BilledAdjustment, BilledTax, added, shares
from gateway.orders.happened.bill_events import Bill, InvoicedLine, OrderCredited, OrderInvoiced


@dataclass(frozen=True, slots=True)
class Taken:
    """What was credited of an invoice: by line units and amount, and of the charges that do not follow the goods."""

    units: Mapping[str, Decimal] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    once: Mapping[int, Decimal] = field(default_factory=dict)

    def line(self, number: str, units: Decimal, amount: Decimal) -> "Taken":
        """Together with so much of a line."""
        return replace(
            self, units={**self.units, number: self.units.get(number, ZERO) + units},
            amounts={**self.amounts, number: self.amounts.get(number, ZERO) + amount},
        )  # fmt: skip

    def charge(self, at: int, amount: Decimal) -> "Taken":
        """Together with so much of a charge."""
        return replace(self, once={**self.once, at: self.once.get(at, ZERO) + amount})


@dataclass(frozen=True, slots=True)
class Figures:
    """What of the adjustments and taxes of an invoice goes with what was taken of it, to the cent."""

    of_lines: Mapping[tuple[str, int], Decimal]
    of_bill: tuple[Decimal, ...]
    taxes: tuple[Decimal, ...]


def credits_of(bills: Iterable[Bill], invoice_number: str) -> tuple[OrderCredited, ...]:
    """The credit memos of an invoice so far."""
    return tuple(each for each in bills if isinstance(each, OrderCredited) and each.invoice_number == invoice_number)


def taken(bill: OrderInvoiced, credits: Iterable[OrderCredited]) -> Taken:  # noqa: A002 - the word of the trade
    """What the credit memos took of an invoice."""
    found = Taken()
    for credit in credits:
        for line in credit.lines:
            found = found.line(line.line, line.units, line.amount)
        for each in credit.adjustments:
            if each.source >= 0 and not bill.adjustments[each.source].follows_goods:
                found = found.charge(each.source, each.amount)
    return found


def left(line: InvoicedLine, gone: Taken) -> tuple[Decimal, Decimal]:
    """The units and the amount of a line that are not credited."""
    return line.quantity - gone.units.get(line.line, ZERO), line.amount - gone.amounts.get(line.line, ZERO)


def figures(bill: OrderInvoiced, gone: Taken) -> Figures:
    """What goes with all that was taken; it is the whole when everything was, so that credits add up to the invoice.

    Adjustments of a line follow its amount, those of the bill the lines they were shared out to, a charge made once
    only itself; a tax follows what it was taken of.
    """
    if not bill.lines:
        return _of_charges(bill, gone)
    of_lines: dict[tuple[str, int], Decimal] = {}
    nets: dict[Decimal, Decimal] = {}
    for line in bill.lines:
        for at, each in enumerate(line.adjustments):
            of_lines[line.line, at] = cents(_part(each.amount, line, gone))
        net = _part(line.amount + added(line.adjustments), line, gone)
        nets[line.tax_percent] = nets.get(line.tax_percent, ZERO) + net
    of_bill: list[Decimal] = []
    for at, each in enumerate(bill.adjustments):
        parts = shares(each.amount, [line.amount for line in bill.lines])
        sign = -1 if each.kind == "allowance" else 1
        if each.follows_goods:
            mine = [_part(part, line, gone) for part, line in zip(parts, bill.lines, strict=True)]
        else:
            gone_of_it = gone.once.get(at, ZERO)
            mine = [part * gone_of_it / each.amount for part in parts] if gone_of_it != each.amount else list(parts)
        of_bill.append(cents(sum(mine, ZERO)))
        for part, line in zip(mine, bill.lines, strict=True):
            nets[line.tax_percent] = nets.get(line.tax_percent, ZERO) + sign * part
    return Figures(of_lines, tuple(of_bill), tuple(_tax(each, nets.get(each.percent, ZERO)) for each in bill.taxes))


def _of_charges(bill: OrderInvoiced, gone: Taken) -> Figures:
    """The same of an invoice that bills charges alone."""
    taken_of = tuple(gone.once.get(at, ZERO) for at in range(len(bill.adjustments)))
    whole, part = sum((each.amount for each in bill.adjustments), ZERO), sum(taken_of, ZERO)
    return Figures({}, taken_of, tuple(cents(tax.amount * part / whole) for tax in bill.taxes))


def _part(amount: Decimal, line: InvoicedLine, gone: Taken) -> Decimal:
    """What of an amount goes with what was taken of a line."""
    if line.amount:
        return amount * gone.amounts.get(line.line, ZERO) / line.amount
    return amount * gone.units.get(line.line, ZERO) / line.quantity


def _tax(tax: BilledTax, base: Decimal) -> Decimal:
    """What of a tax goes with so much of what it was taken of."""
    if base == tax.base:
        return tax.amount
    return cents(tax.amount * base / tax.base) if tax.base else ZERO


def line_bases(lines: Iterable[InvoicedLine], adjustments: Iterable[BilledAdjustment]) -> tuple[Decimal, ...]:
    """What of each line is taxed."""
    return taxes.bases([(line.amount, added(line.adjustments)) for line in lines], adjustments)
