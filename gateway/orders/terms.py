"""The commercial half of an agreement: what was settled about prices, credit, goods, freight, bills and returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from gateway.kernel.quantity import ZERO


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One row of a routing table: what is empty or None fits every order; the first row that fits is taken."""

    carrier_scac: str
    service: str = ""
    freight_terms: str = ""
    transit_days: int | None = None
    state: str = ""
    postal_prefix: str = ""
    max_weight: Decimal | None = None
    max_cartons: int | None = None


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A rate in percent for a ship-to state and a tax code of the item; an empty one fits all."""

    state: str
    tax_code: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """What may come back: within ``window_days`` of the shipment, for these reasons (none listed: any).

    ``exchange``: when a replacement leaves, ``after_receipt`` or ``at_once``; ``credit``: the document, ``810`` or ``812``.
    """

    window_days: int = 30
    reasons: tuple[str, ...] = ()
    restocking_percent: Decimal = ZERO
    exchange: str = "after_receipt"
    credit: str = "810"


@dataclass(frozen=True, slots=True)
class Terms:
    """The commercial half of an agreement; amounts in ``currency``, None means unlimited or not agreed.

    ``origins`` says of a term, by its name, where it came from when that is not the partner file.
    """

    currency: str = "USD"
    price_list: str = "list"
    contracts: tuple[str, ...] = ()
    tolerance_percent: Decimal | None = None
    tolerance_amount: Decimal | None = None
    outside_tolerance: str = "hold"
    credit_limit: Decimal | None = None
    credit_group: str = ""
    credit_status: str = ""
    overdue_days: int | None = None
    backorder: str = "from_order"
    substitution: str = "from_order"
    partial_shipments: bool = True
    minimum_order: Decimal | None = None
    unknown_item: str = "reject_line"
    on_line_error: str = "accept_good_lines"
    allowances: tuple[tuple[str, Decimal], ...] = ()
    header_charges: str = "first"
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    discount_grace_days: int = 0
    net_days: int | None = None
    tax: tuple[TaxRow, ...] = ()
    lead_days: int = 0
    transit_days: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    receiving_days: int = 0
    routing: tuple[RouteRow, ...] = ()
    sourcing: tuple[str, ...] = ()
    reserve_while_held: timedelta = timedelta(0)
    over_ship_percent: Decimal = ZERO
    stores: str = "shipment_per_store"
    bill: str = "shipped"
    returns: ReturnTerms = field(default_factory=ReturnTerms)
    apply_payments: str = "remittance"
    dunning_levels: tuple[int, ...] = ()
    dunning_grace_days: int = 0
    change_quantity: str = "total"
    duplicate_key: tuple[str, ...] = ("po_number", "release_number", "purpose")
    duplicate_window: timedelta = timedelta(days=400)
    same_content: str = "answer_again"
    different_content: str = "hold"
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
