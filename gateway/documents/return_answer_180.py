"""The answer to a return request: authorised with a number of ours, in part, or refused with the reason."""

from typing import Literal

from gateway.canonical.parts import Note
from gateway.canonical.returns import ReturnAnswer, ReturnAnswerLine
from gateway.documents.context import DocumentContext, describe, item_ids, party, vendor_number
from gateway.orders.happened.return_events import ReturnAuthorised, ReturnRefused
from gateway.orders.order import Order
from gateway.orders.returned import Return, ReturnedLine

Answer = Literal["accepted", "rejected", "partial"]
LONGEST = 80


def build(order: Order, event: ReturnAuthorised | ReturnRefused, context: DocumentContext) -> ReturnAnswer:
    """What may come back of one request."""
    answered = _return(event)
    said = [_status(line) for line in answered.lines]
    status: Answer = "rejected" if set(said) == {"rejected"} else "accepted" if set(said) == {"accepted"} else "partial"
    return ReturnAnswer(
        po_number=order.po_number, rma=answered.rma, status=status, answer_date=answered.requested_on,
        return_number=answered.return_number or None, po_date=order.po_date, valid_until=answered.valid_until,
        reason=answered.reason or None, vendor_number=vendor_number(order, context), buyer=party(order.buyer),
        seller=context.us, return_to=context.us,
        notes=tuple(Note(text=line.refusal) for line in answered.lines if line.refusal),
        lines=tuple(_line(order, line, context) for line in answered.lines),
    )  # fmt: skip


def number(_order: Order, event: ReturnAuthorised | ReturnRefused) -> str:
    """The number of our answer, yes or no."""
    return _return(event).rma


def _return(event: ReturnAuthorised | ReturnRefused) -> Return:
    return event.authorised if isinstance(event, ReturnAuthorised) else event.refused


def _status(line: ReturnedLine) -> Answer:
    if not line.authorised:
        return "rejected"
    return "accepted" if line.authorised == line.quantity else "partial"


def _line(order: Order, returned: ReturnedLine, context: DocumentContext) -> ReturnAnswerLine:
    line = order.line(returned.line)
    status = _status(returned)
    quantity = returned.quantity if status == "rejected" else returned.authorised
    if line is None:
        return ReturnAnswerLine(
            line=returned.line or None, status=status, quantity=quantity, reason=returned.refusal or None
        )
    return ReturnAnswerLine(
        line=line.number, status=status, quantity=quantity, uom=line.uom, reason=returned.refusal or returned.reason,
        unit_price=line.unit_price, description=describe(line, context), ids=item_ids(line, context),
    )  # fmt: skip
