"""What can be asked of the lifecycle engine."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from gateway.kernel.ids import HoldId, OrderNumber, PartnerId, WarehouseId
from gateway.orders.order import Address, Adjustment, Proposal, StoreShare
from gateway.orders.returned import Disposition


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
    the same content or with other. ``claimed`` are the allowances, charges and payment terms the order names.
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
    same_content: bool = False


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
    """Invoice one shipment of the order under this number."""

    invoice_number: str
    shipment_number: str
    invoice_date: date


@dataclass(frozen=True, slots=True)
class ChangeOrder:
    """Change an order already placed as proposed: done, put before somebody, or refused, line by line."""

    proposal: Proposal
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class RejectChange:
    """Refuse the change that waits; the order goes on as it was."""

    hold: HoldId
    note: str
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class WantedReturn:
    """So much of a line the customer wants to send back; ``shipped`` says how much of it left when."""

    line: str
    quantity: Decimal
    reason: str
    uom: str = ""
    replace: bool = False
    shipped: tuple[tuple[date, Decimal], ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class RequestReturn:
    """The customer asks to send goods back; ``rma`` is the number of our answer, yes or no."""

    rma: str
    return_number: str
    lines: tuple[WantedReturn, ...]
    content_hash: str = ""
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class ReceiveReturn:
    """So much of a line came back and was looked at; ``credited`` is False where the customer is to blame."""

    rma: str
    line: str
    quantity: Decimal
    disposition: Disposition
    warehouse: WarehouseId
    reason: str = ""
    credited: bool = True
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class EndReturn:
    """Nothing more comes of a return: closed with what came, or cancelled when nothing did."""

    rma: str
    reason: str
    cancels: bool = False
    who: str = "operator"


@dataclass(frozen=True, slots=True)
class LinkReplacement:
    """A replacement order was placed for a return."""

    rma: str
    order: OrderNumber


Command = (
    PlaceOrder | ReleaseHold | RejectOrder | ReleaseToWarehouse | ConfirmShipment | IssueInvoice | ChangeOrder
    | RejectChange | RequestReturn | ReceiveReturn | EndReturn | LinkReplacement
)  # fmt: skip
