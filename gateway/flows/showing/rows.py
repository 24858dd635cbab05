"""Orders, files and holds as rows of lists: what they say of themselves, without a look at mappings and terms."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows.ports import UnitOfWork
from gateway.kernel.causes import cause_of
from gateway.orders import lifecycle
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Hold, Order

View = dict[str, Any]


def order_row(order: Order) -> View:
    """One order for a list."""
    return {
        "order_number": order.number, "po_number": order.po_number, "partner": order.partner, "store": order.store,
        "status": lifecycle.status(order).value, "lines": len(order.lines),
        "holds": [hold.code for hold in order.holds], "test": order.test,
    }  # fmt: skip


def receipt_view(receipt: Receipt, holds: list[FileHold]) -> View:
    """One received file with what became of it."""
    own = [each for each in holds if each.receipt == receipt.id]
    return {
        "id": receipt.id, "partner": receipt.partner, "file": receipt.file_name, "state": receipt.state.value,
        "received_at": receipt.received_at.isoformat(), "size": receipt.size, "sha256": receipt.sha256,
        "summary": receipt.summary + (
            f"; its content was removed on {receipt.content_removed_at:%Y-%m-%d}" if receipt.content_removed_at else ""
        ),
        **removed(receipt.content_removed_at), "code": own[0].code if own else None, "reason": own[0].reason if own else None,
    }  # fmt: skip


def removed(at: datetime | None) -> View:
    """When the content of a document went; nothing where it is kept."""
    return {"content_removed_at": at.isoformat()} if at is not None else {}


def holds(work: UnitOfWork) -> list[View]:
    """Every open hold, of orders and of files (rulings 32)."""
    return [*_order_holds(work), *(_file_hold(each) for each in work.exchange.holds())]


def _order_holds(work: UnitOfWork) -> Iterator[View]:
    for test in (False, True):
        for order in work.orders.find(OrderQuery(status="on_hold", test=test)):
            for hold in order.holds:
                yield {
                    **hold_row(hold), "next_step": cause_of(hold.code).next_step, "partner": order.partner, "file": None,
                    "order_number": order.number, "po_number": order.po_number,
                }  # fmt: skip


def _file_hold(hold: FileHold) -> View:
    number = hold.reference if hold.reference.startswith("SO-") else None
    return {
        "id": hold.id, "type": hold.type, "code": hold.code, "reason": hold.reason, "since": hold.since.isoformat(),
        "next_step": cause_of(hold.code).next_step, "partner": hold.partner, "file": hold.file_name or None,
        "order_number": number, "po_number": None,
    }  # fmt: skip


def hold_row(hold: Hold) -> View:
    """One hold of an order."""
    return {
        "id": hold.id, "type": hold.type.value, "code": hold.code, "reason": hold.reason,
        "since": hold.since.isoformat(),
    }  # fmt: skip
