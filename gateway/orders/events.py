"""What has happened to an order, in the past tense; never changed, never deleted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from gateway.kernel.ids import HoldId, Sku, WarehouseId
from gateway.orders.commands import ShippedRow
from gateway.orders.happened import bill_events as billed
from gateway.orders.happened import change_events as changed
from gateway.orders.happened import delivery_events as delivery
from gateway.orders.happened import return_events as returned
from gateway.orders.happened import settling_events as settled
from gateway.orders.happened.goods_events import (
    AnswerRenewed,
    GoodsReserved,
    LineAwaits,
    LineFilled,
    LineRescheduled,
    LineSubstituted,
    ReservationExpired,
)
from gateway.orders.happened.handled import (
    CreditChecked,
    HoldEnded,
    LineCorrected,
    LineReopened,
    OrderAnsweredOnHold,
    OrderCorrected,
)
from gateway.orders.order import Address, Adjustment, Hold, LineCode, Order, Route


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """The order exists; every line is pending."""

    order: Order


@dataclass(frozen=True, slots=True)
class LinePriced:
    """A line was recognised and priced; ``unit_price`` is what will be invoiced, ``figures`` how it came about."""

    line: str
    sku: Sku
    description: str
    our_price: Decimal | None
    unit_price: Decimal
    stock_per_unit: Decimal
    tax_code: str
    codes: tuple[LineCode, ...]
    figures: str


@dataclass(frozen=True, slots=True)
class ShipToFound:
    """The order names a place by its code, which is known to us: its address, warehouse and tax region."""

    ship_to: Address
    warehouse: str
    tax_region: str
    figures: str


@dataclass(frozen=True, slots=True)
class LineAdjusted:
    """The allowances and charges that are invoiced for one line."""

    line: str
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class OrderAdjusted:
    """Which allowances, charges and payment terms are invoiced, and how that came about.

    ``claimed_terms_count``: the payment terms of the order; ``ours_answered``: ours against what the order names.
    """

    adjustments: tuple[Adjustment, ...]
    lines: tuple[LineAdjusted, ...] = ()
    claimed_terms_count: bool = False
    ours_answered: bool = False
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineRejected:
    """A line cannot be served; its whole pending quantity is rejected."""

    line: str
    code: LineCode
    reason: str


@dataclass(frozen=True, slots=True)
class OrderHeld:
    """The order waits for somebody."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """Somebody ended a hold."""

    hold: HoldId
    code: str
    note: str
    who: str
    accept: str = ""


@dataclass(frozen=True, slots=True)
class LineAllocated:
    """So much of a line (ordered unit; ``stock_quantity`` in stock units) is reserved in a warehouse."""

    line: str
    sku: Sku
    quantity: Decimal
    stock_quantity: Decimal
    warehouse: WarehouseId
    reason: str
    promised_date: date | None
    delivery_date: date | None = None


@dataclass(frozen=True, slots=True)
class LineBackordered:
    """So much of a line waits for goods; ``promised_date`` when incoming goods cover it."""

    line: str
    quantity: Decimal
    reason: str
    promised_date: date | None = None
    delivery_date: date | None = None


@dataclass(frozen=True, slots=True)
class LineCancelled:
    """So much of a line will not be served; ``from_bucket`` names the bucket it left, ``warehouse`` whose stock is free again.

    ``by_buyer`` says that the buyer wanted it.
    """

    line: str
    quantity: Decimal
    from_bucket: str
    reason: str
    warehouse: WarehouseId | None = None
    by_buyer: bool = False


@dataclass(frozen=True, slots=True)
class OrderDecided:
    """Every line is answered; the purchase order acknowledgment is owed. ``status``: accepted, changed, rejected.

    ``notes`` are told to the buyer in words: why what a later purchase order asks for is not done.
    """

    status: str
    decided_on: date
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderRouted:
    """It is known how the order leaves."""

    route: Route


@dataclass(frozen=True, slots=True)
class OrderRejected:
    """The order as a whole was refused."""

    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class ReleasedLine:
    """So much of a line (ordered unit) to be picked."""

    line: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class OrderReleased:
    """A warehouse was told to pick; the warehouse order of this ``number`` is owed. ``store``: for one store alone."""

    warehouse: WarehouseId
    lines: tuple[ReleasedLine, ...]
    number: str = ""
    store: str = ""


@dataclass(frozen=True, slots=True)
class OrderRecalled:
    """A warehouse is told again what to pick, or that it has to pick nothing.

    With ``replace`` the ``lines`` are all it has to pick now, with ``cancel`` what it was told before. What was not
    picked stays reserved until another event frees it; so this event comes before those that free.
    """

    warehouse: WarehouseId
    lines: tuple[ReleasedLine, ...]
    action: Literal["replace", "cancel"]
    reason: str
    number: str = ""
    store: str = ""


@dataclass(frozen=True, slots=True)
class LinePicked:
    """So much of a line left the shelf for a shipment."""

    line: str
    quantity: Decimal
    warehouse: WarehouseId
    shipment_number: str


@dataclass(frozen=True, slots=True)
class LineShortPicked:
    """The warehouse did not find so much of what was released; in stock it is in question until the next count."""

    line: str
    sku: Sku
    quantity: Decimal
    stock_quantity: Decimal
    warehouse: WarehouseId
    to_bucket: str
    store: str = ""


@dataclass(frozen=True, slots=True)
class LinePacked:
    """So much of a line was packed into cartons."""

    line: str
    quantity: Decimal
    shipment_number: str


@dataclass(frozen=True, slots=True)
class LineShipped:
    """So much of a line left the house; ``stock_quantity`` leaves on hand and reserved."""

    line: str
    sku: Sku
    quantity: Decimal
    stock_quantity: Decimal
    warehouse: WarehouseId
    shipment_number: str
    store: str = ""


@dataclass(frozen=True, slots=True)
class LineOverShipped:
    """So much more of a line left than was to be picked: out of a bucket, or beyond what was ordered where none is named.

    What no bucket had is ordered and shipped at once, so that quantities still add up. ``turned_up``: the warehouse did
    not find it before, so that it is in question no more.
    """

    line: str
    sku: Sku
    quantity: Decimal
    stock_quantity: Decimal
    warehouse: WarehouseId
    shipment_number: str
    reason: str
    from_bucket: str = ""
    store: str = ""
    turned_up: bool = False


@dataclass(frozen=True, slots=True)
class OrderShipped:
    """A shipment of this order left; the ship notice is owed.

    ``freight_charge`` is what the warehouse paid the carrier, in the order's currency; ``delivery_due`` when it should
    arrive; ``accepted`` says why somebody took a shipment that was not as it should be.
    """

    shipment_number: str
    ship_date: date
    warehouse: WarehouseId
    rows: tuple[ShippedRow, ...]
    carrier_scac: str = ""
    service: str = ""
    bol: str = ""
    pro: str = ""
    weight: Decimal | None = None
    weight_uom: str = ""
    freight_charge: Decimal | None = None
    delivery_due: date | None = None
    store: str = ""
    accepted: str = ""


Event = (
    OrderPlaced | ShipToFound | LinePriced | OrderAdjusted | LineRejected | OrderHeld | HoldReleased | HoldEnded
    | CreditChecked | OrderCorrected | LineCorrected | LineReopened | OrderAnsweredOnHold | LineAllocated
    | LineBackordered | LineCancelled | OrderDecided | OrderRejected | OrderReleased | LinePicked | LineShortPicked
    | LinePacked | LineShipped | OrderShipped | billed.OrderInvoiced | billed.OrderCredited | OrderRecalled | OrderRouted | LineOverShipped
    | changed.ChangeProposed | changed.LineFreed | changed.LineChanged | changed.LineAdded
    | changed.LineReplaced | changed.OrderChanged | changed.ChangeAnswered | returned.ReturnAuthorised
    | returned.ReturnRefused | returned.ReturnReceived | returned.ReturnEnded | returned.ReplacementOrdered
    | LineSubstituted | LineAwaits | LineFilled | LineRescheduled | AnswerRenewed | GoodsReserved
    | ReservationExpired | delivery.ShipmentTracked | delivery.ShipmentDelivered | delivery.ShipmentLate
    | settled.OrderPaid | settled.OrderReopened | settled.OrderClosed
)  # fmt: skip
