"""The entries of an account, the only truth about money: what each kind does to payments, invoices and claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from types import MappingProxyType


class Kind(Enum):
    """What an entry says has happened."""

    RECEIVED = "received"
    APPLIED = "applied"
    CREDITED = "credited"
    DISCOUNT = "discount"
    ALLOWED = "allowed"
    OFFSET = "offset"
    REFUNDED = "refunded"
    MOVED = "moved"
    CLAIMED = "claimed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    UNAPPLIED = "unapplied"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact about the account of a partner; ``amount`` is negative where something is taken back.

    ``payment`` is the number of the payment, of a credit memo where that is what settles.
    """

    kind: Kind
    amount: Decimal
    invoice: str = ""
    payment: str = ""
    claim: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """With which sign the amount of an entry counts in each figure; 0 where it does not."""

    amount: int = 0
    unapplied: int = 0
    refunded: int = 0
    moved: int = 0
    paid: int = 0
    claimed: int = 0


EFFECTS: Mapping[Kind, Effect] = MappingProxyType(
    {
        # of the payment:                amount      unapplied      refunded      moved      invoice: paid  claim: open
        Kind.RECEIVED:  Effect(amount=+1, unapplied=+1),
        Kind.APPLIED:   Effect(           unapplied=-1,                                        paid=+1),
        Kind.CREDITED:  Effect(                                                                paid=+1),
        Kind.DISCOUNT:  Effect(                                                                paid=+1),
        Kind.ALLOWED:   Effect(                                                                paid=+1, claimed=-1),
        Kind.OFFSET:    Effect(           unapplied=-1,              moved=+1),
        Kind.REFUNDED:  Effect(           unapplied=-1, refunded=+1),
        Kind.MOVED:     Effect(           unapplied=-1,              moved=+1),
        Kind.CLAIMED:   Effect(                                                                         claimed=+1),
        Kind.REJECTED:  Effect(                                                                         claimed=-1),
        Kind.WITHDRAWN: Effect(                                                                         claimed=-1),
        Kind.UNAPPLIED: Effect(),
        Kind.NOTED:     Effect(),
    }
)  # fmt: skip
"""What each kind of entry does. A credited entry also uses up the credit memo that its ``payment`` names."""
