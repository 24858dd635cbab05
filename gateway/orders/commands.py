"""What can be asked of the lifecycle engine."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from gateway.kernel.ids import HoldId, OrderNumber, PartnerId, WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders.asked import change_commands as changing
from gateway.orders.asked import return_commands as returning
from gateway.orders.bills import BilledTax
from gateway.orders.journey import Scan
from gateway.orders.order import Address, Adjustment, Order, StoreShare


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line as ordered; ``ids`` pairs of canonical id name and value; ``claimed`` its allowances and charges."""

    number: str
    quantity: Decimal
    uom: str
    ids: tuple[tuple[str, str], ...]
    unit_price: Decimal | None = None
    price_basis: str = ""
    description: str = ""
    claimed: tuple[Adjustment, ...] = ()
    stores: tuple[StoreShare, ...] = ()
    ship_not_before: date | None = None
    delivery_requested: date | None = None


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """A new purchase order.

    ``unobeyed`` names, in words, contents that this version does not obey (rulings: never ignored);
    ``guide_faults`` what breaks the partner's own guide; ``duplicate_of`` is set when the PO key exists already, with
    the same content or with other, and ``before`` is that order as it came. ``claimed`` are the allowances, charges and payment terms the order names.
    """

    number: OrderNumber
    partner: PartnerId
    po_number: str
    po_date: date
    currency: str
    lines: tuple[WantedLine, ...]
    release_number: str = ""
    purpose: str = "original"
    test: bool = False
    department: str = ""
    vendor_number: str = ""
    buyer: Address = field(default_factory=Address)
    ship_to: Address = field(default_factory=Address)
    bill_to: Address = field(default_factory=Address)
    carrier_scac: str = ""
    service: str = ""
    ship_not_before: date | None = None
    ship_no_later: date | None = None
    cancel_after: date | None = None
    ship_requested: date | None = None
    delivery_requested: date | None = None
    deliver_not_before: date | None = None
    deliver_no_later: date | None = None
    backorder: str = ""
    substitution: str = ""
    order_type: str = ""
    acknowledgment_type: str = ""
    contract_number: str = ""
    fob: str = ""
    priority: int = 0
    store: str = ""
    claimed: tuple[Adjustment, ...] = ()
    claimed_discount_percent: Decimal | None = None
    claimed_discount_days: int | None = None
    claimed_net_days: int | None = None
    notes: str = ""
    content_hash: str = ""
    unobeyed: tuple[str, ...] = ()
    guide_faults: tuple[str, ...] = ()
    duplicate_of: OrderNumber | None = None
    answer_due: datetime | None = None
    same_content: bool = False
    came_as: str = ""
    before: Order | None = None


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """End a hold; ``accept`` says whose price counts when the hold is PRICE."""

    hold: HoldId
    note: str
    accept: Literal["", "ours", "theirs"] = ""
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class RejectOrder:
    """Reject everything that is not shipped yet."""

    reason: str
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class ReleaseToWarehouse:
    """Tell these warehouses to pick what is allocated there and not yet released."""

    warehouses: tuple[WarehouseId, ...]


