"""Writing X12: rules to elements, segments in their places, what cannot be written told when the mapping is checked."""

from datetime import date, time
from pathlib import Path

import pytest

from gateway.canonical.acknowledgment import AcknowledgedLine, Acknowledgment, LineStatus
from gateway.canonical.base import Canonical
from gateway.canonical.change import ChangedLine, OrderChange
from gateway.canonical.order import Order, OrderLine
from gateway.canonical.parts import Allocation, ItemIds, Note, Party
from gateway.canonical.shipment import Pack, PackedItem, Shipment, ShippedOrder
from gateway.formats.x12 import levels
from gateway.mapping import outbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import prepare
from tests.mapping.writing import ENV, lines, mapping, problems, run, said

X12 = "x12: {set: 855, version: 004010}\nfields:\n"
BASE = "  BAK01: ='00'\n  BAK02: ='AC'\n  BAK03: po_number\n  BAK04: po_date\n"


def answer(**more: object) -> Acknowledgment:
    fields = {"po_number": "PO1", "po_date": date(2026, 11, 1), **more}
    return Acknowledgment(**fields)


def wrote(
    folder: Path, rules: str, document: Canonical, set_id: str = "855", kind: str = "acknowledgment"
) -> list[str]:
    text = f"x12: {{set: {set_id}, version: 004010}}\nfields:\n{rules}"
    return lines(run(mapping(folder, kind, "x12", text), document))


def test_rules_in_any_order_write_segments_in_the_order_of_the_guide(tmp_path: Path) -> None:
    rules = (
        "  CTT01: =count(lines)\n  N1(BT)02: seller.name\n  N1(ST)02: ship_to.name\n  REF(DP)02: department\n" + BASE
    )
    document = answer(department="4", ship_to=Party(name="DC"), seller=Party(name="US"))
    assert wrote(tmp_path, rules, document) == [
        "BAK*00*AC*PO1*20261101", "REF*DP*4", "N1*BT*US", "N1*ST*DC", "CTT*0",
    ]  # fmt: skip


def test_a_group_without_a_list_writes_into_the_same_loop_as_rules_of_its_own(tmp_path: Path) -> None:
    rules = BASE + "  N1(ST)02: ship_to.name\n  N1(ST): {fields: {N103: ='92', N104: ship_to.id}}\n"
    assert wrote(tmp_path, rules, answer(ship_to=Party(id="77", name="DC")))[1:] == ["N1*ST*DC*92*77"]


def test_a_group_with_a_condition_is_written_when_it_holds(tmp_path: Path) -> None:
    rules = (
        BASE
        + "  N1(ST): {when: ship_to.id is not empty, fields: {N102: ship_to.name, N103: ='92', N104: ship_to.id, N401: ship_to.city}}\n"
    )
    assert wrote(tmp_path, rules, answer(ship_to=Party(id="77", name="DC", city="XX")))[1:] == [
        "N1*ST*DC*92*77",
        "N4*XX",
    ]
    assert wrote(tmp_path, rules, answer(ship_to=Party(name="DC", city="XX")))[1:] == []


def test_a_loop_is_opened_by_its_first_segment_when_only_a_later_one_has_a_value(tmp_path: Path) -> None:
    rules = BASE + "  N1(ST)02: ship_to.name\n  N1(ST)/N401: ship_to.city\n"
    assert wrote(tmp_path, rules, answer(ship_to=Party(city="XX")))[1:] == ["N1*ST", "N4*XX"]


def test_a_segment_of_constants_alone_is_written_and_one_with_an_empty_value_is_not(tmp_path: Path) -> None:
    rules = BASE + "  REF(ZZ)02: ='7'\n  REF(DP)02: department\n  REF(DP)03: ='text'\n"
    assert wrote(tmp_path, rules, answer())[1:] == ["REF*ZZ*7"]


