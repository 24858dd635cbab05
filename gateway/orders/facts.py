"""What a decision is made on besides the order itself and the terms: items, prices, stock, exposure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from gateway.kernel.ids import PartnerId, Sku, WarehouseId
from gateway.kernel.quantity import ZERO
from gateway.orders.happened.bill_events import Bill
from gateway.orders.order import Address
from gateway.orders.workdays import Workdays

DISCONTINUED = "discontinued"
"""The status of an item that is sold while stock lasts and never waits for goods."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One item: stock unit, status, how many stock units each pack unit holds, and the weight of one stock unit.

    ``pack_codes`` are pairs of a barcode and the pack unit that carries it.
    """

    sku: Sku
    uom: str
    status: str = "active"
    description: str = ""
    upc: str = ""
    ean: str = ""
    gtin: str = ""
    tax_code: str = ""
    packs: tuple[tuple[str, Decimal], ...] = ()
    pack_codes: tuple[tuple[str, str], ...] = ()
    substitute: Sku | None = None
    weight: Decimal | None = None
    weight_uom: str = ""
    reorder_point: Decimal | None = None
    order_up_to: Decimal | None = None
    lead_time_days: int | None = None


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """One price: per ``uom``, from ``min_quantity`` on, valid between the dates (inclusive)."""

    price_list: str
    sku: Sku
    uom: str
    unit_price: Decimal
    kind: str = "list"
    currency: str = ""
    contract_number: str = ""
    min_quantity: Decimal = ZERO
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class LocationFacts:
    """One place of the customer by its own code; ``warehouse`` serves it, ``tax_region`` says how it is taxed."""

    id: str
    address: Address
    warehouse: str = ""
    tax_region: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class StockFacts:
    """One item in one warehouse, in stock units; available = on hand - reserved - in question."""

    warehouse: WarehouseId
    sku: Sku
    on_hand: Decimal
    reserved: Decimal = ZERO
    in_question: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        """What can be promised today, never below zero."""
        return max(ZERO, self.on_hand - self.reserved - self.in_question)


@dataclass(frozen=True, slots=True)
class SupplyFacts:
    """Goods on their way to a warehouse, in stock units: what is still to come under a reference on a day."""

    warehouse: WarehouseId
    sku: Sku
    expected_date: date
    quantity: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class WarehouseFacts:
    """Where a warehouse is and when it works."""

    warehouse: WarehouseId
    state: str = ""
    postal_code: str = ""
    workdays: Workdays = field(default_factory=Workdays)


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice of ours or one billed elsewhere that is not settled."""

    partner: PartnerId
    number: str
    due_date: date


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a customer, or its whole credit group, owes or will owe, in the terms' currency.

    What is not shipped of the order that is decided on is in no part of it; ``oldest`` is what is due longest.
    """

    unpaid_invoices: Decimal = ZERO
    open_items: Decimal = ZERO
    shipped_not_invoiced: Decimal = ZERO
    open_orders: Decimal = ZERO
    credits: Decimal = ZERO
    unapplied_cash: Decimal = ZERO
    oldest: OpenInvoice | None = None
    members: tuple[PartnerId, ...] = ()

    @property
    def total(self) -> Decimal:
        """The sum that counts against the limit."""
        owed = self.unpaid_invoices + self.open_items + self.shipped_not_invoiced + self.open_orders
        return owed - self.credits - self.unapplied_cash


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything looked up for one decision.

    ``ids`` maps (kind, value) to our sku for the ids of the order, ``locations`` the place codes of the order;
    ``bills`` are the invoices and credit memos of the order so far, where the decision needs them; ``claimed`` is what
    other orders wait for already, in stock units; ``local`` the moment in the time zone of the house, which cut-off
    times are compared with.
    """

    today: date
    ids: Mapping[tuple[str, str], Sku] = field(default_factory=dict)
    items: Mapping[Sku, ItemFacts] = field(default_factory=dict)
    prices: tuple[PriceFacts, ...] = ()
    stock: tuple[StockFacts, ...] = ()
    exposure: Exposure = field(default_factory=Exposure)
    locations: Mapping[str, LocationFacts] = field(default_factory=dict)
    bills: tuple[Bill, ...] = ()
    supply: tuple[SupplyFacts, ...] = ()
    claimed: Mapping[Sku, Decimal] = field(default_factory=dict)
    warehouses: Mapping[WarehouseId, WarehouseFacts] = field(default_factory=dict)
    local: datetime | None = None


def stand_in(item: ItemFacts, uom: str, facts: Facts) -> ItemFacts | None:
    """The item that may be served for another one: known, on sale, and sold in the ordered unit."""
    found = facts.items.get(item.substitute) if item.substitute else None
    if found is None or found.status != "active" or uom not in {found.uom, *(unit for unit, _ in found.packs)}:
        return None
    return found
