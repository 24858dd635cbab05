"""How accounts are asked for, and their entries as they were recorded."""

from dataclasses import dataclass
from datetime import datetime

from gateway.kernel.ids import PartnerId
from gateway.orders.receivables.account import Claim, Payment
from gateway.orders.receivables.entries import Entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an account must hold besides what is open; ``orders`` are purchase orders by the partner's number."""

    invoices: tuple[str, ...] = ()
    payments: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it was recorded."""

    sequence: int
    at: datetime
    who: str
    partner: PartnerId
    entry: Entry


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """A payment with whose it is."""

    partner: PartnerId
    payment: Payment


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A claim with whose it is and since when."""

    partner: PartnerId
    opened_at: datetime
    claim: Claim
