"""How money that comes in settles what is owed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gateway.orders.receivables.account import Account
from gateway.orders.receivables.discounts import of_the_rest
from gateway.orders.receivables.entries import Kind
from gateway.orders.receivables.incoming import Kept
from tests.orders.receivables.build import account, booked, invoice, money, number, row, settled

LATE = date(2026, 11, 20)
IN_TIME = date(2026, 11, 11)


def why(after: Account, payment: str = "P1") -> tuple[str, ...]:
    return after.payments[payment].reasons


def test_a_payment_settles_the_invoices_that_its_remittance_names() -> None:
    after, _ = booked(account(), money("150", row("I1", "100"), row("I2", "50")))

    assert settled(after) == {"I1": "0", "I2": "0"}
    assert after.payments["P1"].unapplied == 0


def test_an_invoice_may_be_named_by_its_purchase_order() -> None:
    after, _ = booked(account(), money("150", row("PO-I1", "100"), row("", "50", po="PO-I2")))

    assert settled(after) == {"I1": "0", "I2": "0"}


@pytest.mark.parametrize(
    ("paid", "reason"),
    [
        (money("100", row("I9", "100")), "there is no invoice I9"),
        (money("100", row("I9", "100"), currency="EUR"), "there is no invoice I9"),
        (money("100", row("I1", "100"), currency="EUR"), "invoice I1 is in USD, the payment in EUR"),
        (money("100", row("I7", "100")), "invoice I7 belongs to 'bigmart'"),
        (money("77"), "no remittance, and no open invoice of exactly 77.00 USD"),
    ],
)
def test_money_that_settles_nothing_is_booked_and_stays_unapplied_with_the_reason(paid: object, reason: str) -> None:
    after, _ = booked(account(), paid, strange={"I7": "bigmart"})  # type: ignore[arg-type]

    assert after.payments["P1"].unapplied == after.payments["P1"].amount > 0
    assert why(after) == (reason,)
    assert settled(after) == {"I1": "100", "I2": "50"}


def test_what_is_paid_over_an_invoice_stays_unapplied() -> None:
    after, _ = booked(account(), money("130", row("I1", "130")))

    assert settled(after)["I1"] == "0"
    assert after.payments["P1"].unapplied == 30
    assert why(after) == ("30.00 more than was open of I1",)


def test_what_is_short_stays_open_and_is_no_claim_unless_somebody_says_so() -> None:
    after, _ = booked(account(), money("90", row("I1", "90")))

    assert settled(after)["I1"] == "10"
    assert not after.claims


def test_a_deduction_is_a_claim_with_its_reason() -> None:
    after, _ = booked(account(), money("90", row("I1", "90", kept="10", reason="06")))

    claim = after.claims["CL-1"]
    assert (claim.invoice, claim.reason, claim.amount, claim.state) == ("I1", "06", 10, "open")
    assert after.disputed("I1") == 10


def test_what_is_kept_back_of_the_whole_payment_is_disputed_where_it_fell_short() -> None:
    paid = money("135", row("I1", "100"), row("I2", "50"), kept=(Kept(number(15), "01", "DM-1"),))

    after, _ = booked(account(), paid)

    assert settled(after) == {"I1": "0", "I2": "15"}
    assert [(each.invoice, each.amount, each.customer_number) for each in after.claims.values()] == [("I2", 15, "DM-1")]


def test_a_discount_in_time_and_as_agreed_is_granted() -> None:
    after, entries = booked(account(), money("98", row("I1", "98", discount="2"), on=IN_TIME))

    assert settled(after)["I1"] == "0"
    assert [each.amount for each in entries if each.kind is Kind.DISCOUNT] == [2]


def test_a_payment_that_is_short_by_exactly_the_discount_takes_it() -> None:
    after, _ = booked(account(), money("98", row("I1", "98"), on=IN_TIME), money("49", name="P2", on=IN_TIME))

    assert settled(after) == {"I1": "0", "I2": "0"}


@pytest.mark.parametrize(("grace", "left"), [(0, "2"), (8, "2"), (9, "0")])
def test_a_late_discount_is_a_claim_unless_the_days_of_grace_cover_it(grace: int, left: str) -> None:
    paid = money("98", row("I1", "98", discount="2"), on=date(2026, 11, 20))

    after, _ = booked(account(), paid, discount_grace_days=grace)

    assert settled(after)["I1"] == left
    assert [each.reason for each in after.claims.values()] == ([] if left == "0" else ["unearned_discount"])


def test_of_too_large_a_discount_the_agreed_part_is_granted() -> None:
    after, _ = booked(account(), money("95", row("I1", "95", discount="5"), on=IN_TIME))

    assert settled(after)["I1"] == "3"
    assert after.claims["CL-1"].amount == 3
    assert after.claims["CL-1"].description == "more than the agreed 2 %"


def test_the_discount_of_an_invoice_is_granted_once() -> None:
    first = money("50", row("I1", "50", discount="2"), on=IN_TIME)

    after, _ = booked(account(), first, money("46", row("I1", "46", discount="2"), name="P2", on=IN_TIME))

    assert after.invoices["I1"].discounted == 2
    assert after.claims["CL-1"].amount == 2


def test_without_remittance_only_an_exact_amount_is_applied() -> None:
    after, _ = booked(account(), money("50", on=LATE))

    assert settled(after) == {"I1": "100", "I2": "0"}


def test_without_remittance_all_is_settled_by_exactly_all() -> None:
    after, _ = booked(account(), money("150", on=LATE))

    assert settled(after) == {"I1": "0", "I2": "0"}


def test_between_two_invoices_of_the_same_amount_nobody_guesses() -> None:
    after, _ = booked(account(invoice("I1"), invoice("I2"), invoice("I3", "7")), money("100", on=LATE))

    assert after.payments["P1"].unapplied == 100
    assert why(after) == ("several invoices have exactly this amount open: I1, I2",)


def test_oldest_first_only_where_it_is_agreed() -> None:
    owed = account(invoice("I1", due=date(2026, 12, 9)), invoice("I2", "50"))

    after, _ = booked(owed, money("70", on=LATE), oldest_first=True)

    assert settled(after) == {"I1": "80", "I2": "0"}


def test_a_credit_that_the_remittance_takes_settles_what_the_cash_does_not() -> None:
    owed = account(invoice("I1"), invoice("CM1", "30", kind="credit"))

    after, entries = booked(owed, money("70", row("I1", "100"), row("CM1", "-30")))

    assert settled(after) == {"I1": "0", "CM1": "0"}
    assert [(each.kind, each.amount, each.payment) for each in entries][-1] == (Kind.CREDITED, 30, "CM1")


def test_a_charge_back_opens_the_paid_invoice_and_disputes_it() -> None:
    before, _ = booked(account(), money("100", row("I1", "100"), name="P0"))

    after, _ = booked(before, money("40", row("I2", "50"), row("I1", "-10")))

    assert settled(after) == {"I1": "10", "I2": "0"}
    assert after.payments["P1"].applied == 40
    assert after.disputed("I1") == 10


def test_claims_end_when_the_invoice_is_paid_after_all() -> None:
    after, _ = booked(account(), money("90", row("I1", "90", kept="10")), money("10", row("I1", "10"), name="P2"))

    assert after.claims["CL-1"].state == "withdrawn"
    assert after.disputed("I1") == 0


def test_money_taken_back_opens_what_it_had_settled_discount_and_claims_included() -> None:
    before, _ = booked(account(), money("90", row("I1", "90", discount="2", kept="8"), on=IN_TIME))

    after, _ = booked(before, money("-90", name="P1-DEBIT"), original={"I1": Decimal(90)})

    assert settled(after)["I1"] == "100"
    assert after.payments["P1-DEBIT"].applied == -90
    assert after.claims["CL-1"].state == "withdrawn"


def test_money_taken_back_takes_what_was_not_used_first() -> None:
    before, _ = booked(account(), money("130", row("I1", "130")))

    after, _ = booked(before, money("-130", name="P2"), original={"P1": Decimal(0), "I1": Decimal(100)})

    assert after.payments["P1"].unapplied == after.payments["P2"].unapplied == 0
    assert settled(after)["I1"] == "100"


def test_money_taken_back_for_nobody_knows_what_stays_unapplied() -> None:
    after, _ = booked(account(), money("-10"))

    assert after.payments["P1"].unapplied == -10
    assert why(after) == ("nothing says which payment it takes back",)


def test_oldest_first_leaves_what_is_disputed_alone() -> None:
    before, _ = booked(account(), money("90", row("I1", "90", kept="10")))

    after, _ = booked(before, money("30", name="P2", on=LATE), oldest_first=True)

    assert settled(after) == {"I1": "10", "I2": "20"}
    assert after.disputed("I1") == 10


def test_a_discount_is_of_what_the_invoice_told_it_of_and_less_for_what_was_credited() -> None:
    told = replace(invoice("I1", "999.50"), discount=of_the_rest(number("17.99"), number("899.50"), number("0")))
    rest = replace(told, paid=number("449.75"), discount=of_the_rest(told.discount, number("899.50"), number("449.75")))

    whole, _ = booked(account(told), money("981.51", on=IN_TIME))
    part, _ = booked(account(rest), money("531.76", row("I1", "531.76", discount="17.99"), on=IN_TIME))

    assert settled(whole) == {"I1": "0"}
    assert settled(part) == {"I1": "8.99"}
    assert [each.reason for each in part.claims.values()] == ["unearned_discount"]
