"""From a purchase order to its decision: every reason to hold it first, then every line answered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from gateway.kernel.quantity import ZERO, plain
from gateway.orders import allocation, credit, holding, instructions, pricing, validation
from gateway.orders.allocation import Need
from gateway.orders.case import Case
from gateway.orders.commands import PlaceOrder, ReleaseHold, WantedLine
from gateway.orders.events import (
    Event,
    LineAllocated,
    LineBackordered,
    LineCancelled,
    LinePriced,
    LineRejected,
    OrderDecided,
    OrderHeld,
    OrderPlaced,
)
from gateway.orders.order import Buckets, Hold, HoldType, Line, LineCode, Order
from gateway.orders.transitions import apply
from gateway.orders.validation import Finding, NotServed


def new_order(command: PlaceOrder, now: datetime) -> Order:
    """The order as it was asked for, everything pending; line numbers are theirs if all are there and distinct."""
    theirs = [line.number for line in command.lines]
    numbers = theirs if all(theirs) and len(set(theirs)) == len(theirs) else [str(at + 1) for at in range(len(theirs))]
    return Order(
        number=command.number, partner=command.partner, po_number=command.po_number, po_date=command.po_date,
        currency=command.currency, placed_at=now, release_number=command.release_number, purpose=command.purpose,
        lines=tuple(_line(number, line) for number, line in zip(numbers, command.lines, strict=True)),
        test=command.test, department=command.department, vendor_number=command.vendor_number, buyer=command.buyer,
        ship_to=command.ship_to, bill_to=command.bill_to, carrier_scac=command.carrier_scac,
        ship_not_before=command.ship_not_before, ship_no_later=command.ship_no_later,
        cancel_after=command.cancel_after, delivery_requested=command.delivery_requested, backorder=command.backorder,
        notes=command.notes, content_hash=command.content_hash, unobeyed=(*command.unobeyed, *_strange_quantities(command.lines)),
        duplicate_of=command.duplicate_of, guide_faults=command.guide_faults,
    )  # fmt: skip


def _strange_quantities(lines: tuple[WantedLine, ...]) -> Iterator[str]:
    """Quantities of nothing or less: somebody must ask what was meant."""
    for at, line in enumerate(lines, start=1):
        if line.quantity <= ZERO:
            yield f"line {line.number or at}, PO102: the quantity is {plain(line.quantity)}"


def _line(number: str, wanted: WantedLine) -> Line:
    served = max(wanted.quantity, ZERO)
    quantity = Buckets(ordered=served, pending=served)
    return Line(
        number=number, uom=wanted.uom, quantity=quantity, ids=wanted.ids, description=wanted.description,
        partner_price=wanted.unit_price, price_basis=wanted.price_basis,
    )  # fmt: skip


def place(command: PlaceOrder, case: Case) -> Iterator[Event]:
    """A new order with all that follows at once."""
    placed = OrderPlaced(new_order(command, case.now))
    yield placed
    yield from reconsider(placed.order, case)


def release_hold(order: Order, command: ReleaseHold, case: Case) -> Iterator[Event]:
    """End a hold; when it was the last one the order is considered again."""
    released = holding.release(order, command)
    yield released
    after = apply(order, released)
    if not after.holds:
        yield from reconsider(after, case)


def reconsider(order: Order, case: Case, changed: frozenset[str] = frozenset()) -> tuple[Event, ...]:
    """Check what is undecided of an order: hold it for every reason there is, or decide it.

    ``changed`` lines are priced again even when nothing of them is undecided. An order that was decided before owes
    no acknowledgment again.
    """
    deciding = _Deciding(order, case, changed=changed)
    deciding.lines()
    for finding in deciding.findings():
        deciding.add(OrderHeld(Hold(case.new_hold_id(), finding.type, finding.code, finding.reason, case.now)))
    if not deciding.order.holds:
        deciding.decide()
    return tuple(deciding.events)


def answer(order: Order) -> str:
    """accepted, changed or rejected: what BAK02 will say."""
    quantities = [line.quantity for line in order.lines]
    if not any(quantity.open for quantity in quantities):
        return "rejected"
    changed = any(LineCode.PRICE_CHANGED in line.codes for line in order.lines)
    served = all(each.allocated + each.picked + each.packed + each.shipped == each.ordered for each in quantities)
    return "accepted" if served and not changed else "changed"


@dataclass(slots=True)
class _Deciding:
    """One consideration: the order as the events so far have made it."""

    order: Order
    case: Case
    events: list[Event] = field(default_factory=list)
    questions: list[Finding] = field(default_factory=list)
    changed: frozenset[str] = frozenset()

    def add(self, event: Event) -> None:
        """Note an event and apply it."""
        self.events.append(event)
        self.order = apply(self.order, event)

    def lines(self) -> None:
        """Recognise and price every line that is pending; one that cannot be served is rejected."""
        for line in self.order.lines:
            if line.quantity.pending or line.number in self.changed:
                self.recognise(line)
            elif line.quantity.ordered == ZERO and not line.codes:
                self.add(
                    LineRejected(line.number, LineCode.REJECTED, f"line {line.number}: no quantity that can be served")
                )
        if self.case.terms.on_line_error == "reject_order" and any(each.quantity.rejected for each in self.order.lines):
            for line in self.order.lines:
                if line.quantity.pending:
                    self.add(LineRejected(line.number, LineCode.REJECTED, "another line of the order cannot be served"))

    def recognise(self, line: Line) -> None:
        """One line: our item, our price, or why not."""
        found = validation.recognise(line, self.case.facts)
        if isinstance(found, NotServed):
            if not line.quantity.pending:
                return
            held = found.unknown and self.case.terms.unknown_item != "reject_line" and "C-ITEM" not in self.order.waived
            if held:
                self.questions.append(Finding(HoldType.ITEM, "C-ITEM", found.reason))
            else:
                self.add(LineRejected(line.number, found.code, found.reason))
            return
        item = found.item
        priced = pricing.price(
            line,
            item,
            found.stock_per_unit,
            self.case.facts,
            self.case.terms,
            self.order.currency,
            self.order.accepted_prices,
        )
        if priced.refused:
            if not line.quantity.pending:
                return
            self.add(LineRejected(line.number, LineCode.REJECTED, f"price refused: {priced.figures}"))
            return
        if priced.question:
            self.questions.append(Finding(HoldType.PRICE, "C-PRICE", priced.question))
        codes = self.codes(line, priced.codes)
        if line.sku is None or (line.our_price, line.unit_price, line.codes) != (priced.ours, priced.unit_price, codes):
            self.add(
                LinePriced(
                    line.number, item.sku, item.description, priced.ours, priced.unit_price, found.stock_per_unit,
                    item.tax_code, codes, priced.figures,
                )
            )  # fmt: skip

    def codes(self, line: Line, priced: tuple[LineCode, ...]) -> tuple[LineCode, ...]:
        """The answer to the price; what was answered before of an order that is changed stays beside it."""
        if not self.order.decided:
            return priced
        replaced = {LineCode.PRICE_CHANGED, *((LineCode.ACCEPTED,) if priced else ())}
        return (*priced, *(code for code in line.codes if code not in replaced and code not in priced))

    def findings(self) -> Iterator[Finding]:
        """Every reason to hold that nobody waived, reasons of one cause together."""
        order = self.order
        amount = sum((each.quantity.pending * (each.unit_price or ZERO) for each in order.lines), ZERO)
        found = [*validation.findings(order, self.case.terms, self.case.facts.today), *self.questions]
        small = None if order.decided else validation.minimum(amount, self.case.terms)
        found += [small] if small is not None and amount else []
        refused = None if order.test else credit.check(self.case.facts.exposure, amount, self.case.terms)
        found += [Finding(HoldType.CREDIT, "C-CREDIT", refused)] if refused else []
        held = {hold.code for hold in order.holds}
        together: dict[str, list[Finding]] = {}
        for each in found:
            # a price question stays open until it is answered: releasing it means saying whose price counts
            if each.code not in held and (each.code not in order.waived or each.code == "C-PRICE"):
                together.setdefault(each.code, []).append(each)
        for code, same in together.items():
            yield Finding(same[0].type, code, "; ".join(dict.fromkeys(each.reason for each in same)))

    def decide(self) -> None:
        """Answer every line: allocated, backordered or cancelled; then the order as a whole."""
        wanted = [
            Need(line.number, line.sku, line.quantity.pending, line.uom, line.stock_per_unit)
            for line in self.order.lines
            if line.quantity.pending and line.sku is not None
        ]
        stock = self.case.facts.stock
        shares = (
            allocation.unlimited(wanted, stock)
            if self.order.test
            else allocation.allocate(wanted, stock, self.case.terms.sourcing)
        )
        promised = max(self.case.facts.today, self.order.ship_not_before or self.case.facts.today)
        for need in wanted:
            for share in (each for each in shares if each.line == need.line):
                in_stock = share.quantity * need.stock_per_unit
                self.add(
                    LineAllocated(
                        need.line, need.sku, share.quantity, in_stock, share.warehouse, share.reason, promised
                    )
                )
            self.missing(need)
        if not self.order.decided:
            self.add(OrderDecided(answer(self.order), self.case.facts.today, tuple(self.reasons())))

    def missing(self, need: Need) -> None:
        """What stock does not cover waits for goods, or is cancelled where backorders are not wanted."""
        line = self.order.line(need.line)
        left: Decimal = line.quantity.pending if line is not None else ZERO
        if not left:
            return
        if instructions.waits(self.order, self.case.terms):
            self.add(LineBackordered(need.line, left, f"{plain(left)} {need.uom} are not in stock"))
        else:
            self.add(
                LineCancelled(
                    need.line, left, "pending", f"{plain(left)} {need.uom} are not in stock and are not to wait"
                )
            )

    def reasons(self) -> Iterator[str]:
        """Why it is not simply accepted."""
        for event in self.events:
            if isinstance(event, LineRejected | LineCancelled | LineBackordered):
                yield event.reason