def test_a_group_on_a_segment_writes_it_once_per_item(tmp_path: Path) -> None:
    rules = BASE + "  N9(ZZ):\n    fields:\n      N902: department\n      MSG: {each: notes, fields: {MSG01: text}}\n"
    document = answer(department="4", notes=(Note(text="a"), Note(text="b")))
    assert wrote(tmp_path, rules, document)[1:] == ["N9*ZZ*4", "MSG*a", "MSG*b"]


def test_pairs_take_the_next_free_place_and_elements_written_directly_are_left_alone(tmp_path: Path) -> None:
    rules = (
        BASE
        + "  PO1:\n    each: lines\n    fields:\n      PO102: quantity\n      PO103: uom\n      PO1.UP: ids.upc\n      PO1.VN: ids.vendor_sku\n      PO106: ='IN'\n      PO107: ids.buyer_sku\n"
    )
    line = AcknowledgedLine(quantity="1", uom="EA", ids=ItemIds(vendor_sku="V", buyer_sku="B"))
    assert wrote(tmp_path, rules, answer(lines=(line,)))[1:] == ["PO1**1*EA***IN*B*VN*V"]


def test_all_pairs_of_a_list_fill_as_many_segments_as_they_need(tmp_path: Path) -> None:
    rules = """\
  BEG01: ='00'
  BEG02: ='SA'
  BEG03: po_number
  BEG05: po_date
  PO1:
    each: lines
    fields:
      PO102: quantity
      PO103: uom
      SDQ01: uom
      SDQ02: ='92'
      SDQ.*: {each: allocations, sort: location, fields: {$key: location, $value: quantity}}
"""
    stores = tuple(Allocation(location=f"{at:04d}", quantity=str(at)) for at in range(12, 0, -1))
    document = Order(
        po_number="1", po_date=date(2026, 11, 1), lines=(OrderLine(quantity="78", uom="EA", allocations=stores),)
    )
    document = document.model_copy(update={"order_number": "1"})
    found = wrote(tmp_path, rules, document, "850", "order")
    assert [each for each in found if each.startswith("SDQ")] == [
        "SDQ*EA*92*0001*1*0002*2*0003*3*0004*4*0005*5*0006*6*0007*7*0008*8*0009*9*0010*10", "SDQ*EA*92*0011*11*0012*12",
    ]  # fmt: skip


def test_items_are_sorted_filtered_and_then_counted(tmp_path: Path) -> None:
    rules = (
        BASE
        + "  PO1:\n    each: lines\n    sort: number\n    when: quantity > 1\n    fields: {PO101: =$index, PO102: quantity, PO103: uom, PO1.VN: ids.vendor_sku}\n"
    )
    made = [("3", "5"), ("1", "1"), ("2", "4"), (None, "9")]
    found = tuple(AcknowledgedLine(number=number, quantity=quantity, uom="EA") for number, quantity in made)
    assert wrote(tmp_path, rules, answer(lines=found))[1:] == ["PO1*1*4*EA", "PO1*2*5*EA", "PO1*3*9*EA"]


def test_more_items_than_allowed_are_a_problem(tmp_path: Path) -> None:
    rules = X12 + BASE + "  PO1: {each: lines, limit: 1, fields: {PO102: quantity, PO103: uom}}\n"
    line = AcknowledgedLine(quantity="1", uom="EA")
    written = run(mapping(tmp_path, "acknowledgment", "x12", rules), answer(lines=(line, line)))
    assert [each.message for each in written.problems] == [
        "PO1: there are 2 items; at most 1 are allowed (mappings/acme/out.yaml:12)"
    ]


def test_helper_values_are_computed_in_the_order_in_which_they_need_each_other(tmp_path: Path) -> None:
    rules = X12 + BASE + "  REF(ZZ)02: =twice & outer_text\n"
    rules += "vars: {twice: once & once, outer_text: \"='-' & once\", once: department}\n".replace(
        "twice: once & once", "twice: =once & once"
    )
    assert lines(run(mapping(tmp_path, "acknowledgment", "x12", rules), answer(department="4")))[1:] == ["REF*ZZ*44-4"]


