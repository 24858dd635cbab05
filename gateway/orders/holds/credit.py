"""May this customer owe us more? Asked when an order is considered, and again before a warehouse is told to pick."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.kernel.money import Money
from gateway.kernel.quantity import ZERO
from gateway.orders import worth
from gateway.orders.facts import Exposure
from gateway.orders.happened.handled import CreditChecked
from gateway.orders.order import Order
from gateway.orders.terms import Terms

GOOD = frozenset({"", "ok", "good", "open", "active"})
"""Credit statuses with which the limit decides."""
STOPPED = frozenset({"stop", "hold", "blocked", "block", "bad"})
"""Credit statuses with which every order waits; so does one whose word is in neither list."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome: ``refusal`` is the sentence of a hold, empty when the order fits; ``checked`` says the figures."""

    refusal: str
    checked: CreditChecked

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """The figures by name, for a hold."""
        said = self.checked
        named = {
            **{name.replace("_", " "): getattr(said, name) for name in _PARTS}, "exposure": said.exposure,
            "order": said.order, "limit": said.limit, "room": said.room,
        }  # fmt: skip
        return tuple((name, f"{value:,.2f}") for name, value in named.items() if value is not None)


_PARTS = ("unpaid_invoices", "open_items", "shipped_not_invoiced", "open_orders", "credits", "unapplied_cash")


def is_agreed(terms: Terms) -> bool:
    """Whether there is anything to check: a limit, a rule for overdue invoices, or a status."""
    return terms.credit_limit is not None or terms.overdue_days is not None or bool(terms.credit_status)


def check(order: Order, exposure: Exposure, terms: Terms, today: date) -> Verdict | None:
    """Whether an order fits; None when nothing is agreed, or for a test order, which never counts.

    What somebody released stays released until the order is worth more.
    """
    if order.test or not is_agreed(terms):
        return None
    amount = worth.to_ship(order)
    refused = "; ".join(_refusals(exposure, amount, terms, today)) if amount else ""
    approved = order.credit_approved is not None and worth.whole(order) <= order.credit_approved
    kept = Money(order.credit_approved or ZERO, terms.currency)
    said = f"somebody released the order before, up to a worth of {kept}" if refused and approved else ""
    checked = _checked(exposure, amount, terms, said)
    return Verdict("" if approved else refused, checked)


def is_news(order: Order, verdict: Verdict) -> bool:
    """Whether a check that passed has figures that were not recorded yet."""
    return not verdict.refusal and verdict.checked.figures != order.credit_figures


def _refusals(exposure: Exposure, amount: Decimal, terms: Terms, today: date) -> Iterator[str]:
    status = terms.credit_status.strip().lower()
    if status in STOPPED:
        yield f"credit: the customer's credit status is '{terms.credit_status}'"
    elif status not in GOOD:
        known = ", ".join(sorted(each for each in GOOD | STOPPED if each))
        yield f"credit: the customer's credit status '{terms.credit_status}' is none we know ({known})"
    oldest, most = exposure.oldest, terms.overdue_days
    if oldest is not None and most is not None and (today - oldest.due_date).days > most:
        since = f"due {oldest.due_date}, {(today - oldest.due_date).days} days ago"
        yield f"credit: invoice {oldest.number} of {oldest.partner} is overdue ({since}); {most} days are agreed"
    limit = terms.credit_limit
    if limit is not None and exposure.total + amount > limit:
        owed = exposure.total + amount
        have, want, all_of_it, room = (_money(each, terms) for each in (exposure.total, amount, owed, limit))
        yield f"credit: {have} are open{_told(exposure)} and this order is {want}, together {all_of_it}; the limit is {room}"


def _checked(exposure: Exposure, amount: Decimal, terms: Terms, approved: str) -> CreditChecked:
    limit = terms.credit_limit
    room = limit - exposure.total - amount if limit is not None else None
    have, want = _money(exposure.total, terms), _money(amount, terms)
    said = f"exposure {have}{_told(exposure)} + order {want}"
    if limit is not None and room is not None:
        said += f", limit {_money(limit, terms)}, room left {_money(room, terms)}"
    return CreditChecked(
        limit=limit, unpaid_invoices=exposure.unpaid_invoices, open_items=exposure.open_items,
        shipped_not_invoiced=exposure.shipped_not_invoiced, open_orders=exposure.open_orders,
        credits=exposure.credits, unapplied_cash=exposure.unapplied_cash, exposure=exposure.total, order=amount,
        room=room, figures=f"{said}; {approved}" if approved else said,
    )  # fmt: skip


def _told(exposure: Exposure) -> str:
    """The parts of an exposure that are not zero, and whose it is."""
    parts = {
        "unpaid invoices": exposure.unpaid_invoices, "open items": exposure.open_items,
        "shipped not invoiced": exposure.shipped_not_invoiced, "open orders": exposure.open_orders,
        "credits": -exposure.credits, "unapplied cash": -exposure.unapplied_cash,
    }  # fmt: skip
    said = ", ".join(f"{name} {amount:,.2f}" for name, amount in parts.items() if amount != ZERO)
    group = f"group of {', '.join(exposure.members)}" if len(exposure.members) > 1 else ""
    told = "; ".join(each for each in (said, group) if each)
    return f" ({told})" if told else ""


def _money(amount: Decimal, terms: Terms) -> Money:
    return Money(amount, terms.currency)
