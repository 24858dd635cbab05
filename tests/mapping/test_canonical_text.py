"""Canonical documents from YAML and JSON: typed strictly, every problem at its line and column."""

from datetime import date
from decimal import Decimal

from gateway.canonical.order import Order
from gateway.mapping import canonical_text
from gateway.mapping.canonical_text import Documents


def read(text: str) -> Documents:
    return canonical_text.read(text, Order, "order.yaml")


def told(text: str) -> list[str]:
    return [f"{each.line}:{each.column} {each.code} {each.sentence}" for each in read(text).problems]


def test_values_get_the_types_of_the_catalogue() -> None:
    (found,) = read("po_number: 007\npo_date: 2026-11-01\nlines:\n- {quantity: 1.50, uom: NO, pack: 12}\n").documents
    assert isinstance(found, Order)
    assert (found.po_number, found.po_date) == ("007", date(2026, 11, 1))
    assert (found.lines[0].quantity, found.lines[0].uom, found.lines[0].pack) == (Decimal("1.50"), "NO", 12)
    assert str(found.lines[0].quantity) == "1.50"


def test_several_documents_stand_between_dashes_and_keep_their_lines() -> None:
    found = read("po_number: A\n---\npo_number: B\n---\n")
    assert [each.po_number for each in found.documents if isinstance(each, Order)] == ["A", "B"]
    assert told("po_number: A\n---\n\npo_nubmer: B\n") == ["4:1 M060 'po_nubmer' is not a field here"]


def test_json_is_read_with_null_for_nothing_and_lists_for_several() -> None:
    found = read(
        '[{"po_number": "A", "currency": null, "notes": [{"text": "\\u00e9\\/x"}]}, {"po_number": "B", "totals": {"lines": 3}}]'
    )
    assert found.problems == ()
    first, second = found.documents
    assert isinstance(first, Order)
    assert isinstance(second, Order)
    assert (first.currency, first.notes[0].text, second.totals.lines) == (None, "é/x", 3)


def test_everything_wrong_is_told_at_once_where_it_stands() -> None:
    text = """\
po_number: A
po_date: 2026-13-01
purpose: orignal
ship_to: DC
lines:
- {quantity: 1e3, uom: EA}
- quantity: 2
  colour: red
notes: none
"""
    assert told(text) == [
        "2:10 C-DATA po_date: '2026-13-01' is not a date of the calendar",
        "3:10 C-DATA purpose: 'orignal' is not one of original, cancel, replace, change, confirmation",
        "4:10 C-DATA ship_to holds fields of its own",
        "6:14 C-DATA lines[1].quantity: '1e3' is not a number",
        "8:3 M060 'colour' is not a field of lines[2]",
        "9:8 C-DATA notes is a list; each item begins with '- '",
    ]


def test_a_missing_field_is_told_at_the_object_that_lacks_it() -> None:
    assert told("po_number: A\nlines:\n- {quantity: 1, uom: EA}\n- {quantity: 2}\n") == [
        "4:3 C-DATA lines[2].uom: is missing"
    ]
    assert told("currency: EUR\n") == ["1:1 C-DATA po_number: is missing"]


def test_what_is_no_document_is_told() -> None:
    assert told("just text\n") == ["1:1 C-DATA a document is made of 'field: value' lines"]
    assert told("a: [1\n")[0].startswith("2:1 M001") or told("a: [1\n")[0].split()[1] == "M001"
    assert read("").documents == ()
