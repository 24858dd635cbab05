"""What is overdue: ageing, reminders, and how far an order is paid."""

from datetime import date, timedelta

import pytest

from gateway.orders.receivables import ageing, dunning
from gateway.orders.receivables.ageing import payment_status
from tests.orders.receivables.build import DUE, account, booked, invoice, money, row

LEVELS = (10, 25, 45)


def on(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-5, "current"), (0, "current"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
        (90, "61-90"), (91, "over_90"),
    ],
)  # fmt: skip
def test_the_bucket_counts_the_days_after_the_due_date(days: int, bucket: str) -> None:
    assert ageing.bucket(DUE, on(days)) == bucket


def test_credits_and_unapplied_cash_stand_apart_and_lower_the_total() -> None:
    owed = account(invoice("I1"), invoice("I2", "50", due=on(40)), invoice("CM1", "30", kind="credit"))
    after, _ = booked(owed, money("7", row("I9", "7")), money("9", row("I9", "9"), name="P2", currency="EUR"))

    euros, dollars = ageing.aged(after, on(31))

    assert dict(dollars.buckets) == {"current": 50, "1-30": 0, "31-60": 100, "61-90": 0, "over_90": 0}
    assert (dollars.credits, dollars.unapplied, dollars.total) == (-30, -7, 113)
    assert (euros.currency, euros.total) == ("EUR", -9)


def test_each_invoice_is_reminded_of_at_the_highest_level_it_has_reached() -> None:
    owed = account(invoice("I1"), invoice("I2", "50", due=on(20)))

    found = list(dunning.reminders(owed, {}, on(31), levels=LEVELS, grace_days=1))

    assert [(each.level, [one.invoice.number for one in each.invoices]) for each in found] == [(1, ["I2"]), (2, ["I1"])]


def test_no_invoice_is_reminded_of_twice_at_a_level() -> None:
    assert not list(dunning.reminders(account(), {"I1": 1, "I2": 2}, on(12), levels=LEVELS, grace_days=0))


def test_the_days_of_grace_are_given_before_each_level() -> None:
    assert not list(dunning.reminders(account(), {}, on(12), levels=LEVELS, grace_days=3))
    assert list(dunning.reminders(account(), {}, on(13), levels=LEVELS, grace_days=3))


def test_what_is_disputed_is_not_asked_for() -> None:
    after, _ = booked(account(), money("110", row("I1", "70", kept="10"), row("I2", "40", kept="10")))

    (letter,) = dunning.reminders(after, {}, on(10), levels=LEVELS, grace_days=0)

    assert [(each.invoice.number, each.due, each.disputed) for each in letter.invoices] == [("I1", 20, 10)]
    assert letter.total == 20


def test_an_order_is_as_far_paid_as_its_invoices() -> None:
    bill = invoice("I1")
    partly, _ = booked(account(bill), money("90", row("I1", "90")))
    paid, _ = booked(account(bill), money("100", row("I1", "100")))

    assert payment_status((), DUE) == "none"
    assert payment_status((bill,), DUE) == "none"
    assert payment_status((bill,), on(1)) == "overdue"
    assert payment_status(partly.invoices.values(), DUE) == "partially_paid"
    assert payment_status(paid.invoices.values(), on(99)) == "paid"
    assert payment_status((*paid.invoices.values(), invoice("CM1", "5", kind="credit")), DUE) == "paid"
