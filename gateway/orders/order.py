"""The order aggregate: lines with quantity buckets, holds, and what was shipped and invoiced."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Literal

from gateway.kernel.ids import HoldId, OrderNumber, PartnerId, Sku, WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders.journey import Journey
from gateway.orders.proposal import AnsweredChange, HeadChange, LineChange, LineRuling
from gateway.orders.returned import Return


class HoldType(Enum):
    """Why an order or a file waits for somebody."""

    FILE = "FILE"
    DUPLICATE_PO = "DUPLICATE_PO"
    PRICE = "PRICE"
    CREDIT = "CREDIT"
    ITEM = "ITEM"
    UNIT = "UNIT"
    ADDRESS = "ADDRESS"
    SHIP_WINDOW = "SHIP_WINDOW"
    MIN_ORDER = "MIN_ORDER"
    DATA = "DATA"
    CONFLICT = "CONFLICT"
    CHANGE = "CHANGE"
    MANUAL = "MANUAL"


class LineCode(Enum):
    """What we answer for a line; the mapping turns it into ACK01."""

    ACCEPTED = "accepted"
    BACKORDERED = "backordered"
    CHANGED = "changed"
    DELETED = "deleted"
    PRICE_CHANGED = "price_changed"
    QUANTITY_CHANGED = "quantity_changed"
    REJECTED = "rejected"
    SUBSTITUTED = "substituted"
    RESCHEDULED = "rescheduled"
    DISCONTINUED = "discontinued"
    INVALID_ITEM = "invalid_item"
    INVALID_UNIT = "invalid_unit"


@dataclass(frozen=True, slots=True)
class Hold:
    """One open reason to wait; ``code`` is in the catalogue of causes, ``figures`` what it was decided on."""

    id: HoldId
    type: HoldType
    code: str
    reason: str
    since: datetime
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """Where goods or bills go; empty text when not given."""

    id: str = ""
    id_type: str = ""
    name: str = ""
    name2: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Buckets:
    """The quantities of a line, in its ordered unit.

    ordered = cancelled + rejected + pending + backordered + allocated + picked + packed + shipped;
    ``released`` <= allocated + picked + packed counts what the warehouse was told to pick;
    delivered, invoiced, returned <= shipped; credited <= invoiced.
    """

    ordered: Decimal
    cancelled: Decimal = ZERO
    rejected: Decimal = ZERO
    pending: Decimal = ZERO
    backordered: Decimal = ZERO
    allocated: Decimal = ZERO
    picked: Decimal = ZERO
    packed: Decimal = ZERO
    shipped: Decimal = ZERO
    released: Decimal = ZERO
    delivered: Decimal = ZERO
    invoiced: Decimal = ZERO
    returned: Decimal = ZERO
    credited: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        """What is still owed or was served: ordered - cancelled - rejected."""
        return self.ordered - self.cancelled - self.rejected


@dataclass(frozen=True, slots=True)
class Source:
    """So much of a line (ordered unit) reserved in one warehouse, and why there."""

    warehouse: WarehouseId
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Reserved:
    """Stock units kept in a warehouse for an order that is not decided yet."""

    warehouse: WarehouseId
    sku: Sku
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """So much of a line (ordered unit) a warehouse was told to pick and has not answered: by which release, for which store."""

    warehouse: WarehouseId
    release: str
    quantity: Decimal
    store: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance or a charge on an order or a line: a percentage of the goods, an amount once, or a rate per unit.

    ``code`` is the partner's (X12 SAC02); ``agreed`` says that our terms name it, else the order claimed it;
    amounts are positive, in the order's currency; ``billed`` is how much of the amount the invoices bear so far.
    """

    kind: Literal["allowance", "charge"]
    code: str = ""
    percent: Decimal | None = None
    amount: Decimal | None = None
    rate: Decimal | None = None
    description: str = ""
    agreed: bool = False
    billed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class StoreShare:
    """So much of a line (ordered unit) for one store of the buyer (X12 SDQ), and what of it left the house."""

    store: str
    quantity: Decimal
    shipped: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Differs:
    """One field in which an order differs from the one it repeats, as people read it; empty where there is nothing."""

    field: str
    earlier: str
    now: str


