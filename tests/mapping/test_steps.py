"""Each step of an inbound rule, in the order of the language, and what happens when it fails."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.mapping.making import BEG, PO1, checked, codes, fields_850, many, mapped, traced, value, x12_set
from tests.preparing import prepared_once

SEGMENTS = (BEG, "REF*CO* C77-9 ", "REF*PD*12,5", "REF*ZZ*ABC", "N9*L1*X", "MSG*ONE", "MSG*TWO", PO1)


def fob(folder: Path, rule: str) -> object:
    return value(mapped(fields_850(folder, f"  fob: {rule}\n"), x12_set(*SEGMENTS)), "fob")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("REF(CO)02", "C77-9"),
        ("{from: [REF(DP)02, REF(CO)02]}", "C77-9"),
        ("{from: REF(CO)02, when: po_number == 'PO1'}", "C77-9"),
        ("{from: REF(CO)02, when: po_number is empty, default: x}", None),
        ("{const: fixed}", "fixed"),
        ("{const: '00', map: {00: zero}}", "zero"),
        ("=po_number & '/' & $envelope.usage", "PO1/P"),
        ("=$partner.id", "acme"),
        ("$file.name", "po.edi"),
        ("{from: 'N9/MSG(#*)01', join: ' + '}", "ONE + TWO"),
        ("N9/MSG(#2)01", "TWO"),
        ("{from: REF(CO)02, trim: none, match: '^ .*$', slice: 1-2}", " C"),
        ("{from: REF(CO)02, trim: left}", "C77-9 "),
        ("{from: REF(CO)02, match: '(\\d+)-'}", "77"),
        ("{from: REF(CO)02, match: '\\d-\\d'}", "7-9"),
        ("{from: REF(CO)02, slice: 2-3}", "77"),
        ("{from: REF(CO)02, slice: 5-}", "9"),
        ("{from: REF(CO)02, split: {by: '-', part: 1}}", "C77"),
        ("{from: REF(CO)02, split: {by: '-', part: -1}}", "9"),
        ("{from: REF(CO)02, split: {by: '-', part: 3}, default: none}", "none"),
        ("{from: REF(CO)02, map: {C77-9: seven}}", "seven"),
        ("{from: REF(CO)02, map: {X: y, '*': other}}", "other"),
        ("{from: REF(CO)02, map: {X: y, '*': '='}}", "C77-9"),
        ("{from: REF(PD)02, type: decimal, decimal: ','}", "12.5"),
        ("{from: REF(PD)02, type: decimal, decimal: ',', round: 0}", "13"),
        ("{from: REF(PD)02, decimal: ',', round: {to: 0, mode: even}}", "12"),
        ("{from: BEG05, type: date, format: YYYYMMDD}", "2026-11-01"),
        ("{from: REF(CO)02, max_length: 3}", "C77"),
        ("{from: REF(ZZ)02, pad: {width: 6, with: '0'}}", "000ABC"),
        ("{from: REF(ZZ)02, pad: {width: 5, side: right, with: x}}", "ABCxx"),
        ("{from: REF(DP)02, default: none}", "none"),
        ("{from: REF(CO)02, slice: 1-3, map: {C77: a}, pad: {width: 2, with: '-', side: right}}", "a-"),
        ("{pad: {width: 2, with: '-', side: right}, map: {C77: a}, slice: 1-3, from: REF(CO)02}", "a-"),
    ],
)  # fmt: skip
def test_the_steps_run_in_their_order_whatever_the_order_of_the_keys(
    tmp_path: Path, rule: str, expected: str | None
) -> None:
    assert fob(tmp_path, rule) == expected


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("{from: REF(CO)02, match: '^x'}", "'C77-9' does not fit the pattern ^x"),
        ("{from: REF(CO)02, map: {A: b}}", "code 'C77-9' is not in the list (A)"),
        ("{from: REF(PD)02, type: decimal}", "'12,5' is not a number"),
        ("{from: REF(DP)02, required: true}", "there must be a value here and there is none"),
        ("=1 / (length(po_number) - 3)", "divided by zero"),
        ("{from: REF(CO)02, type: 'code(a, b)'}", "'C77-9' is not one of a, b"),
    ],
)  # fmt: skip
def test_a_step_that_fails_holds_the_document_and_says_why(tmp_path: Path, rule: str, sentence: str) -> None:
    result = mapped(fields_850(tmp_path, f"  fob: {rule}\n"), x12_set(*SEGMENTS))
    (problem,) = result.problems
    assert result.document is None
    assert (problem.code, problem.field, problem.level) == ("C-MAPPING", "fob", "hold")
    assert sentence in problem.sentence
    assert problem.rule == "mappings/acme/850.yaml:5"


@pytest.mark.parametrize(
    ("level", "levels", "kept"), [("hold", ["hold"], False), ("reject", ["reject"], False), ("warn", ["warn"], True), ("empty", [], True)]
)  # fmt: skip
def test_on_error_says_what_a_failing_step_does(tmp_path: Path, level: str, levels: list[str], *, kept: bool) -> None:
    rule = f"  fob: {{from: REF(CO)02, map: {{A: b}}, default: d, on_error: {level}}}\n"
    result = mapped(fields_850(tmp_path, rule), x12_set(*SEGMENTS))
    assert [each.level for each in result.problems] == levels
    assert (result.document is not None) == kept
    if kept:
        assert getattr(result.document, "fob", None) == "d"


def test_settings_say_what_failing_steps_do_unless_a_rule_says_otherwise(tmp_path: Path) -> None:
    rules = "  fob: {from: REF(CO)02, map: {A: b}}\n  promotion: {from: REF(PD)02, map: {A: b}, on_error: reject}\n"
    prepared = fields_850(tmp_path, f"{rules}settings: {{on_error: warn}}\n")
    assert [(each.field, each.level) for each in mapped(prepared, x12_set(*SEGMENTS)).problems] == [
        ("promotion", "reject"), ("fob", "warn"),
    ]  # fmt: skip


def test_what_is_refused_names_the_element_for_the_acknowledgment(tmp_path: Path) -> None:
    prepared = fields_850(tmp_path, "  fob: {from: FOB01, map: {PP: prepaid}, on_error: reject}\n")
    (problem,) = mapped(prepared, x12_set(BEG, "FOB*CC", PO1)).problems
    place = problem.place
    assert place is not None
    assert (place.segment, place.position, place.element) == ("FOB", 3, 1)


def test_a_required_value_that_is_missing_points_to_where_it_should_stand() -> None:
    prepared, _ = prepared_once("x12/850")
    assert prepared is not None
    (problem,) = mapped(prepared, x12_set(BEG, "PO1*2**EA**VN*X")).problems
    assert problem.place is not None
    assert (problem.place.segment, problem.place.position, problem.place.element) == ("PO1", 3, 2)
    assert problem.message == ("line 1, quantity: there must be a value here and there is none (PO102, segment 3)")


def test_all_problems_of_a_document_are_told(tmp_path: Path) -> None:
    rules = "  fob: {from: REF(CO)02, map: {A: b}}\n  promotion: {from: REF(PD)02, match: x}\n"
    result = mapped(fields_850(tmp_path, rules), x12_set(BEG, *SEGMENTS[1:4], "PO1*1*a*EA", "PO1*2*b*EA", "CTT*9"))
    assert [each.field for each in result.problems] == ["promotion", "fob", "quantity", "quantity", ""]
    assert [each.label for each in result.problems] == ["", "", "line 1", "line 2", ""]


def test_helper_values_may_name_fields_and_each_other_in_any_order(tmp_path: Path) -> None:
    rules = (
        "  fob: =twice & '!'\n  lines:\n    vars:\n      pack: PO401\n      cases: {calc: quantity / number(pack), round: 0}\n"
        "    fields:\n      extended_price: =cases * unit_price\n"
        "vars:\n  twice: =once & once\n  once: {from: REF(ZZ)02, slice: 1-1}\n"
    )
    prepared = fields_850(tmp_path, rules)
    result = mapped(prepared, x12_set(BEG, "REF*ZZ*ABC", PO1, "PO4*6"))
    assert value(result, "fob") == "AA!"
    (line,) = many(result, "lines")
    assert line.extended_price == Decimal("39.98")


def test_names_reach_the_group_around_and_the_document(tmp_path: Path) -> None:
    rules = (
        "  lines:\n    fields:\n      price_basis: =order.po_number & outer.department\n"
        "      allowances:\n        each: SAC(A|C|P)\n        fields:\n"
        "          description: =outer.uom & '/' & outer.outer.po_number & '/' & $index\n"
    )
    prepared = fields_850(tmp_path, rules)
    result = mapped(prepared, x12_set(BEG, "REF*DP*7", PO1, "SAC*A*C310***100", "SAC*C*D240***200"))
    (line,) = many(result, "lines")
    assert line.price_basis == "PO17"
    assert [each.description for each in line.allowances] == ["EA/PO1/1", "EA/PO1/2"]


def test_a_group_on_a_single_object_equals_dotted_names(tmp_path: Path) -> None:
    rules = "  ship_to:\n    fields:\n      name: N1(ST)02\n      name2: =upper(name) & outer.po_number\n"
    result = mapped(fields_850(tmp_path, rules), x12_set(BEG, "N1*ST*Dock*92*12", PO1))
    found = [value(result, f"ship_to.{each}") for each in ("id", "name", "name2")]
    assert found == ["12", "Dock", "DOCKPO1"]


def test_a_group_on_a_single_object_may_have_a_condition(tmp_path: Path) -> None:
    rules = "  mark_for.id: ~\n  mark_for.name: ~\n  mark_for.id_type: ~\n  mark_for:\n    when: id == '9'\n    fields: {id: N1(Z7)04, name: N1(Z7)02}\n"
    prepared = fields_850(tmp_path, rules)
    assert value(mapped(prepared, x12_set(BEG, "N1*Z7*X*92*9", PO1)), "mark_for.name") == "X"
    assert value(mapped(prepared, x12_set(BEG, "N1*Z7*X*92*8", PO1)), "mark_for") is None


def test_items_whose_condition_fails_are_left_out_with_their_problems(tmp_path: Path) -> None:
    rules = "  lines:\n    when: quantity > 0\n    fields:\n      uom: {from: PO103, map: {EA: EA}}\n"
    prepared = fields_850(tmp_path, rules)
    result = mapped(prepared, x12_set(BEG, PO1, "PO1*2*0*XX", "PO1*3*4*EA"))
    assert [(each.number, each.quantity) for each in many(result, "lines")] == [("1", 12), ("3", 4)]


def test_an_item_is_left_out_with_the_problems_of_the_lists_in_it(tmp_path: Path) -> None:
    prepared = fields_850(tmp_path, "  lines:\n    when: quantity > 0\n")
    result = mapped(prepared, x12_set(BEG, PO1, "PO1*2*0*EA", "SDQ*EA*92*S1**S2*3"))
    assert [each.number for each in many(result, "lines")] == ["1"]


@pytest.mark.parametrize("trim", ["both", "right"])
def test_a_value_that_is_cut_to_nothing_gets_the_default(tmp_path: Path, trim: str) -> None:
    steps = f"trim: {trim}, split: {{by: A, part: 2}}, max_length: 1"
    prepared = fields_850(tmp_path, f"  department: {{from: REF(DP)02, {steps}, default: D}}\n")
    assert value(mapped(prepared, x12_set(BEG, "REF*DP*A B", PO1)), "department") == "D"


def test_an_item_whose_condition_cannot_be_decided_is_not_lost_silently(tmp_path: Path) -> None:
    rules = "  lines:\n    when: pack > 0\n    fields: {pack: PO401}\n"
    prepared = fields_850(tmp_path, rules)
    result = mapped(prepared, x12_set(BEG, PO1, "PO4*1x"))
    assert ("pack", "1x") in [(each.field, each.value) for each in result.problems]


def test_a_condition_may_ask_whether_a_value_that_must_be_there_is(tmp_path: Path) -> None:
    prepared = fields_850(tmp_path, "  lines:\n    when: quantity is not empty\n")
    result = mapped(prepared, x12_set(BEG, PO1, "PO1*2**EA"))
    assert [each.number for each in many(result, "lines")] == ["1"]


def test_more_items_than_the_limit_are_a_problem(tmp_path: Path) -> None:
    prepared = fields_850(tmp_path, "  lines: {limit: 1, fields: {}}\n")
    (problem,) = mapped(prepared, x12_set(BEG, PO1, "PO1*2*1*EA")).problems
    assert "2 stand in the file; at most 1 are allowed" in problem.message


def test_checks_have_a_level_and_a_code(tmp_path: Path) -> None:
    text = "  fob: FOB01\nchecks:\n  - {that: fob != 'CC', say: Collect is not agreed., level: warn, code: C-FOB}\n"
    prepared = fields_850(tmp_path, text)
    (problem,) = mapped(prepared, x12_set(BEG, "FOB*CC", PO1)).problems
    assert (problem.code, problem.level, problem.message) == ("C-FOB", "warn", "Collect is not agreed.")
    assert problem.place is not None
    assert problem.place.segment == "FOB"


@pytest.mark.parametrize(
    ("kind", "rule", "good", "bad"),
    [
        ("gtin", "lines: {fields: {ids.gtin: PO1.UK}}", "UK*10012345678902", "UK*10012345678903"),
        ("upc", "lines: {fields: {ids.upc: PO1.UP}}", "UP*012345678905", "UP*012345678904"),
    ],
)  # fmt: skip
def test_check_digits_are_looked_at_where_the_settings_say_so(
    tmp_path: Path, kind: str, rule: str, good: str, bad: str
) -> None:
    prepared = fields_850(tmp_path, f"  {rule}\nsettings: {{validate: [{kind}]}}\n")
    assert mapped(prepared, x12_set(BEG, f"PO1*1*1*EA***{good}")).problems == ()
    (problem,) = mapped(prepared, x12_set(BEG, f"PO1*1*1*EA***{bad}")).problems
    assert f"is not a {kind.upper()}: its check digit" in problem.sentence


def test_the_id_of_a_party_is_checked_only_where_it_is_a_gln(tmp_path: Path) -> None:
    prepared = fields_850(
        tmp_path, "  ship_to.id: N1(ST)04\n  ship_to.id_type: N1(ST)03\nsettings: {validate: [gln]}\n"
    )
    assert mapped(prepared, x12_set(BEG, "N1*ST*A*92*0078742000122", PO1)).problems == ()
    assert mapped(prepared, x12_set(BEG, "N1*ST*A*UL*0078742000121", PO1)).problems == ()
    (problem,) = mapped(prepared, x12_set(BEG, "N1*ST*A*UL*0078742000122", PO1)).problems
    assert "is not a GLN" in problem.sentence


@pytest.mark.parametrize(("unmapped", "levels"), [("hold", ["hold"]), ("warn", []), ("ignore", [])])
def test_data_that_no_rule_reads_does_what_the_settings_say(tmp_path: Path, unmapped: str, levels: list[str]) -> None:
    prepared = fields_850(tmp_path, f"  fob: FOB01\nignore: [PER*, FOB02, ITD]\nsettings: {{unmapped: {unmapped}}}\n")
    node = x12_set(BEG, "CUR*BY*USD*1.5", "PER*OC*ANN", "FOB*CC*DE", "ITD*01*3", "TD5**2*UPSN", PO1)
    result = mapped(prepared, node)
    assert [each.level for each in result.problems] == levels
    assert [each.source for each in result.problems] == (["CUR03"] if levels else [])


def test_a_date_without_a_form_is_read_as_x12_writes_it(tmp_path: Path) -> None:
    prepared = fields_850(tmp_path, "  po_date: {from: BEG05, format: YYYYMMDD}\n")
    assert value(mapped(prepared, x12_set(*SEGMENTS)), "po_date") == date(2026, 11, 1)


def test_what_was_done_is_traced_step_by_step(tmp_path: Path) -> None:
    rule = "  fob: {from: REF(CO)02, split: {by: '-', part: 1}, map: {C77: seven}, max_length: 3}\n"
    _, trace = traced(fields_850(tmp_path, rule), x12_set(*SEGMENTS))
    (row,) = [each for each in trace.rows if each.field == "fob"]
    assert [(each.key, each.value) for each in row.steps] == [
        ("trim", "C77-9"), ("split", "C77"), ("map", "seven"), ("type", "sev"),
    ]  # fmt: skip
    assert [(each.name, each.value) for each in row.sources] == [("REF01", "CO"), ("REF02", " C77-9 ")]


@pytest.mark.parametrize(
    ("rule", "code", "words"),
    [
        ("{from: FOB01, match: '(a'}", "M034", "a ( is not closed"),
        ("{from: FOB01, match: '(a)\\1'}", "M034", "goes back to an earlier group"),
        ("{from: FOB01, match: '(a{100}){100}'}", "M034", "repeats too much"),
        ("{from: FOB01, slice: x}", "M021", "'slice' is written like 3-7"),
        ("{from: FOB01, slice: 5-3}", "M021", "'slice' is written like 3-7"),
        ("{from: FOB01, split: '-'}", "M021", "'split' is written like"),
        ("{from: FOB01, split: {by: '-', part: 0}}", "M021", "counted from 1"),
        ("{from: FOB01, split: {by: '-', parts: 1}}", "M021", "did you mean 'part'?"),
        ("{from: FOB01, map: [a]}", "M021", "'map' is written like"),
        ("{from: FOB01, type: nuber}", "M021", "'type' is one of"),
        ("{from: FOB01, type: 'code(a'}", "M021", "written like code(a, b)"),
        ("{from: FOB01, type: date, format: YYYY}", "M021", "lacks a month"),
        ("{from: FOB01, type: date, format: QQ}", "M021", "means nothing in the form"),
        ("{from: FOB01, format: YYYYMMDD}", "M021", "'format' is for dates and times"),
        ("{from: FOB01, decimal: x}", "M021", "'decimal' is one character"),
        ("{from: FOB01, implied_decimals: a}", "M021", "'implied_decimals' is a whole number"),
        ("{from: FOB01, round: {to: 2, mode: up}}", "M021", "modes are half_up, even"),
        ("{from: FOB01, pad: {width: 1001}}", "M021", "the width is at most 1000"),
        ("{from: FOB01, trim: middle}", "M021", "'trim' is one of"),
        ("{from: FOB01, required: 'yes'}", "M021", "'required' is one of"),
        ("{from: 'MSG(#*)01'}", "M040", "N9/MSG"),
        ("{from: 'N9/MSG(#*)01'}", "M041", "join"),
        ("{from: []}", "M021", "a list of paths"),
        ("=pad_left(po_number, 1000000000, '0')", "M035", "1000"),
        ("='" + "x" * 1000 + "'", "M030", "longer than 1000"),
        ("=1 / 0", "M035", "divided by zero"),
        ("=upper(po_date)", "M035", "format_date"),
        ("=lines", "M035", "a list"),
        ("=os.system", "M031", "unknown name"),
    ],
)  # fmt: skip
def test_a_step_that_is_written_wrongly_is_told(tmp_path: Path, rule: str, code: str, words: str) -> None:
    _, problems = checked(tmp_path, f"gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n  fob: {rule}\n")
    assert code in codes(problems), [str(each) for each in problems]
    assert any(words in str(each) for each in problems), [str(each) for each in problems]
