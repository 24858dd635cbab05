"""What happens to a shipment on its way: tracking events and the delivery."""

from datetime import date, datetime
from typing import Literal

from gateway.canonical.base import Extensible, Number, Text
from gateway.canonical.parts import ItemIds


class DeliveredLine(Extensible):
    """What the customer says to have received of one line."""

    line: Text | None = None
    po_number: Text | None = None
    ids: ItemIds = ItemIds()
    quantity: Number | None = None
    uom: Text | None = None
    accepted: Number | None = None
    rejected: Number | None = None
    reason: Text | None = None
    sscc: Text | None = None


class Delivery(Extensible):
    """A shipment arrived; ``lines`` when the customer counted it (861)."""

    shipment_number: Text
    delivered_date: date
    po_number: Text | None = None
    bol: Text | None = None
    signed_by: Text | None = None
    lines: tuple[DeliveredLine, ...] = ()


class Tracking(Extensible):
    """One event of a carton or a shipment on its way; it names the one or the other."""

    tracking: Text | None = None
    shipment_number: Text | None = None
    event: Literal["picked_up", "in_transit", "exception", "delivered"]
    at: datetime
    eta: date | None = None
    signed_by: Text | None = None
    quantity: Number | None = None
    reason: Text | None = None
