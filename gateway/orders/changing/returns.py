"""What may come back, what came, and what it means: by the agreed window and reasons, never more than left the house."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from gateway.kernel.errors import TransitionError
from gateway.kernel.quantity import ZERO, plain
from gateway.orders.asked.return_commands import EndReturn, LinkReplacement, ReceiveReturn, RequestReturn, WantedReturn
from gateway.orders.case import Case
from gateway.orders.events import Event
from gateway.orders.happened.return_events import (
    ReplacementOrdered,
    ReturnAuthorised,
    ReturnEnded,
    ReturnReceived,
    ReturnRefused,
)
from gateway.orders.order import Order
from gateway.orders.returned import Return, ReturnedLine
from gateway.orders.terms import ReturnTerms

SAME_REASON = {"wrong_goods": "wrong_item", "overstock": "excess", "damaged_in_transit": "damaged"}
"""Reasons that agreements call by another name."""


def request(order: Order, command: RequestReturn, case: Case) -> Iterator[Event]:
    """Authorise what may come back, line by line; refuse the rest with the reason."""
    lines: list[ReturnedLine] = []
    for wanted in command.lines:
        lines.append(
            _ruled(order, wanted, case, sum((each.authorised for each in lines if each.line == wanted.line), ZERO))
        )
    reasons = "; ".join(
        f"line {each.line}: {each.refusal}" if each.line else each.refusal for each in lines if each.refusal
    )
    made = Return(
        rma=command.rma, return_number=command.return_number, requested_on=case.today, state="refused",
        lines=tuple(lines), reason=reasons, content_hash=command.content_hash,
    )  # fmt: skip
    if not any(each.authorised for each in lines):
        yield ReturnRefused(made)
        return
    until = case.today + timedelta(days=case.terms.returns.window_days)
    yield ReturnAuthorised(
        Return(made.rma, made.return_number, made.requested_on, "open", made.lines, until, reasons, made.content_hash)
    )


def receive(order: Order, command: ReceiveReturn, _case: Case) -> Iterator[Event]:
    """Take back so much of a line as was looked at; the return ends when everything came."""
    found = _return(order, command.rma)
    if found.state != "open":
        raise TransitionError(
            f"{found.rma} is {found.state}; nothing more comes back under it.", next_step="Ask for a new return."
        )
    line, ordered = found.line(command.line), order.line(command.line)
    if line is None or ordered is None or ordered.sku is None:
        raise TransitionError(
            f"{found.rma} has no line {command.line}.",
            next_step=f"Its lines: {', '.join(each.line for each in found.lines)}.",
        )
    if command.quantity <= ZERO:
        raise TransitionError(
            f"A quantity of {plain(command.quantity)} cannot come back.", next_step="Say how many came."
        )
    if command.quantity > line.waits:
        have = f"{plain(line.authorised)} {ordered.uom} are authorised and {plain(line.received)} came before"
        raise TransitionError(
            f"{plain(command.quantity)} {ordered.uom} of line {line.line} cannot be received: {have}.",
            next_step=f"Receive at most {plain(line.waits)}, or request another return for the rest.",
        )
    yield ReturnReceived(
        found.rma, line.line, ordered.sku, command.quantity, command.quantity * ordered.stock_per_unit, command.disposition,
        command.warehouse, command.credited, command.reason,
    )  # fmt: skip
    left = sum((each.waits for each in found.lines), ZERO) - command.quantity
    if not left:
        yield ReturnEnded(found.rma, "closed", "everything came")


def end(order: Order, command: EndReturn, _case: Case) -> Iterator[Event]:
    """Nothing more comes: closed with what came, cancelled when nothing did."""
    found = _return(order, command.rma)
    if found.state != "open":
        raise TransitionError(f"{found.rma} is {found.state} already.")
    came = any(each.received for each in found.lines)
    if command.cancels and came:
        raise TransitionError(
            f"Goods came back under {found.rma}; it cannot be cancelled.", next_step="Close it instead."
        )
    yield ReturnEnded(found.rma, "cancelled" if command.cancels else "closed", command.reason)


def link(order: Order, command: LinkReplacement, _case: Case) -> Iterator[Event]:
    """Note the order that sends the goods again."""
    yield ReplacementOrdered(_return(order, command.rma).rma, command.order)


def _ruled(order: Order, wanted: WantedReturn, case: Case, before: Decimal) -> ReturnedLine:
    """What of one line may come back; ``before`` is authorised by an earlier line of the same request."""
    refusal = wanted.refusal or _refusal(order, wanted, case.terms.returns)
    if refusal:
        return ReturnedLine(wanted.line, wanted.quantity, wanted.reason, refusal=refusal, replace=wanted.replace)
    line = order.line(wanted.line)
    shipped = line.quantity.shipped if line is not None else ZERO
    promised = before + sum(
        (
            each.received if one.state != "open" else each.authorised
            for one in order.returns
            for each in one.lines
            if each.line == wanted.line
        ),
        ZERO,
    )
    window = case.terms.returns.window_days
    in_time = sum((quantity for day, quantity in wanted.shipped if case.today <= day + timedelta(days=window)), ZERO)
    possible = max(ZERO, min(in_time, shipped - promised))
    authorised = min(wanted.quantity, possible)
    said = ""
    if authorised < wanted.quantity:
        said = f"{plain(wanted.quantity)} asked, {plain(authorised)} may come back: "
        said += (
            f"{plain(shipped - in_time)} left more than {window} days ago" if in_time < shipped - promised
            else f"{plain(shipped)} shipped, {plain(promised)} returned or authorised"
        )  # fmt: skip
    return ReturnedLine(wanted.line, wanted.quantity, wanted.reason, authorised, said, replace=wanted.replace)


def _refusal(order: Order, wanted: WantedReturn, terms: ReturnTerms) -> str:
    line = order.line(wanted.line)
    if line is None:
        return f"the order has no line {wanted.line}" if wanted.line else "it names no line of the order"
    if wanted.quantity <= ZERO:
        return f"{plain(wanted.quantity)} cannot come back"
    if wanted.uom and wanted.uom != line.uom:
        return f"it was ordered in {line.uom}, not in {wanted.uom}"
    if not line.quantity.shipped:
        return "nothing of it was shipped"
    agreed = {_reason(each) for each in terms.reasons}
    if agreed and _reason(wanted.reason) not in agreed:
        return f"the reason '{wanted.reason}' is not agreed"
    return ""


def _reason(text: str) -> str:
    word = text.strip().lower().replace(" ", "_").replace("-", "_")
    return SAME_REASON.get(word, word)


def _return(order: Order, rma: str) -> Return:
    found = next((each for each in order.returns if each.rma == rma), None)
    if found is None:
        raise TransitionError(f"{order.number} has no return {rma}.", next_step="'gateway returns list' shows all.")
    return found