def test_helper_values_in_a_circle_are_told(tmp_path: Path) -> None:
    rules = X12 + BASE + "vars: {a: =b, b: =a}\n"
    assert "M064" in [each.code for each in problems(tmp_path, "acknowledgment", "x12", rules)]


SHIPMENT = """\
x12: {set: 856, version: 004010}
fields:
  BSN01: ='00'
  BSN02: shipment_number
  BSN03: ship_date
  BSN04: {from: ship_time, default: "0000"}
  HL(S):
    fields:
      TD503: carrier_scac
      HL(O):
        each: orders
        fields:
          PRF01: po_number
          HL(P):
            each: packs
            fields:
              MAN(GM)02: sscc
              HL(I):
                each: items
                fields: {LIN.VN: ids.vendor_sku, SN102: quantity, SN103: uom}
  CTT01: =$hl_count
"""


def shipment(**more: object) -> Shipment:
    item = PackedItem(line_number="1", quantity="1", uom="EA", ids=ItemIds(vendor_sku="A"))
    orders = (ShippedOrder(po_number="P1", packs=(Pack(sscc="1", items=(item,)),)), ShippedOrder(po_number="P2"))
    fields = {
        "shipment_number": "S1",
        "ship_date": date(2026, 11, 10),
        "carrier_scac": "UPSN",
        "orders": orders,
        **more,
    }
    return Shipment(**fields)


def test_levels_are_numbered_depth_first_and_those_without_anything_are_not_there(tmp_path: Path) -> None:
    written = run(mapping(tmp_path, "shipment", "x12", SHIPMENT), shipment(orders=(*shipment().orders, ShippedOrder())))
    found = [list(each) for each in levels.numbered(written.segments)]
    assert [each[1:] for each in found if each[0] == "HL"] == [
        ["1", "", "S", "1"], ["2", "1", "O", "1"], ["3", "2", "P", "1"], ["4", "3", "I", "0"], ["5", "1", "O", "0"],
    ]  # fmt: skip
    assert found[-1] == ["CTT", "5"]


def test_a_level_can_be_nested_anew_by_a_child(tmp_path: Path) -> None:
    mapping(tmp_path, "shipment", "x12", SHIPMENT, "acme/base")
    child = "extends: acme/base\nfields:\n  HL(S):\n    fields:\n      HL(O):\n        fields:\n          HL(P): ~\n          HL(I): {each: packs.items, fields: {SN102: quantity, SN103: uom, MAN(GM)02: outer.sscc}}\n"
    path = tmp_path / "mappings" / "acme" / "child.yaml"
    path.write_text(f"gateway: 1\nmapping: acme/child\n{child}")
    from gateway.mapping.prepare import prepare  # noqa: PLC0415 - only here

    prepared, found = prepare("acme/child", site_mappings=tmp_path / "mappings")
    assert prepared is not None, found
    written = run(prepared, shipment())
    assert [each[3] for each in levels.numbered(written.segments) if each[0] == "HL"] == ["S", "O", "I", "O"]


@pytest.mark.parametrize(
    ("moment", "text"),
    [(time(16, 30), "1630"), (time(16, 30, 5), "163005"), (None, "0000")],
)
def test_a_time_is_as_long_as_it_needs_to_be(tmp_path: Path, moment: time | None, text: str) -> None:
    found = wrote(tmp_path, SHIPMENT.partition("fields:\n")[2], shipment(ship_time=moment), "856", "shipment")
    assert found[0] == f"BSN*00*S1*20261110*{text}"


