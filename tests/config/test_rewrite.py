"""A change of a YAML file or table changes that one thing, and not a byte of anything else."""

import difflib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.rewrite import Refused, add_item, replace_file, set_value
from gateway.config.rewrite_table import with_row
from gateway.config.strict_yaml import load
from gateway.config.yaml_text import as_data, written

TEXT = """# top
gateway: 1   # version
fields:
  po: BEG03          # the number
  lines:
    each: PO1
    fields:
      uom: {from: PO103, map: {EA: EA, CT: "CA"}}   # units
      sku: PO1.VN
      total: =quantity * 2
      gone: ~
      empty:
      map: {
        EA: EA,  # each
        CS: CA
      }
# end of fields
list:
- a   # one
- b
"""
LINES = ("fields", "lines", "fields")


def difference(before: str, after: str | Refused) -> list[str]:
    """The lines that went and came."""
    assert not isinstance(after, Refused), after.sentence
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize(
    ("where", "value", "expected"),
    [
        ((*LINES, "uom", "map", "CS"), "CA", ['      uom: {from: PO103, map: {EA: EA, CT: "CA", CS: CA}}   # units']),
        ((*LINES, "uom", "map", "CT"), "C", ['      uom: {from: PO103, map: {EA: EA, CT: "C"}}   # units']),
        ((*LINES, "sku", "map"), {"A": "b"}, ["      sku: {from: PO1.VN, map: {A: b}}"]),
        ((*LINES, "total", "round"), "2", ["      total: {calc: quantity * 2, round: 2}"]),
        ((*LINES, "gone"), "REF(DP)02", ["      gone: REF(DP)02"]),
        ((*LINES, "empty"), "a: b", ["      empty: 'a: b'"]),
        ((*LINES, "empty", "const"), "~", ["      empty: {const: '~'}"]),
        (("fields", "po"), "BEG04", ["  po: BEG04          # the number"]),
        (("list", 1), "c", ["- c"]),
    ],
)
def test_a_value_is_changed_on_its_line(where: tuple[str | int, ...], value: str, expected: list[str]) -> None:
    assert [line[1:] for line in difference(TEXT, set_value(TEXT, where, value)) if line[0] == "+"] == expected


@pytest.mark.parametrize(
    ("where", "value", "expected"),
    [
        (("fields", "new"), "BEG04", ["+  new: BEG04"]),
        (("params", "vendor number"), "77, 812", ["+params: {vendor number: '77, 812'}"]),
        ((*LINES, "map", "PR"), "PR", ["-        CS: CA", "+        CS: CA,", "+        PR: PR"]),
    ],
)
def test_a_missing_key_gets_a_line_where_its_neighbours_stand(
    where: tuple[str | int, ...], value: str, expected: list[str]
) -> None:
    assert difference(TEXT, set_value(TEXT, where, value)) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (("list",), ["+- new"]),
        (("fields", "po"), ["-  po: BEG03          # the number", "+  po: [BEG03, new]          # the number"]),
        (("fields", "lines", "checks"), ["+    checks: [new]"]),
        ((*LINES, "gone"), ["-      gone: ~", "+      gone: [new]"]),
    ],
)
def test_an_item_is_added_to_a_list_a_single_text_or_nothing(where: tuple[str | int, ...], expected: list[str]) -> None:
    assert difference(TEXT, add_item(TEXT, where, "new")) == expected


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (("fields",), "keys of its own are written below it"),
        ((*LINES, "map"), "there is a comment inside what would be replaced"),
        (("list", 7), "there is no item 8"),
        (("list", "x"), "a list has no key 'x'"),
    ],
)
def test_what_cannot_be_changed_alone_is_refused(where: tuple[str | int, ...], words: str) -> None:
    refused = set_value(TEXT, where, "x")

    assert isinstance(refused, Refused)
    assert words in refused.sentence


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: {b: c]", "a: &x 1\n"])
def test_a_file_with_a_mistake_is_not_changed(text: str) -> None:
    refused = set_value(text, ("b",), "1")

    assert isinstance(refused, Refused)
    assert "it has a mistake on line 1" in refused.sentence or "line 2" in refused.sentence


@pytest.mark.parametrize(
    "text", ["", "# only a comment", "\ufeffa: 1", "a: 1\r\nb: 2\r\n", "{}", "{a: 1}", "a: |\n  x\n"]
)
def test_any_file_takes_a_further_key(text: str) -> None:
    after = set_value(text, ("new",), "x")

    assert isinstance(after, str)
    assert text.rstrip("}") in after
    assert "\r\n" not in text or "\n" not in after.replace("\r\n", "")


