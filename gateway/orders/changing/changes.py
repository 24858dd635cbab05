"""Changes of an order already placed: done at once, put before somebody, or refused; every one is answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from gateway.kernel.errors import TransitionError
from gateway.kernel.ids import WarehouseId
from gateway.kernel.quantity import ZERO, plain
from gateway.orders import stock, worth
from gateway.orders.asked.change_commands import ChangeOrder, RejectChange
from gateway.orders.case import Case
from gateway.orders.changing import judging
from gateway.orders.commands import RejectOrder, ReleaseHold
from gateway.orders.considering import placing, pricing
from gateway.orders.events import (
    Event,
    LineCancelled,
    LineRejected,
    OrderDecided,
    OrderHeld,
    OrderRecalled,
    ReleasedLine,
)
from gateway.orders.happened.change_events import (
    ChangeAnswered,
    ChangeProposed,
    LineAdded,
    LineChanged,
    LineFreed,
    LineReplaced,
    OrderChanged,
)
from gateway.orders.happened.handled import HoldEnded
from gateway.orders.holds import holding
from gateway.orders.order import Buckets, Hold, HoldType, Line, LineCode, Order, Proposal
from gateway.orders.proposal import LineChange, LineRuling
from gateway.orders.transitions import apply
from gateway.orders.verdict import verdict

ASKED = "C-CHANGE"
UNLIMITED = Decimal("Infinity")
"""What a change may be worth whose credit somebody released."""
LOOKED_AT_ANEW = frozenset({"C-PRICE", "C-CREDIT", "C-WINDOW", "C-ADDRESS", "C-MINIMUM", "C-ITEM"})
"""Holds of an order whose cause a change may end; they are put on again where it does not."""
NOT_FOR_CHANGES = frozenset({ASKED, "C-PRICE", "C-CREDIT"})
"""Causes that somebody's release waives for what he saw, not for a change that comes later."""


def change(order: Order, command: ChangeOrder, case: Case) -> Iterator[Event]:
    """Decide a change where nobody need be asked; else it waits under holds of its own."""
    if order.change is not None:
        raise TransitionError(
            f"A change of {order.number} waits already.", code=ASKED, next_step="Release or reject that one first."
        )
    yield from _decide(order, command.proposal, case)


def release_hold(order: Order, command: ReleaseHold, case: Case) -> Iterator[Event]:
    """End a hold; the last one of a change lets the change be done."""
    if order.change is None or command.hold not in order.change.holds:
        yield from placing.release_hold(order, command, case)
        return
    price = any(hold.id == command.hold and hold.code in holding.TWO_SIDES for hold in order.holds)
    # to accept a change is to release it; whose price counts is asked for prices alone
    command = command if price or command.accept == "ours" else replace(command, accept="")
    released = holding.release(order, command)
    yield released
    after = apply(order, released)
    if after.change is not None and not any(hold.id in after.change.holds for hold in after.holds):
        yield from _decide(after, after.change, case)


def reject(order: Order, command: RejectChange, case: Case) -> Iterator[Event]:
    """Refuse the change that waits under a hold."""
    waiting = order.change
    if waiting is None or command.hold not in waiting.holds:
        raise TransitionError(f"No change of {order.number} waits under {command.hold}.")
    refused = (replace(each, ruling="rejected", reason=command.note) for each in waiting.rulings)
    yield from _answer(order, waiting, tuple(refused), case)


def reject_order(order: Order, command: RejectOrder, case: Case) -> Iterator[Event]:
    """Refuse what is not shipped of an order; a change of it that waits is answered too."""
    refusing = tuple(holding.reject(order, command, case))
    if order.change is not None:
        refused = (replace(each, ruling="rejected", reason=command.reason) for each in order.change.rulings)
        yield from _answer(order, replace(order.change, by_order=False), tuple(refused), case)
    yield from refusing


