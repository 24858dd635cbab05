"""Who carries an order: whom it names, else the first row of the table that fits; always with the reason."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.kernel.ids import Sku
from gateway.orders.facts import ItemFacts
from gateway.orders.order import Address, Order
from gateway.orders.shipping import routing
from gateway.orders.terms import RouteRow, Terms
from tests.orders.build import STOVE, TENT, TODAY, line, number, placed

ITEMS = {
    TENT: ItemFacts(TENT, "EA", weight=number("5"), weight_uom="LB"),
    STOVE: ItemFacts(STOVE, "EA", packs=(("CA", Decimal(6)),), weight=number("1"), weight_uom="KG"),
}  # fmt: skip
PARCEL = RouteRow("FDEG", "GROUND", "PP", 4, state="TX", max_weight=number("50"), max_cartons=3)
ZIP = RouteRow("SAIA", "LTL", "CC", 2, state="tx", postal_prefix="76")
ANY = RouteRow("ODFL")
TERMS = Terms(routing=(PARCEL, ZIP, ANY), transit_days={"default": 3, "TX": 1})


def going_to(state: str, postal_code: str, *lines: object, **more: object) -> Order:
    to = Address(name="DC", address1="1 MAIN ST", city="TOWN", state=state, postal_code=postal_code)
    return placed(*lines, ship_to=to, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "carrier", "days", "words"),
    [
        (going_to("TX", "76177", line("TENT", "2")), "FDEG", 4, "row 1 of the routing table fits TX 76177, 10 lb, 1 carton"),
        (going_to("TX", "76177", line("TENT", "11")), "SAIA", 2, "row 2 of the routing table fits TX 76177, 55 lb"),
        (going_to("TX", "75201", line("TENT", "11")), "ODFL", 1, "row 3"),
        (going_to("NV", "76177", line("TENT", "2")), "ODFL", 3, "row 3"),
        (going_to("TX", "76177", line("STOVE", "4", uom="CA")), "SAIA", 2, "52.91 lb, 4 cartons"),
        (going_to("TX", "76177", line("STOVE", "13")), "FDEG", 4, "28.66 lb, 3 cartons (up to 50 lb and 3 cartons)"),
        (going_to("TX", "76177", line("TENT", "2"), carrier_scac="SAIA"), "SAIA", 2, "the purchase order names SAIA"),
        (going_to("TX", "76177", line("TENT", "2"), carrier_scac="UPGN"), "UPGN", 1, "the purchase order names UPGN"),
    ],
)  # fmt: skip
def test_the_first_row_that_fits_carries_unless_the_order_names_somebody(
    order: Order, carrier: str, days: int, words: str
) -> None:
    found = routing.route(order, TERMS, ITEMS)

    assert (found.carrier_scac, found.transit_days) == (carrier, days)
    assert words in found.reason


def test_a_row_with_a_limit_does_not_fit_what_nobody_weighed() -> None:
    unknown = {TENT: replace(ITEMS[TENT], weight=None)}

    found = routing.route(going_to("TX", "99999", line("TENT", "1")), TERMS, unknown)

    assert found.carrier_scac == "ODFL"
    assert "unknown weight" in found.reason


def test_no_row_that_fits_is_told_with_what_was_looked_for() -> None:
    found = routing.route(going_to("NV", "89434", line("TENT", "1")), Terms(routing=(ZIP,)), ITEMS)

    assert found.carrier_scac == ""
    assert (
        found.reason
        == "the purchase order names no carrier, and no row of the routing table fits NV 89434, 5 lb, 1 carton"
    )


def test_the_carrier_is_settled_with_the_decision_and_goes_with_the_order() -> None:
    order = placed(line("TENT", "2"), terms=Terms(routing=(ANY,)))

    assert order.route.carrier_scac == "ODFL"


def test_goods_are_due_when_the_carrier_needs_so_long() -> None:
    order = going_to("TX", "76177", line("TENT", "2"))

    assert routing.delivery_due(order, TERMS, TODAY) == TODAY.replace(day=TODAY.day + 1)
    assert routing.delivery_due(order, Terms(), TODAY) is None


def test_every_unit_of_weight_is_known_in_pounds() -> None:
    assert routing.load(placed(line("TENT", "1")).lines, {Sku("TENT"): replace(ITEMS[TENT], weight_uom="")}).weight == 5
