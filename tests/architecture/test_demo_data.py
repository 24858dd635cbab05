"""The demo's files hang together: real titles, valid check digits, items that exist, counts that are right."""

import csv
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from gateway.canonical.goods import GoodsReceipt
from gateway.canonical.house import Item, ItemId, Price, Stock, Warehouse
from tests.architecture.code_map import PACKAGE

DEMO = PACKAGE / "demo"
TABLES: dict[str, type[BaseModel]] = {
    "items": Item,
    "item-ids": ItemId,
    "prices": Price,
    "prices-euro": Price,
    "warehouses": Warehouse,
    "stock": Stock,
    "goods-receipt": GoodsReceipt,
}
ORDERS = sorted(DEMO.glob("*.edi"))


def _rows(name: str) -> list[dict[str, str]]:
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _segments(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="ascii")
    return [segment.strip("\n").split(text[3]) for segment in text.split(text[105]) if segment.strip("\n")]


def _check_digit(body: str) -> str:
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-weighted % 10)


@pytest.mark.parametrize("name", TABLES)
def test_the_titles_are_the_fields_and_every_row_is_a_document(name: str) -> None:
    rows = _rows(name)

    assert set(rows[0]) == set(TABLES[name].model_fields) - {"custom"}
    assert all(
        TABLES[name].model_validate_strings({title: value for title, value in row.items() if value}) for row in rows
    )


def test_every_price_stock_and_cross_reference_names_an_item() -> None:
    items = {row["sku"] for row in _rows("items")}

    assert {row["sku"] for name in ("prices", "prices-euro", "stock", "item-ids") for row in _rows(name)} == items
    assert {row["warehouse"] for row in _rows("stock")} == {row["warehouse"] for row in _rows("warehouses")}


def test_check_digits_are_right() -> None:
    master = [code for row in _rows("items") for code in (row["upc"], row["gtin"]) if code]
    ordered = [code for path in ORDERS for code in re.findall(r"UP[*|](\d+)", path.read_text(encoding="ascii"))]

    assert [code for code in (*master, *ordered) if _check_digit(code[:-1]) != code[-1]] == []


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.name)
def test_every_set_counts_its_segments_and_its_lines(path: Path) -> None:
    begun, lines = 0, 0

    for place, segment in enumerate(_segments(path)):
        match segment[0]:
            case "ST":
                begun, lines = place, 0
            case "PO1":
                lines += 1
            case "CTT":
                assert int(segment[1]) == lines
            case "SE":
                assert int(segment[1]) == place - begun + 1
            case _:
                pass


def test_the_two_files_have_different_layouts() -> None:
    texts = [path.read_text(encoding="ascii") for path in sorted(DEMO.glob("acme-orders-*.edi"))]

    assert {(text[3], text[104], text[105]) for text in texts} == {("*", ">", "~"), ("|", ":", "\n")}
