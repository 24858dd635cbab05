"""Which mapping a file gets: conditions, days, likeness, and what is said when none fits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.partner_documents import MappingUse, When
from gateway.config.selection import Candidate, Facts, NoneFits, Reads, choose, equals

DAY = date(2026, 12, 1)
UBL = "{urn:oasis:names:specification:ubl:schema:xsd:Order-2}Order"
X12 = Reads("x12", set_id="850", versions=("004010", "005010"))
ROWS = Reads("csv", columns_required=("sku",), columns_used=frozenset({"sku", "price"}))


def entry(mapping: str, reads: Reads, when: When | None = None, *, since: date | None = None, until: date | None = None, direction: str = "in", channel: str = "") -> Candidate:  # fmt: skip
    use = MappingUse(
        "order", direction, mapping, (), when=when or When(), since=since, until=until, channel=channel
    )  # fmt: skip
    return Candidate(use, reads)


def a_set(set_id: str = "850", version: str = "004010", *, day: date = DAY, name: str = "po.edi") -> Facts:
    return Facts("x12", name, day, set_id=set_id, version=version)


def chosen(facts: Facts, *candidates: Candidate) -> str:
    found = choose(candidates, facts)
    return str(found) if isinstance(found, NoneFits) else found.mapping


def test_a_set_is_read_by_the_mapping_of_its_set() -> None:
    orders, changes = entry("x12/850", X12), entry("x12/860", Reads("x12", set_id="860"))

    assert chosen(a_set("860"), orders, changes) == "x12/860"


def test_of_two_that_fit_the_first_counts() -> None:
    assert chosen(a_set(), entry("a", X12), entry("b", X12)) == "a"
    assert chosen(a_set(), entry("a", X12, When(set="850")), entry("b", X12, When(version="004010"))) == "a"


def test_an_entry_with_conditions_goes_before_one_for_everything() -> None:
    assert chosen(a_set(), entry("all", X12), entry("some", X12, When(file="po*"))) == "some"
    assert chosen(a_set(name="x.edi"), entry("all", X12), entry("some", X12, When(file="po*"))) == "all"


def test_all_conditions_must_hold() -> None:
    both = When(file="po*", version="005010")

    assert chosen(a_set(version="005010VICS"), entry("a", X12, both)) == "a"
    assert chosen(a_set(version="004010"), entry("a", X12, both)) == (
        "a: it is for version 005010, the file has 004010"
    )
    assert (
        chosen(a_set(version="005010", name="x"), entry("a", X12, both)) == "a: the name of the file does not fit 'po*'"
    )


def test_a_mapping_that_lists_the_version_goes_before_one_that_does_not() -> None:
    old, new = (entry(version, Reads("x12", set_id="850", versions=(version,))) for version in ("004010", "005010"))

    assert chosen(a_set(version="005010"), old, new) == "005010"
    assert chosen(a_set(version="004030"), old, new) == "004010"


def test_the_first_and_the_last_day_belong_to_an_entry() -> None:
    before = entry("before", X12, until=date(2026, 11, 30))
    after = entry("after", X12, since=date(2026, 12, 1))

    assert [chosen(a_set(day=day), before, after) for day in (date(2026, 11, 30), date(2026, 12, 1))] == [
        "before", "after"
    ]  # fmt: skip
    assert chosen(a_set(day=DAY), before) == "before: it counts until 2026-11-30, today is 2026-12-01"


def test_an_xml_file_is_told_by_its_outermost_element() -> None:
    facts = Facts("xml", "o.xml", DAY, root=UBL)

    assert chosen(facts, entry("cxml", Reads("xml"), When(root="cXML")), entry("ubl", Reads("xml"), When(root=UBL))) == (
        "ubl"
    )  # fmt: skip
    assert chosen(
        facts, entry("cxml", Reads("xml", roots=("cXML",), other_roots=False)), entry("ubl", Reads("xml", roots=(UBL,)))
    ) == ("ubl")


def test_a_file_of_rows_goes_to_the_mapping_that_knows_most_of_its_columns() -> None:
    few = entry("few", Reads("csv", columns_used=frozenset({"sku"})))
    facts = Facts("text", "p.csv", DAY, columns={"few": ("sku", "price"), "rows": ("sku", "price")})

    assert chosen(facts, few, entry("rows", ROWS)) == "rows"


def test_columns_are_those_that_each_mapping_reads() -> None:
    when = When(columns=("price",))
    facts = Facts("text", "p.csv", DAY, columns={"comma": ("sku;price",), "semicolon": ("sku", "price")})

    assert chosen(facts, entry("comma", ROWS, when), entry("semicolon", ROWS, when)) == "semicolon"


def test_what_was_tried_is_told_with_each_reason() -> None:
    facts = Facts("text", "p.csv", DAY, columns={"rows": ("a", "b"), "other": ()})

    assert chosen(facts, entry("x12/850", X12), entry("rows", ROWS), entry("other", ROWS, When(columns=("sku",)))) == (
        "x12/850: it reads x12 files; rows: it knows none of the columns of the file; other: the file has no column sku"
    )
    assert chosen(facts) == "no mapping of this kind is named"


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        (entry("a", X12), entry("b", X12), 1),
        (entry("a", X12), entry("b", Reads("x12", set_id="860")), 0),
        (entry("a", X12, When(file="x")), entry("b", X12), 0),
        (entry("a", X12, When(file="x")), entry("b", X12, When(file="x")), 1),
        (entry("a", X12, until=DAY), entry("b", X12, since=DAY), 1),
        (entry("a", X12, until=date(2026, 11, 30)), entry("b", X12, since=DAY), 0),
        (entry("a", ROWS), entry("b", Reads("csv", columns_used=frozenset({"po"}))), 0),
        (entry("a", ROWS), entry("b", ROWS), 1),
        (entry("a", Reads("xml", roots=("A",))), entry("b", Reads("xml", roots=("B",))), 0),
        (entry("a", X12, direction="out"), entry("b", X12, direction="out"), 0),
        (entry("a", X12, direction="out"), entry("a", X12, direction="out"), 1),
        (entry("a", X12, direction="out"), entry("a", X12, direction="out", channel="books"), 0),
    ],
)
def test_entries_that_only_their_order_tells_apart_are_found(first: Candidate, second: Candidate, count: int) -> None:
    assert len(list(equals([first, second]))) == count


@given(st.lists(st.sampled_from(["850", "860"]), max_size=4), st.sampled_from(["850", "860"]))
def test_an_entry_that_fits_is_found_wherever_it_stands(sets: list[str], wanted: str) -> None:
    candidates = [entry(f"m{at}", Reads("x12", set_id=each)) for at, each in enumerate(sets)]
    found = choose(candidates, a_set(wanted))

    if wanted in sets:
        assert isinstance(found, MappingUse)
        assert found.mapping == f"m{sets.index(wanted)}"
    else:
        assert isinstance(found, NoneFits)
        assert len(found.tried) == len(sets)


def test_of_two_xml_mappings_the_one_that_names_the_root_reads_the_file() -> None:
    anything = entry("wrapped", Reads("xml", roots=(UBL,), other_roots=True))
    cxml = entry("cxml", Reads("xml", roots=("cXML",), other_roots=False))

    assert chosen(Facts("xml", "a.xml", DAY, root="cXML"), anything, cxml) == "cxml"
    assert chosen(Facts("xml", "a.xml", DAY, root=UBL), cxml, anything) == "wrapped"
    assert chosen(Facts("xml", "a.xml", DAY, root="envelope"), cxml, anything) == "wrapped"
