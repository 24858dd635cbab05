"""Shipments on their way: what the customer has is counted once, never more than left, and never moves back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.errors import TransitionError
from gateway.orders import decisions
from gateway.orders.applied import journeys
from gateway.orders.case import Case
from gateway.orders.commands import (
    ConfirmDelivery,
    ConfirmShipment,
    MarkLate,
    ReceivedRow,
    RecordTracking,
    ReleaseToWarehouse,
    ShippedRow,
)
from gateway.orders.facts import Facts
from gateway.orders.journey import Arrived, Scan
from gateway.orders.order import Order
from gateway.orders.terms import Terms
from tests.orders.build import DAL, NOW, TODAY, do, facts, follow, hold_ids, line, placed

SSCC = "00006141410000000012"
TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)
THREE_DAYS = Terms(transit_days={"default": 3, "NV": 1})


def shipped(terms: Terms = THREE_DAYS) -> Order:
    """Ten tents in two cartons and six stoves in the second one."""
    order = do(placed(line("TENT", "10"), line("STOVE", "6")), ReleaseToWarehouse((DAL,)))
    rows = (
        ShippedRow("1", Decimal(4), SSCC, tracking="T1"),
        ShippedRow("1", Decimal(6), SSCC, tracking="T2"),
        ShippedRow("2", Decimal(6), SSCC, tracking="T2"),
    )
    return do(order, ConfirmShipment("S1", TODAY, DAL, rows), terms=terms)


def scan(
    event: str, *, tracking: str = "", hours: int = 0, quantity: str | None = None, **more: object
) -> RecordTracking:
    at = TUESDAY + timedelta(hours=hours)
    said = Scan(event, at, tracking, **more)  # type: ignore[arg-type]
    return RecordTracking("S1", said, at.date(), Decimal(quantity) if quantity is not None else None)


def delivered(order: Order) -> list[Decimal]:
    return [each.quantity.delivered for each in order.lines]


def state(order: Order) -> str:
    return journeys.state(order.journeys[0])


def test_a_shipment_that_left_is_in_transit_and_due_after_the_transit_days() -> None:
    order = shipped()
    assert (state(order), journeys.delivery_status(order), delivered(order)) == ("in_transit", "in_transit", [0, 0])
    assert order.journeys[0].due == date(2026, 11, 23)


def test_a_delivery_brings_everything_that_left_to_the_customer_and_counts_once() -> None:
    order = do(shipped(), ConfirmDelivery("S1", date(2026, 11, 23), signed_by="J. ROE"))
    assert delivered(order) == [10, 6]
    assert (state(order), journeys.delivery_status(order)) == ("delivered", "delivered")
    assert (order.journeys[0].delivered_on, order.journeys[0].signed_by) == (date(2026, 11, 23), "J. ROE")
    assert do(order, ConfirmDelivery("S1", date(2026, 11, 24))) == order


def test_a_carton_that_arrived_brings_what_is_in_it_and_the_last_one_ends_the_journey() -> None:
    order = do(shipped(), scan("delivered", tracking="T1"))
    assert delivered(order) == [4, 0]
    assert (state(order), journeys.delivery_status(order)) == ("in_transit", "partially_delivered")
    order = do(order, scan("delivered", tracking="T1", hours=5))
    assert delivered(order) == [4, 0]
    order = do(order, scan("delivered", tracking="T2", hours=6))
    assert (delivered(order), state(order)) == ([10, 6], "delivered")


def test_a_message_about_an_earlier_moment_never_moves_the_state_back() -> None:
    order = do(shipped(), scan("exception", hours=4, reason="nobody there"))
    assert state(order) == "exception"
    order = do(order, scan("picked_up", hours=1))
    assert (state(order), len(order.journeys[0].scans)) == ("exception", 2)
    order = do(order, scan("in_transit", hours=8))
    assert state(order) == "in_transit"
    order = do(do(order, scan("delivered", hours=9)), scan("in_transit", hours=10))
    assert state(order) == "delivered"


def test_a_carton_that_could_not_be_delivered_stays_so_whatever_becomes_of_the_others() -> None:
    order = do(shipped(), scan("exception", tracking="T2", hours=1))
    order = do(order, scan("delivered", tracking="T1", hours=2))
    assert state(order) == "exception"
    assert state(do(order, scan("in_transit", tracking="T2", hours=3))) == "in_transit"
    assert state(do(order, scan("in_transit", hours=3))) == "in_transit"


def test_the_same_message_twice_is_one() -> None:
    order = do(shipped(), scan("in_transit"))
    assert do(order, scan("in_transit")) == order


def test_what_the_customer_refused_or_did_not_find_is_kept_with_its_reason() -> None:
    rows = (ReceivedRow("1", Decimal(7), Decimal(2), "damaged"), ReceivedRow("2", Decimal(5)))
    order = do(shipped(), ConfirmDelivery("S1", TODAY, rows))
    assert order.journeys[0].arrived == (
        Arrived("1", Decimal(7), Decimal(3), "damaged"), Arrived("2", Decimal(5), Decimal(1), "short"),
    )  # fmt: skip
    assert (delivered(order), state(order)) == ([7, 5], "delivered")


def test_a_shipment_that_was_refused_whole_is_an_exception() -> None:
    rows = (ReceivedRow("1", Decimal(0), Decimal(10), "refused"), ReceivedRow("2", Decimal(0), Decimal(6)))
    order = do(shipped(), ConfirmDelivery("S1", TODAY, rows))
    assert (delivered(order), state(order), journeys.complete(order.journeys[0])) == ([0, 0], "exception", True)


def test_the_customers_own_count_corrects_what_the_carrier_said() -> None:
    order = do(shipped(), ConfirmDelivery("S1", TODAY))
    order = do(order, ConfirmDelivery("S1", TODAY, (ReceivedRow("1", Decimal(9)),)))
    assert delivered(order) == [9, 6]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (ConfirmDelivery("S2", TODAY), "has no shipment S2"),
        (ConfirmDelivery("S1", TODAY, (ReceivedRow("1", Decimal(11)),)), "11 were delivered, 10 were on the way"),
        (ConfirmDelivery("S1", TODAY, (ReceivedRow("1", Decimal(-1)),)), "-1 were delivered"),
        (ConfirmDelivery("S1", TODAY, (ReceivedRow("9", Decimal(1)),)), "line 9 is not in shipment S1"),
        (scan("delivered", tracking="T2", quantity="3"), "it does not say of which"),
        (scan("delivered", tracking="T1", quantity="5"), "5 were delivered, 4 were on the way"),
    ],
)
def test_what_never_left_cannot_arrive(command: ConfirmDelivery | RecordTracking, words: str) -> None:
    with pytest.raises(TransitionError, match=words):
        do(shipped(), command)


def test_a_shipment_is_late_on_the_day_after_it_was_due_and_only_once() -> None:
    order = shipped()
    on_the_day = Case(facts(), THREE_DAYS, NOW, hold_ids())
    assert decisions.decide(order, MarkLate("S1"), replace(on_the_day, facts=at(date(2026, 11, 23)))) == ()
    after = replace(on_the_day, facts=at(date(2026, 11, 24)))
    order = follow(order, decisions.decide(order, MarkLate("S1"), after))
    assert (state(order), journeys.delivery_status(order)) == ("late", "late")
    assert decisions.decide(order, MarkLate("S1"), after) == ()
    order = do(order, ConfirmDelivery("S1", TODAY))
    assert state(order) == "delivered"


def at(day: date) -> Facts:
    return replace(facts(), today=day)


SAID = st.one_of(
    st.builds(
        scan, st.sampled_from(["picked_up", "in_transit", "exception", "delivered"]),
        tracking=st.sampled_from(["", "T1", "T2", "T9"]), hours=st.integers(0, 48),
        quantity=st.sampled_from([None, "0", "2", "99"]),
    ),
    st.builds(
        lambda rows: ConfirmDelivery("S1", TODAY, tuple(rows)),
        st.lists(
            st.builds(
                ReceivedRow, st.sampled_from(["1", "2"]), st.integers(0, 11).map(Decimal), st.integers(0, 4).map(Decimal)
            ),
            max_size=3,
        ),
    ),
)  # fmt: skip


@given(st.lists(SAID, max_size=6))
def test_whatever_is_said_what_arrived_is_never_more_than_left_and_both_ways_of_counting_agree(
    said: list[RecordTracking | ConfirmDelivery],
) -> None:
    order = shipped()
    for command in said:
        try:
            order = do(order, command)
        except TransitionError:
            continue
        (journey,) = order.journeys
        for each in order.lines:
            there = journeys.arrived(journey, each.number)
            assert each.quantity.delivered == there.delivered
            assert 0 <= there.delivered + there.short <= each.quantity.shipped