def test_a_file_is_replaced_in_one_step_with_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_bytes("# Café\r\nname: Acme  # us\r\n".encode())
    path.chmod(0o640)

    changed = set_value(path.read_bytes().decode(), ("name",), "Äcme")
    assert isinstance(changed, str)
    replace_file(path, changed.encode())

    assert path.read_bytes() == "# Café\r\nname: Äcme  # us\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["acme.yaml"]  # noqa: PTH208 - nothing is left behind


@pytest.mark.parametrize("text", ["a: {b", "a: [x] # c\n"])
def test_a_text_that_cannot_be_changed_is_refused(text: str) -> None:
    assert isinstance(set_value(text, ("a", "b"), "c"), Refused)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=8)
DATA = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


@given(DATA)
def test_what_is_written_is_read_as_it_was(data: object) -> None:
    node, problems = load(f"k: {written(data)}\n", "x")  # type: ignore[arg-type]

    assert problems == ()
    assert node is not None
    assert as_data(node) == {"k": data}


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[tuple[str, ...]]]:
    """A file with comments everywhere, and the places of its texts."""
    lines: list[str] = []
    places: list[tuple[str, ...]] = []
    words = st.sampled_from(["BEG03", "'a b'", '"q"', "=x * 2", "0012", "N1(ST)/N401"])
    comments = st.sampled_from(["", "  # why", "   # {not: yaml}"])

    def block(indent: int, inside: tuple[str, ...]) -> None:
        for number in range(draw(st.integers(1, 3))):
            key = f"k{number}"
            place = (*inside, key)
            if draw(st.booleans()):
                lines.append(f"{' ' * indent}# about {key}")
            shape = draw(st.sampled_from(["text", "flow", "map"] if indent < 6 else ["text", "flow"]))
            comment = draw(comments)
            if shape == "text":
                lines.append(f"{' ' * indent}{key}:  {draw(words)}{comment}")
                places.append(place)
            elif shape == "flow":
                lines.append(f"{' ' * indent}{key}: {{ in: {draw(words)},  of : {draw(words)} }}{comment}")
                places.extend([(*place, "in"), (*place, "of")])
            else:
                lines.append(f"{' ' * indent}{key}:{comment}")
                block(indent + 2, place)

    block(0, ())
    return draw(st.sampled_from(["\n", "\r\n"])).join([*lines, ""]), places


@given(files(), st.data(), TEXTS)
def test_a_changed_value_changes_one_line_and_keeps_its_comment(
    file: tuple[str, list[tuple[str, ...]]], data: st.DataObject, value: str
) -> None:
    text, places = file
    place = data.draw(st.sampled_from(places))

    after = set_value(text, place, value)

    assert isinstance(after, str)
    pairs = list(zip(text.split("\n"), after.split("\n"), strict=True))
    assert sum(before != now for before, now in pairs) <= 1
    assert all(before.partition("  #")[2] == now.partition("  #")[2] or "#" in value for before, now in pairs)


@given(files(), st.data())
def test_a_new_key_adds_text_and_takes_none_away(file: tuple[str, list[tuple[str, ...]]], data: st.DataObject) -> None:
    text, places = file
    place = data.draw(st.sampled_from(places))

    after = set_value(text, (*place[:-1], "new"), "x")

    assert isinstance(after, str)
    kept = difflib.SequenceMatcher(None, text, after, autojunk=False).get_matching_blocks()
    assert sum(block.size for block in kept) == len(text)


def test_a_row_keeps_encoding_delimiter_and_line_ends() -> None:
    before = "store;name\r\n0012;Köln".encode("cp1252")

    after = with_row(before, {"name": "Jülich; West", "store": "0034"}, encoding="cp1252", delimiter=";")

    assert after == 'store;name\r\n0012;Köln\r\n0034;"Jülich; West"\r\n'.encode("cp1252")


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (b"a,b\n", {"c": "1"}, "it has no column c (it has: a, b)"),
        (b"", {"a": "1"}, "it has no column a (it has: none)"),
        (b'a,b\n"open', {"a": "1"}, "its rows cannot be read"),
        (b"a\n\xff\n", {"a": "1"}, "byte 2 is not utf-8"),
    ],
)
def test_a_row_that_does_not_fit_its_table_is_refused(content: bytes, row: dict[str, str], words: str) -> None:
    refused = with_row(content, row)

    assert isinstance(refused, Refused)
    assert words in refused.sentence


def test_a_letter_that_the_table_cannot_hold_is_refused() -> None:
    assert with_row(b"a\n", {"a": "\u20ac"}, encoding="latin-1") == Refused("'\u20ac' cannot be written in latin-1")
