"""Two orders are the same whatever zeros, bases and totals they are written with, and others are not."""

import pytest

from gateway.canonical.order import Order
from gateway.flows.taking.translate import content_hash


def _order(**line: object) -> Order:
    said = {"number": "1", "quantity": "20", "uom": "EA", "unit_price": "89.5", "ids": {"vendor_sku": "A-1.10"}, **line}
    return Order.model_validate({"po_number": "1", "lines": [said]})


@pytest.mark.parametrize("line", [
    {"quantity": "20.0"}, {"unit_price": "89.5000"}, {"price_basis": "PE"}, {"extended_price": "1790.00"},
])  # fmt: skip
def test_the_same_said_otherwise_is_the_same_order(line: dict[str, object]) -> None:
    assert content_hash(_order(**line)) == content_hash(_order())


@pytest.mark.parametrize("line", [
    {"quantity": "2"}, {"quantity": "200"}, {"unit_price": "89.05"}, {"unit_price": "895"}, {"price_basis": "HP"},
    {"uom": "CA"}, {"ids": {"vendor_sku": "A-1.1"}},
])  # fmt: skip
def test_another_figure_or_item_is_another_order(line: dict[str, object]) -> None:
    assert content_hash(_order(**line)) != content_hash(_order())
