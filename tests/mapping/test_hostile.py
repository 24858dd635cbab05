"""Hostile mappings and tables: refused at their place and in time, whatever they say (S-09 to S-13)."""

import os
import time
from pathlib import Path

import pytest

from gateway.kernel.problem import Problem
from gateway.mapping.prepare import PreparedMapping, prepare

HEAD = "gateway: 1\nmapping: acme/850\nextends: x12/850\n"
OUT_OF_REACH = "root,x\n"


def tried(folder: Path, text: str) -> tuple[PreparedMapping | None, tuple[Problem, ...], float]:
    path = folder / "mappings" / "acme" / "850.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    begun = time.process_time()
    prepared, problems = prepare("acme/850", site_mappings=folder / "mappings")
    return prepared, problems, time.process_time() - begun


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b]\n", "M004"),
        ("a: !!python/object/apply:os.system [x]\n", "M004"),
        ("<<: {a: b}\nc: *d\n", "M004"),
        ("a: " + "[" * 100 + "]" * 100, "M002"),
        ("a: " + "{a: " * 100 + "}" * 100, "M002"),
        ("a: " + "x" * 5_000_000, "M002"),
        ("#" * 5_000_000, "M002"),
    ],
)
def test_a_bomb_of_yaml_is_refused_within_a_tenth_of_a_second(tmp_path: Path, text: str, code: str) -> None:
    prepared, problems, seconds = tried(tmp_path, text)
    assert prepared is None
    assert {each.code for each in problems} == {code}
    assert seconds < 0.1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("checks:\n" + "  - {that: count(lines) > 0, say: x}\n" * 6_000, "M002"),
        ("fields:\n  department:\n    from: [" + ",".join(["BEG03"] * 6_000) + "]\n", "M002"),
        ("vars:\n" + "".join(f"  v{each}: BEG03\n" for each in range(6_000)), "M002"),
    ],
)
def test_more_rules_sources_or_checks_than_the_limit_are_refused(tmp_path: Path, text: str, code: str) -> None:
    prepared, problems, _ = tried(tmp_path, HEAD + text)
    assert prepared is None
    assert [each.code for each in problems] == [code]


def test_many_keys_take_time_in_proportion(tmp_path: Path) -> None:
    codes = ",".join(f"k{each}: v" for each in range(60_000))
    _, problems, seconds = tried(tmp_path, f"{HEAD}fields:\n  department: {{from: REF(DP)02, map: {{{codes}}}}}\n")
    assert problems == ()
    assert seconds < 10


def test_thousands_of_rules_may_need_one_another_in_a_row(tmp_path: Path) -> None:
    row = "".join(f"  v{each}: =v{each + 1}\n" for each in range(3_000))
    prepared, problems, _ = tried(tmp_path, f"{HEAD}vars:\n{row}  v3000: BEG03\nfields:\n  department: =v0\n")
    assert problems == ()
    assert prepared is not None


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("{from: REF(DP)02, match: '(a{100}){100}'}", "M034"),
        (r"{from: REF(DP)02, match: '(a)\1'}", "M034"),
        ("{from: REF(DP)02, match: '(?=a)b'}", "M034"),
        ("=pad_left('x', 1000000000, '0')", "M035"),
        ("=1" + "+1" * 5_000, "M030"),
        ("=" + "(" * 490 + "1" + ")" * 490, "M030"),
        ("=text(1 / 0)", "M035"),
        ("{from: REF(DP)02, plugin: os.system}", "M032"),
        ("=os.system('x')", "M032"),
        ("{from: REF(DP)02, pad: {width: 100000}}", "M021"),
        ("{from: REF(DP)02, implied_decimals: 99999999}", "M021"),
    ],
)
def test_a_step_without_bounds_is_refused_where_it_stands(tmp_path: Path, rule: str, code: str) -> None:
    prepared, problems, _ = tried(tmp_path, f"{HEAD}fields:\n  department: {rule}\n")
    assert prepared is None
    assert [(each.code, each.line) for each in problems] == [(code, 5)]


def hostile_folder(folder: Path) -> None:
    tables = folder / "mappings" / "acme" / "tables"
    tables.mkdir(parents=True)
    (folder / "secret.csv").write_text(OUT_OF_REACH)
    (folder / "mappings" / "other").mkdir()
    (folder / "mappings" / "other" / "t.csv").write_text("k,v\n1,2\n")
    (tables / "link.csv").symlink_to(folder / "secret.csv")
    (tables.parent / "up").symlink_to(folder)
    (tables / "zero.csv").symlink_to("/dev/zero")
    os.mkfifo(tables / "fifo.csv")
    (tables / "folder.csv").mkdir()
    (tables / "good.csv").write_text("k,v\n1,2\n")
    (tables / "binary.csv").write_bytes(bytes(range(256)) * 20)
    (tables / "twice.csv").write_text("k,k,v\n1,2,3\n")
    (tables / "huge.csv").write_bytes(b"k,v\n" + b"1,2\n" * 2_500_000)


def test_a_table_is_read_from_the_folder_of_its_mapping_and_nowhere_else(tmp_path: Path) -> None:
    hostile_folder(tmp_path)
    names = (
        "../other/t.csv", "../../secret.csv", "/etc/passwd", "~/x.csv", "file:///etc/passwd", "tables/../../other/t.csv",
        "tables/link.csv", "up/secret.csv", "tables/zero.csv", "tables/fifo.csv", "tables/folder.csv", "tables/huge.csv",
        "tables/binary.csv", "tables/twice.csv", "tables/good.csv/x", f"{'x' * 300}.csv", "x/" * 3_000, ".", r"..\secret.csv",
    )  # fmt: skip
    for name in names:
        text = f"tables:\n  t: {{file: '{name}'}}\nfields:\n  department: {{from: REF(DP)02, lookup: {{table: t, key: k, value: v}}}}\n"
        prepared, problems, seconds = tried(tmp_path, HEAD + text)
        assert prepared is None, name
        assert [(each.code, each.line) for each in problems] == [("M050", 5)], (name, problems)
        assert seconds < 2, name
        assert "root" not in "".join(map(str, problems)), name


@pytest.mark.parametrize("encoding", ["undefined", "x\\0", "rot13", "utf-7", "unicode_escape", "mbcs", ""])
def test_a_table_has_one_of_the_encodings_that_are_read(tmp_path: Path, encoding: str) -> None:
    hostile_folder(tmp_path)
    text = f'tables:\n  t: {{file: tables/good.csv, encoding: "{encoding}"}}\n'
    prepared, problems, _ = tried(tmp_path, HEAD + text)
    assert prepared is None
    assert [(each.code, each.line) for each in problems] == [("M020", 5)]


def test_a_name_that_no_file_can_have_is_that_of_no_mapping_table_or_schema(tmp_path: Path) -> None:
    long = "x" * 300
    _, problems, _ = tried(tmp_path, f"gateway: 1\nmapping: acme/850\nextends: {long}\n")
    assert [each.code for each in problems] == ["M011"]
    xml = "gateway: 1\nmapping: acme/850\ndirection: in\ndocument: order\nformat: xml\nfields: {po_number: x}\n"
    _, problems, _ = tried(tmp_path, f"{xml}xml: {{document: /o, xsd: {long}}}\n")
    assert [each.code for each in problems] == ["M020"]
    _, problems, _ = tried(tmp_path, f"{HEAD}x12: {{set: 850, versions: ['004010'], guide: acme/{long}}}\n")
    assert [each.code for each in problems] == ["M100"]
