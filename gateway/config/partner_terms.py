"""The terms of a partner file: the commercial half of the agreement, each key with its default."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from gateway.config.located import Section
from gateway.config.values import Currency, Duration

SOURCING = ("nearest", "fewest_splits", "highest_stock", "cost")
"""Rules that say which warehouse serves a line, besides ``preferred WAREHOUSE``."""
DuplicateKey = Literal["po_number", "release_number", "purpose"]
DUPLICATE_KEYS: tuple[DuplicateKey, ...] = ("po_number", "release_number", "purpose")


def _sourcing(value: str) -> str:
    if value not in SOURCING and not re.fullmatch(r"preferred \S+", value):
        raise ValueError(f"'{value}' is not a rule; write 'preferred' and a warehouse, or {', '.join(SOURCING)}")
    return value


def _table(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/") or not value.endswith(".csv"):
        raise ValueError(f"'{value}' must be a .csv file within the site, below 'mappings' or beside it")
    return value


def _days_by_state(value: Any) -> Any:
    """One number stands for every state."""
    return {"default": value} if isinstance(value, str) else value


def _exempt(value: Any) -> Any:
    return {} if value == "exempt" else value


Percent = Annotated[Decimal, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=0)]
Amount = Annotated[Decimal, Field(ge=0)]
TableFile = Annotated[str, AfterValidator(_table)]


class PriceTolerance(Section):
    """How far their price may be below ours; both limits must hold."""

    percent: Decimal | None = None
    amount: Decimal | None = None
    outside: Literal["hold", "accept_ours", "accept_theirs", "reject"] = "hold"


class AgreedAllowance(Section):
    """An allowance on each invoice, in percent of the goods."""

    code: str
    percent: Percent


class Credit(Section):
    """How much the partner may owe us, alone or with its group, and after how many days overdue it may order no more."""

    limit: Amount
    overdue_days: Days | None = None
    group: str = ""


class Payment(Section):
    """When they pay, and what becomes of a payment that does not say what it is for."""

    discount_percent: Percent | None = None
    discount_days: Days | None = None
    net_days: Days | None = None
    apply: Literal["remittance", "oldest_first"] = "remittance"


class TaxRate(Section):
    """The tax of goods shipped to a state, in percent; ``tax_code`` is the item's, left out for every item."""

    state: str
    tax_code: str = ""
    percent: Percent


class Tax(Section):
    """Which taxes are billed; ``exempt`` (goods for resale) or a table."""

    file: TableFile | None = None
    rates: tuple[TaxRate, ...] = ()


class Routing(Section):
    """The table that says who carries an order that names no carrier."""

    file: TableFile


class OverShip(Section):
    """By how much a warehouse may ship more than was ordered, in percent of the line."""

    percent: Percent = Decimal(0)


class Returns(Section):
    """What may come back, for which reasons, how long, and what the customer gets for it."""

    window: Duration = "30d"
    reasons: tuple[str, ...] = ()
    restocking_percent: Percent = Decimal(0)
    exchange: Literal["after_receipt", "at_once"] = "after_receipt"
    credit: Literal["810", "812"] = "810"


class Dunning(Section):
    """After how many days overdue each reminder leaves."""

    levels: tuple[Days, ...] = ()
    grace_days: Days = 0


class Duplicates(Section):
    """When an order is one we have already, and what happens then."""

    key: tuple[DuplicateKey, ...] = DUPLICATE_KEYS
    window: Duration = "400d"
    same_content: Literal["answer_again", "hold", "reject"] = "answer_again"
    different_content: Literal["hold", "reject", "accept"] = "hold"


class TermsSection(Section):
    """The commercial half of the agreement."""

    account: str | None = None
    currency: Currency | None = None
    price_list: str = "list"
    price_tolerance: PriceTolerance = PriceTolerance()
    contracts: tuple[str, ...] = ()
    allowances: tuple[AgreedAllowance, ...] = ()
    header_charges: Literal["first", "pro_rata", "last"] = "first"
    tax: Annotated[Tax, BeforeValidator(_exempt)] = Tax()
    unknown_item: Literal["reject_line", "hold_until_deadline"] = "reject_line"
    credit: Credit | None = None
    payment: Payment = Payment()
    discount_grace_days: Days = 0
    backorder: Literal["from_order", "always", "never"] = "from_order"
    substitution: Literal["from_order", "always", "never"] = "from_order"
    partial_shipments: bool = True
    minimum_order: Amount | None = None
    over_ship: OverShip = OverShip()
    lead_days: Days = 0
    receiving_days: Days = 0
    transit_days: Annotated[Mapping[str, Days], BeforeValidator(_days_by_state)] = Field(default_factory=dict)
    routing: Routing | None = None
    reserve_while_held: Duration = "0d"
    stores: Literal["shipment_per_store", "order_per_store"] = "shipment_per_store"
    change_quantity: Literal["total", "difference"] = "total"
    returns: Returns = Returns()
    dunning: Dunning = Dunning()
    sourcing: tuple[Annotated[str, AfterValidator(_sourcing)], ...] = ()
    duplicates: Duplicates = Duplicates()
    on_line_error: Literal["accept_good_lines", "reject_order"] = "accept_good_lines"