def _decide(order: Order, proposal: Proposal, case: Case) -> Iterator[Event]:
    rulings = judging.rulings(order, proposal, case.terms)
    asked = [each for each in rulings if each.ruling == "ask"]
    if rulings and all(each.ruling == "rejected" for each in rulings):
        yield from _answer(order, proposal, rulings, case)
    elif asked and ASKED not in proposal.waived:
        told = "; ".join(dict.fromkeys(_said(each) for each in asked))
        held = OrderHeld(Hold(case.new_hold_id(), HoldType.CHANGE, ASKED, f"a change is asked for: {told}", case.now))
        yield from _waiting(proposal, rulings, (held,))
    else:
        yield from _do(order, proposal, rulings, case)


def _waiting(proposal: Proposal, rulings: tuple[LineRuling, ...], held: tuple[OrderHeld, ...]) -> Iterator[Event]:
    yield from held
    yield ChangeProposed(replace(proposal, rulings=rulings, holds=tuple(each.hold.id for each in held)))


def _do(order: Order, proposal: Proposal, rulings: tuple[LineRuling, ...], case: Case) -> Iterator[Event]:
    """Try the change; what it would hold lets it wait, unless the order is not decided yet and waits itself."""
    changing = _tried(_as_if(order, proposal), proposal, rulings, case)
    if "C-CREDIT" in proposal.waived:  # what it is worth is known now, and that much was released
        worth_now = replace(_as_if(order, proposal), credit_approved=worth.whole(changing.order))
        changing = _tried(worth_now, proposal, rulings, case)
    held = tuple(event for event in changing.events if isinstance(event, OrderHeld))
    if order.decided and held:
        reasons = tuple(replace(each.hold, reason=f"a change is asked for: {each.hold.reason}") for each in held)
        yield from _waiting(proposal, rulings, tuple(OrderHeld(each) for each in reasons))
        return
    if not order.decided:
        gone = (hold for hold in order.holds if hold.code in LOOKED_AT_ANEW)
        yield from (HoldEnded(hold.id, hold.code, "the order was changed and is looked at anew") for hold in gone)
    yield from changing.events
    changing.recall(order, head=any(isinstance(event, OrderChanged) for event in changing.events))
    yield from changing.recalls
    yield from _answer(order, proposal, tuple(changing.outcome(rulings)), case, changing)


def _tried(order: Order, proposal: Proposal, rulings: tuple[LineRuling, ...], case: Case) -> "_Changing":
    changing = _Changing(order, case)
    changing.parts(proposal, rulings)
    return changing


def _as_if(order: Order, proposal: Proposal) -> Order:
    """The order as a change looks at it: without holds that are of no matter to it, and what was waived for it alone."""
    holds = () if order.decided else tuple(hold for hold in order.holds if hold.code not in LOOKED_AT_ANEW)
    waived = (*(code for code in order.waived if code not in NOT_FOR_CHANGES), *proposal.waived)
    prices = order.accepted_prices if "C-PRICE" in proposal.waived or not order.decided else ""
    approved = UNLIMITED if "C-CREDIT" in proposal.waived else order.credit_approved
    return replace(order, holds=holds, waived=waived, accepted_prices=prices, credit_approved=approved)


def _answer(
    order: Order, proposal: Proposal, rulings: tuple[LineRuling, ...], case: Case, done: "_Changing | None" = None
) -> Iterator[Event]:
    said = {each.ruling for each in rulings}
    status = "rejected" if said == {"rejected"} else "accepted" if said <= {"accepted"} else "changed"
    reasons = tuple(dict.fromkeys(_said(each) for each in rulings if each.reason))
    yield ChangeAnswered(
        status, case.today, rulings, proposal.change_number, proposal.request_number, proposal.change_date,
        proposal.content_hash, proposal.by_order, proposal.holds, reasons,
    )  # fmt: skip
    if proposal.by_order and order.decided:
        now = done.order if done is not None else order
        answer = verdict(now) if status == "accepted" and not proposal.cancels else "changed"
        notes = tuple(_said(each) for each in rulings if each.ruling == "rejected")
        yield OrderDecided(answer, case.today, reasons, notes)


