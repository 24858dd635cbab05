"""Of XPath exactly what a mapping may use is usable; the rest is refused with a sentence, a hint and a column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.formats.markup import parse
from gateway.formats.markup_paths import CompiledPath, Found, Places, compiled
from gateway.formats.xpath import PathExpression, Unusable
from gateway.formats.xpath import parse as parse_path
from gateway.kernel.issue import FileIssue

NAMESPACES = {"o": "urn:o", "c": "urn:c"}
ORDER = b"""<Order xmlns="urn:o" xmlns:x="urn:c" kind="new">
<x:ID>34</x:ID>
<x:ID schemeID="GLN">730</x:ID>
<Line no="1"><x:Qty unit="EA">5</x:Qty><Item><x:ID>A-1</x:ID></Item></Line>
<Line no="2"><x:Qty unit="CA">7</x:Qty><Item><x:ID schemeID="GTIN">9</x:ID></Item></Line>
<Text xml:lang="de"> gr<b>o</b>\xc3\x9f </Text>
</Order>"""


def order() -> tuple[object, Places]:
    document = parse(ORDER)
    assert not isinstance(document, FileIssue)
    return document.root, Places(document.root)


def path(text: str, *, union: bool = False) -> CompiledPath:
    found = compiled(text, NAMESPACES, union=union)
    assert isinstance(found, CompiledPath), found
    return found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("c:ID", ["34", "730"]),
        ("o:Line/c:Qty/@unit", ["EA", "CA"]),
        ("o:Line/o:Item/c:ID", ["A-1", "9"]),
        ("o:Line[2]/c:Qty", ["7"]),
        ("o:Line[last()]/@no", ["2"]),
        ("o:Line[position() > 1]/@no", ["2"]),
        ("o:Line[c:Qty = '5' and not(@no = '2')]/@no", ["1"]),
        ("o:Line[(c:Qty = '7' or @no = '1')][1]/@no", ["1"]),
        ("o:Line[o:Item/c:ID/@schemeID = 'GTIN']/o:Item/c:ID", ["9"]),
        ("c:ID[@schemeID='GLN']", ["730"]),
        ("c:ID[not(@schemeID)]", ["34"]),
        ("/o:Order/@kind", ["new"]),
        ("*/o:Item/c:*", ["A-1", "9"]),
        ("./c:ID/../@kind", ["new"]),
        ("o:Line/c:Qty/text()", ["5", "7"]),
        ("*[local-name() = 'ID'][1]", ["34"]),
        ("o:Text", [" gr\u00df "]),
        ("o:Text/@xml:lang", ["de"]),
        ("string(o:Text)", [" gro\u00df "]),
        ("normalize-space(o:Text)", ["gro\u00df"]),
        ("concat(c:ID, '-', o:Line[1]/c:Qty)", ["34-5"]),
        ("substring-before(concat(c:ID, '/x'), '/')", ["34"]),
        ("translate(c:ID, '34', 'ab')", ["ab"]),
        ("count(o:Line)", ["2"]),
        ("child::o:Line/attribute::no", ["1", "2"]),
        ("self::node()/@kind", ["new"]),
        ("o:Missing", []),
    ],
)
def test_a_usable_path_finds_what_xpath_says(text: str, values: list[str]) -> None:
    root, places = order()
    found = path(text)
    assert found.texts(root) == values
    assert found.first(root) == (values[0] if values else "")
    assert [each.text for each in found.found(root, places)] == values


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("//c:ID", 1, "'//' searches the whole document"),
        ("o:Line//c:ID", 7, "'//' searches the whole document"),
        ("o:Line[.//c:ID]", 9, "'//' searches the whole document"),
        ("descendant::c:ID", 1, "the axis descendant:: cannot be used"),
        ("o:Line/ancestor::o:Order", 8, "the axis ancestor::"),
        ("o:Line/following-sibling::o:Line", 8, "the axis following-sibling::"),
        ("preceding::o:Line", 1, "the axis preceding::"),
        ("descendant-or-self::node()", 1, "the axis descendant-or-self::"),
        ("namespace::o", 1, "the axis namespace::"),
        ("o:Line[@no = $n]", 14, "variables cannot be used"),
        ("document('x')", 1, "the function document()"),
        ("id('x')", 1, "the function id()"),
        ("re:test(c:ID, 'x')", 1, "the function re:test()"),
        ("contains(c:ID, '3')", 1, "the function contains()"),
        ("sum(o:Line/c:Qty)", 1, "the function sum()"),
        ("o:Line[@no mod 2 = 0]", 12, "'mod' cannot be used"),
        ("o:Line[last() - 1]", 15, "'-' cannot be used"),
        ("c:ID * 2", 6, "'*' cannot stand here"),
        ("c:ID = '3'", 6, "'=' is possible in [ ] only"),
        ("c:ID | o:Text", 6, "'|' is possible in 'document' only"),
        ("(c:ID)[1]", 1, "cannot begin with '('"),
        ("'34'", 1, "is a constant"),
        ("34", 1, "is a constant"),
        ("", 1, "the path is empty"),
        ("/", 2, "a name of an element is expected"),
        ("o:Line/", 8, "a name of an element is expected"),
        ("o:Line[", 8, "a name of an element is expected"),
        ("o:Line[1", 9, "']' is expected before the end"),
        ("o:Line]", 7, "']' cannot stand here"),
        ("@no/c:ID", 4, "nothing can follow an attribute"),
        ("o:Line[@no='1]", 12, "the quote ' is not closed"),
        ("c:ID#", 5, "the character '#'"),
        ("count('x')", 7, "count() needs a path"),
        ("translate(c:ID, 'a')", 1, "translate() takes 3 arguments, not 2"),
        (".[1]", 2, "'.' cannot have a condition"),
        ("comment()", 1, "comment() cannot be used"),
        ("processing-instruction('x')", 24, "')' is expected"),
        ("a[not(../a[../a/b = 'x'])]", 12, "would compare all with all"),
        ("a[count(../a[b = 'x']) > 0]", 9, "would compare all with all"),
        ("a[/o:Order/a[b = 'x']]", 3, "would compare all with all"),
        ("a[b[c[d]]]", 6, "nested more than 2 deep"),
        ("a[" + "not(" * 30 + "b" + ")" * 30 + "]", 83, "nested more than 20 deep"),
        ("a[" + "(" * 400 + "b", 23, "nested more than 20 deep"),
        ("a/" * 600, 1, "longer than 1000 characters"),
    ],
)
def test_everything_else_is_refused_at_its_column(text: str, column: int, words: str) -> None:
    found = compiled(text, NAMESPACES)
    assert isinstance(found, Unusable)
    assert words in found.sentence
    assert (found.column, found.undeclared) == (column, "")


@pytest.mark.parametrize(("text", "column"), [("z:ID", 1), ("o:Line/@z:no", 9), ("o:Line[z:a='1']", 8), ("z:*", 1)])
def test_an_undeclared_prefix_is_told_apart(text: str, column: int) -> None:
    found = compiled(text, NAMESPACES)
    assert isinstance(found, Unusable)
    assert (found.undeclared, found.column) == ("z", column)


def test_a_document_may_be_one_of_several_paths() -> None:
    root, _ = order()
    assert path("/o:Order | /*/o:Order", union=True).nodes(root) == [root]
    assert len(path("/o:Order/o:Line", union=True).nodes(root)) == 2


def test_a_value_knows_its_line_and_its_place() -> None:
    root, places = order()
    line = path("o:Line").nodes(root)[1]
    quantity, unit = places.key(path("c:Qty").nodes(line)[0]), "urn"

    assert path("c:Qty").found(line, places) == [Found("7", 5, "/Order/Line[2]/x:Qty", quantity)]
    assert path("c:Qty/@unit").found(line, places) == [Found("CA", 5, "/Order/Line[2]/x:Qty/@unit", f"{quantity}@unit")]
    assert path("c:Qty/text()").found(line, places)[0].key == quantity
    assert path("count(c:Qty)").found(line, places) == [Found("1", 5, "/Order/Line[2]", places.key(line))]
    assert unit not in quantity


def test_what_conditions_and_functions_look_at_counts_as_read() -> None:
    root, places = order()

    def wheres(text: str) -> list[str]:
        return [each.where for each in path(text).read_along(root, places)]

    assert wheres("c:ID[@schemeID='GLN']") == ["/Order/x:ID[2]/@schemeID"]
    assert wheres("o:Line[c:Qty='7']/@no") == ["/Order/Line[2]/x:Qty"]
    assert wheres("concat(c:ID, @kind)") == ["/Order/x:ID[1]", "/Order/x:ID[2]", "/Order/@kind"]
    assert wheres("c:ID") == []


def test_every_leaf_with_data_is_listed_once() -> None:
    _, places = order()
    leaves = list(places.leaves())
    assert [leaf.where for leaf in leaves] == [
        "/Order/@kind", "/Order/x:ID[1]", "/Order/x:ID[2]/@schemeID", "/Order/x:ID[2]",
        "/Order/Line[1]/@no", "/Order/Line[1]/x:Qty/@unit", "/Order/Line[1]/x:Qty", "/Order/Line[1]/Item/x:ID",
        "/Order/Line[2]/@no", "/Order/Line[2]/x:Qty/@unit", "/Order/Line[2]/x:Qty",
        "/Order/Line[2]/Item/x:ID/@schemeID", "/Order/Line[2]/Item/x:ID", "/Order/Text/@xml:lang", "/Order/Text",
        "/Order/Text/b",
    ]  # fmt: skip
    assert len({leaf.key for leaf in leaves}) == len(leaves)


def test_another_prefix_for_the_same_namespace_changes_nothing() -> None:
    document = parse(ORDER.replace(b"x:", b"other:").replace(b"xmlns:x", b"xmlns:other"))
    assert not isinstance(document, FileIssue)
    assert path("c:ID[@schemeID='GLN']").first(document.root) == "730"


PIECES = st.sampled_from(
    [*"[]()/@.|=<>*$,'\"1 a", "o:Line", "c:ID", "z:a", "count(", "not(", "text()", "..", "::", "and", "//"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_path_is_usable_or_refused_and_what_is_usable_runs(text: str) -> None:
    found = compiled(text, NAMESPACES, union=True)
    if isinstance(found, CompiledPath):
        root, places = order()
        found.found(root, places)
        found.read_along(root, places)
        assert isinstance(parse_path(text, NAMESPACES, union=True), PathExpression)
