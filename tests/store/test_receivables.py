"""Accounts in the database: the rows are what the entries made, whoever billed."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, insert, select, update

from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.receivables import applying, handwork
from gateway.orders.receivables.account import Account, Books
from gateway.orders.receivables.book import Wanted
from gateway.orders.receivables.entries import Entry, Kind
from gateway.orders.receivables.incoming import Incoming
from gateway.store.debts import Debts
from gateway.store.receivables import Receivables
from gateway.store.schema import invoice_orders, invoices, open_items, orders
from gateway.store.session import Session
from gateway.store.unit_of_work import engine_for
from tests.orders.receivables.build import money, row, rules

ACME, BIGMART = PartnerId("acme"), PartnerId("bigmart")
NOW = datetime(2026, 12, 4, 15, tzinfo=UTC)
DUE = date(2026, 12, 23)


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    engine = engine_for(database)
    with engine.connect() as found:
        yield found
    engine.dispose()


@pytest.fixture
def books(connection: Connection) -> Receivables:
    """One order of acme with an invoice and a credit of it, an invoice billed elsewhere, and one of somebody else."""
    order = {
        "number": "SO-1", "sequence": 1, "partner": ACME, "po_number": "PO-1", "release_number": "",
        "purpose": "original", "test": False, "status": "invoiced", "placed_at": "", "version": 1,
        "waits_for_release": False, "waits_for_invoice": False, "open_amount": "0", "shipped_amount": "0", "body": "",
    }  # fmt: skip
    connection.execute(insert(orders).values(**order))
    bill(connection, "INV1", "100", {"discount_percent": "2", "discount_days": 10})
    bill(connection, "CM1", "30", {"credit_number": "CM1", "invoice_number": "INV1"}, kind="credit")
    connection.execute(
        insert(open_items).values(
            partner=ACME, invoice_number="OLD-7", due_date=DUE.isoformat(), open_amount="40",
            body=json.dumps({"partner": "acme", "invoice_number": "OLD-7", "open_amount": "40", "currency": "USD"}),
        )
    )  # fmt: skip
    session = Session(connection)
    return Receivables(session, Debts(session))


def bill(connection: Connection, number: str, total: str, body: dict[str, object], kind: str = "invoice") -> None:
    row = {
        "number": number, "order_number": "SO-1", "partner": ACME, "currency": "USD", "kind": kind, "total": total,
        "invoice_date": "2026-11-23", "due_date": DUE.isoformat(), "paid": "0", "open": True, "body": json.dumps(body),
        "credited_invoice": body.get("invoice_number", ""), "discountable": total,
        "discount": "2" if "discount_percent" in body else "0",
    }  # fmt: skip
    connection.execute(insert(invoices).values(**row))
    connection.execute(insert(invoice_orders).values(invoice_number=number, order_number="SO-1"))


def book(books: Receivables, money: Incoming, wanted: Wanted | None = None) -> Account:
    before = books.account(ACME, "USD", wanted or Wanted())
    after, entries = applying.received(before, money, rules())
    books.save(after, entries, at=NOW, who="test")
    return after


def test_an_account_holds_what_is_open_with_its_orders_and_terms(books: Receivables) -> None:
    account = books.account(ACME, "USD")

    assert sorted(account.invoices) == ["CM1", "INV1", "OLD-7"]
    own = account.invoices["INV1"]
    assert (own.po_numbers, own.orders, own.discount_percent, own.discount_days) == (("PO-1",), ("SO-1",), 2, 10)
    assert account.invoices["CM1"].credited_invoice == "INV1"
    assert account.invoices["OLD-7"].elsewhere


def test_what_is_read_again_is_what_was_saved(books: Receivables) -> None:
    after = book(books, money("110", row("INV1", "90", kept="10"), row("I9", "20")))

    again = books.account(ACME, "USD")
    assert again == after
    assert [each.entry.kind for each in books.entries(ACME)] == [
        Kind.RECEIVED, Kind.APPLIED, Kind.CLAIMED, Kind.UNAPPLIED,
    ]  # fmt: skip


def test_a_settled_invoice_is_open_no_more_and_is_found_when_named(books: Receivables) -> None:
    book(books, money("100", row("INV1", "100")))

    assert "INV1" not in books.account(ACME, "USD").invoices
    found = books.account(ACME, "USD", Wanted(("INV1",))).invoices["INV1"]
    assert (found.open, found.cash) == (0, 100)
    assert books.account(ACME, "USD", Wanted(orders=("PO-1",))).invoices["INV1"] == found
    assert [each.open for each in books.of_order(OrderNumber("SO-1"))] == [30, 0]


def test_what_another_system_billed_is_paid_like_our_own(books: Receivables, connection: Connection) -> None:
    book(books, money("25", row("OLD-7", "25")))

    stored = connection.execute(select(open_items)).one()
    assert (stored.open_amount, json.loads(stored.body)["open_amount"]) == ("15", "15")
    found = books.account(ACME, "USD").invoices["OLD-7"]
    assert (found.total, found.paid, found.open) == (40, 25, 15)


def test_a_credit_is_found_for_the_invoice_it_corrects_until_it_is_used(books: Receivables) -> None:
    assert books.credits_to_apply() == [(ACME, "CM1", "INV1")]

    work = Books(books.account(ACME, "USD"))
    handwork.apply_credit(work, "CM1", "INV1", None, "corrected")
    books.save(work.account, work.entries, at=NOW, who="test")

    assert books.credits_to_apply() == []
    assert books.account(ACME, "USD").invoices["INV1"].open == 70


def test_a_credit_of_a_paid_invoice_settles_the_invoice_that_took_its_place(
    books: Receivables, connection: Connection
) -> None:
    book(books, money("100", row("INV1", "100")))
    assert books.credits_to_apply() == []

    bill(connection, "INV2", "25", {"replaces": "INV1"})
    bill(connection, "INV3", "25", {"replaces": ""})

    assert books.credits_to_apply() == [(ACME, "CM1", "INV2")]


def test_an_order_of_which_everything_is_billed_and_settled_is_found_until_it_is_paid(
    books: Receivables, connection: Connection
) -> None:
    assert books.settled_orders() == []

    book(books, money("100", row("INV1", "100")))
    assert books.settled_orders() == [("SO-1", 1)]

    connection.execute(update(orders).values(status="paid", settled=False))
    assert books.settled_orders() == []


def test_what_a_payment_settled_is_known_by_invoice_less_discount_for_what_was_credited(books: Receivables) -> None:
    book(books, money("138", row("INV1", "98", discount="2"), row("OLD-7", "40"), on=date(2026, 12, 3)))

    used = books.used(ACME, "P1")

    assert {name: (each.cash, each.discount) for name, each in used.items() if name} == {
        "INV1": (98, Decimal("1.4")),
        "OLD-7": (40, 0),
    }


def test_who_owes_an_invoice_is_known_and_who_has_something_open(books: Receivables) -> None:
    assert books.owners(["INV1", "OLD-7", "I9"]) == {"INV1": ACME, "OLD-7": ACME}
    assert books.partners() == [ACME]

    other = Account(BIGMART)
    after, entries = applying.received(other, money("9"), rules())
    books.save(after, entries, at=NOW, who="test")

    assert books.partners() == [ACME, BIGMART]


def test_an_invoice_waits_for_a_reminder_until_one_of_its_level_or_above_left(books: Receivables) -> None:
    assert not books.waits_for_reminder(ACME, 1, DUE - timedelta(days=1))
    assert books.waits_for_reminder(ACME, 1, DUE)

    for number in ("INV1", "OLD-7"):
        books.remind(ACME, number, 2, at=NOW)

    assert not books.waits_for_reminder(ACME, 2, DUE)
    assert books.waits_for_reminder(ACME, 3, DUE)


def test_the_highest_level_of_reminders_is_known(books: Receivables) -> None:
    for level in (1, 2):
        books.remind(ACME, "INV1", level, at=NOW)

    assert books.reminded(ACME) == {"INV1": 2}


def test_entries_are_only_ever_added(books: Receivables) -> None:
    account = book(books, money("5"))

    books.save(account, [Entry(Kind.NOTED, Decimal(0), payment="P1", reason="looked at")], at=NOW, who="test")

    assert [each.sequence for each in books.entries(ACME)] == [1, 2, 3]


def test_a_second_credit_of_a_settled_invoice_waits_for_another_one(books: Receivables, connection: Connection) -> None:
    bill(connection, "CM2", "100", {"credit_number": "CM2", "invoice_number": "INV1"}, kind="credit")
    work = Books(books.account(ACME, "USD"))
    handwork.apply_credit(work, "CM2", "INV1", None, "corrected")
    books.save(work.account, work.entries, at=NOW, who="test")

    assert books.credits_to_apply() == []
    assert books.account(ACME, "USD").invoices["CM1"].open == 30