@dataclass(slots=True)
class _Changing:
    """One change: the order as the events so far have made it."""

    order: Order
    case: Case
    events: list[Event] = field(default_factory=list)
    recalls: list[Event] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Note an event and apply it."""
        self.events.append(event)
        self.order = apply(self.order, event)

    def parts(self, proposal: Proposal, rulings: Iterable[LineRuling]) -> None:
        """Everything that is not refused, then checks, prices and stock for what is undecided by it."""
        refused = {(each.line, each.said) for each in rulings if each.ruling == "rejected"}
        before = self.order
        for each in judging.parts(before, proposal):
            if (each.line, each.said or each.action) not in refused:
                self.one(each, proposal)
        if judging.changes_head(before, proposal) and ("", "change") not in refused:
            self.add(OrderChanged(proposal.head, proposal.ship_to))
            if self.order.ship_not_before != before.ship_not_before:
                self.promise_again([line.number for line in self.order.lines])
        changed = frozenset(each.line for each in self.events if isinstance(each, LineChanged))
        for event in placing.reconsider(self.order, self.now(before), changed):
            self.add(event)

    def promise_again(self, numbers: Iterable[str]) -> None:
        """Reserve anew what no warehouse was told yet: other dates promise other dates."""
        for line in (line for number in numbers if (line := self.order.line(number)) is not None):
            for place in dict.fromkeys(source.warehouse for source in line.sources):
                if left := line.untold_in(place):
                    self.add(LineFreed(line.number, left, "allocated", "other dates are wanted", place))

    def now(self, before: Order) -> Case:
        """What the rest is decided on: what the change freed is there again."""
        had, has = stock.reservations(before), stock.reservations(self.order)
        levels = tuple(
            replace(each, reserved=each.reserved + has.get((each.warehouse, each.sku), ZERO) - had.get((each.warehouse, each.sku), ZERO))
            for each in self.case.facts.stock
        )  # fmt: skip
        return replace(self.case, facts=replace(self.case.facts, stock=levels))

    def one(self, change: LineChange, proposal: Proposal) -> None:
        """One line, as far as it differs."""
        line, why = self.order.line(change.line), proposal.reason or "the buyer changed it"
        if change.action == "add":
            added = self.line(change, None)
            self.add(LineAdded(added.number, added))
        elif line is None or change.action == "no_change":
            return
        elif change.action == "delete" or not (wanted := judging.total(line, change, self.case.terms)):
            self.delete(line, why)
        elif change.action == "replace" and judging.other_item(line, change):
            self.free(line, line.quantity.open, why)
            self.add(LineReplaced(line.number, self.line(change, line)))
        else:
            self.differ(line, change, wanted, why)

    def delete(self, line: Line, why: str) -> None:
        """Cancel what has not left the house."""
        left = line.quantity.open - line.quantity.shipped
        self.free(line, left, why)
        if left:
            self.add(LineCancelled(line.number, left, "pending", why, by_buyer=True))

    def differ(self, line: Line, change: LineChange, wanted: Decimal, why: str) -> None:
        """Another quantity, price or date."""
        price = judging.new_price(line, change)
        dates = (change.ship_not_before, change.delivery_requested)
        same_dates = all(
            said in (None, before)
            for said, before in zip(dates, (line.ship_not_before, line.delivery_requested), strict=True)
        )
        less = line.quantity.open - wanted
        if not (less or price or not same_dates):
            return
        self.free(line, max(less, ZERO), why)
        ordered = line.quantity.ordered
        self.add(
            LineChanged(
                line.number, ordered, ordered - less, why, pricing.per_unit(change.unit_price, change.price_basis) if price else None,
                "PE" if change.price_basis else line.price_basis, *dates,
            )
        )  # fmt: skip
        if not same_dates:
            self.promise_again([line.number])

    def free(self, line: Line, amount: Decimal, why: str) -> None:
        """Make so much of a line undecided again: first what waits, then what is reserved, last what is being picked."""
        rest = amount - line.quantity.pending
        waits = min(max(rest, ZERO), line.quantity.backordered)
        if waits:
            self.add(LineFreed(line.number, waits, "backordered", why))
            rest -= waits
        for place in dict.fromkeys(source.warehouse for source in reversed(line.sources)):
            taken = min(max(rest, ZERO), line.untold_in(place))
            if taken:
                self.add(LineFreed(line.number, taken, "allocated", why, place))
                rest -= taken
        for told in reversed(line.told):
            taken = min(max(rest, ZERO), told.quantity)
            if taken:
                self.add(LineFreed(line.number, taken, "allocated", why, told.warehouse, told.store, picking=True))
                rest -= taken

    def line(self, change: LineChange, before: Line | None) -> Line:
        """The line that is ordered new; its unit is that of the item when none is said."""
        skus = (self.case.facts.ids[pair] for pair in change.ids if pair in self.case.facts.ids)
        item = next((self.case.facts.items[sku] for sku in skus if sku in self.case.facts.items), None)
        quantity = change.quantity if change.quantity is not None else before.quantity.open if before else ZERO
        numbers = [int(line.number) for line in self.order.lines if line.number.isdigit()]
        return Line(
            number=change.line or str(max(numbers, default=0) + 1),
            uom=change.uom or (item.uom if item else before.uom if before else ""),
            quantity=Buckets(ordered=quantity, pending=quantity), ids=change.ids, description=change.description,
            partner_price=pricing.per_unit(change.unit_price, change.price_basis), price_basis="PE" if change.price_basis else "", ship_not_before=change.ship_not_before,
            delivery_requested=change.delivery_requested,
        )  # fmt: skip

    def recall(self, before: Order, *, head: bool) -> None:
        """Tell each warehouse again what to pick when that differs, or when dates or the place do."""
        places = {
            (told.warehouse, told.store): told.release
            for line in reversed(before.lines)
            for told in reversed(line.told)
        }
        for (place, store), number in sorted(places.items()):
            had = _picks(before, place, store, told=True)
            has = _picks(self.order, place, store, told=bool(store))
            if had != has or head:
                lines = tuple(ReleasedLine(name, quantity) for name, quantity in (has or had).items())
                action: Literal["replace", "cancel"] = "replace" if has else "cancel"
                self.recalls.append(OrderRecalled(place, lines, action, "the order was changed", number, store))

    def outcome(self, rulings: Iterable[LineRuling]) -> Iterator[LineRuling]:
        """What is said to each part now that it is done."""
        refused = {event.line: event.reason for event in self.events if isinstance(event, LineRejected)}
        added = iter([event.line for event in self.events if isinstance(event, LineAdded)])
        for each in rulings:
            number = next(added, each.line) if each.said == "add" and each.ruling != "rejected" else each.line
            done = replace(each, line=number, ruling="accepted")
            yield each if each.ruling == "rejected" else self.told(done, refused)

    def told(self, ruling: LineRuling, refused: dict[str, str]) -> LineRuling:
        """The line as it stands after the change."""
        line = self.order.line(ruling.line)
        if line is None:
            return ruling
        quantity = line.quantity
        if quantity.rejected and not quantity.open:
            return replace(
                ruling, ruling="rejected", reason=refused.get(line.number, "refused"), quantity=quantity.rejected
            )
        known = replace(
            ruling, quantity=quantity.open, uom=line.uom, unit_price=line.unit_price, reason="", ids=line.ids
        )
        if ruling.said == "delete":
            return known
        reasons = []
        if LineCode.PRICE_CHANGED in line.codes and line.unit_price is not None:
            reasons.append(f"our price {plain(line.unit_price)} counts")
        if quantity.backordered:
            reasons.append(f"{plain(quantity.backordered)} {line.uom} wait for goods")
        if quantity.cancelled and quantity.open:
            reasons.append(f"{plain(quantity.cancelled)} {line.uom} are not served")
        return replace(known, ruling="changed", reason="; ".join(reasons)) if reasons else known


def _said(ruling: LineRuling) -> str:
    named = ruling.line and not ruling.reason.startswith("line ")
    return f"line {ruling.line}: {ruling.reason}" if named else ruling.reason


def _picks(order: Order, place: WarehouseId, store: str, *, told: bool) -> dict[str, Decimal]:
    """What of each line is to be picked in a warehouse."""
    found = (
        (line.number, line.told_in(place, store) if told else line.reserved_in(place) - _of_stores(line, place))
        for line in order.lines
    )
    return {number: quantity for number, quantity in found if quantity}


def _of_stores(line: Line, place: WarehouseId) -> Decimal:
    return sum((told.quantity for told in line.told if told.warehouse == place and told.store), ZERO)
