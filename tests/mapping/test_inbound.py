"""Records to canonical documents: what the rules say, and every problem located."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gateway.canonical.house import ShipConfirmation, Stock
from gateway.canonical.order import Order
from gateway.formats import delimited
from gateway.formats.record import Record
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from gateway.kernel.problem import has_errors
from gateway.mapping import inbound
from gateway.mapping.environment import Environment
from gateway.mapping.inbound import Mapped
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.preparing import prepared_once

ENV = Environment(params={"dock": "12"}, today=date(2026, 11, 20), envelope={"usage": "P"}, file_name="po.edi")
ISA = "ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*000000007*0*P*>~"
HEAD = "gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n"


def record(*segments: str, version: str = "004010") -> Record:
    body = "".join(f"{each}~" for each in segments)
    text = f"{ISA}GS*PO*A*B*20261120*0815*1*X*{version}~ST*850*0001~{body}SE*{len(segments) + 2}*0001~GE*1*1~IEA*1*000000007~"
    (found,) = [part.record for part in read(text.encode()) if isinstance(part, SetRead)]
    return found


def prepared(folder: Path, text: str) -> PreparedMapping:
    path = folder / "mappings" / "acme" / "850.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + text)
    found, problems = prepare("acme/850", site_mappings=folder / "mappings")
    assert not has_errors(problems), problems
    assert found is not None
    return found


def standard(name: str = "x12/850") -> PreparedMapping:
    found, _ = prepared_once(name)
    assert found is not None
    return found


def order_of(mapped: Mapped) -> Order:
    assert mapped.problems == ()
    assert isinstance(mapped.document, Order)
    return mapped.document


BEG, PO1 = "BEG*00*SA*PO1**20261101", "PO1*1*12*EA*19.99**UP*012345678905*VN*SKU-1"


def test_the_standard_purchase_order_is_read_whole() -> None:
    order = order_of(
        inbound.run(
            standard(),
            record(
                "BEG*00*SA*PO-4471*7*20261101", "CUR*BY*USD", "REF*DP*042", "REF*IA*77812", "FOB*CC", "CSH*SC",
                "DTM*010*20261110", "DTM*001*20261130", "TD5*O*2*UPSN*M*UPS GROUND", "N9*L1*SPECIAL",
                "MSG*DELIVER BEFORE NOON", "N1*BT*ACME CORP*92*0001", "N1*ST*ACME DC 12*92*0012",
                "N3*100 MAIN ST*DOCK 4", "N4*DALLAS*TX*75201*US", PO1, "PID*F****BLUE WIDGET",
                "PO1*2*6*CA*101.5*PE*VN*SKU-2*IN*99887", "PID*F****RED WIDGET, CASE", "CTT*2",
            ),
            ENV,
        )
    )  # fmt: skip
    assert (order.po_number, order.release_number, order.po_date) == ("PO-4471", "7", date(2026, 11, 1))
    assert (order.currency, order.department, order.vendor_number, order.fob) == ("USD", "042", "77812", "CC")
    assert order.instructions.backorder == "ship_complete"
    assert (order.dates.ship_requested, order.dates.cancel_after) == (date(2026, 11, 10), date(2026, 11, 30))
    assert (order.routing.carrier_scac, order.routing.carrier_name) == ("UPSN", "UPS GROUND")
    assert order.notes[0].text == "DELIVER BEFORE NOON"
    assert order.ship_to is not None
    assert (order.ship_to.id, order.ship_to.address2, order.ship_to.city) == ("0012", "DOCK 4", "DALLAS")
    assert [line.ids.model_dump(exclude_none=True) for line in order.lines] == [
        {"vendor_sku": "SKU-1", "upc": "012345678905"}, {"vendor_sku": "SKU-2", "buyer_sku": "99887"}
    ]  # fmt: skip
    assert [(line.quantity, line.uom, line.unit_price, line.price_basis) for line in order.lines] == [
        (Decimal(12), "EA", Decimal("19.99"), None), (Decimal(6), "CA", Decimal("101.5"), "PE")
    ]  # fmt: skip
    assert order.lines[1].description == "RED WIDGET, CASE"


def test_what_may_have_to_be_held_is_read_and_not_lost() -> None:
    order = order_of(
        inbound.run(
            standard(),
            record(
                BEG, "CSH*P4", "SAC*A*C310***1000", PO1, "SDQ*EA*92*0001*4*0002*8", "SCH*12*EA***010*20261201", "N1*ST*STORE 7*92*0007",
                "SLN*1**I*2*EA****VN*PART-1",
            ),
            ENV,
        )
    )  # fmt: skip
    line = order.lines[0]
    assert order.instructions.other == "P4"
    assert (order.allowances[0].kind, order.allowances[0].amount) == ("allowance", Decimal("10.00"))
    assert [(each.location, each.quantity) for each in line.allocations] == [("0001", 4), ("0002", 8)]
    assert (line.schedule[0].quantity, line.schedule[0].due) == (12, date(2026, 12, 1))
    assert line.components[0].ids.vendor_sku == "PART-1"
    assert line.ship_to is not None
    assert line.ship_to.id == "0007"


def test_a_value_that_cannot_be_read_is_named_with_field_path_value_segment_and_rule() -> None:
    mapped = inbound.run(standard(), record(BEG, "PO1*1*twelve*EA*19.99**VN*SKU-1", "PO1*2**EA**VN*X"), ENV)
    assert mapped.document is None
    first, second = mapped.problems
    assert (first.field, first.source, first.value) == ("quantity", "PO102", "twelve")
    assert first.message == "line 1, quantity: 'twelve' is not a number (PO102 = twelve, segment 3)"
    assert first.rule.startswith("built-in x12/850.yaml:")
    assert second.message == "line 2, quantity: there must be a value here and there is none (PO102, segment 4)"


def test_a_failed_check_says_its_sentence() -> None:
    mapped = inbound.run(standard(), record(BEG, PO1, "CTT*5"), ENV)
    assert [problem.code for problem in mapped.problems] == ["C-CHECK"]
    assert "CTT01" in mapped.problems[0].message


def test_a_child_replaces_adds_and_removes_rules_and_keeps_the_rest(tmp_path: Path) -> None:
    text = "  department: REF(19)02\n  fob: ~\n  lines: {fields: {uom: ='EA'}}\n"
    order = order_of(
        inbound.run(
            prepared(tmp_path, text), record(BEG, "REF*19*777", "REF*DP*042", "FOB*CC", PO1.replace("EA", "CA")), ENV
        )
    )
    assert (order.department, order.fob, order.lines[0].uom, order.lines[0].quantity) == ("777", None, "EA", 12)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{from: [REF(PD)02, REF(CO)02]}", "C77"),
        ("{from: REF(CO)02, slice: 2-3}", "77"),
        ("{from: REF(CO)02, map: {C77: seven}}", "seven"),
        ("{from: REF(CO)02, map: {X: y, '*': other}}", "other"),
        ("{from: REF(CO)02, map: {X: y, '*': '='}}", "C77"),
        ("{from: REF(ZZ)02, default: none}", "none"),
        ("{const: fixed, when: department is empty}", "fixed"),
        ("{const: fixed, when: po_number is empty}", None),
        ("=po_number & '/' & $envelope.usage", "PO1/P"),
        ("=$file.name", "po.edi"),
        ("=text(count(lines))", "1"),
        ("=text(sum(lines.quantity) * 2)", "24"),
        ("{from: 'N9/MSG(#*)01', join: ' '}", "ONE TWO"),
        ("N9/MSG(#2)01", "TWO"),
    ],
)  # fmt: skip
def test_each_step_of_a_rule(tmp_path: Path, rule: str, expected: str | None) -> None:
    mapping = prepared(tmp_path, f"  fob: {rule}\n")
    mapped = inbound.run(mapping, record(BEG, "REF*CO*C77", "N9*L1*X", "MSG*ONE", "MSG*TWO", PO1), ENV)
    assert order_of(mapped).fob == expected


def test_a_code_that_is_not_listed_is_a_problem_unless_its_errors_are_passed_over(tmp_path: Path) -> None:
    mapping = prepared(tmp_path, "  fob: {from: FOB01, map: {PP: prepaid}}\n")
    mapped = inbound.run(mapping, record(BEG, "FOB*CC", PO1), ENV)
    assert "code 'CC' is not in the list (PP)" in mapped.problems[0].message
    warned = prepared(tmp_path / "b", "  fob: {from: FOB01, map: {PP: prepaid}, on_error: warn}\n")
    assert [problem.level for problem in inbound.run(warned, record(BEG, "FOB*CC", PO1), ENV).problems] == ["warn"]


def confirmation(*rows: str) -> Mapped:
    mapping = standard("csv/ship-confirmations")
    text = "shipment_number,order_number,line,quantity,uom,ship_date,bol\n" + "\n".join(rows) + "\n"
    (document,) = delimited.documents(delimited.read(text.encode(), mapping.delimited), mapping.delimited)
    return inbound.run(mapping, document, ENV)


def test_rows_of_one_shipment_are_one_document() -> None:
    mapped = confirmation("S1,SO-1,1,5,EA,2026-11-23,B1", "S1,SO-1,2,6,EA,2026-11-23,")
    assert isinstance(mapped.document, ShipConfirmation)
    assert (mapped.document.bol, mapped.document.ship_date) == ("B1", date(2026, 11, 23))
    assert [(row.row, row.line, row.quantity) for row in mapped.document.rows] == [(2, "1", 5), (3, "2", 6)]


def test_rows_that_contradict_each_other_are_a_problem_that_names_both() -> None:
    mapped = confirmation("S1,SO-1,1,5,EA,2026-11-23,B1", "S1,SO-1,2,6,EA,2026-11-23,B2")
    assert [problem.code for problem in mapped.problems] == ["C-GROUP-CONFLICT"]
    assert "'B1' in row 2, 'B2' in row 3" in mapped.problems[0].message


@pytest.mark.parametrize(
    "quantity", ["1e5", "five", "1,5", "0x10", "٣", "--1", "1.2.3", "NaN", "Infinity", "1_000"]
)  # fmt: skip
def test_a_number_is_written_in_one_way_only(quantity: str) -> None:
    mapped = confirmation(f'S1,SO-1,1,"{quantity}",EA,2026-11-23,')
    assert mapped.document is None
    assert "is not a number" in mapped.problems[0].message


@pytest.mark.parametrize("day", ["20261123", "23.11.2026", "2026-13-01", "yesterday"])
def test_a_date_is_written_in_one_way_only(day: str) -> None:
    assert "is not a date" in confirmation(f"S1,SO-1,1,5,EA,{day},").problems[0].message


def test_a_moment_without_a_zone_is_one_of_the_partners_zone() -> None:
    mapping = standard("csv/stock")
    text = "warehouse,sku,on_hand,counted_at\nW,S,1,2026-11-20T18:00:00\n"
    (document,) = delimited.documents(delimited.read(text.encode(), mapping.delimited), mapping.delimited)
    berlin = ZoneInfo("Europe/Berlin")
    stock = inbound.run(mapping, document, replace(ENV, zone=berlin)).document
    assert isinstance(stock, Stock)
    assert stock.counted_at == datetime(2026, 11, 20, 18, tzinfo=berlin)
    (problem,) = inbound.run(mapping, document, ENV).problems
    assert "has no time zone" in problem.sentence