@dataclass(frozen=True, slots=True)
class Route:
    """Who carries the goods, and why: the order named the carrier, or a row of the routing table did."""

    carrier_scac: str = ""
    service: str = ""
    freight_terms: str = ""
    transit_days: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One order line; prices per ordered unit in the order's currency.

    ``ids`` holds (kind, value) pairs as the partner sent them (canonical names: vendor_sku, upc ...);
    ``stock_per_unit`` is how many stock units one ordered unit holds; ``codes`` is our answer;
    ``substitute_for`` is the item that was ordered where another one is served; ``stores`` add up to the quantity;
    ``deleted`` says that the buyer cancelled it, or anybody after it was answered: what is cancelled is told as deleted;
    ``over_shipped`` of what counts as ordered is what left beyond the order; ``missed`` is what warehouses
    did not find of what they were told, and waits since, never more than what waits; ``told`` adds up to ``quantity.released`` and in no warehouse to more than ``sources`` reserve there;
    ``claimed`` are the allowances and charges the order names for the line, ``adjustments`` those that are invoiced;
    ``item_by_hand`` says that somebody corrected the item: our own number counts then, the partner's ids are only told;
    ``awaited`` is what of the backordered quantity was accepted against incoming goods,
    ``backorder_date`` when what waits can ship, ``delivery_date`` when what ships on the promised date arrives.
    """

    number: str
    uom: str
    quantity: Buckets
    ids: tuple[tuple[str, str], ...] = ()
    sku: Sku | None = None
    description: str = ""
    partner_price: Decimal | None = None
    our_price: Decimal | None = None
    unit_price: Decimal | None = None
    price_basis: str = ""
    stock_per_unit: Decimal = Decimal(1)
    tax_code: str = ""
    codes: tuple[LineCode, ...] = ()
    promised_date: date | None = None
    sources: tuple[Source, ...] = ()
    told: tuple[Told, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    claimed: tuple[Adjustment, ...] = ()
    stores: tuple[StoreShare, ...] = ()
    over_shipped: Decimal = ZERO
    missed: tuple[Told, ...] = ()
    substitute_for: Sku | None = None
    awaited: Decimal = ZERO
    backorder_date: date | None = None
    delivery_date: date | None = None
    weight: Decimal | None = None
    ship_not_before: date | None = None
    delivery_requested: date | None = None
    deleted: bool = False
    item_by_hand: bool = False

    def reserved_in(self, warehouse: WarehouseId) -> Decimal:
        """What of the line is reserved in a warehouse, in the ordered unit."""
        return sum([each.quantity for each in self.sources if each.warehouse == warehouse], ZERO)

    def told_in(self, warehouse: WarehouseId, store: str | None = None) -> Decimal:
        """What of the line a warehouse was told to pick and has not answered; of one store, if one is named."""
        told = [each.quantity for each in self.told if each.warehouse == warehouse and store in (None, each.store)]
        return sum(told, ZERO)

    def missed_in(self, warehouse: WarehouseId, store: str) -> Decimal:
        """What a warehouse did not find for a store and still waits: it may turn up."""
        mine = (each.quantity for each in self.missed if (each.warehouse, each.store) == (warehouse, store))
        return sum(mine, ZERO)

    @property
    def not_found(self) -> Decimal:
        """What of the backordered quantity waits because a warehouse did not find it."""
        return sum((each.quantity for each in self.missed), ZERO)

    def untold_in(self, warehouse: WarehouseId) -> Decimal:
        """What is reserved in a warehouse that was not told to pick it yet."""
        return self.reserved_in(warehouse) - self.told_in(warehouse)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the order that is asked for: an order change (860), or a purchase order that replaces or cancels.

    ``by_order`` says that a purchase order brought it, so that an acknowledgment answers it; ``unobeyed`` is what it
    asks for and this version cannot do. While it waits, ``holds`` are those it waits under, ``rulings`` what was said
    to each part then, ``waived`` the causes somebody released for it.
    """

    change_number: str = ""
    request_number: str = ""
    change_date: date | None = None
    content_hash: str = ""
    lines: tuple[LineChange, ...] = ()
    head: HeadChange = field(default_factory=HeadChange)
    ship_to: Address | None = None
    cancels: bool = False
    by_order: bool = False
    reason: str = ""
    unobeyed: tuple[str, ...] = ()
    rulings: tuple[LineRuling, ...] = ()
    holds: tuple[HoldId, ...] = ()
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase order as we owe it; ``number`` is ours (SO-...), ``po_number`` theirs.

    ``test`` orders run beside the real ones and touch neither stock nor credit; ``decided`` says that
    the answer (855) was owed; ``content_hash`` recognises the same order sent again; ``backorder`` and
    ``substitution`` are the buyer's own instructions; ``waived`` are the causes somebody released; ``adjustments``
    are those that will be invoiced; ``route`` is how it leaves; ``store`` is set when the order is one store's part
    of a purchase order; ``claimed_*`` are the payment terms the order names; ``answer_due`` is when the partner waits
    for our answer no longer, ``answered_on_hold`` that it was told then that the order is on hold; ``released_to``
    names a warehouse each time it was told something; ``change`` is the one that waits, ``changes`` were answered. ``claimed`` are the
    allowances and charges the order names; ``claimed_terms_count`` says that its payment terms are invoiced instead of
    the agreed ones, ``ours_answered`` that ours are, against what it names, and ``theirs_accepted`` that somebody let its
    instructions count before the terms. ``preferred_warehouse`` and ``tax_region`` are those of the location it goes to.
    ``same_content`` says that the order it duplicates asked for the same, ``differs`` in what it asked for other things; ``came_as`` is
    the format of a file without X12 that brought it; ``freight`` is what the carrier took for
    shipments that no invoice bears yet; ``reserved`` is stock kept until ``reserved_until`` while the order is on hold
    before its decision. ``credit_figures`` are
    those of the last credit check that passed, ``credit_approved`` the worth up to which somebody released it.
    """

    number: OrderNumber
    partner: PartnerId
    po_number: str
    po_date: date
    currency: str
    placed_at: datetime
    lines: tuple[Line, ...]
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
    preferred_warehouse: str = ""
    tax_region: str = ""
    backorder: str = ""
    substitution: str = ""
    order_type: str = ""
    acknowledgment_type: str = ""
    contract_number: str = ""
    fob: str = ""
    priority: int = 0
    store: str = ""
    route: Route = field(default_factory=Route)
    adjustments: tuple[Adjustment, ...] = ()
    claimed: tuple[Adjustment, ...] = ()
    claimed_discount_percent: Decimal | None = None
    claimed_discount_days: int | None = None
    claimed_net_days: int | None = None
    claimed_terms_count: bool = False
    ours_answered: bool = False
    theirs_accepted: bool = False
    answer_due: datetime | None = None
    answered_on_hold: bool = False
    reserved: tuple[Reserved, ...] = ()
    reserved_until: datetime | None = None
    credit_figures: str = ""
    credit_approved: Decimal | None = None
    notes: str = ""
    content_hash: str = ""
    unobeyed: tuple[str, ...] = ()
    guide_faults: tuple[str, ...] = ()
    came_as: str = ""
    duplicate_of: OrderNumber | None = None
    same_content: bool = False
    differs: tuple[Differs, ...] = ()
    holds: tuple[Hold, ...] = ()
    decided: bool = False
    rejected: bool = False
    paid: bool = False
    closed: bool = False
    accepted_prices: str = ""
    waived: tuple[str, ...] = ()
    released_to: tuple[WarehouseId, ...] = ()
    shipments: tuple[str, ...] = ()
    journeys: tuple[Journey, ...] = ()
    invoices: tuple[str, ...] = ()
    freight: tuple[tuple[str, Decimal], ...] = ()
    change: Proposal | None = None
    changes: tuple[AnsweredChange, ...] = ()
    returns: tuple[Return, ...] = ()
    version: int = 0

    def line(self, number: str) -> Line | None:
        """The line with this number, or None."""
        return next((line for line in self.lines if line.number == number), None)

    def has_balance(self) -> bool:
        """Whether a decided order has something that waits or that no warehouse was told to pick yet."""
        return self.decided and (any(line.quantity.backordered for line in self.lines) or bool(self.untold()))

    def untold(self) -> set[WarehouseId]:
        """The warehouses in which something is reserved that they were not told to pick yet."""
        places = {source.warehouse for line in self.lines for source in line.sources}
        return {place for place in places if any(line.untold_in(place) > ZERO for line in self.lines)}
