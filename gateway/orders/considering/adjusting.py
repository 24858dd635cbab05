"""The allowances, charges and payment terms an order names, compared with the agreed ones: whose are invoiced?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gateway.kernel.money import Money, price_text
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.considering import payment_terms
from gateway.orders.events import LineAdjusted, OrderAdjusted
from gateway.orders.order import Adjustment, Line, Order
from gateway.orders.terms import Terms

POLICIES = {"ours": "accept_ours", "theirs": "accept_theirs"}


@dataclass(slots=True)
class Settled:
    """What came of the comparison.

    ``event`` says what is invoiced; ``prices`` and ``conflicts`` are sentences that somebody must answer;
    ``refused`` those that refuse a line (by its number) or, under the empty text, the order.
    """

    event: OrderAdjusted
    prices: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def settle(order: Order, terms: Terms) -> Settled:
    """Compare what the order names with what is agreed; ours count unless theirs were accepted."""
    work = _Settling(order, terms)
    work.header()
    for line in order.lines:
        work.line(line)
    work.payment()
    event = OrderAdjusted(
        tuple(work.adjustments), tuple(work.lines), work.claimed_terms_count, work.ours_answered, tuple(work.figures)
    )
    return Settled(event, work.prices, work.conflicts, work.refused)


def changes(order: Order, event: OrderAdjusted) -> bool:
    """Whether the event says anything that is not so already."""
    of_line = {each.line: each.adjustments for each in event.lines}
    same_lines = all(_asked(line.adjustments) == of_line.get(line.number, ()) for line in order.lines)
    now = (_asked(order.adjustments), order.claimed_terms_count, order.ours_answered)
    return not same_lines or now != (event.adjustments, event.claimed_terms_count, event.ours_answered)


def _asked(adjustments: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
    """The adjustments without what invoices bear of them already."""
    return tuple(replace(each, billed=ZERO) for each in adjustments)


def in_words(each: Adjustment, currency: str) -> str:
    """An allowance or charge for a person: ``allowance C310 5%``."""
    code = f" {each.code}" if each.code else ""
    if each.percent is not None:
        return f"{each.kind}{code} {plain(each.percent)}%"
    if each.rate is not None:
        return f"{each.kind}{code} {price_text(each.rate)} {currency} per unit"
    return f"{each.kind}{code} {Money(each.amount or ZERO, currency)}"


@dataclass(slots=True)
class _Settling:
    """One comparison while it goes on."""

    order: Order
    terms: Terms
    adjustments: list[Adjustment] = field(default_factory=list)
    lines: list[LineAdjusted] = field(default_factory=list)
    claimed_terms_count: bool = False
    ours_answered: bool = False
    figures: list[str] = field(default_factory=list)
    prices: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def header(self) -> None:
        """Those of the whole order: an agreed one counts, also where the order does not name it."""
        goods = sum((_goods(line) for line in self.order.lines), ZERO)
        agreed = self.agreed()
        for code, claims in _by_code(self.order.claimed):
            ours = [each for each in agreed if each.code == code]
            if not _more(claims, ours, goods, Decimal(1)):
                self.figures += [f"{self.words(claims)} as agreed ({self.words(ours)})"]
            elif self.judge("", f"the order names {self.words(claims)}, agreed: {self.words(ours)}"):
                agreed = [each for each in agreed if each.code != code] + claims
        offered = [each for each in self.order.claimed if each.kind == "charge"]
        self.figures += [f"{self.words(offered)} offered by the order"] if offered else []
        self.adjustments = agreed + offered

    def line(self, line: Line) -> None:
        """Those of one line; the agreed ones are of the whole order and count for the line already."""
        kept: list[Adjustment] = []
        for code, claims in _by_code(line.claimed):
            ours = [each for each in self.agreed() if each.code == code]
            if not _more(claims, ours, _goods(line), line.quantity.ordered):
                self.figures += [f"line {line.number}: {self.words(claims)} as agreed ({self.words(ours)})"]
                continue
            said = f"line {line.number} names {self.words(claims)}, agreed: {self.words(ours)}"
            if self.judge(line.number, said):
                kept += _beyond(claims, ours)
        offered = [each for each in line.claimed if each.kind == "charge"]
        self.figures += [f"line {line.number}: {self.words(offered)} offered by the order"] if offered else []
        if kept or offered:
            self.lines.append(LineAdjusted(line.number, (*kept, *offered)))

    def payment(self) -> None:
        """The payment terms: a conflict that was released leaves ours, one that was accepted takes theirs."""
        if not payment_terms.differ(self.order, self.terms):
            return
        theirs, ours = payment_terms.claimed(self.order), payment_terms.agreed(self.terms)
        said = f"payment terms: the order names {theirs}, agreed are {ours}"
        policy = self.terms.outside_tolerance
        if "C-CONFLICT" in self.order.waived:
            policy = "accept_theirs" if self.order.theirs_accepted else "accept_ours"
        match policy:
            case "accept_ours":
                self.ours_answered = True
                self.figures.append(f"{said}; ours are invoiced")
            case "accept_theirs":
                self.claimed_terms_count = True
                self.figures.append(f"{said}; theirs were accepted")
            case "reject":
                self.refused[""] = said
            case _:
                self.conflicts.append(said)

    def judge(self, line: str, said: str) -> bool:
        """Whether theirs are invoiced; where somebody must say so, ours are until then."""
        match POLICIES.get(self.order.accepted_prices, self.terms.outside_tolerance):
            case "accept_theirs":
                self.figures.append(f"{said}; theirs was accepted")
                return True
            case "accept_ours":
                self.ours_answered = True
                self.figures.append(f"{said}; ours is invoiced")
            case "reject":
                self.refused[line] = said
            case _:
                self.prices.append(said)
        return False

    def agreed(self) -> list[Adjustment]:
        """The agreed allowances."""
        return [Adjustment("allowance", code, percent=percent, agreed=True) for code, percent in self.terms.allowances]

    def words(self, adjustments: Iterable[Adjustment]) -> str:
        """Several in words, ``none`` for none."""
        return " and ".join(in_words(each, self.order.currency) for each in adjustments) or "none"


def _goods(line: Line) -> Decimal:
    price = line.unit_price if line.unit_price is not None else line.partner_price or ZERO
    return (line.quantity.ordered - line.quantity.rejected) * price


def _by_code(claimed: Iterable[Adjustment]) -> Iterator[tuple[str, list[Adjustment]]]:
    """The allowances that are claimed, those of one code together."""
    found: dict[str, list[Adjustment]] = {}
    for each in claimed:
        if each.kind == "allowance":
            found.setdefault(each.code, []).append(each)
    yield from found.items()


def _more(claims: list[Adjustment], ours: list[Adjustment], goods: Decimal, units: Decimal) -> bool:
    """Whether the claims take more off than is agreed; in percent where both are told so, else in money."""
    if all(each.percent is not None for each in (*claims, *ours)):
        return _percent(claims) > _percent(ours)
    return _value(claims, goods, units) > _value(ours, goods, units)


def _percent(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((each.percent or ZERO for each in adjustments), ZERO)


def _value(adjustments: Iterable[Adjustment], goods: Decimal, units: Decimal) -> Decimal:
    return sum(
        (
            goods * each.percent / 100
            if each.percent is not None
            else each.rate * units
            if each.rate is not None
            else each.amount or ZERO
            for each in adjustments
        ),
        ZERO,
    )


def _beyond(claims: list[Adjustment], ours: list[Adjustment]) -> list[Adjustment]:
    """What claims of a line take off beyond the agreed percentage, which is taken off the whole order."""
    if not ours or not all(each.percent is not None for each in claims):
        return claims
    more = _percent(claims) - _percent(ours)
    return [Adjustment("allowance", claims[0].code, percent=more, description=claims[0].description)]
