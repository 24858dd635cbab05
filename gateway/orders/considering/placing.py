"""From a purchase order to its decision: every reason to hold it first, then every line answered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import instructions, price_lists
from gateway.orders.case import Case
from gateway.orders.commands import PlaceOrder, ReleaseHold, WantedLine
from gateway.orders.considering import adjusting, differing, duplicates, pricing, validation
from gateway.orders.considering.pricing import Priced
from gateway.orders.considering.validation import Finding, NotServed
from gateway.orders.events import (
    Event,
    LineBackordered,
    LineCancelled,
    LinePriced,
    LineRejected,
    OrderAdjusted,
    OrderDecided,
    OrderHeld,
    OrderPlaced,
    OrderRouted,
    ShipToFound,
)
from gateway.orders.goods import availability
from gateway.orders.happened.goods_events import LineSubstituted
from gateway.orders.holds import credit, holding
from gateway.orders.order import Address, Buckets, Hold, HoldType, Line, LineCode, Order
from gateway.orders.price_lists import Wanted
from gateway.orders.shipping import routing
from gateway.orders.transitions import Applied, apply, apply_all
from gateway.orders.verdict import verdict

ABOUT_LINES = frozenset({"C-PRICE", "C-ITEM", "C-UNIT"})
"""Causes that may be about single lines, so that the others are known."""


def new_order(command: PlaceOrder, now: datetime) -> Order:
    """The order as it was asked for, everything pending; line numbers are theirs if all are there and distinct."""
    theirs = [line.number for line in command.lines]
    numbers = theirs if all(theirs) and len(set(theirs)) == len(theirs) else [str(at + 1) for at in range(len(theirs))]
    order = Order(
        number=command.number, partner=command.partner, po_number=command.po_number, po_date=command.po_date,
        currency=command.currency, placed_at=now, release_number=command.release_number, purpose=command.purpose,
        lines=tuple(_line(number, line) for number, line in zip(numbers, command.lines, strict=True)),
        test=command.test, department=command.department, vendor_number=command.vendor_number, buyer=command.buyer,
        ship_to=command.ship_to, bill_to=command.bill_to, carrier_scac=command.carrier_scac, service=command.service,
        ship_not_before=command.ship_not_before, ship_no_later=command.ship_no_later,
        cancel_after=command.cancel_after, ship_requested=command.ship_requested,
        delivery_requested=command.delivery_requested, deliver_not_before=command.deliver_not_before,
        deliver_no_later=command.deliver_no_later, backorder=command.backorder, substitution=command.substitution,
        order_type=command.order_type, acknowledgment_type=command.acknowledgment_type,
        contract_number=command.contract_number, fob=command.fob, priority=command.priority, store=command.store,
        claimed=command.claimed, claimed_discount_percent=command.claimed_discount_percent,
        claimed_discount_days=command.claimed_discount_days, claimed_net_days=command.claimed_net_days,
        notes=command.notes, content_hash=command.content_hash, unobeyed=(*command.unobeyed, *_strange_quantities(command.lines)),
        duplicate_of=command.duplicate_of, same_content=command.same_content, guide_faults=command.guide_faults,
        answer_due=command.answer_due, came_as=command.came_as,
    )  # fmt: skip
    return order if command.before is None else replace(order, differs=differing.differences(command.before, order))


def _strange_quantities(lines: tuple[WantedLine, ...]) -> Iterator[str]:
    """Quantities of nothing or less: somebody must ask what was meant."""
    for at, line in enumerate(lines, start=1):
        if line.quantity <= ZERO:
            yield f"line {line.number or at}, PO102: the quantity is {plain(line.quantity)}"


def _line(number: str, wanted: WantedLine) -> Line:
    """A line as ordered; its price is that of one unit from here on, whatever basis the order gave it on."""
    served = max(wanted.quantity, ZERO)
    quantity = Buckets(ordered=served, pending=served)
    known = wanted.price_basis in pricing.BASES
    return Line(
        number=number, uom=wanted.uom, quantity=quantity, ids=wanted.ids, description=wanted.description,
        partner_price=pricing.per_unit(wanted.unit_price, wanted.price_basis),
        price_basis="PE" if wanted.price_basis and known else wanted.price_basis, claimed=wanted.claimed,
        stores=wanted.stores, ship_not_before=wanted.ship_not_before, delivery_requested=wanted.delivery_requested,
    )  # fmt: skip


def place(command: PlaceOrder, case: Case) -> list[Applied]:
    """A new order with all that follows at once."""
    placed = OrderPlaced(new_order(command, case.now))
    return [Applied(placed, placed.order), *_reconsidered(placed.order, case)]


def release_hold(order: Order, command: ReleaseHold, case: Case) -> Iterator[Event]:
    """End a hold; when it was the last one the order is considered again."""
    if _never_ships(order) and any(hold.id == command.hold and hold.code == "C-CONFLICT" for hold in order.holds):
        raise TransitionError(
            f"{order.number} is a blanket or contract order; goods leave on its releases only.",
            next_step=f"Say 'gateway orders reject {order.number} --reason TEXT', which answers the partner.",
        )
    released = holding.release(order, command)
    yield released
    after = apply(order, released)
    if not after.holds and not after.decided:
        yield from reconsider(after, case)


def reconsider(order: Order, case: Case, changed: frozenset[str] = frozenset()) -> tuple[Event, ...]:
    """Check what is undecided of an order: hold it for every reason there is, or decide it.

    ``changed`` lines are priced again even when nothing of them is undecided. An order that was decided before owes
    no acknowledgment again.
    """
    return tuple(each.event for each in _reconsidered(order, case, changed))


def _reconsidered(order: Order, case: Case, changed: frozenset[str] = frozenset()) -> list[Applied]:
    deciding = _Deciding(order, case, changed=changed)
    deciding.place()
    deciding.lines()
    deciding.adjust()
    verdict = credit.check(deciding.order, case.facts.exposure, case.terms, case.today)
    for finding in deciding.findings(verdict):
        deciding.hold(finding, verdict.figures if verdict is not None and finding.code == "C-CREDIT" else ())
    if verdict is not None and credit.is_news(deciding.order, verdict):
        deciding.add(verdict.checked)
    if not deciding.order.holds:
        deciding.decide()
    if deciding.order.holds:
        for kept in availability.keep(deciding.order, case):
            deciding.add(kept)
    return deciding.steps


def known(order: Order, case: Case) -> tuple[Event, ...]:
    """What becomes of the lines that nothing is asked about while an order waits for an answer about other lines.

    Nothing while the order as a whole waits, where it leaves or is refused as a whole, and where goods are kept for it.
    """
    of_lines = all(hold.code in ABOUT_LINES for hold in order.holds)
    whole = instructions.together(order, case.terms) or case.terms.on_line_error == "reject_order"
    if not of_lines or whole or order.reserved:
        return ()
    deciding = _Deciding(order, case)
    deciding.lines()
    deciding.adjust()
    asked = {each.line for each in deciding.questions}
    verdict = credit.check(order, case.facts.exposure, case.terms, case.today)
    if not asked or "" in asked or (verdict is not None and verdict.refusal):
        return ()
    free = replace(order, lines=tuple(line for line in order.lines if line.number not in asked))
    answers = availability.answer(free, case, routing.route(order, case.terms, case.facts.items))
    late = any(validation.too_late(_after(free, answers)))
    return () if late else tuple(each.event for each in answers)


@dataclass(slots=True)
class _Deciding:
    """One consideration: the order as the events so far have made it."""

    order: Order
    case: Case
    steps: list[Applied] = field(default_factory=list)
    questions: list[Finding] = field(default_factory=list)
    changed: frozenset[str] = frozenset()

    def add(self, event: Event) -> None:
        """Note an event and apply it."""
        self.add_all([event])

    def add_all(self, events: Sequence[Event]) -> None:
        """Note events that do not depend on each other and apply them."""
        self.go_on(apply_all(self.order, events))

    def go_on(self, steps: Sequence[Applied]) -> None:
        """Note events that were applied."""
        self.steps += steps
        self.order = _after(self.order, steps)

    def hold(self, found: Finding, figures: tuple[tuple[str, str], ...] = ()) -> None:
        """Hold the order for one reason."""
        new_id = self.case.new_hold_id()
        self.add(OrderHeld(Hold(new_id, found.type, found.code, found.reason, self.case.now, figures)))

    def lines(self) -> None:
        """Recognise and price every line that is pending; one that cannot be served is rejected."""
        self.add_all([event for line in self.order.lines for event in self.considered(line)])
        if self.order.duplicate_of is not None and self.ruling() == "reject":
            self.reject_all(duplicates.in_full(self.order))
        if self.case.terms.on_line_error == "reject_order" and any(each.quantity.rejected for each in self.order.lines):
            self.reject_all("another line of the order cannot be served")

    def reject_all(self, reason: str) -> None:
        """Refuse every line that is pending."""
        for line in self.order.lines:
            if line.quantity.pending:
                self.add(LineRejected(line.number, LineCode.REJECTED, reason))

    def place(self) -> None:
        """The address behind a code of the customer's own; what the order says itself counts first."""
        order = self.order
        place = self.case.facts.locations.get(order.ship_to.id)
        if place is None:
            return
        ship_to, said = order.ship_to, "the address is the order's"
        if not (ship_to.address1 and ship_to.city):
            ship_to, said = _completed(ship_to, place.address), "the address is the location's"
        now = (order.ship_to, order.preferred_warehouse, order.tax_region)
        if now != (ship_to, place.warehouse, place.tax_region):
            said += f", warehouse {place.warehouse}" if place.warehouse else ""
            said += f", tax region {place.tax_region}" if place.tax_region else ""
            self.add(ShipToFound(ship_to, place.warehouse, place.tax_region, said))

    def considered(self, line: Line) -> Iterator[Event]:
        """What becomes of one line that is undecided."""
        if line.quantity.pending or line.number in self.changed:
            yield from self.recognise(line)
        elif line.quantity.ordered == ZERO and not line.codes:
            yield LineRejected(line.number, LineCode.REJECTED, f"line {line.number}: no quantity that can be served")

    def recognise(self, line: Line) -> Iterator[Event]:
        """One line: our item, our price, or why not; it depends on no other line."""
        waived, terms, facts = self.order.waived, self.case.terms, self.case.facts
        if self.order.reserved:
            facts = replace(facts, stock=availability.free_stock(self.order, facts.stock))
        found = validation.recognise(
            line, facts, unit_stands="C-UNIT" in waived,
            substitutes=instructions.substitutes(self.order, terms),
        )  # fmt: skip
        if isinstance(found, NotServed):
            if not line.quantity.pending:
                return
            if found.unknown and terms.unknown_item != "reject_line" and "C-ITEM" not in waived:
                self.questions.append(Finding(HoldType.ITEM, "C-ITEM", found.reason, line.number))
            elif found.unclear:
                self.questions.append(Finding(HoldType.UNIT, "C-UNIT", found.reason, line.number))
            else:
                yield LineRejected(line.number, found.code, found.reason)
            return
        item = found.item
        wanted = Wanted(line, item, found.stock_per_unit, self.order.currency, self.order.contract_number)
        priced = pricing.price(wanted, self.case.facts, terms, self.order.accepted_prices)
        if priced.refused:
            if not line.quantity.pending:
                return
            yield LineRejected(line.number, LineCode.REJECTED, f"line {line.number}: price refused: {priced.figures}")
            return
        if priced.question:
            self.questions.append(Finding(HoldType.PRICE, "C-PRICE", priced.question, line.number))
        yield from self.price(line, wanted, priced)

    def price(self, line: Line, wanted: Wanted, priced: Priced) -> Iterator[Event]:
        """Note what a line is and costs, where that is news; what is served of it instead of the item stays that."""
        item, size, price, codes = wanted.item, wanted.stock_per_unit, priced.unit_price, self.codes(line, priced.codes)
        served = self.case.facts.items.get(line.sku) if line.sku and line.substitute_for and _is_served(line) else None
        if served is not None:
            item, size = served, line.stock_per_unit
            own = replace(wanted, item=item, stock_per_unit=size)
            price = price_lists.lower(own, price, self.case.facts, self.case.terms) or price
        else:
            codes = tuple(code for code in codes if code is not LineCode.SUBSTITUTED)
        if line.sku is None or (line.our_price, line.unit_price, line.codes) != (priced.ours, price, codes):
            yield LinePriced(
                line.number, item.sku, item.description, priced.ours, price, size, item.tax_code, codes, priced.figures,
            )  # fmt: skip

    def codes(self, line: Line, priced: tuple[LineCode, ...]) -> tuple[LineCode, ...]:
        """The answer to the price; what was answered before of an order that is changed stays beside it."""
        if not self.order.decided:
            return priced
        replaced = {LineCode.PRICE_CHANGED, *((LineCode.ACCEPTED,) if priced else ())}
        return (*priced, *(code for code in line.codes if code not in replaced and code not in priced))

    def adjust(self) -> None:
        """Allowances, charges and payment terms: ours or theirs, asked for, or refused."""
        settled = adjusting.settle(self.order, self.case.terms)
        if adjusting.changes(self.order, settled.event):
            self.add(settled.event)
        self.questions += [Finding(HoldType.PRICE, "C-PRICE", said) for said in settled.prices]
        self.questions += [Finding(HoldType.CONFLICT, "C-CONFLICT", said) for said in settled.conflicts]
        whole = settled.refused.get("")
        for line in self.order.lines:
            refused = settled.refused.get(line.number) or whole
            if refused and line.quantity.pending:
                self.add(LineRejected(line.number, LineCode.REJECTED, f"refused: {refused}"))

    def findings(self, verdict: credit.Verdict | None) -> Iterator[Finding]:
        """Every reason to hold before lines are answered."""
        order = self.order
        amount = sum((each.quantity.open * (each.unit_price or ZERO) for each in order.lines), ZERO)
        found = [*self.of_its_kind(), *validation.findings(order, self.case.terms, self.case.facts), *self.questions]
        asks_least = order.currency == self.case.terms.currency and not order.decided
        small = validation.minimum(amount, self.case.terms) if asks_least else None
        found += [small] if small is not None and amount else []
        refused = verdict.refusal if verdict is not None else ""
        found += [Finding(HoldType.CREDIT, "C-CREDIT", refused)] if refused else []
        yield from _together(order, found)

    def of_its_kind(self) -> Iterator[Finding]:
        """A purchase order that came before, and one that only frames the orders to come."""
        order = self.order
        if order.duplicate_of is not None and self.ruling() == "hold":
            yield Finding(HoldType.DUPLICATE_PO, "C-DUP-PO", duplicates.in_full(order))
        if _never_ships(order):
            reason = "BEG02: a blanket or contract order is never shipped from; goods leave on its release orders"
            yield Finding(HoldType.CONFLICT, "C-CONFLICT", reason)

    def ruling(self) -> duplicates.Ruling:
        """What the terms say about an order that came before."""
        return duplicates.ruling(self.case.terms, same_content=self.order.same_content)

    def decide(self) -> None:
        """Answer every line, then the order as a whole."""
        if not self.order.decided:
            for moved in availability.promise_again(self.order, self.case):
                self.add(moved)
        # how long the goods are on the road says when they arrive
        on_the_way = routing.route(self.order, self.case.terms, self.case.facts.items)
        answers = availability.answer(self.order, self.case, on_the_way)
        answered = _after(self.order, answers)
        late = () if self.order.decided else tuple(_together(self.order, validation.too_late(answered)))
        if late:
            for finding in late:
                self.hold(finding)
            return
        self.go_on(answers)
        route = routing.route(self.order, self.case.terms, self.case.facts.items)
        if route != self.order.route and (route.carrier_scac or self.case.terms.routing):
            self.add(OrderRouted(route))
        if not self.order.decided:
            self.add(OrderDecided(verdict(self.order), self.case.facts.today, tuple(self.reasons())))

    def reasons(self) -> Iterator[str]:
        """Why it is not simply accepted."""
        for event in (each.event for each in self.steps):
            if isinstance(event, LineRejected | LineCancelled | LineBackordered | LineSubstituted):
                yield event.reason
            elif isinstance(event, OrderAdjusted) and event.ours_answered:
                yield from event.figures


def _is_served(line: Line) -> bool:
    """Whether something of a line is answered already."""
    quantity = line.quantity
    return quantity.open > quantity.pending


def _together(order: Order, found: Iterable[Finding]) -> Iterator[Finding]:
    """The reasons that nobody waived and that do not hold the order already, those of one cause together."""
    held = {hold.code for hold in order.holds}
    together: dict[str, list[Finding]] = {}
    for each in found:
        # a price question stays open until it is answered: releasing it means saying whose price counts;
        # credit was released up to what the order was worth then, which its check knows
        if each.code not in held and (each.code not in order.waived or each.code in ("C-PRICE", "C-CREDIT")):
            together.setdefault(each.code, []).append(each)
    for code, same in together.items():
        yield Finding(same[0].type, code, "; ".join(dict.fromkeys(each.reason for each in same)))


def _after(order: Order, steps: Sequence[Applied]) -> Order:
    return steps[-1].order if steps else order


def _never_ships(order: Order) -> bool:
    return order.order_type == "blanket"


def _completed(said: Address, known: Address) -> Address:
    """What the order says of a place, and the rest from our list."""
    values = {name: getattr(said, name) or getattr(known, name) for name in Address.__slots__}
    return Address(**values)
