"""Two orders of one number are compared as they came: every field of the head, every line, the important ones first."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from gateway.kernel.ids import OrderNumber
from gateway.orders.commands import PlaceOrder, WantedLine
from gateway.orders.considering import duplicates, placing
from gateway.orders.order import Address, Adjustment, Order
from tests.orders.build import NOW, line, wanted

FIRST = OrderNumber("SO-1")


def came(command: PlaceOrder, before: Order | None = None) -> Order:
    """An order as it comes, beside the one that came before."""
    duplicate_of = FIRST if before is not None else None
    return placing.new_order(replace(command, before=before, duplicate_of=duplicate_of), NOW)


def differences(earlier: PlaceOrder, now: PlaceOrder) -> list[tuple[str, str, str]]:
    return [(each.field, each.earlier, each.now) for each in came(now, came(earlier)).differs]


def test_an_order_does_not_differ_from_itself() -> None:
    assert differences(wanted(), wanted()) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"po_date": date(2026, 1, 2)}, "PO date"),
        ({"ship_to": Address(name="DC 9", city="Waco")}, "ship to"),
        ({"cancel_after": date(2027, 1, 2)}, "cancel after"),
        ({"claimed_net_days": 60}, "payment terms"),
        ({"carrier_scac": "UPSN"}, "carrier"),
        ({"notes": "call before delivery"}, "notes"),
        ({"contract_number": "C-9"}, "contract"),
    ],
)
def test_a_field_of_the_head_that_differs_is_told_once(changed: dict[str, object], told: str) -> None:
    base = wanted()
    (found,) = differences(base, replace(base, **changed))  # type: ignore[arg-type]
    assert found[0] == told


def test_lines_are_compared_by_their_number() -> None:
    earlier = wanted(_line("1", "2"), _line("2", "5"), _line("3", "1"))
    now = wanted(_line("1", "2"), _line("3", "4"), _line("7", "1"))
    found = differences(earlier, now)
    assert [each[0] for each in found] == ["line 2", "line 3 quantity", "line 7"]
    assert (found[0][2], found[2][1]) == ("", "")
    assert found[1][1:] == ("1 EA", "4 EA")


def test_the_sentence_names_whole_lines_then_quantities_and_counts_the_rest() -> None:
    earlier = wanted(_line("1", "2"), _line("2", "5"), notes="a")
    now = wanted(_line("1", "3", price="9"), _line("2", "5"), _line("3", "1"), notes="b")
    order = came(now, came(earlier))
    assert duplicates.in_full(order) == (
        f"{duplicates.in_words(order)}: line 3 is new: 1 EA TENT at 89.95; line 1 quantity: 2 EA, now 3 EA; "
        "line 1 price: 89.95, now 9.00; and 1 more"
    )


def test_without_a_difference_of_the_order_the_sentence_says_what_it_said() -> None:
    order = came(wanted(), came(wanted()))
    assert duplicates.in_full(order) == duplicates.in_words(order)


NOT_ASKED_FOR = {
    "number", "partner", "po_number", "lines", "test", "priority", "store", "came_as", "content_hash", "unobeyed",
    "guide_faults", "duplicate_of", "same_content", "before", "answer_due",
}  # fmt: skip
"""What an order is known by, what was found out about it, and its lines, which are compared one by one."""
OTHERS = {
    "claimed": (Adjustment("charge", "D240", amount=Decimal(5)),), "claimed_net_days": 77,
    "claimed_discount_days": 9, "claimed_discount_percent": Decimal(3),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted({each.name for each in fields(PlaceOrder)} - NOT_ASKED_FOR))
def test_every_field_that_an_order_asks_for_is_compared(name: str) -> None:
    base = wanted(claimed_discount_percent=Decimal(2), claimed_discount_days=10, claimed_net_days=30)
    value = getattr(base, name)
    other = OTHERS.get(name, Address(name="other") if isinstance(value, Address) else "OTHER")
    is_day = any(word in name for word in ("date", "before", "later", "after", "requested"))
    changed: dict[str, object] = {name: date(2031, 1, 1) if is_day else other}
    assert len(differences(base, replace(base, **changed))) == 1  # type: ignore[arg-type]


def _line(number: str, quantity: str, price: str = "89.95") -> WantedLine:
    return line(quantity=quantity, price=price, name=number)
