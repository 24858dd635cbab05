"""What a purchase order asks for reaches the order, or is named as what is not done (rulings 33)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.canonical.order import Order
from gateway.canonical.parts import Allowance
from gateway.flows.taking import translate
from gateway.flows.taking.unobeyed import unobeyed
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.commands import PlaceOrder
from gateway.orders.order import Adjustment

ST = {"id": "0003", "name": "DC 3"}


def an_order(line: dict[str, Any] | None = None, **more: object) -> Order:
    lines = [{"quantity": "10", "uom": "EA", "ids": {"vendor_sku": "TENT"}, **(line or {})}]
    return Order.model_validate({"po_number": "P1", "ship_to": ST, "lines": lines, **more})


def command(line: dict[str, Any] | None = None, **more: object) -> PlaceOrder:
    return translate.place_order(
        an_order(line, **more), number=OrderNumber("SO-1"), partner=PartnerId("acme"), currency="USD",
        today=date(2026, 11, 20), test=False, duplicate_of=None,
    )  # fmt: skip


def named(line: dict[str, Any] | None = None, **more: object) -> list[str]:
    return list(unobeyed(an_order(line, **more)))


def test_instructions_type_and_payment_terms_reach_the_order() -> None:
    placed = command(
        order_type="rush", acknowledgment_type="AC", contract_number="C1", fob="CC",
        instructions={"substitution": "allowed", "backorder": "ship_complete"},
        terms={"discount_percent": "2", "discount_days": 10, "net_days": 30},
    )  # fmt: skip
    assert (placed.order_type, placed.priority, placed.acknowledgment_type) == ("rush", translate.RUSH, "AC")
    assert (placed.contract_number, placed.fob) == ("C1", "CC")
    assert (placed.backorder, placed.substitution) == ("ship_complete", "allowed")
    assert (placed.claimed_discount_percent, placed.claimed_discount_days, placed.claimed_net_days) == (2, 10, 30)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"percent": "5", "amount": "12.50"}, {"percent": Decimal(5)}),
        ({"amount": "12.50"}, {"amount": Decimal("12.50")}),
        ({"rate": "0.50"}, {"rate": Decimal("0.50")}),
        ({"rate": "0.50", "quantity": "10"}, {"rate": Decimal("0.50")}),
        ({"rate": "0.50", "quantity": "4"}, {"amount": Decimal("2.00")}),
    ],
)
def test_an_allowance_is_a_percentage_a_rate_or_an_amount(said: dict[str, str], expected: dict[str, Decimal]) -> None:
    allowance = Allowance.model_validate({"kind": "allowance", "code": "C310", **said})
    assert translate.adjustment(allowance, Decimal(10)) == Adjustment("allowance", "C310", **expected)  # type: ignore[arg-type]


def test_a_rate_for_the_whole_order_is_an_amount() -> None:
    allowance = Allowance(kind="charge", rate=Decimal(2), quantity=Decimal(3))
    assert translate.adjustment(allowance, Decimal(0)).amount == 6


def test_dates_of_a_line_reach_it() -> None:
    line = command({"dates": {"ship_not_before": "2026-12-01", "delivery_requested": "2026-12-05"}}).lines[0]
    assert (line.ship_not_before, line.delivery_requested) == (date(2026, 12, 1), date(2026, 12, 5))


@pytest.mark.parametrize(("kind", "field"), [("shipment", "ship_not_before"), ("delivery", "delivery_requested")])
def test_one_delivery_of_everything_is_a_date_of_the_line(kind: str, field: str) -> None:
    line = {"schedule": [{"quantity": "10", "due": "2026-12-01", "kind": kind}]}
    assert named(line) == []
    assert getattr(command(line).lines[0], field) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ({"schedule": [{"quantity": "4"}, {"quantity": "6"}]}, "SCH: the line is to be delivered in 2 parts"),
        ({"schedule": [{"quantity": "4"}]}, "SCH: 4 EA are scheduled of 10 EA"),
        ({"components": [{"number": "1"}]}, "SLN"),
        ({"ship_to": {"id": "0007"}}, "N1: the line goes to a place of its own (0007)"),
        ({"dates": {"cancel_after": "2026-12-01"}}, "DTM: cancel after 2026-12-01 of this line alone"),
        ({"own_limit": "2026-12-01"}, "DTM: a limit of this line alone, 2026-12-01"),
        ({"price_basis": "CT"}, "PO105"),
        ({"allowances": [{"kind": "allowance", "code": "X"}]}, "SAC: the allowance X names no percentage"),
    ],
)
def test_what_is_not_done_for_a_line_names_its_segment(line: dict[str, Any], word: str) -> None:
    told = named(line)
    assert len(told) == 1
    assert word in told[0]


def test_what_a_line_repeats_of_the_order_is_done() -> None:
    dates = {"cancel_after": "2026-12-01"}
    line = {"ship_to": {"id": "0003"}, "dates": dates, "own_limit": "2026-12-01", "price_basis": "HP"}
    assert named(line, dates=dates) == []


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ("SC IS", []), ("N SP", []), ("B", ["CSH01: the instruction B"]),
        ("SC N", ["CSH01: SC and N contradict each other"]), ("IS NS", ["CSH01: IS and NS contradict each other"]),
    ],
)  # fmt: skip
def test_several_instructions_are_obeyed_unless_they_contradict_each_other(codes: str, told: list[str]) -> None:
    assert named(instructions={"other": codes}) == told


@pytest.mark.parametrize("code", ["AC", "AD", "AK", "AT", "NA", None])
def test_the_answers_that_may_be_asked_for_are_given(code: str | None) -> None:
    assert named(acknowledgment_type=code) == []


def test_another_kind_of_answer_is_named() -> None:
    assert named(acknowledgment_type="RD") == ["BEG07: a special acknowledgment is asked for (RD)"]
