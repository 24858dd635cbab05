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
        (HEAD + "fields:\n  ship_to.city: N4/N401\n", 5, 17, "M040", "did you mean 'N1/N401'?"),
        (HEAD + "fields:\n  po_number: N1\n", 5, 14, "M041", "name an element"),
        (HEAD + "fields:\n  purpose: {from: BEG01, map: {00: orignal}}\n", 5, 36, "M052", "did you mean 'original'?"),
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
