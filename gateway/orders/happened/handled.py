"""What people, checks and the clock did to an order beside its way: corrections, credit, answers on hold."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.ids import HoldId


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """The cause of a hold is gone; unlike a release it waives nothing."""

    hold: HoldId
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class CreditChecked:
    """The order fits under what the customer may owe, or somebody approved it before; amounts in the terms' currency."""

    limit: Decimal | None
    unpaid_invoices: Decimal
    open_items: Decimal
    shipped_not_invoiced: Decimal
    open_orders: Decimal
    credits: Decimal
    unapplied_cash: Decimal
    exposure: Decimal
    order: Decimal
    room: Decimal | None
    figures: str


@dataclass(frozen=True, slots=True)
class OrderCorrected:
    """Somebody corrected a field of the order before its decision."""

    field: str
    old: str
    new: str
    note: str
    who: str


@dataclass(frozen=True, slots=True)
class LineCorrected:
    """Somebody corrected a field of a line before the decision; it is recognised and priced again."""

    line: str
    field: str
    old: str
    new: str
    note: str
    who: str


@dataclass(frozen=True, slots=True)
class LineReopened:
    """What was rejected of a line is considered again."""

    line: str


@dataclass(frozen=True, slots=True)
class OrderAnsweredOnHold:
    """The time for our answer was over while the order was on hold; an answer that says so is owed."""

    answered_on: date
    reasons: tuple[str, ...] = ()
