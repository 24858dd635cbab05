"""Cross-reference tables: found below the folder of their mapping, read strictly, looked up both ways."""

import csv
import hashlib
from importlib import resources
from pathlib import Path

import pytest

from gateway.formats.x12 import guide
from tests.mapping.making import BEG, PO1, X12, checked, codes, mapped, ready, traced, value, write, x12_set

STORES = "theirs,ours,uom,name\n0012,ST-12,EA,Dallas\n0034,ST-34,EA,Houston\n"


def text(lookup: str, tables: str = "stores: {file: tables/stores.csv}", source: str = "FOB01") -> str:
    return f"{X12}tables: {{{tables}}}\nfields:\n  fob: {{from: {source}, lookup: {{{lookup}}}}}\n"


def with_table(folder: Path, content: str = STORES, name: str = "stores.csv") -> Path:
    path = folder / "mappings/acme/tables" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def looked_up(folder: Path, lookup: str, given: str) -> object:
    return value(mapped(ready(folder, text(lookup)), x12_set(BEG, f"FOB*{given}", PO1)), "fob")


@pytest.mark.parametrize(
    ("lookup", "given", "expected"),
    [
        ("table: stores, key: theirs, value: ours", "0012", "ST-12"),
        ("table: stores, key: ours, value: theirs", "ST-34", "0034"),
        ("table: stores, key: theirs, value: name, missing: keep", "99", "99"),
        ("table: stores, key: theirs, value: name, missing: empty", "99", None),
        ("table: stores, key: theirs, value: name, also: {uom: \"'EA'\"}", "0012", "Dallas"),
        ("table: stores, key: theirs, value: name, also: {uom: department}, missing: keep", "0012", "0012"),
    ],
)  # fmt: skip
def test_a_code_becomes_the_other_column_of_its_row(
    tmp_path: Path, lookup: str, given: str, expected: str | None
) -> None:
    with_table(tmp_path)
    assert looked_up(tmp_path, lookup, given) == expected


def test_a_code_that_is_not_in_the_table_holds_the_document(tmp_path: Path) -> None:
    with_table(tmp_path)
    lookup = "table: stores, key: theirs, value: ours, also: {uom: \"'CA'\"}"
    (problem,) = mapped(ready(tmp_path, text(lookup)), x12_set(BEG, "FOB*0012", PO1)).problems
    assert problem.sentence == "'0012' with uom 'CA' is not in the table 'stores'"


def test_a_key_may_stand_twice_where_another_column_tells_the_rows_apart(tmp_path: Path) -> None:
    with_table(tmp_path, "theirs,ours,uom\n1,A,EA\n1,B,CA\n")
    lookup = "table: stores, key: theirs, value: ours, also: {uom: department}"
    prepared = ready(tmp_path, text(lookup))
    assert value(mapped(prepared, x12_set(BEG, "REF*DP*CA", "FOB*1", PO1)), "fob") == "B"


@pytest.mark.parametrize(
    ("lookup", "tables", "code", "words"),
    [
        ("table: shops, key: theirs, value: ours", "stores: {file: tables/stores.csv}", "M050", "tables: stores, uom"),
        ("table: store, key: theirs, value: ours", "stores: {file: tables/stores.csv}", "M050", "did you mean 'stores'?"),
        ("table: stores, key: thiers, value: ours", "stores: {file: tables/stores.csv}", "M051", "did you mean 'theirs'?"),
        ("table: stores, key: theirs, value: x", "stores: {file: tables/stores.csv}", "M051", "its columns: theirs, ours"),
        ("table: stores, key: theirs, value: ours, also: {z: fob}", "stores: {file: tables/stores.csv}", "M051", "no column 'z'"),
        ("table: stores, key: uom, value: ours", "stores: {file: tables/stores.csv}", "M053", "lines 2 and 3 both have uom 'EA'"),
        ("table: stores, key: theirs, value: ours", "stores: {file: tables/stors.csv}", "M050", "did you mean 'tables/stores.csv'?"),
        ("table: stores, key: theirs, value: ours", "stores: {file: tables/stores.csv, delimiter: ab}", "M020", "one character"),
        ("table: stores, key: theirs, value: ours", "stores: {file: tables/stores.csv, encoding: klingon}", "M020", "is not an encoding that is read"),
        ("table: stores, key: theirs, value: ours", "stores: {file: tables/stores.csv, unique: [uom]}", "M053", "not unique"),
        ("table: stores, key: theirs, value: ours", "stores: {file: tables/stores.csv, unique: [x]}", "M051", "no column 'x'"),
        ("table: stores, key: theirs", "stores: {file: tables/stores.csv}", "M021", "lacks 'value'"),
        ("table: stores, key: theirs, value: ours, missing: skip", "stores: {file: tables/stores.csv}", "M021", "error, keep, empty"),
        ("table: stores, key: theirs, value: ours, also: {uom: depatment}", "stores: {file: tables/stores.csv}", "M031", "department"),
    ],
)  # fmt: skip
def test_a_mistake_with_a_table_is_told(tmp_path: Path, lookup: str, tables: str, code: str, words: str) -> None:
    with_table(tmp_path)
    _, problems = checked(tmp_path, text(lookup, tables))
    assert code in codes(problems), [str(each) for each in problems]
    assert any(words in str(each) for each in problems), [str(each) for each in problems]


