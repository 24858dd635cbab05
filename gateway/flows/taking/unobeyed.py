"""What an order asks for and is not done by this version: told in words that name the segment, never ignored (rulings 33)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from gateway.canonical.order import Order, OrderLine
from gateway.canonical.parts import Allowance, Party

PRICED_PER_UNIT = frozenset({None, "PE", "HP", "TP"})
ANSWERS = frozenset({"AC", "AD", "AK", "AT", "NA"})
"""What may be asked of our answer (BEG07): with detail, without, or none at all."""
BACKORDER: Mapping[str, str] = MappingProxyType(
    {
        "SC": "ship_complete", "N": "no_backorder", "SP": "no_backorder",
        "Y": "backorder", "BK": "backorder", "O": "backorder",
    }
)  # fmt: skip
LIMITS = ("ship_no_later", "deliver_not_before", "deliver_no_later", "cancel_after")
SUBSTITUTION: Mapping[str, str] = MappingProxyType({"IS": "allowed", "NS": "forbidden"})


def unobeyed(order: Order) -> Iterator[str]:
    """What the order asks for and this version cannot do, each naming its X12 segment."""
    if order.purpose != "original":
        yield f"BEG01: the purpose is '{order.purpose}', not an original order"
    if order.order_type == "other":
        yield "BEG02: the order is of a type that we have no rule for"
    if order.acknowledgment_type and order.acknowledgment_type not in ANSWERS:
        yield f"BEG07: a special acknowledgment is asked for ({order.acknowledgment_type})"
    yield from _instructions(order.instructions.other or "")
    if order.mark_for is not None:
        yield "N1*Z7: goods are to be marked for another location"
    if order.second_ship_to is not None:
        yield "N1*ST: the order names several places to ship to"
    yield from _adjustments(order.allowances, in_line=False)
    if order.taxes:
        yield "TAX/TXI: taxes for the whole order"
    for index, line in enumerate(order.lines, start=1):
        yield from (f"line {line.number or index}, {what}" for what in _of_line(order, line))


def _instructions(codes: str) -> Iterator[str]:
    """Instructions we do not know, and two that say different things about the same."""
    told = codes.split()
    unknown = [code for code in told if code not in BACKORDER and code not in SUBSTITUTION]
    if unknown:
        yield f"CSH01: the instruction {' '.join(unknown)}"
    for table in (BACKORDER, SUBSTITUTION):
        if len({table[code] for code in told if code in table}) > 1:
            yield f"CSH01: {' and '.join(code for code in told if code in table)} contradict each other"


def _of_line(order: Order, line: OrderLine) -> Iterator[str]:
    if line.price_basis not in PRICED_PER_UNIT:
        yield f"PO105: the price basis is {line.price_basis}"
    units = sorted({each.uom for each in line.allocations if each.uom not in (None, line.uom)} - {None})
    if units:
        yield f"SDQ: the stores get their quantities in {', '.join(str(each) for each in units)}, the line is in {line.uom}"
    if line.components:
        yield "SLN: the line is a kit of several components"
    yield from _schedule(line)
    yield from _dates(order, line)
    if line.ship_to is not None and not _same_place(line.ship_to, order.ship_to):
        yield f"N1: the line goes to a place of its own ({line.ship_to.id or line.ship_to.name})"
    yield from _adjustments(line.allowances, in_line=True)
    if line.taxes:
        yield "TAX/TXI: taxes of the line"


def _schedule(line: OrderLine) -> Iterator[str]:
    """One delivery of everything is a date of the line; several are not done."""
    if len(line.schedule) > 1:
        yield f"SCH: the line is to be delivered in {len(line.schedule)} parts"
        return
    for each in line.schedule:
        if each.quantity != line.quantity or each.uom not in (None, line.uom):
            yield f"SCH: {each.quantity} {each.uom or line.uom} are scheduled of {line.quantity} {line.uom}"
        dates = (line.dates.delivery_requested, line.dates.ship_not_before or line.dates.ship_requested)
        other = dates[1] if each.kind == "shipment" else dates[0]
        if other is not None and each.due is not None and other != each.due:
            yield f"SCH: the date {each.due} is not that of the line's DTM, {other}"


def _dates(order: Order, line: OrderLine) -> Iterator[str]:
    """Limits are kept for the whole order; a line may repeat them."""
    if line.own_limit is not None and line.own_limit not in {getattr(order.dates, name) for name in LIMITS}:
        yield f"DTM: a limit of this line alone, {line.own_limit}"
    for name in LIMITS:
        own, whole = getattr(line.dates, name), getattr(order.dates, name)
        if own is not None and own != whole:
            said = f"the order says {whole}" if whole else "the order has none"
            yield f"DTM: {name.replace('_', ' ')} {own} of this line alone ({said})"


def _same_place(own: Party, whole: Party | None) -> bool:
    if whole is None:
        return False
    return own.id == whole.id if own.id else own.name == whole.name


def _adjustments(allowances: tuple[Allowance, ...], *, in_line: bool) -> Iterator[str]:
    """An allowance or charge without a figure; a rate of the whole order without a quantity says nothing."""
    of_what = "" if in_line else " of the whole order"
    for each in allowances:
        rate_says = each.rate is not None and (in_line or each.quantity is not None)
        if each.percent is None and each.amount is None and not rate_says:
            code = f" {each.code}" if each.code else ""
            yield f"SAC: the {each.kind}{code}{of_what} names no percentage, amount or rate that can be reckoned with"
        elif each.kind == "charge" and not _positive(each):
            yield f"SAC: the charge {each.code or ''}{of_what} is below zero"


def _positive(each: Allowance) -> bool:
    return all(figure is None or figure >= 0 for figure in (each.percent, each.amount, each.rate))
