"""Money is neither lost nor made: whatever comes and whoever does what, the entries make the rows and the sums hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.kernel.errors import GatewayError
from gateway.kernel.quantity import ZERO
from gateway.orders.receivables import ageing, applying, handwork
from gateway.orders.receivables.account import ADJUSTMENT, Account, Books, Claim, Invoice, Payment, replay
from gateway.orders.receivables.announcing import Announced, announce, fault
from gateway.orders.receivables.entries import Entry, Kind
from gateway.orders.receivables.handwork import Used
from gateway.orders.receivables.incoming import Incoming, Kept, Remitted
from tests.orders.receivables.build import ACME, BILLED, invoice, rules

INVOICES = ("I1", "I2", "I3")
CREDITS = ("CM1",)
NAMES = st.sampled_from((*INVOICES, *CREDITS, "I9", "E1"))
AMOUNTS = st.integers(0, 12_000).map(lambda each: Decimal(each) / 100)
SOME = AMOUNTS.filter(bool)
SIGNED = st.integers(-5_000, 12_000).map(lambda each: Decimal(each) / 100)
DAYS = st.integers(0, 60).map(lambda each: BILLED + timedelta(days=each))
KEPT = st.lists(st.builds(Kept, SOME, st.just("01")), max_size=1).map(tuple)
ROWS = st.lists(st.builds(Remitted, NAMES, st.none() | SIGNED, AMOUNTS, KEPT), max_size=4).map(tuple)
SETTLES = (Kind.APPLIED, Kind.DISCOUNT, Kind.CREDITED, Kind.ALLOWED)


def start() -> Account:
    owed = (
        invoice("I1", "100"), invoice("I2", "49.99"), invoice("I3", "0.01"),
        invoice("CM1", "30", kind="credit"), invoice("E1", "20", currency="EUR"),
    )  # fmt: skip
    return Account(ACME, {each.number: each for each in owed})


class Money(RuleBasedStateMachine):
    """Payments come, bounce, and are moved about by people."""

    def __init__(self) -> None:
        super().__init__()
        self.account = start()
        self.entries: list[Entry] = []
        self.numbers = count(1)
        self.agreed = rules()

    def book(self, money: Incoming, **more: object) -> None:
        agreed = replace(self.agreed, **more)  # type: ignore[arg-type]
        self.account, made = applying.received(self.account, money, agreed)
        self.entries.extend(made)

    def work(self, act: Callable[[Books], object]) -> None:
        """What is refused changes nothing."""
        books = Books(self.account)
        try:
            act(books)
        except GatewayError:
            return
        self.account = books.account
        self.entries.extend(books.entries)

    def chosen(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.account.payments) or ["P0"]))

    def used(self, payment: str) -> dict[str, Used]:
        found: dict[str, Used] = {}
        for each in self.entries:
            if each.payment == payment and each.kind in (Kind.APPLIED, Kind.DISCOUNT):
                cash = each.amount if each.kind is Kind.APPLIED else ZERO
                before = found.get(each.invoice, Used())
                found[each.invoice] = Used(before.cash + cash, before.discount + each.amount - cash)
        return found

    @rule(amount=AMOUNTS, rows=ROWS, kept=KEPT, on=DAYS, oldest=st.booleans(), currency=st.sampled_from(("USD", "EUR")))
    def pay(
        self, amount: Decimal, rows: tuple[Remitted, ...], kept: tuple[Kept, ...], on: date, *, oldest: bool, currency: str
    ) -> None:  # fmt: skip
        self.book(Incoming(f"P{next(self.numbers)}", on, currency, amount, rows, kept), oldest_first=oldest)

    @rule(data=st.data(), amount=SOME, rows=ROWS)
    def take_back(self, data: st.DataObject, amount: Decimal, rows: tuple[Remitted, ...]) -> None:
        payment = self.chosen(data)
        original = {payment: ZERO, **{number: each.cash for number, each in self.used(payment).items()}}
        money = Incoming(f"P{next(self.numbers)}", BILLED, "USD", -amount, data.draw(st.sampled_from((rows, ()))))
        self.book(money, original=original)

    @rule(data=st.data(), name=NAMES, amount=st.none() | SOME)
    def apply(self, data: st.DataObject, name: str, amount: Decimal | None) -> None:
        payment = self.chosen(data)
        self.work(lambda books: handwork.apply(books, payment, name, amount, "by hand", grace_days=0))

    @rule(data=st.data())
    def apply_oldest(self, data: st.DataObject) -> None:
        payment = self.chosen(data)
        self.work(lambda books: handwork.apply_oldest(books, payment, "by hand", grace_days=0))

    @rule(data=st.data())
    def unapply(self, data: st.DataObject) -> None:
        payment = self.chosen(data)
        self.work(lambda books: handwork.unapply(books, payment, self.used(payment), "by hand"))

    @rule(data=st.data(), amount=st.none() | SOME, moved=st.booleans())
    def give_away(self, data: st.DataObject, amount: Decimal | None, *, moved: bool) -> None:
        payment = self.chosen(data)
        leave = handwork.move if moved else handwork.refund
        self.work(lambda books: leave(books, payment, amount, "by hand"))

    @rule(name=NAMES, amount=st.none() | SOME)
    def use_credit(self, name: str, amount: Decimal | None) -> None:
        self.work(lambda books: handwork.apply_credit(books, "CM1", name, amount, "by hand"))

    @rule(name=NAMES, amount=SOME, debit=st.booleans())
    def say(self, name: str, amount: Decimal, *, debit: bool) -> None:
        what = Announced(f"DM{next(self.numbers)}", name, amount, debit=debit)
        if not fault(Books(self.account), what):
            self.work(lambda books: announce(books, what, self.agreed.new_claim))

    @rule(data=st.data(), amount=st.none() | SOME, accepted=st.booleans())
    def judge(self, data: st.DataObject, amount: Decimal | None, *, accepted: bool) -> None:
        claim = data.draw(st.sampled_from(sorted(self.account.claims) or ["CL-0"]))
        if accepted:
            self.work(lambda books: handwork.accept(books, claim, amount, "judged"))
        else:
            self.work(lambda books: handwork.reject(books, claim, "judged"))

    @invariant()
    def every_invoice_is_open_or_settled(self) -> None:
        for each in self.account.invoices.values():
            by = [
                entry.amount for entry in self.entries
                if entry.kind in SETTLES and each.number in (entry.invoice, entry.payment if each.is_credit else "")
            ]  # fmt: skip
            assert each.total == each.open + sum(by, ZERO)
            assert ZERO <= each.open <= each.total

    @invariant()
    def every_payment_is_applied_unapplied_or_left(self) -> None:
        for each in self.account.payments.values():
            applied = sum(
                (one.amount for one in self.entries if one.kind is Kind.APPLIED and one.payment == each.number), ZERO
            )
            assert each.amount == applied + each.unapplied + each.refunded + each.moved
        offsets = sum((each.amount for each in self.entries if each.kind is Kind.OFFSET), ZERO)
        assert offsets == ZERO

    @invariant()
    def no_more_is_disputed_than_is_open(self) -> None:
        for number, each in self.account.invoices.items():
            kept = [claim.amount for claim in self.account.open_claims(number) if claim.origin != ADJUSTMENT]
            assert sum(kept, ZERO) <= each.open

    @invariant()
    def the_entries_make_the_rows(self) -> None:
        made = replay(_blank(self.account), iter(self.entries))
        assert made.invoices == self.account.invoices
        assert made.payments == self.account.payments
        assert {each.number: each.amount for each in made.claims.values()} == {
            each.number: each.amount for each in self.account.claims.values()
        }

    @invariant()
    def the_ageing_is_the_sum_of_what_is_open(self) -> None:
        owed = sum((-each.open if each.is_credit else each.open for each in self.account.invoices.values()), ZERO)
        cash = sum((each.unapplied for each in self.account.payments.values()), ZERO)
        assert sum((each.total for each in ageing.aged(self.account, BILLED)), ZERO) == owed - cash


def _blank(account: Account) -> Account:
    """The rows as they were before any entry."""

    def invoice_of(each: Invoice) -> Invoice:
        return replace(each, paid=ZERO, cash=ZERO, discounted=ZERO)

    def payment_of(each: Payment) -> Payment:
        return replace(each, amount=ZERO, unapplied=ZERO, refunded=ZERO, moved=ZERO, reasons=())

    def claim_of(each: Claim) -> Claim:
        return replace(each, amount=ZERO, claimed=ZERO)

    return replace(
        account, invoices={key: invoice_of(each) for key, each in account.invoices.items()},
        payments={key: payment_of(each) for key, each in account.payments.items()},
        claims={key: claim_of(each) for key, each in account.claims.items()},
    )  # fmt: skip


TestMoney = Money.TestCase
TestMoney.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
