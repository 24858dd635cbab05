"""What happened to a shipment of an order on its way to the customer."""

from dataclasses import dataclass
from datetime import date, datetime

from gateway.orders.journey import Arrived


@dataclass(frozen=True, slots=True)
class ShipmentTracked:
    """The carrier said something of a shipment."""

    shipment_number: str
    event: str
    at: datetime
    tracking: str = ""
    eta: date | None = None
    reason: str = ""
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentDelivered:
    """What of a shipment is with the customer now, line by line in all; ``tracking`` when one carton of it arrived."""

    shipment_number: str
    delivered_on: date
    lines: tuple[Arrived, ...]
    tracking: str = ""
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentLate:
    """A shipment is not there although it was due."""

    shipment_number: str
    due: date