@pytest.mark.parametrize(
    ("rule", "quantity", "text"),
    [("quantity", "12.500", "12.5"), ("{from: quantity, implied_decimals: 2}", "12.5", "1250"),
     ("{from: quantity, round: 1}", "12.25", "12.3"), ("{from: quantity, round: {to: 1, mode: even}}", "12.25", "12.2"),
     ("quantity", "-0.00", "0"), ("quantity", "1E+3", "1000")],
)  # fmt: skip
def test_a_number_is_written_as_short_as_it_is(tmp_path: Path, rule: str, quantity: str, text: str) -> None:
    rules = BASE + f"  PO1: {{each: lines, fields: {{PO102: {rule}, PO103: uom}}}}\n"
    line = AcknowledgedLine(quantity=quantity, uom="EA")
    assert wrote(tmp_path, rules, answer(lines=(line,)))[1:] == [f"PO1**{text}*EA"]


def test_an_element_with_implied_decimals_gets_them_and_more_decimals_are_a_problem(tmp_path: Path) -> None:
    rules = "x12: {set: 810, version: 004010}\nfields:\n  BIG01: invoice_date\n  BIG02: invoice_number\n  TDS01: totals.amount\n"
    from gateway.canonical.invoice import Invoice, InvoiceTotals  # noqa: PLC0415 - only here

    prepared = mapping(tmp_path, "invoice", "x12", rules)

    def of(amount: str) -> Invoice:
        return Invoice(invoice_number="1", invoice_date=date(2026, 11, 1), totals=InvoiceTotals(amount=amount))

    assert lines(run(prepared, of("251.30")))[1:] == ["TDS*25130"]
    assert [each.code for each in run(prepared, of("251.305")).problems] == ["M081"]