@pytest.mark.parametrize(
    "file",
    ["../../etc/passwd", "/etc/passwd", "tables/../../../etc/passwd", "C:/windows/x.csv", "\\\\host\\x.csv", "~/x.csv"],
)
def test_a_table_outside_of_the_folder_is_never_read(tmp_path: Path, file: str) -> None:
    _, problems = checked(tmp_path, text("table: stores, key: a, value: b", f"stores: {{file: '{file}'}}"))
    assert "M050" in codes(problems)
    assert any("leads out of the configuration" in each.sentence for each in problems)


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(STORES)
    link = tmp_path / "mappings/acme/tables/stores.csv"
    link.parent.mkdir(parents=True)
    link.symlink_to(secret)
    _, problems = checked(tmp_path, text("table: stores, key: theirs, value: ours"))
    assert any("symbolic link" in each.sentence for each in problems)
    link.unlink()
    link.parent.rmdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/stores.csv").write_text(STORES)
    link.parent.symlink_to(tmp_path / "elsewhere")
    _, problems = checked(tmp_path, text("table: stores, key: theirs, value: ours"))
    assert any("symbolic link" in each.sentence for each in problems)


def test_a_table_that_cannot_be_read_is_told_even_where_no_rule_names_it(tmp_path: Path) -> None:
    with_table(tmp_path, 'theirs,ours\n"1,2\n')
    _, problems = checked(tmp_path, f"{X12}tables: {{stores: {{file: tables/stores.csv}}}}\nfields: {{}}\n")
    assert codes(problems) == ["M050"]
    assert "cannot be read" in problems[0].sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("theirs,ours\n" + "".join(f"{at},x\n" for at in range(200_001)), "Row 200002: more than 200000 rows"),
        ("theirs,ours\n1," + "x" * 8 * 1024 * 1024, "is larger than 8 MiB"),
    ],
    ids=["rows", "bytes"],
)
def test_a_table_that_is_too_large_is_told(tmp_path: Path, content: str, words: str) -> None:
    with_table(tmp_path, content)
    _, problems = checked(tmp_path, text("table: stores, key: theirs, value: ours"))
    assert codes(problems) == ["M050"]
    assert words in problems[0].sentence


def test_a_table_may_have_200000_rows(tmp_path: Path) -> None:
    with_table(tmp_path, "theirs,ours\n" + "".join(f"{at},x{at}\n" for at in range(200_000)))
    assert looked_up(tmp_path, "table: stores, key: theirs, value: ours", "199999") == "x199999"


def test_the_hash_of_a_mapping_is_that_of_its_tables_too_and_not_of_where_it_stands(tmp_path: Path) -> None:
    lookup = text("table: stores, key: theirs, value: ours")
    with_table(tmp_path / "a")
    with_table(tmp_path / "b")
    first, same = ready(tmp_path / "a", lookup), ready(tmp_path / "b", lookup)
    with_table(tmp_path / "b", STORES + "0099,ST-99,EA,Austin\n")
    other = ready(tmp_path / "b", lookup)
    assert first.spec_hash == same.spec_hash
    assert first.spec_hash != other.spec_hash
    assert len(first.spec_hash) == len(hashlib.sha256(b"").hexdigest())


def test_a_parent_brings_its_tables_from_its_own_folder(tmp_path: Path) -> None:
    with_table(tmp_path)
    write(tmp_path, "acme/base", text("table: stores, key: theirs, value: ours").replace("acme/850", "acme/base"))
    child = "gateway: 1\nmapping: other/850\nextends: acme/base\nfields: {}\n"
    prepared = ready(tmp_path, child, "other/850")
    assert value(mapped(prepared, x12_set(BEG, "FOB*0012", PO1)), "fob") == "ST-12"


def test_the_shipped_table_brings_units_to_x12_codes(tmp_path: Path) -> None:
    rule = "  lines: {fields: {uom: {from: PO103, lookup: {table: uom, key: code, value: uom}}}}\n"
    prepared = ready(tmp_path, f"{X12}fields:\n{rule}")
    for given, expected in (("C62", "EA"), ("KGM", "KG"), ("XBX", "BX"), ("case", "CA"), ("CASE", "CA"), ("EA", "EA")):
        _, trace = traced(prepared, x12_set(BEG, f"PO1*1*1*{given}"))
        assert [each.value for each in trace.rows if each.field == "lines[1].uom"] == [expected]


def test_the_shipped_table_holds_codes_of_the_standard_each_once() -> None:
    content = (resources.files("gateway.mapping") / "builtin/tables/uom.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(content.splitlines()))
    standard = guide.load("004010", "850")
    assert standard is not None
    codes_355 = standard.segments["PO1"].elements[2].codes
    assert codes_355 is not None
    assert {each["uom"] for each in rows} <= codes_355
    assert len({each["code"] for each in rows}) == len(rows)
    back = [each["uom"] for each in rows if each["rec20"]]
    assert len(set(back)) == len(back)
