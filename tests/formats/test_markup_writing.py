"""XML is written from creation paths: reused within a parent, in rule order, nothing empty, always well-formed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.formats.markup import own_text, parse, root_of
from gateway.formats.markup_paths import compiled
from gateway.formats.markup_writing import (
    Builder,
    CreationPath,
    CreationStep,
    WritingOptions,
    creation_path,
    name_fault,
)
from gateway.formats.xpath import Unusable
from gateway.kernel.issue import FileIssue

SPACES = {"i": "urn:i", "cac": "urn:cac", "cbc": "urn:cbc"}
UBL = WritingOptions("i:Invoice", SPACES, "i")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<Invoice xmlns="urn:i" xmlns:cac="urn:cac" xmlns:cbc="urn:cbc"'


def path(text: str, options: WritingOptions = UBL) -> CreationPath:
    found = creation_path(text, options)
    assert isinstance(found, CreationPath), found
    return found


def written(rules: list[tuple[str, str]], options: WritingOptions = UBL) -> str:
    builder = Builder(options)
    for text, value in rules:
        builder.put(builder.root, path(text, options), value)
    return builder.to_bytes().content.decode()


def test_elements_are_reused_within_their_parent_and_keep_the_place_of_their_first_rule() -> None:
    rules = [("cac:A/cbc:X", ""), ("cbc:ID", "1"), ("cac:A/cbc:Y", "2"), ("cac:A/cbc:Y/@unit", "EA")]
    assert written(rules) == (
        f'{HEAD}><cac:A><cbc:Y unit="EA">2</cbc:Y></cac:A><cbc:ID>1</cbc:ID></Invoice>\n'
    )  # fmt: skip


def test_a_condition_creates_its_attribute_and_tells_elements_apart() -> None:
    rules = [("cbc:ID[@schemeID='GLN']", "1"), ("cbc:ID[@schemeID='DUNS']", "2"), ("cbc:ID[@schemeID='GLN']/@x", "3")]
    assert written(rules).endswith(
        '><cbc:ID schemeID="GLN" x="3">1</cbc:ID><cbc:ID schemeID="DUNS">2</cbc:ID></Invoice>\n'
    )


@pytest.mark.parametrize(
    "rules",
    [
        [("cbc:ID", "")],
        [("cac:A/cac:B/cbc:C", "")],
        [("cbc:ID[@schemeID='GLN']", "")],
        [("cbc:Amount", ""), ("cbc:Amount/@currencyID", "EUR")],
        [("cbc:Amount/@currencyID", "EUR"), ("cbc:Amount", "")],
        [("@version", "")],
        [(".", "")],
    ],
)
def test_nothing_empty_is_written(rules: list[tuple[str, str]]) -> None:
    assert written(rules) == f"{HEAD}/>\n"


def test_an_element_that_has_only_attributes_is_written_for_them() -> None:
    assert written([("cac:Item/@quantity", "3")]).endswith('><cac:Item quantity="3"/></Invoice>\n')
    assert written([("@version", "1")]) == f'{HEAD} version="1"/>\n'


def test_a_group_makes_a_new_element_for_each_item_below_the_same_parents() -> None:
    builder = Builder(UBL)
    for number in ("1", "2"):
        line = builder.element(builder.root, path("cac:Lines/cac:Line").steps, fresh=True)
        builder.put(line, path("cbc:ID"), number)
        builder.put(line, path("@no"), number)
    builder.element(builder.root, path("cac:Lines/cac:Line").steps, fresh=True)
    text = builder.to_bytes().content.decode()
    lines = "".join(f'<cac:Line no="{no}"><cbc:ID>{no}</cbc:ID></cac:Line>' for no in "12")
    assert text == f"{HEAD}><cac:Lines>{lines}</cac:Lines></Invoice>\n"


def test_indentation_never_touches_an_element_with_text() -> None:
    options = WritingOptions("r", indent=2)
    text = written([("a/b", "1"), ("c", "x"), ("c/d", "y")], options)
    assert text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<r>\n  <a>\n    <b>1</b>\n  </a>\n  <c>x<d>y</d></c>\n</r>\n'
    )


def test_the_document_type_of_cxml_is_written_and_read() -> None:
    options = WritingOptions("cXML", system_id="http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd")
    builder = Builder(options)
    builder.put(builder.root, path("@payloadID", options), "1")
    content = builder.to_bytes().content
    assert b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">' in content
    assert not isinstance(parse(content), FileIssue)
    assert root_of(content) == "cXML"


def test_a_character_that_xml_has_not_is_a_fault_with_its_place_and_nothing_is_written() -> None:
    builder = Builder(UBL)
    builder.put(builder.root, path("cac:A/cbc:Note"), "bell \x07")
    builder.put(builder.root, path("cac:A/@x"), "\ufffe")
    for text in ("fine", "\x00"):
        line = builder.element(builder.root, path("cac:Line").steps, fresh=True)
        builder.put(line, path("cbc:ID"), text)
    found = builder.to_bytes()
    assert found.content == b""
    assert [(fault.column, fault.sentence) for fault in found.faults] == [
        ("/Invoice/cac:A/cbc:Note", "the character U+0007 cannot stand in XML"),
        ("/Invoice/cac:A/@x", "the character U+FFFE cannot stand in XML"),
        ("/Invoice/cac:Line[2]/cbc:ID", "the character U+0000 cannot stand in XML"),
    ]


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1", "windows-1252", "US-ASCII"])
def test_every_encoding_is_read_back(encoding: str) -> None:
    options = WritingOptions("r", encoding=encoding)
    builder = Builder(options)
    builder.put(builder.root, path("a", options), "Stra\u00dfe \u6f22 \u20ac")
    read = parse(builder.to_bytes().content)
    assert not isinstance(read, FileIssue)
    assert read.root[0].text == "Stra\u00dfe \u6f22 \u20ac"


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "the path is empty"),
        ("/cbc:ID", 1, "not with '/'"),
        ("cac:A//cbc:ID", 7, "not with '/'"),
        ("cac:A/", 7, "a name is missing at the end"),
        ("cac:A/*", 7, "'*' names no element"),
        ("../cbc:ID", 1, "'..' names no element"),
        ("cac:A/./cbc:ID", 7, "'.' names no element"),
        ("cac:Line[1]", 9, "the condition [1] cannot be created"),
        ("cac:A[cbc:ID='1']", 6, "the condition [cbc:ID='1'] cannot"),
        ("cac:A[@x='1'][@y='2']", 14, "the condition [@y='2'] cannot"),
        ("@x/cbc:ID", 1, "an attribute can only stand at the end"),
        ("cbc:ID/text()", 12, "'()' is not the name"),
        ("1a", 1, "'1a' is not the name"),
        ("@i:x", 2, "the default prefix is not written"),
    ],
)
def test_a_path_that_creates_nothing_is_refused_at_its_column(text: str, column: int, words: str) -> None:
    found = creation_path(text, UBL)
    assert isinstance(found, Unusable)
    assert words in found.sentence
    assert (found.column, found.undeclared) == (column, "")
    assert found.hint


def test_an_undeclared_prefix_is_told_apart() -> None:
    for text, column in (("z:a", 1), ("cac:A/@z:b", 8), ("cac:A[@z:b='1']", 8)):
        found = creation_path(text, UBL)
        assert isinstance(found, Unusable)
        assert (found.undeclared, found.column) == ("z", column)
    assert name_fault("z:Invoice", UBL) is not None
    assert name_fault("i Invoice", UBL) is not None
    assert name_fault("i:Invoice", UBL) is None


def test_a_name_that_the_encoding_lacks_is_refused() -> None:
    found = creation_path("Stra\u00dfe", WritingOptions("r", encoding="US-ASCII"))
    assert isinstance(found, Unusable)
    assert "cannot be written in US-ASCII" in found.sentence


def test_names_without_prefix_belong_to_the_default_prefix() -> None:
    assert path("i:A/B") == CreationPath((CreationStep("A"), CreationStep("B")))
    read = parse(written([("A", "1")]).encode())
    assert not isinstance(read, FileIssue)
    assert read.root[0].tag == "{urn:i}A"


NAMES = st.sampled_from(["cbc:ID", "cac:A", "B"])
KEYS = st.sampled_from(["", "[@k='1']", '[@k="it\'s"]'])
PATHS = st.lists(st.tuples(NAMES, KEYS).map("".join), min_size=1, max_size=3).map("/".join)
VALUES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=6
) | st.text("\t\n\r &<>\"']", max_size=5)


@given(st.dictionaries(PATHS, VALUES, max_size=6), st.integers(0, 2))
def test_what_is_written_is_found_again(rules: dict[str, str], indent: int) -> None:
    options = WritingOptions("i:Invoice", SPACES, "i", indent=indent)
    read = parse(written(list(rules.items()), options).encode())
    assert not isinstance(read, FileIssue)
    for text, value in rules.items():
        found = compiled(text.replace("B", "i:B"), SPACES)
        assert not isinstance(found, Unusable)
        if value:
            assert value in [own_text(node) for node in found.nodes(read.root)]
