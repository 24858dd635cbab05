"""The order receipt: the decision in words, for senders who read CSV or XML instead of an 855."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, cast

from gateway.canonical.status import OrderReceipt, ReceiptLine
from gateway.documents.context import DocumentContext
from gateway.kernel.money import price_text
from gateway.orders.events import OrderDecided
from gateway.orders.happened.goods_events import AnswerRenewed
from gateway.orders.happened.handled import OrderAnsweredOnHold
from gateway.orders.order import Line, LineCode, Order

WORDS: Mapping[LineCode, str] = MappingProxyType(
    {
        LineCode.DELETED: "deleted from the order",
        LineCode.PRICE_CHANGED: "our price differs from yours and counts",
        LineCode.SUBSTITUTED: "another item is served at the price of the ordered one",
        LineCode.QUANTITY_CHANGED: "the quantity was changed",
        LineCode.REJECTED: "refused",
        LineCode.DISCONTINUED: "the item is not sold any more",
        LineCode.INVALID_ITEM: "we have no such item",
        LineCode.INVALID_UNIT: "the item is not sold in this unit",
    }
)
"""What an answer of ours means to the person who ordered; codes without an entry need no reason."""
CHANGES = frozenset({LineCode.PRICE_CHANGED, LineCode.SUBSTITUTED, LineCode.QUANTITY_CHANGED})
"""Answers to what is served otherwise than it was ordered; that a part waits or is refused is told in a row of its own."""

_Status = Literal["accepted", "changed", "backordered", "rejected", "on_hold"]


def build(order: Order, event: OrderDecided | AnswerRenewed, _context: DocumentContext) -> OrderReceipt:
    """The receipt of an order as it stands right after its decision or a later answer; one row for each part of a line."""
    return OrderReceipt(
        po_number=order.po_number, order_number=order.number, partner=order.partner, received_date=event.decided_on,
        status=cast("Literal['accepted', 'changed', 'rejected']", event.status), reason="; ".join(event.reasons) or None,
        lines=tuple(row for line in order.lines for row in _rows(line, event.reasons)),
    )  # fmt: skip


def on_hold(order: Order, event: OrderAnsweredOnHold, _context: DocumentContext) -> OrderReceipt:
    """The receipt at the deadline: what is refused is told, everything else is on hold."""
    return OrderReceipt(
        po_number=order.po_number, order_number=order.number, partner=order.partner, received_date=event.answered_on,
        status="on_hold", reason="; ".join(event.reasons) or None,
        lines=tuple(row for line in order.lines for row in _rows(line, ())),
    )  # fmt: skip


def _rows(line: Line, reasons: tuple[str, ...]) -> Iterator[ReceiptLine]:
    buckets = line.quantity
    served = buckets.allocated + buckets.picked + buckets.packed + buckets.shipped
    told = [WORDS[code] for code in line.codes if code in WORDS]
    changes = [WORDS[code] for code in line.codes if code in CHANGES]
    if served:
        yield _row(line, "changed" if changes else "accepted", served, changes, line.promised_date)
    if line.awaited:
        yield _row(line, "changed" if changes else "accepted", line.awaited, changes, line.backorder_date)
    if buckets.backordered > line.awaited:
        waits = [*changes, waiting(line)]
        yield _row(line, "backordered", buckets.backordered - line.awaited, waits, line.backorder_date)
    if buckets.pending:
        yield _row(line, "on_hold", buckets.pending, ["we are still checking the order"])
    if buckets.cancelled:
        yield _row(line, "rejected", buckets.cancelled, [_cancelled(line, reasons)])
    if buckets.rejected:
        own = [text for text in told if text != WORDS[LineCode.REJECTED]]
        yield _row(line, "rejected", buckets.rejected, own or _refused(line, reasons) or ["refused"])


def waiting(line: Line) -> str:
    """Why a part of a line does not ship yet, for the customer."""
    return "not in stock, more is expected" if line.backorder_date is not None else "not in stock, sent when it comes"


def _cancelled(line: Line, reasons: tuple[str, ...]) -> str:
    if line.deleted:
        return WORDS[LineCode.DELETED]
    late = any("cancel-after" in each for each in reasons)
    return "not in stock before the order is to be cancelled" if late else "not in stock and not to be sent later"


def _refused(line: Line, reasons: tuple[str, ...]) -> list[str]:
    """Why a line was refused, without its number, which stands beside it; a refused price in the customer's view."""
    start = f"line {line.number}: "
    own = [each.removeprefix(start) for each in reasons if each.startswith(start)]
    return [_seen_by_them(each, line) for each in own] or [each for each in reasons if not each.startswith("line ")]


def _seen_by_them(reason: str, line: Line) -> str:
    """``price refused: list: 32.75 per EA, theirs 30.00`` as the customer reads it: theirs is yours."""
    said, _, figures = reason.partition("price refused: ")
    if said or line.partner_price is None:
        return reason
    which, _, ours = figures.partition(", theirs")[0].partition(": ")
    return f"your price is {price_text(line.partner_price)}, ours {ours} ({which})"


def _row(
    line: Line, status: _Status, quantity: Decimal, told: list[str], promised: date | None = None
) -> ReceiptLine:  # fmt: skip
    ours = line.unit_price if status != "on_hold" else None
    price = ours if ours is not None else line.partner_price
    return ReceiptLine(
        line=line.number, sku=line.sku or dict(line.ids).get("vendor_sku"), status=status, quantity=quantity,
        uom=line.uom, unit_price=price, promised_date=promised,
        reason="; ".join(told) or None,
    )  # fmt: skip
