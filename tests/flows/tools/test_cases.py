"""Test cases of mappings: typed and whole, differences by place, problems as expected, expectations written on demand."""

from datetime import date
from pathlib import Path

import pytest

from gateway.flows.tools import cases
from gateway.flows.tools.desk import Desk

CSV = """gateway: 1
mapping: nordbau/orders
direction: in
document: order
format: csv
csv: {delimiter: ";", decimal: ",", group_by: [Nr], dates: DD.MM.YYYY}
fields:
  po_number: Nr
  lines:
    each: row
    fields:
      quantity: Menge
      uom: {from: ME, map: {Stk: EA}}
"""
ROWS = "Nr;Menge;ME\nN-1;1,50;Stk\nN-1;2;Stk\n"
INVOICE = """invoice_number: '70012'
invoice_date: '2026-11-12'
kind: invoice
lines:
- {number: '1', quantity: '2', uom: EA, invoiced: '2', unit_price: '10', amount: '20'}
totals: {goods: '20', amount: '20'}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "mappings" / "nordbau"
    folder.mkdir(parents=True)
    (folder / "orders.yaml").write_text(CSV)
    return Desk(tmp_path / "mappings", date(2026, 11, 2))


def case(desk: Desk, name: str, **files: str) -> Path:
    folder = desk.folder() / f"{name}.tests" / "one"
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file.replace("_", ".")).write_text(text)
    return folder


def tried(desk: Desk, name: str, folder: Path) -> cases.Outcome:
    return cases.run(desk.prepared(name), cases.case_of(folder))


def test_numbers_are_compared_by_value_and_not_by_how_they_are_written(desk: Desk) -> None:
    expected = "po_number: N-1\nlines:\n- {quantity: '1.50', uom: EA}\n- {quantity: '2', uom: EA}\n"
    folder = case(desk, "nordbau/orders", input_csv=ROWS, expected_yaml=expected)

    assert tried(desk, "nordbau/orders", folder).is_ok
    (folder / "expected.yaml").write_text(expected.replace("'2'", "'3'"))
    assert tried(desk, "nordbau/orders", folder).differences == ("lines[2].quantity: expected 3, got 2",)


def test_a_missing_document_is_a_difference(desk: Desk) -> None:
    one = "po_number: N-1\nlines: [{quantity: '1.50', uom: EA}, {quantity: '2', uom: EA}]\n"
    folder = case(desk, "nordbau/orders", input_csv=ROWS, expected_yaml=f"{one}---\npo_number: N-2\nlines: []\n")

    assert tried(desk, "nordbau/orders", folder).differences == ("expected 2 documents, got 1",)


def test_problems_must_come_as_expected_and_no_others(desk: Desk) -> None:
    rows = ROWS.replace("2;Stk", "2;Krt")
    folder = case(desk, "nordbau/orders", input_csv=rows)
    outcome = tried(desk, "nordbau/orders", folder)
    assert outcome.differences == ("unexpected problem C-MAPPING lines.uom",)

    written = cases.update(desk.prepared("nordbau/orders"), outcome)

    assert [path.name for path in written] == ["expected.yaml", "problems.yaml"]
    assert tried(desk, "nordbau/orders", folder).is_ok
    (folder / "input.csv").write_text(ROWS)
    assert "expected the problem C-MAPPING lines.uom, got none" in tried(desk, "nordbau/orders", folder).differences


def test_what_is_written_is_compared_by_segment_and_element(desk: Desk) -> None:
    (desk.folder() / "nordbau" / "810.yaml").write_text(
        "gateway: 1\nmapping: nordbau/810\nextends: x12/810\nfields: {}\n"
    )
    folder = case(desk, "nordbau/810", input_yaml=INVOICE)
    outcome = tried(desk, "nordbau/810", folder)
    assert outcome.missing
    cases.update(desk.prepared("nordbau/810"), outcome)
    assert tried(desk, "nordbau/810", folder).is_ok
    sent = (folder / "expected.edi").read_text()
    assert sent.startswith("ST*810*0001~\n")

    (folder / "expected.edi").write_text(sent.replace("TDS*2000", "TDS*2001").replace("\n", ""))

    (told,) = tried(desk, "nordbau/810", folder).differences
    number = sent.splitlines().index("TDS*2000~") + 1
    assert told == f"segment {number} TDS01: expected 2001, got 2000"


def test_parameters_and_the_day_come_from_the_options(desk: Desk) -> None:
    own = "gateway: 1\nmapping: nordbau/day\nextends: nordbau/orders\nparams: [vendor]\nfields:\n  po_date: =$today\n  vendor_number: =$partner.vendor\n"
    (desk.folder() / "nordbau" / "day.yaml").write_text(own)
    options = "params: {vendor: 0815}\ntoday: 2026-12-24\n"
    folder = case(desk, "nordbau/day", input_csv=ROWS, options_yaml=options)

    said = tried(desk, "nordbau/day", folder).actual.decode()

    assert "po_date: '2026-12-24'\n" in said
    assert "vendor_number: 0815\n" in said
