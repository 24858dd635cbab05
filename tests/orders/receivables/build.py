"""Small accounts and payments for the tests of receivables."""

from datetime import date
from decimal import Decimal
from itertools import count

from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.kernel.money import cents
from gateway.kernel.quantity import plain
from gateway.orders.receivables import applying
from gateway.orders.receivables.account import Account, Books, Invoice
from gateway.orders.receivables.applying import Rules
from gateway.orders.receivables.entries import Entry
from gateway.orders.receivables.incoming import Incoming, Kept, Remitted

ACME = PartnerId("acme")
BILLED, DUE = date(2026, 11, 1), date(2026, 12, 1)


def number(text: str | int) -> Decimal:
    return Decimal(text)


def invoice(name: str, total: str = "100", *, kind: str = "invoice", currency: str = "USD", due: date = DUE) -> Invoice:
    return Invoice(
        name, currency, BILLED, due, number(total), kind=kind, orders=(OrderNumber(f"SO-{name}"),),
        po_numbers=(f"PO-{name}",), discount_percent=number(2), discount_days=10, discount=cents(number(total) * 2 / 100),
    )  # fmt: skip


def account(*invoices: Invoice) -> Account:
    return Account(ACME, {each.number: each for each in invoices or (invoice("I1"), invoice("I2", "50"))})


def row(
    name: str, paid: str | None = None, discount: str = "0", kept: str = "0", reason: str = "01", po: str = ""
) -> Remitted:
    held = (Kept(number(kept), reason),) if kept != "0" else ()
    return Remitted(name, number(paid) if paid is not None else None, number(discount), held, po)


def money(
    amount: str, *rows: Remitted, name: str = "P1", on: date = date(2026, 11, 20), currency: str = "USD",
    kept: tuple[Kept, ...] = (),
) -> Incoming:  # fmt: skip
    return Incoming(name, on, currency, number(amount), rows, kept)


def rules(**more: object) -> Rules:
    numbers = count(1)
    return Rules(new_claim=lambda: f"CL-{next(numbers)}", **more)  # type: ignore[arg-type]


def booked(before: Account, *payments: Incoming, **more: object) -> tuple[Account, tuple[Entry, ...]]:
    """An account after payments, with the entries of all of them."""
    agreed, entries = rules(**more), list[Entry]()
    for each in payments:
        before, made = applying.received(before, each, agreed)
        entries.extend(made)
    return before, tuple(entries)


def books(before: Account) -> Books:
    return Books(before)


def settled(after: Account) -> dict[str, str]:
    """What is open of each invoice."""
    return {each.number: plain(each.open) for each in after.invoices.values()}
