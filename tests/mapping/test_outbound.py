"""Canonical documents to segments and rows: what the rules say, nothing empty, nothing cut in silence."""

from datetime import date
from pathlib import Path

import pytest

from gateway.canonical.acknowledgment import AcknowledgedLine, Acknowledgment, LineStatus
from gateway.canonical.invoice import Customer, Invoice, InvoiceLine, InvoiceRow, InvoiceTotals
from gateway.canonical.parts import ItemIds, Party
from gateway.kernel.problem import has_errors
from gateway.mapping import outbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.preparing import prepared_once

ENV = Environment(params={}, today=date(2026, 11, 20))


def acknowledgment(**more: object) -> Acknowledgment:
    line = AcknowledgedLine(
        number="1", quantity="12", uom="EA", unit_price="19.990", description="BLUE", ids=ItemIds(upc="012345678905"),
        statuses=(LineStatus(code="accepted", quantity="10", uom="EA", ship_date=date(2026, 11, 23)), LineStatus(code="backordered", quantity="2", uom="EA")),
    )  # fmt: skip
    fields = {
        "po_number": "PO1", "order_number": "SO-1", "po_date": date(2026, 11, 1), "ack_date": date(2026, 11, 2),
        "status": "changed", "department": "042", "ship_to": Party(id="0012", name="ACME DC"), "lines": (line,), **more,
    }  # fmt: skip
    return Acknowledgment(**fields)


def written(document: Acknowledgment, mapping: PreparedMapping | None = None) -> list[str]:
    prepared = mapping or prepared_once("x12/855")[0]
    assert prepared is not None
    result = outbound.run(prepared, [document], ENV)
    assert result.problems == ()
    return ["*".join(segment).rstrip("*") for segment in result.segments]


def child(folder: Path, rules: str) -> PreparedMapping:
    path = folder / "mappings" / "acme" / "855.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(f"gateway: 1\nmapping: acme/855\nextends: x12/855\nfields:\n{rules}")
    prepared, problems = prepare("acme/855", site_mappings=folder / "mappings")
    assert not has_errors(problems)
    assert prepared is not None
    return prepared


def test_the_standard_855_is_written_in_the_order_of_the_guide() -> None:
    assert written(acknowledgment()) == [
        "BAK*00*AC*PO1*20261101****SO-1*20261102",
        "REF*DP*042",
        "N1*ST*ACME DC*92*0012",
        "PO1*1*12*EA*19.99**UP*012345678905",
        "PID*F****BLUE",
        "ACK*IA*10*EA*068*20261123",
        "ACK*IB*2*EA",
        "CTT*1",
    ]


def test_a_segment_of_constants_and_conditions_alone_is_not_written_for_nothing() -> None:
    assert not [
        line for line in written(acknowledgment(department=None, ship_to=None)) if line.startswith(("REF", "N1"))
    ]


def test_a_rule_of_the_child_goes_to_its_place_in_the_guide(tmp_path: Path) -> None:
    lines = written(
        acknowledgment(),
        child(tmp_path, "  REF(ZZ)02: ='77'\n  N1(ST)/N301: ship_to.address1\n  PO1: {fields: {PO105: ='PE'}}\n"),
    )
    assert lines.index("REF*ZZ*77") < lines.index("N1*ST*ACME DC*92*0012")
    assert "PO1*1*12*EA*19.99*PE*UP*012345678905" in lines


def test_text_that_does_not_fit_is_a_problem_and_not_cut_unless_it_says_so(tmp_path: Path) -> None:
    prepared, _ = prepared_once("x12/855")
    assert prepared is not None
    result = outbound.run(prepared, [acknowledgment(department="D" * 40)], ENV)
    assert [problem.code for problem in result.problems] == ["M081"]
    assert "at most 30 characters fit here" in result.problems[0].message
    cut = child(tmp_path, "  REF(DP)02: {from: department, max_length: 5}\n")
    assert "REF*DP*DDDDD" in written(acknowledgment(department="D" * 40), cut)


def test_a_required_value_that_is_missing_is_a_problem(tmp_path: Path) -> None:
    mapping = child(tmp_path, "  REF(IA)02: {from: vendor_number, required: true}\n")
    result = outbound.run(mapping, [acknowledgment()], ENV)
    assert [problem.field for problem in result.problems] == ["REF(IA)02"]


def invoice(kind: str = "invoice", description: str = "TENT") -> Invoice:
    line = InvoiceLine(number="1", sku="TENT", quantity="2", invoiced="2", uom="EA", unit_price="5.50", amount="11.00")
    row = InvoiceRow(
        row_type="item",
        line="1",
        sku="TENT",
        description=description,
        quantity="2",
        uom="EA",
        unit_price="5.50",
        amount="11.00",
    )
    totals = InvoiceTotals(goods="11.00", allowances="0", charges="0", tax="0", amount="11.00")
    return Invoice(
        invoice_number="INV1", invoice_date=date(2026, 11, 23), po_number="PO1", order_number="SO-1", currency="USD",
        kind=kind, customer=Customer(partner="acme", account="10234"), lines=(line,), rows=(row,), totals=totals,
    )  # fmt: skip


def rows(document: Invoice) -> list[str]:
    prepared, _ = prepared_once("csv/invoices")
    assert prepared is not None
    return outbound.run(prepared, [document], ENV).content.decode().splitlines()


def test_the_accounting_file_has_one_row_per_line_and_keeps_the_cents() -> None:
    assert rows(invoice())[1] == "invoice,INV1,2026-11-23,,10234,PO1,USD,item,1,TENT,TENT,2,EA,5.50,11.00,,,11.00"


def test_a_credit_is_negative() -> None:
    assert rows(invoice("credit"))[1].endswith("-11.00,,,-11.00")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_guarded(text: str) -> None:
    assert f",'{text}," in rows(invoice(description=text))[1]


def test_the_trailer_of_a_ship_notice_counts_its_levels() -> None:
    prepared, problems = prepared_once("x12/856")
    assert not has_errors(problems)
    assert prepared is not None
    assert prepared.set_id == "856"
