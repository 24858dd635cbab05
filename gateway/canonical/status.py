"""What a sender is told of an order: the receipt of its file, and later how it stands."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Canonical, Extensible, Number, Text
from gateway.canonical.parts import ItemIds, Note, Party, Reference


class ReceiptLine(Extensible):
    """What became of one ordered line, in words a person reads."""

    line: Text
    sku: Text | None = None
    status: Literal["accepted", "changed", "backordered", "rejected", "on_hold"]
    quantity: Number | None = None
    uom: Text | None = None
    unit_price: Number | None = None
    promised_date: date | None = None
    reason: Text | None = None


class OrderReceipt(Extensible):
    """The readable answer to an order that came as CSV or XML."""

    po_number: Text
    order_number: Text | None = None
    partner: Text | None = None
    received_date: date | None = None
    status: Literal["accepted", "changed", "rejected", "on_hold"] | None = None
    reason: Text | None = None
    lines: tuple[ReceiptLine, ...] = ()


class FileReceiptLine(Extensible):
    """What of a file was not taken, and what its sender can do; ``position`` is a row, a line or nothing for the whole."""

    position: Text | None = None
    status: Literal["refused", "on_hold"]
    code: Text
    reason: Text
    next_step: Text


class FileReceipt(Extensible):
    """The readable answer to a file that was not taken, or not whole."""

    file_name: Text
    partner: Text | None = None
    received_date: date | None = None
    status: Literal["not_taken", "partly_taken"]
    lines: tuple[FileReceiptLine, ...] = ()


class StatusEntry(Canonical):
    """How (part of) a line stands; ``ship_date`` when it shipped or will ship."""

    code: Literal[
        "accepted", "in_process", "backordered", "scheduled", "rescheduled", "on_hold", "picked", "shipped",
        "partially_shipped", "delivered", "cancelled", "rejected",
    ]  # fmt: skip
    quantity: Number | None = None
    uom: Text | None = None
    status_date: date | None = None
    ship_date: date | None = None
    delivery_date: date | None = None
    reason: Text | None = None


class StatusLine(Extensible):
    """One line of the order with how its parts stand."""

    number: Text | None = None
    quantity: Number | None = None
    uom: Text | None = None
    unit_price: Number | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()
    statuses: tuple[StatusEntry, ...] = ()
    references: tuple[Reference, ...] = ()


class OrderStatus(Extensible):
    """How one order stands (870)."""

    report_number: Text
    report_date: date
    po_number: Text
    order_number: Text | None = None
    po_date: date | None = None
    release_number: Text | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    buyer: Party | None = None
    seller: Party | None = None
    ship_to: Party | None = None
    notes: tuple[Note, ...] = ()
    lines: tuple[StatusLine, ...] = ()