@dataclass(frozen=True, slots=True)
class ShippedRow:
    """What of one line went into one carton; ``quantity`` in the line's ordered unit; ``sscc`` 20 digits with 00."""

    line: str
    quantity: Decimal
    sscc: str
    pallet_sscc: str = ""
    store: str = ""
    tracking: str = ""
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ConfirmShipment:
    """The warehouse shipped; what was released to it and is not in ``rows`` was not found (short pick).

    ``accepted`` is why somebody takes it although more left, or of an order that was stopped.
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
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class IssueInvoice:
    """Invoice what was shipped and not invoiced under this number.

    ``shipment_number`` is the last shipment; ``shipments`` are all that are billed when they are not just that one and
    those before it; ``quantities`` by line bill less than everything; ``before`` are the taxes of the parts of the same
    invoice that bill other orders.
    """

    invoice_number: str
    shipment_number: str
    invoice_date: date
    shipments: tuple[str, ...] = ()
    quantities: tuple[tuple[str, Decimal], ...] | None = None
    before: tuple[BilledTax, ...] = ()


@dataclass(frozen=True, slots=True)
class Fill:
    """So much of what waits of a line (ordered unit) from one warehouse, and why."""

    line: str
    quantity: Decimal
    warehouse: WarehouseId
    reason: str


@dataclass(frozen=True, slots=True)
class NewDate:
    """When what waits of a line can ship now; None when nobody knows."""

    line: str
    promised_date: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class FillBackorder:
    """Goods came or are expected on another day: reserve what is there, and tell the rest when it can ship."""

    fills: tuple[Fill, ...] = ()
    dates: tuple[NewDate, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelBalance:
    """Cancel what waits and what no warehouse was told to pick, because the partner wants it no longer."""

    reason: str


@dataclass(frozen=True, slots=True)
class ExpireReservation:
    """Free what is kept for an order on hold."""

    reason: str


@dataclass(frozen=True, slots=True)
class RecordTracking:
    """The carrier said something of a shipment; ``day`` is the customer's day of it, ``quantity`` what was handed over."""

    shipment: str
    scan: Scan
    day: date
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """What the customer says to have of one line (ordered unit): so much is good, so much was refused."""

    line: str
    accepted: Decimal
    refused: Decimal = ZERO
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmDelivery:
    """A shipment arrived; lines without a row of their own arrived whole."""

    shipment: str
    delivered_on: date
    rows: tuple[ReceivedRow, ...] = ()
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class MarkLate:
    """A shipment is not there although it should be."""

    shipment: str


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """Let nothing more of the order go on until somebody releases it."""

    reason: str
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class CorrectedValue:
    """What a field of the order, or of one of its lines, is to say; ``field`` is dotted (``ship_to.city``)."""

    field: str
    value: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class CorrectOrder:
    """Correct an order that is on hold before its decision, and consider it again."""

    values: tuple[CorrectedValue, ...]
    note: str
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel what is not shipped: all of it, or of one ``line``, there perhaps only so much."""

    reason: str
    line: str = ""
    quantity: Decimal | None = None
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class AnswerInTime:
    """The partner waits for an answer no longer; ``tells`` when the agreement takes one that says 'on hold'."""

    tells: bool = True


@dataclass(frozen=True, slots=True)
class WantedCredit:
    """What is to be credited of one invoiced line: all that is left of it, so many of its units, or down to a price."""

    line: str
    quantity: Decimal | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CreditInvoice:
    """Credit a part of an invoice, or with ``everything`` all that is left of it; ``correction`` says what was wrong.

    ``freight`` is how much of the freight; ``restocking_percent`` of the credited goods is kept back; ``document`` is
    what the customer gets.
    """

    credit_number: str
    invoice_number: str
    credit_date: date
    reason: str
    lines: tuple[WantedCredit, ...] = ()
    freight: Decimal | None = None
    everything: bool = False
    restocking_percent: Decimal = ZERO
    return_number: str = ""
    document: Literal["810", "812"] = "810"
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class RebillInvoice:
    """Credit what is wrong on an invoice and bill it right under a new number, both at once.

    Each line is credited with all that is left of it and billed with the quantity and the price given, else as it was;
    ``freight`` is the right freight; ``everything`` bills the whole invoice again by the rates of tax as they are now.
    """

    credit_number: str
    invoice_number: str
    new_number: str
    today: date
    reason: str
    lines: tuple[WantedCredit, ...] = ()
    freight: Decimal | None = None
    everything: bool = False
    document: Literal["810", "812"] = "810"
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class SettleOrder:
    """Every invoice of the order is settled; ``total`` is what they came to."""

    invoices: tuple[str, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class ReopenOrder:
    """An invoice of a paid order is open again."""

    invoice: str
    reason: str


@dataclass(frozen=True, slots=True)
class CloseOrder:
    """Nothing more is expected of a paid order."""

    reason: str
    who: str = "operator"


Command = (
    PlaceOrder | ReleaseHold | RejectOrder | HoldOrder | CorrectOrder | CancelOrder | AnswerInTime | ReleaseToWarehouse
    | ConfirmShipment | IssueInvoice | CreditInvoice | RebillInvoice
    | changing.ChangeOrder | changing.RejectChange | returning.RequestReturn | returning.ReceiveReturn
    | returning.EndReturn | returning.LinkReplacement
    | FillBackorder | CancelBalance | ExpireReservation | RecordTracking | ConfirmDelivery | MarkLate
    | SettleOrder | ReopenOrder | CloseOrder
)  # fmt: skip
