"""What each type of hold means: whose it is, who may end it and how, and what waits because of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.orders.order import HoldType

_T = HoldType


@dataclass(frozen=True, slots=True)
class HoldRule:
    """One row, in words."""

    owner: str
    ends: str
    effect: str


_UNDECIDED = "the order is not decided: nothing is reserved, no 855 but the one at the deadline"

RULES: Mapping[HoldType, HoldRule] = MappingProxyType(
    {
        _T.FILE:         HoldRule("EDI",        "the EDI clerk: release (it is read again), or reject", "the file, or this document of it, is not taken"),
        _T.DUPLICATE_PO: HoldRule("sales",      "a clerk: release (both orders are wanted), or reject", _UNDECIDED),
        _T.PRICE:        HoldRule("sales",      "a clerk: release with --accept ours or theirs, correct the price, or reject", _UNDECIDED),
        _T.CREDIT:       HoldRule("credit",     "the credit manager: release with a note, or reject; a payment alone does not end it", "nothing is told to a warehouse; goods that leave all the same are taken when somebody accepts them, and billed; an order not decided stays so"),
        _T.ITEM:         HoldRule("master data", "a clerk: correct the item, add it and release, or reject; the deadline refuses the line (R2)", _UNDECIDED),
        _T.UNIT:         HoldRule("master data", "a clerk: correct the unit, add the pack size and release, or reject", _UNDECIDED),
        _T.ADDRESS:      HoldRule("sales",      "a clerk: correct the address, release, or reject", _UNDECIDED),
        _T.SHIP_WINDOW:  HoldRule("sales",      "a clerk: correct the dates, release, or reject", _UNDECIDED),
        _T.MIN_ORDER:    HoldRule("sales",      "a clerk: release with a note, correct a quantity, or reject", _UNDECIDED),
        _T.DATA:         HoldRule("EDI",        "the EDI clerk: release (it is handled by hand), or reject", _UNDECIDED),
        _T.CONFLICT:     HoldRule("sales",      "a clerk: release (our terms count), or reject", _UNDECIDED),
        _T.CHANGE:       HoldRule("sales",      "a clerk: release (the change is made), or reject it", "the change waits; nothing more is told to a warehouse"),
        _T.MANUAL:       HoldRule("whoever put it on", "anybody: release with a note, or reject", "nothing more is told to a warehouse; goods that leave all the same are taken when somebody accepts them, and billed; an order not decided stays so"),
    }
)  # fmt: skip
"""Every type of hold."""
