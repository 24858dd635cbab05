"""What people may do with payments, credits and claims, and what the account does not allow."""

from collections.abc import Callable

import pytest

from gateway.kernel.errors import GatewayError, NotFoundError, TransitionError
from gateway.orders.receivables import handwork
from gateway.orders.receivables.account import Account, Books
from gateway.orders.receivables.announcing import Announced, announce, fault
from gateway.orders.receivables.handwork import Used
from tests.orders.receivables.build import account, booked, invoice, money, number, row, settled


def unused(amount: str = "70", **more: str) -> Account:
    after, _ = booked(account(), money(amount, row("I9", amount), **more))  # type: ignore[arg-type]
    return after


def done(before: Account, act: Callable[[Books], object]) -> Account:
    books = Books(before)
    act(books)
    return books.account


def apply(books: Books, name: str = "I1", amount: str = "") -> None:
    handwork.apply(books, "P1", name, number(amount) if amount else None, "said so", grace_days=0)


def test_unapplied_money_is_applied_by_hand() -> None:
    after = done(unused(), lambda books: apply(books, amount="40"))

    assert settled(after)["I1"] == "60"
    assert after.payments["P1"].unapplied == 30


def test_money_taken_off_an_invoice_is_unapplied_again() -> None:
    before = done(unused(), apply)

    after = done(before, lambda books: handwork.unapply(books, "P1", {"I1": Used(number(70))}, "wrong one"))

    assert settled(after)["I1"] == "100"
    assert after.payments["P1"].unapplied == 70


def test_unapplied_money_goes_to_the_oldest_invoices_when_asked() -> None:
    after = done(unused("120"), lambda books: handwork.apply_oldest(books, "P1", "as agreed", grace_days=0))

    assert settled(after) == {"I1": "0", "I2": "30"}


def test_a_credit_settles_an_invoice() -> None:
    owed = account(invoice("I1"), invoice("CM1", "30", kind="credit"))

    after = done(owed, lambda books: handwork.apply_credit(books, "CM1", "I1", None, "returned goods"))

    assert settled(after) == {"I1": "70", "CM1": "0"}


def test_money_can_be_given_back_or_belong_to_somebody_else() -> None:
    after = done(unused(), lambda books: handwork.refund(books, "P1", number(20), "paid twice"))
    after = done(after, lambda books: handwork.move(books, "P1", None, "theirs"))

    paid = after.payments["P1"]
    assert (paid.refunded, paid.moved, paid.unapplied, paid.applied) == (20, 50, 0, 0)


def test_an_accepted_claim_settles_and_a_rejected_one_is_owed_again() -> None:
    before, _ = booked(account(), money("140", row("I1", "90", kept="10"), row("I2", "45", kept="5")))
    after = done(before, lambda books: handwork.accept(books, "CL-1", None, "damaged"))
    after = done(after, lambda books: handwork.reject(books, "CL-2", "delivered"))

    assert settled(after) == {"I1": "0", "I2": "5"}
    assert [each.state for each in after.claims.values()] == ["accepted", "rejected"]
    assert after.disputed("I2") == 0


def test_a_claim_may_be_accepted_in_part() -> None:
    before, _ = booked(account(), money("90", row("I1", "90", kept="10")))

    after = done(before, lambda books: handwork.accept(books, "CL-1", number(4), "four"))

    assert after.claims["CL-1"].state == "open"
    assert (after.claims["CL-1"].amount, after.disputed("I1")) == (6, 6)


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        (lambda books: apply(books, amount="71"), TransitionError),
        (lambda books: apply(books, amount="-1"), TransitionError),
        (lambda books: apply(books, "I9"), NotFoundError),
        (lambda books: handwork.refund(books, "P1", number(71), "too much"), TransitionError),
        (lambda books: handwork.refund(books, "P9", None, "nobody's"), NotFoundError),
        (lambda books: handwork.unapply(books, "P1", {}, "nothing"), TransitionError),
        (lambda books: handwork.accept(books, "CL-9", None, "none"), NotFoundError),
        (lambda books: handwork.apply_credit(books, "I1", "I2", None, "no credit"), TransitionError),
    ],
)
def test_what_the_account_does_not_allow_is_refused_in_words(
    act: Callable[[Books], object], fault: type[GatewayError]
) -> None:
    with pytest.raises(fault) as refused:
        act(Books(unused()))

    assert refused.value.sentence.endswith(".")


def test_a_claim_is_judged_once() -> None:
    before, _ = booked(account(), money("90", row("I1", "90", kept="10")))
    after = done(before, lambda books: handwork.reject(books, "CL-1", "no"))

    with pytest.raises(TransitionError, match="rejected already"):
        handwork.reject(Books(after), "CL-1", "no")


def told(before: Account, *what: Announced) -> Account:
    numbers = iter("ABC")

    def say(books: Books) -> None:
        for each in what:
            announce(books, each, lambda: f"CL-{next(numbers)}")

    return done(before, say)


def test_an_announced_debit_is_a_claim_and_a_credit_only_a_note() -> None:
    after = told(account(), Announced("DM1", "I1", number(10), "01"), Announced("CR1", "I2", number(5), debit=False))

    assert [(each.state, each.origin) for each in after.claims.values()] == [
        ("open", "adjustment"),
        ("noted", "adjustment"),
    ]
    assert (after.disputed("I1"), after.disputed("I2")) == (10, 0)


def test_an_announced_debit_is_booked_once_and_its_deduction_is_the_same_claim() -> None:
    debit = Announced("DM1", "I1", number(10), "01")
    before = told(account(), debit, debit)

    after, _ = booked(before, money("90", row("I1", "90", kept="10")))

    assert [each.payment for each in after.claims.values()] == ["P1"]
    assert after.disputed("I1") == 10
    assert told(after, debit).claims == after.claims


def test_a_claim_needs_an_invoice_of_ours_and_an_amount() -> None:
    books = Books(account())

    assert fault(books, Announced("DM1", "", number(10))) == "it names no invoice"
    assert fault(books, Announced("DM1", "I9", number(10))) == "there is no invoice I9"
    assert fault(books, Announced("DM1", "I1", number(0))) == "it says no amount"
    assert fault(books, Announced("DM1", "I1", number(1))) == ""


def test_no_more_stays_disputed_than_is_open_when_money_that_was_taken_back_comes_again() -> None:
    owed = account(invoice("I1"), invoice("CM1", "30", kind="credit"))
    paid, _ = booked(owed, money("25.05", row("I1", discount="44.96")))
    back, _ = booked(paid, money("-0.01", name="P2"), original={"I1": number("0.01")})
    before = done(back, lambda books: handwork.apply_credit(books, "CM1", "I1", None, "returned goods"))
    assert (before.invoices["I1"].open, before.disputed("I1")) == (number("44.96"), number("44.96"))

    after = done(
        before, lambda books: handwork.unapply(books, "P2", {"I1": Used(number("-0.01"))}, "it came after all")
    )

    assert (after.invoices["I1"].open, after.disputed("I1")) == (number("44.95"), number("44.95"))
    assert [each.amount for each in after.open_claims("I1")] == [number("44.95")]
