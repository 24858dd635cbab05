"""Returns: what the customer wants to send back, and what we answer."""

from datetime import date
from typing import Literal

from gateway.canonical.base import Extensible, Number, Text
from gateway.canonical.order import Purpose
from gateway.canonical.parts import ItemIds, Note, Party, Reference


class ReturnLine(Extensible):
    """So much of one ordered line, with the reason; ``action`` what the customer wants instead.

    An X12 180 names the item and often not the ``line``.
    """

    line: Text | None = None
    quantity: Number
    reason: Text
    uom: Text | None = None
    po_number: Text | None = None
    invoice_number: Text | None = None
    unit_price: Number | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()
    lot: Text | None = None
    action: Literal["credit", "replace", "repair", "other"] | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()


class ReturnRequest(Extensible):
    """A request to send goods back (180)."""

    po_number: Text
    return_number: Text | None = None
    request_date: date | None = None
    purpose: Purpose = "original"
    po_date: date | None = None
    invoice_number: Text | None = None
    department: Text | None = None
    vendor_number: Text | None = None
    buyer: Party | None = None
    ship_from: Party | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    lines: tuple[ReturnLine, ...] = ()


class ReturnAnswerLine(Extensible):
    """What we accept of one line of the request."""

    line: Text | None = None
    status: Literal["accepted", "rejected", "partial"]
    quantity: Number
    uom: Text | None = None
    reason: Text | None = None
    unit_price: Number | None = None
    description: Text | None = None
    ids: ItemIds = ItemIds()


class ReturnAnswer(Extensible):
    """The authorisation of a return, or its refusal (180); ``rma`` is the number we gave it."""

    po_number: Text
    rma: Text
    status: Literal["accepted", "rejected", "partial"]
    answer_date: date | None = None
    return_number: Text | None = None
    po_date: date | None = None
    invoice_number: Text | None = None
    valid_until: date | None = None
    reason: Text | None = None
    vendor_number: Text | None = None
    buyer: Party | None = None
    seller: Party | None = None
    return_to: Party | None = None
    notes: tuple[Note, ...] = ()
    lines: tuple[ReturnAnswerLine, ...] = ()
