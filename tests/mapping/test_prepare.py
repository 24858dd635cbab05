"""Every mistake in a mapping is found before the first file, at its place, with a suggestion."""

from pathlib import Path

import pytest

from gateway.config.mapping_files import names
from gateway.formats.x12.charset import Characters
from gateway.kernel.problem import Problem
from gateway.mapping.prepare import PreparedMapping, prepare

HEAD = "gateway: 1\nmapping: acme/850\nextends: x12/850\n"
OUT = "gateway: 1\nmapping: acme/850\nextends: x12/855\n"


def written(folder: Path, text: str, name: str = "acme/850") -> tuple[PreparedMapping | None, tuple[Problem, ...]]:
    path = folder / "mappings" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return prepare(name, site_mappings=folder / "mappings")


def test_every_built_in_mapping_is_in_order() -> None:
    found = names(None)
    assert {"x12/850", "x12/855", "x12/856", "x12/810", "csv/stock", "csv/invoices"} <= set(found)
    for name in found:
        prepared, problems = prepare(name, site_mappings=None)
        assert problems == ()
        assert prepared is not None


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "words"),
    [
        (HEAD + "fields:\n  po_nubmer: BEG03\n", 5, 3, "M060", "did you mean 'po_number'?"),
        (HEAD + "fields:\n  po_number: BEG13\n", 5, 14, "M040", "BEG has only 12 elements"),
        (HEAD + "fields:\n  po_number: '553311'\n", 5, 14, "M040", "is not a segment"),
        (HEAD + "fields:\n  ship_to.city: N4/N401\n", 5, 17, "M040", "did you mean 'N1(ST)/N401'?"),
        (HEAD + "fields:\n  po_number: N1\n", 5, 14, "M041", "name an element"),
        (HEAD + "fields:\n  purpose: {from: BEG01, map: {00: orignal}}\n", 5, 36, "M052", "did you mean 'original'?"),
        (HEAD + "fields:\n  purpose: {const: orignal}\n", 5, 20, "M052", "did you mean 'original'?"),
        (HEAD + "fields:\n  purpose: ='orignal'\n", 5, 13, "M052", "did you mean 'original'?"),
        (HEAD + "fields:\n  totals.lines: {const: x}\n", 5, 25, "M052", "is not a whole number"),
        (HEAD + "fields:\n  po_number: {frm: BEG03}\n", 5, 15, "M021", "did you mean 'from'?"),
        (HEAD + "fields:\n  po_number: {map: {a: b}}\n", 5, 14, "M022", "exactly one"),
        (HEAD + "fields:\n  fob: {calc: departmnt}\n", 5, 15, "M031", "did you mean 'department'?"),
        (HEAD + "fields:\n  fob: =uper(department)\n", 5, 9, "M032", "did you mean 'upper'?"),
        (HEAD + "fields:\n  fob: =upper()\n", 5, 9, "M033", "takes 1 argument"),
        (HEAD + "fields:\n  fob: =1 +\n", 5, 12, "M030", "ends too early"),
        (HEAD + "fields:\n  fob: =$partner.dock\n", 5, 9, "M031", "add 'dock' to 'params'"),
        (HEAD + "fields:\n  lines: BEG03\n", 5, 3, "M062", "a list"),
        (HEAD + "fields:\n  ship_to: BEG03\n", 5, 3, "M063", "sub-fields"),
        (HEAD + "fields:\n  ship_to: {each: N1, fields: {}}\n", 5, 3, "M061", "single object"),
        (HEAD + "fields:\n  po_number: {each: N1, fields: {}}\n", 5, 3, "M065", "not a list"),
        (HEAD + "fields:\n  fob: =department\n  department: =fob\n", 6, 3, "M064", "need each other"),
        (HEAD + "feilds:\n  po_number: BEG03\n", 4, 1, "M020", "did you mean 'fields'?"),
        (HEAD + "fields:\n  fob: {from: FOB01, on_error: explode}\n", 5, 32, "M021", "one of"),
        (HEAD + "x12: {charset: basic}\nfields: {}\n", 4, 7, "M020", "'charset' is an option of mappings that write"),
        (OUT + "x12: {charset: ascii}\nfields: {}\n", 4, 16, "M020", "one of basic, extended, utf8"),
        (OUT + "x12: {on_bad_char: replcae}\nfields: {}\n", 4, 20, "M020", "did you mean 'replace'?"),
        (OUT + "x12: {replace_delimiters: '??'}\nfields: {}\n", 4, 7, "M020", "one character of the basic set"),
        (OUT + "fields:\n  BAK99: po_number\n", 5, 3, "M040", "BAK has only"),
        (OUT + "fields:\n  REF(ZZ)02: po_nmber\n", 5, 14, "M060", "did you mean 'po_number'?"),
        (OUT + "fields:\n  PO1: {each: linse, fields: {PO101: number}}\n", 5, 15, "M065", "did you mean 'lines'?"),
        (OUT + "fields:\n  REF(DP|IA)02: department\n", 5, 3, "M041", "several codes"),
        (OUT + "fields:\n  ST01: department\n", 5, 3, "M040", "filled in by the gateway"),
        (OUT + "fields:\n  REF(D!)02: department\n", 5, 3, "M040", "code list"),
        (OUT + "fields:\n  BAK01: 00\n", 5, 10, "M060", "a constant is written ='00'"),
        (OUT + "fields:\n  BAK05: {from: department, default: =po_number}\n", 5, 38, "M021", "not an expression"),
        (OUT + "fields:\n  BAK05: {const: ='1'}\n", 5, 18, "M021", "write the text alone"),
        (OUT + "fields:\n  BAK05: [department, =upper(po_number)]\n", 5, 23, "M030", "without the = in front"),
        (OUT + "fields:\n  BAK05: {from: department, when: status == AC}\n", 5, 45, "M031", "in single quotes: 'AC'"),
        (OUT + "fields:\n  PO1: {each: lines, sort: statuses.code, fields: {PO101: number}}\n", 5, 28, "M062", "one value"),
        (OUT + "fields:\n  PO1: {each: lines, fields: {PO101: lines.number}}\n", 5, 38, "M060", "did you mean 'number'?"),
        (OUT + "fields:\n  PO1: {each: lines, fields: {PO101: acknowledgment.number}}\n", 5, 38, "M060", "did you mean 'number'?"),
        (OUT + "fields:\n  BAK05: extended_price\n", 5, 10, "M060", "a field of the items of 'lines'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_column_and_a_hint(
    tmp_path: Path, text: str, line: int, column: int, code: str, words: str
) -> None:
    _, problems = written(tmp_path, text)
    shown = [str(problem) for problem in problems]
    fitting = [each for each in problems if (each.line, each.column, each.code) == (line, column, code)]
    assert fitting, shown
    assert fitting[0].file == "mappings/acme/850.yaml"
    assert words in str(fitting[0])


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    _, problems = written(tmp_path, HEAD + "fields:\n  po_nubmer: BEG03\n  fob: FOB99\n  department: REF(DP)\n")
    assert [problem.line for problem in problems] == [5, 6, 7]


def test_a_circle_of_extends_is_told(tmp_path: Path) -> None:
    written(tmp_path, "gateway: 1\nmapping: b\nextends: acme/850\nfields: {}\n", "b")
    _, problems = written(tmp_path, "gateway: 1\nmapping: acme/850\nextends: b\nfields: {}\n")
    assert [problem.code for problem in problems] == ["M010"]


def test_a_missing_parent_is_told_where_it_is_named(tmp_path: Path) -> None:
    _, problems = written(tmp_path, "gateway: 1\nmapping: acme/850\nextends: x12/85O\nfields: {}\n")
    assert [(problem.line, problem.column, problem.code) for problem in problems] == [(3, 10, "M011")]


def test_a_built_in_name_may_not_be_taken(tmp_path: Path) -> None:
    _, problems = written(tmp_path, "gateway: 1\nmapping: x12/850\nextends: x12/855\nfields: {}\n", "x12/850")
    assert [problem.code for problem in problems] == ["M012"]


def test_a_required_field_without_a_rule_is_told(tmp_path: Path) -> None:
    _, problems = written(tmp_path, HEAD + "fields:\n  po_number: ~\n")
    assert [problem.code for problem in problems] == ["M066"]
    assert "'po_number'" in problems[0].sentence


def test_a_name_cannot_leave_the_mappings_folder(tmp_path: Path) -> None:
    _, problems = prepare("../../etc/passwd", site_mappings=tmp_path)
    assert [problem.code for problem in problems] == ["M011"]


def test_a_mapping_says_how_characters_are_written_and_the_partner_file_which(tmp_path: Path) -> None:
    text = OUT + 'x12: {on_bad_char: replace, replace_delimiters: "-"}\nfields: {}\n'
    prepared, problems = written(tmp_path, text)
    assert problems == ()
    assert prepared is not None
    assert prepared.writing.characters("utf8") == Characters("utf8", "replace", "-")
    own, _ = written(tmp_path, OUT + "x12: {charset: basic}\nfields: {}\n")
    assert own is not None
    assert own.writing.characters("utf8") == Characters("basic", "transliterate", " ")


@pytest.mark.parametrize(
    ("text", "line", "column", "code", "words"),
    [
        (HEAD + "fields:\n  fob: {from: FOB01, map: {PP: a, CC: b}}\n", 5, 27, "M092", "lacks codes that FOB01 may have"),
        (HEAD + "fields:\n  fob: {from: [REF02, REF(DP)02]}\n", 5, 23, "M093", "'REF(DP)02' is never used"),
        (HEAD + "fields:\n  fob: {from: [REF(DP)02, REF(DP)02]}\n", 5, 27, "M093", "never used"),
        (HEAD + "fields: {}\nvars:\n  spare: FOB01\n", 6, 3, "M093", "nothing uses the helper value 'spare'"),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_a_warning(
    tmp_path: Path, text: str, line: int, column: int, code: str, words: str
) -> None:
    prepared, problems = written(tmp_path, text)
    assert prepared is not None
    fitting = [each for each in problems if (each.line, each.column, each.code) == (line, column, code)]
    assert fitting, [str(each) for each in problems]
    assert fitting[0].level == "warning"
    assert words in str(fitting[0])


@pytest.mark.parametrize(
    "rule",
    [
        "{from: FOB01, map: {PP: a, '*': b}}", "{from: FOB01, map: {PP: a}, on_error: empty}",
        "{from: FOB01, slice: 1-1, map: {P: a}}", "{from: REF(DP|IA)01, map: {DP: a, IA: b}}",
        "{from: [REF(DP)02, REF02]}", "{from: [REF(DP)02, REF(IA)02]}",
    ],
)  # fmt: skip
def test_what_is_meant_is_no_warning(tmp_path: Path, rule: str) -> None:
    assert written(tmp_path, HEAD + f"fields:\n  fob: {rule}\n")[1] == ()


def test_codes_that_the_group_leaves_out_need_no_entry(tmp_path: Path) -> None:
    text = "fields:\n  allowances:\n    each: SAC(A)\n    fields:\n      kind: {from: SAC01, map: {A: allowance}}\n"
    assert written(tmp_path, HEAD + text)[1] == ()


def test_a_site_may_demand_a_test_of_each_mapping(tmp_path: Path) -> None:
    written(tmp_path, HEAD + "fields: {}\n")
    site = tmp_path / "mappings"
    found, problems = prepare("acme/850", site_mappings=site, require_tests=True)
    assert found is None
    assert [(each.code, each.level) for each in problems] == [("M090", "error")]
    case = site / "acme/850.tests/first"
    case.mkdir(parents=True)
    (case / "input.edi").write_text("")
    assert prepare("acme/850", site_mappings=site, require_tests=True)[1] == ()


def test_fields_of_our_own_are_known_by_the_names_the_site_declares(tmp_path: Path) -> None:
    text = HEAD + "fields:\n  custom.dock: REF(DK)02\n  custom.gate: REF(GT)02\n"
    _, problems = written(tmp_path, text)
    assert [each.code for each in problems] == ["M060", "M060"]
    assert "custom_fields" in problems[0].hint
    site = tmp_path / "mappings"
    assert prepare("acme/850", site_mappings=site, custom_fields={"order": ("dock", "gate")})[1] == ()


def test_a_group_needs_its_fields_and_is_needed_by_none_of_them(tmp_path: Path) -> None:
    text = "fields:\n  totals.amount: =sum(lines.extended_price)\n  lines: {fields: {extended_price: =order.totals.amount}}\n"
    _, problems = written(tmp_path, HEAD + text)
    assert [each.code for each in problems] == ["M064"]


def test_a_sort_belongs_to_mappings_that_write(tmp_path: Path) -> None:
    _, problems = written(tmp_path, HEAD + "fields:\n  lines: {sort: number, fields: {}}\n")
    assert [each.code for each in problems] == ["M021"]


def test_a_name_of_the_group_around_is_told_how_to_reach_it(tmp_path: Path) -> None:
    text = HEAD + "fields:\n  lines: {fields: {description: =po_number}}\n"
    assert "did you mean 'order.po_number'?" in str(written(tmp_path, text)[1][0])


def test_the_hash_of_a_mapping_changes_with_what_it_says(tmp_path: Path) -> None:
    first, _ = written(tmp_path, HEAD + "fields:\n  fob: FOB01\n")
    second, _ = written(tmp_path, HEAD + "fields:\n  fob: FOB02\n")
    assert first is not None
    assert second is not None
    assert first.spec_hash != second.spec_hash
