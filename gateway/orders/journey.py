"""A shipment of an order on its way, as the order knows it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gateway.kernel.quantity import ZERO


@dataclass(frozen=True, slots=True)
class Scan:
    """What was said of a shipment on its way; ``tracking`` names one carton of it, or is empty."""

    event: str
    at: datetime
    tracking: str = ""
    eta: date | None = None
    reason: str = ""
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """So much of one line (ordered unit) that left in a shipment under one tracking number."""

    line: str
    quantity: Decimal
    tracking: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What of one line of a shipment reached the customer, and what of it did not, because it was refused or is short."""

    line: str
    delivered: Decimal
    short: Decimal = ZERO
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """One shipment of this order on its way; ``due`` is when it should be there, ``arrived_cartons`` are tracking numbers."""

    shipment: str
    ship_date: date
    parcels: tuple[Parcel, ...]
    due: date | None = None
    bol: str = ""
    scans: tuple[Scan, ...] = ()
    arrived: tuple[Arrived, ...] = ()
    arrived_cartons: tuple[str, ...] = ()
    delivered_on: date | None = None
    signed_by: str = ""
    late: bool = False