@pytest.mark.parametrize(
    ("rules", "value", "sentence"),
    [
        ("  REF(DP)02: department\n", "D" * 31, "'DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD' is too long; at most 30 characters fit here"),
        ("  N1(ST)02: ='x'\n  N1(ST)03: department\n", "QQQ", "'QQQ' is too long; at most 2 characters fit here"),
        ("  N1(ST)02: ='x'\n  N1(ST)03: department\n", "Q?", "'Q?' is not in the code list of this element"),
        ("  DTM(002)02: department\n", "20261399", "'20261399' is not a date"),
        ("  DTM(002)02: ='20261101'\n  DTM(002)03: department\n", "99", "'99' is too short; at least 4 characters must stand here"),
        ("  CTT01: department\n", "1.5", "'1.5' is not a whole number, and only one is written here"),
        ("  CTT01: ='1'\n  CTT02: department\n", "1,5", "'1,5' is not a number"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_its_element_is_told_with_its_rule(
    tmp_path: Path, rules: str, value: str, sentence: str
) -> None:
    written = run(mapping(tmp_path, "acknowledgment", "x12", X12 + BASE + rules), answer(department=value))
    (found,) = written.problems
    assert sentence in found.message
    assert (found.code, found.source, found.value[:5], found.level) == ("M081", "department", value[:5], "hold")
    assert found.rule.startswith("mappings/acme/out.yaml:")


@pytest.mark.parametrize(("level", "kept"), [("hold", 1), ("reject", 1), ("warn", 1), ("empty", 0)])
def test_a_rule_says_what_a_failing_step_does(tmp_path: Path, level: str, kept: int) -> None:
    rules = X12 + BASE + f"  REF(DP)02: {{from: department, match: '^\\d+$', on_error: {level}}}\n"
    written = run(mapping(tmp_path, "acknowledgment", "x12", rules), answer(department="x"))
    assert [each.level for each in written.problems] == [level] * kept
    assert written.is_fit == (level in ("warn", "empty"))
    assert written.segments[1:] == ()


def test_steps_run_in_their_order_on_the_way_out(tmp_path: Path) -> None:
    rules = (
        BASE
        + "  REF(DP)02: {from: department, split: {by: '-', part: 2}, map: {'7': seven, '*': '='}, max_length: 4, pad: {width: 6, with: '.', side: right}}\n"
    )
    assert wrote(tmp_path, rules, answer(department="a-7"))[1:] == ["REF*DP*seve.."]


def test_checks_of_the_site_and_of_its_groups_are_told_with_their_item(tmp_path: Path) -> None:
    rules = (
        X12
        + BASE
        + "  PO1: {each: lines, fields: {PO102: quantity, PO103: uom}, checks: [{that: quantity > 0, say: Nothing ordered., level: warn}]}\n"
    )
    rules += "checks: [{that: count(lines) > 2, say: Too few lines., code: C-LINES}]\n"
    line = AcknowledgedLine(quantity="0", uom="EA")
    written = run(mapping(tmp_path, "acknowledgment", "x12", rules), answer(lines=(line,)))
    assert [(each.code, each.level, each.message.partition(" (")[0]) for each in written.problems] == [
        ("C-LINES", "hold", "Too few lines."), ("C-CHECK", "warn", "lines[1]: Nothing ordered."),
    ]  # fmt: skip


def test_ids_that_are_written_have_their_check_digits_looked_at(tmp_path: Path) -> None:
    text = SHIPMENT + "settings: {validate: [sscc]}\n"
    written = run(mapping(tmp_path, "shipment", "x12", text), shipment())
    assert [each.field for each in written.problems] == ["MAN(GM)02"]
    assert written.problems[0].source == "orders[1].packs[1].sscc"


def test_the_numbers_of_the_file_and_the_partner_can_be_written(tmp_path: Path) -> None:
    rules = (
        X12
        + BASE
        + "  REF(ZZ)02: =$control.isa13 & '/' & $control.st02\n  REF(IA)02: =$partner.vendor\n  REF(CO)02: $file.name\nparams: [vendor]\n"
    )
    prepared = mapping(tmp_path, "acknowledgment", "x12", rules)
    assert prepared.asks_control
    env = Environment(ENV.params, ENV.today, file_name="a.edi", control={"isa13": "000000007", "st02": "0001"})
    assert lines(run(prepared, answer(), env=env))[1:] == ["REF*ZZ*000000007/0001", "REF*IA*77812", "REF*CO*a.edi"]


def test_components_are_joined_and_a_value_alone_is_the_first(tmp_path: Path) -> None:
    rules = (
        BASE.replace("BAK01: ='00'", "BAK01: ='00'")
        + "  REF(ZZ)02: ='1'\n  REF(ZZ)04-1: ='DP'\n  REF(ZZ)04-2: department\n"
    )
    from gateway.formats.x12.emit import COMPONENT  # noqa: PLC0415 - only here

    found = wrote(tmp_path, rules, answer(department="4"))
    assert found[1] == f"REF*ZZ*1**DP{COMPONENT}4"


def test_the_version_agreed_with_the_partner_is_written(tmp_path: Path) -> None:
    rules = "x12: {set: 824, versions: [004010, 005010]}\nfields:\n  BGN01: ='00'\n  BGN02: advice_number\n  BGN03: advice_date\n"
    from gateway.canonical.advice import Advice  # noqa: PLC0415 - only here

    prepared = mapping(tmp_path, "advice", "x12", rules)
    assert set(prepared.out_versions) == {"004010", "005010"}
    document = Advice(advice_number="1", advice_date=date(2026, 11, 1))
    assert lines(run(prepared, document, version="005010X186")) == ["BGN*00*1*20261101"]


@pytest.mark.parametrize(
    ("rule", "code", "sentence"),
    [
        ("REF(DP|IA)02: department", "M041", "names several codes"),
        ("PO1: {each: lines, fields: {PO1.UP|EN: ids.upc}}", "M041", "names several codes"),
        ("REF(#2)02: department", "M041", "names an occurrence"),
        ("REF(DP): department", "M041", "is a segment, not one value"),
        ("REF(QQQQ)02: department", "M040", "is not in the standard's code list"),
        ("PO1: {each: lines, fields: {PO1.QQ: ids.upc}}", "M040", "is not in the standard's code list"),
        ("PO1: {each: lines, fields: {PO1.*: ids.upc}}", "M041", "is not one value"),
        ("ST02: department", "M040", "is filled in by the gateway itself"),
        ("N4/N401: ship_to.city", "M040", "does not occur here"),
        ("BAK13: department", "M040", "has only 10 elements"),
        ("REF(DP)02-1: department", "M040", "has no components"),
        ("BAK03: po_nubmer", "M060", "'po_nubmer' is not a field of acknowledgment here"),
        ("BAK03: =po_nubmer", "M031", "unknown name 'po_nubmer'"),
        ("PO1: {each: lnes, fields: {PO102: quantity}}", "M065", "'lnes' is not a list"),
        ("PO1: {each: lines, fields: {PO102: po_number}}", "M060", "is not a field"),
        ("BAK02: {from: status, map: {acepted: AD, '*': AC}}", "M052", "'acepted' is not one of"),
        ("BAK02: ='QQ'", "", ""),
        ("BAK02: {const: QQ}", "M052", "'QQ' is not in the code list"),
        ("BAK02: {from: status, map: {accepted: QQ, '*': AC}}", "M052", "'QQ' is not in the code list"),
        ("REF(DP)01: department", "M041", "has its value from the condition already"),
        ("PO1: {each: lines, sort: nmber, fields: {PO102: quantity}}", "M060", "'nmber' is not a field of the items"),
        ("PO1: {each: lines, limit: many, fields: {PO102: quantity}}", "M021", "'limit' is a whole number"),
        ("BAK03: =count(po_number) + department", "M035", "wants a list"),
        ("BAK03: =po_date + 1", "M035", "wants a number"),
        ("REF(ZZ)02: =$partner.vendr", "M031", "unknown name"),
        ("REF(ZZ)02: =$control.isa31", "M031", "unknown name"),
        ("PO102: {each: lines, fields: {PO102: quantity}}", "M041", "is one value"),
        ("PO1/PO102: {each: lines, fields: {PO102: quantity}}", "M041", "is one value"),
        ("BAK03: {each: lines, fields: {BAK03: number}}", "M041", "is one value; a group is a segment or a loop"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_told_when_the_mapping_is_checked(
    tmp_path: Path, rule: str, code: str, sentence: str
) -> None:
    found = problems(tmp_path, "acknowledgment", "x12", f"{X12}  {rule}\n")
    told = [each for each in found if each.level == "error"]
    if not code:
        assert told == []
        return
    assert code in [each.code for each in told]
    assert any(sentence in each.sentence for each in told if each.code == code), [str(each) for each in told]


def test_a_suggestion_names_the_way_to_a_field_of_the_document(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "acknowledgment",
        "x12",
        X12 + BASE + "  PO1: {each: lines, fields: {PO102: quantity, PO103: department}}\n",
    )
    assert [each.hint for each in found if each.code == "M060"] == ["did you mean 'acknowledgment.department'?"]


def test_what_the_standard_requires_and_no_rule_writes_is_a_warning(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "acknowledgment",
        "x12",
        X12
        + "  REF(DP)03: department\n  PO1: {each: lines, fields: {PO102: quantity, ACK: {each: statuses, fields: {ACK02: quantity}}}}\n",
    )
    assert [each.sentence for each in found] == [
        "segment BAK is required in 855 and no rule writes it",
        "ACK01 (line item status code) is required and no rule writes it",
    ]
    assert {(each.code, each.level) for each in found} == {("M091", "warning")}


def test_a_code_list_that_leaves_codes_out_is_a_warning(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "acknowledgment",
        "x12",
        X12 + BASE.replace("BAK02: ='AC'", "BAK02: {from: status, map: {accepted: AD, changed: AC}}"),
    )
    assert said(found) == ["9 M092"]
    assert "rejected, on_hold, unchanged" in found[0].sentence


def test_every_problem_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    rules = (
        X12
        + "  BAK03: po_nubmer\n  BAK13: department\n  PO1:\n    each: lines\n    fields:\n      PO102: quantty\n      PO1.QQ: ids.upc\n"
    )
    assert said(problems(tmp_path, "acknowledgment", "x12", rules)) == ["8 M060", "9 M040", "13 M060", "14 M040"]


def test_custom_fields_and_other_documents_are_written_the_same_way(tmp_path: Path) -> None:
    rules = "  BCH01: ='04'\n  BCH02: ='SA'\n  BCH03: po_number\n  BCH06: po_date\n  POC: {each: lines, fields: {POC01: number, POC02: {from: action, map: {delete: DI, '*': CA}}, POC03: quantity, POC05: uom}}\n"
    document = OrderChange(
        po_number="1",
        po_date=date(2026, 11, 1),
        lines=(ChangedLine(number="1", action="delete", quantity="3", uom="EA"),),
    )
    assert wrote(tmp_path, rules, document, "860", "order_change")[1:] == ["POC*1*DI*3**EA"]


def test_an_answer_has_one_ack_per_status(tmp_path: Path) -> None:
    rules = (
        BASE
        + "  PO1: {each: lines, fields: {PO102: quantity, PO103: uom, ACK: {each: statuses, fields: {ACK01: ='IA', ACK02: quantity, ACK03: {from: [uom, outer.uom]}, ACK05: =acknowledgment.po_date, ACK04: ='068'}}}}\n"
    )
    line = AcknowledgedLine(
        quantity="3",
        uom="EA",
        statuses=(LineStatus(code="accepted", quantity="1"), LineStatus(code="accepted", quantity="2", uom="CA")),
    )
    assert wrote(tmp_path, rules, answer(lines=(line,)))[1:] == [
        "PO1**3*EA",
        "ACK*IA*1*EA*068*20261101",
        "ACK*IA*2*CA*068*20261101",
    ]


def test_a_name_through_lists_in_lists_is_one_list_of_all_their_values(tmp_path: Path) -> None:
    items = tuple(PackedItem(ids=ItemIds(upc="1"), quantity=each, uom="EA") for each in ("10", "2"))
    orders = (
        ShippedOrder(po_number="A", packs=(Pack(sscc="1", items=items), Pack(sscc="2", items=items[:1]))),
        ShippedOrder(po_number="B", packs=(Pack(sscc="3", items=items[1:]),)),
    )
    rules = (
        "  BSN01: ='00'\n  BSN02: shipment_number\n  BSN03: ship_date\n  BSN04: ='0000'\n"
        "  HL(S): {fields: {HL(O): {each: orders, fields: {PRF01: po_number, TD102: =count(packs.items.quantity)}}}}\n"
        "  CTT01: =count(orders.packs.sscc)\n  CTT02: =sum(orders.packs.items.quantity)\n"
    )
    document = Shipment(shipment_number="S1", ship_date=date(2026, 11, 1), orders=orders)
    found = wrote(tmp_path, rules, document, "856", "shipment")
    assert [each for each in found if each.startswith(("TD1", "CTT"))] == ["TD1**3", "TD1**1", "CTT*3*24"]


@pytest.mark.parametrize(
    ("rules", "party", "segments"),
    [
        # N103 and N104 are both there or neither (P0304)
        ("N1(ST)02: ship_to.name\n  N1(ST)03: ='92'\n  N1(ST)04: ship_to.id", Party(name="DC"), ["N1*ST*DC"]),
        ("N1(ST)02: ship_to.name\n  N1(ST)03: ='92'\n  N1(ST)04: ship_to.id", Party(id="77"), ["N1*ST**92*77"]),
        ("N1(ST)03: ='92'\n  N1(ST)04: ship_to.id\n  N1(ST)/N401: ship_to.city", Party(city="XY"), ["N1*ST", "N4*XY"]),
        # a condition means as little alone: PER03 and PER04 go together
        ("N1(ST)/PER(IC & 03=TE)04: ship_to.phone\n  N1(ST)/PER(IC & 03=TE)02: ship_to.name", Party(name="DC"),
         ["N1*ST", "PER*IC*DC"]),
        # N405 needs N406 (C0605 is: if N406, then N405)
        ("N1(ST)/N401: ship_to.city\n  N1(ST)/N406: ship_to.id\n  N1(ST)/N405: ='CC'", Party(city="XY"),
         ["N1*ST", "N4*XY****CC"]),
        # no rule writes what it is tied to: that is a mistake of the mapping and must be seen
        ("N1(ST)02: ship_to.name\n  N1(ST)03: ='92'", Party(name="DC"), ["N1*ST*DC*92"]),
        # all are constants: the mapping wants it so
        ("N1(ST)02: ship_to.name\n  N1(ST)03: ='92'\n  N1(ST)04: ='77'", Party(name="DC"), ["N1*ST*DC*92*77"]),
    ],
)  # fmt: skip
def test_a_constant_is_left_out_with_the_elements_that_a_syntax_note_ties_it_to(
    tmp_path: Path, rules: str, party: Party, segments: list[str]
) -> None:
    found = wrote(tmp_path, f"{BASE}  {rules}\n", answer(ship_to=party))
    assert found == ["BAK*00*AC*PO1*20261101", *segments]


def test_the_version_that_a_child_names_counts_before_the_versions_it_inherits(tmp_path: Path) -> None:
    path = tmp_path / "mappings" / "acme" / "note.yaml"
    path.parent.mkdir(parents=True)
    note = "fields: {PO1: {fields: {N9: {each: notes, fields: {N901: ='ZZ', N902: ='1', MSG01: text}}}}}\n"
    head = "gateway: 1\nmapping: acme/note\nextends: x12/855\n"
    path.write_text(head + note)
    assert [each.code for each in prepare("acme/note", site_mappings=tmp_path / "mappings")[1]] == ["M040"]
    path.write_text(head + "x12: {version: 004010}\n" + note)
    assert prepare("acme/note", site_mappings=tmp_path / "mappings")[1] == ()


def test_texts_that_are_numbers_are_sorted_as_numbers(tmp_path: Path) -> None:
    rules = BASE + "  PO1: {each: lines, sort: number, fields: {PO101: number, PO102: quantity, PO103: uom}}\n"
    items = tuple(AcknowledgedLine(number=each, quantity=1, uom="EA") for each in ("10", None, "A1", "2", "1.5"))
    found = wrote(tmp_path, rules, answer(lines=items))
    assert [each.split("*")[1] for each in found[1:]] == ["1.5", "2", "10", "A1", ""]


def test_a_problem_says_once_what_is_at_fault_where_it_stands_and_which_rule_it_is(tmp_path: Path) -> None:
    rules = BASE + "  PO1: {each: lines, fields: {PO101: number, PO102: quantity, PO103: {from: uom, map: {EA: EA}}}}\n"
    prepared = mapping(tmp_path, "acknowledgment", "x12", f"{X12}{rules}")
    (found,) = run(prepared, answer(lines=(AcknowledgedLine(quantity=1, uom="ZZZ"),))).problems
    assert (found.label, found.field, found.source, found.value) == ("lines[1]", "PO103", "lines[1].uom", "ZZZ")
    assert found.message == f"lines[1].uom: {found.sentence} (PO103, {found.rule})"
    assert found.rule not in found.sentence


def test_a_constant_that_is_left_out_is_not_explained(tmp_path: Path) -> None:
    rules = (
        BASE
        + "  N1(ST): {fields: {N102: ship_to.name, N103: ='92', N104: ship_to.id}}\n  N1(BT): {fields: {N103: ='91', N104: seller.id}}\n"
    )
    prepared = mapping(tmp_path, "acknowledgment", "x12", f"{X12}{rules}")
    document = answer(ship_to=Party(name="DC"), seller=Party(id="77"))
    (rows,) = outbound.run(prepared, [document], ENV, traces=True).traces
    assert [(row.target, row.text) for row in rows[4:]] == [("N102", "DC"), ("N103", "91"), ("N104", "77")]
