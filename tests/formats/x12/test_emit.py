"""What is written is read back without a fault, whatever the data; envelopes are exact to the byte."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.formats.x12 import emit
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import COMPONENT, REPETITION, Envelope, OutGroup, OutSet
from gateway.formats.x12.parts import InterchangeEnded, SetRead
from gateway.formats.x12.reader import read
from gateway.formats.x12.second_opinion import errors as errors_of_pyx12
from gateway.kernel.issue import FileIssue, RepairDone

NOW = datetime(2026, 11, 20, 8, 15)  # noqa: DTZ001 - ISA09 and GS04 carry no zone
PLAIN = Separators("*", ">", "^", "~")


def envelope(version: str = "004010", separators: Separators = PLAIN, after: str = "") -> Envelope:
    return Envelope("ZZ", "NORTHWIND", "12", "6125550142", "NW", "ACME", version, "P", separators, after)


def written(body: list[list[str]], chosen: Envelope) -> emit.Emitted:
    return emit.interchange(chosen, functional_id="FA", set_id="997", sets=[body], isa13=7, gs06=7, now=NOW)


BODY = [["AK1", "PO", "1"], ["AK9", "A", "1", "1", "1"]]


def test_an_interchange_is_exact_to_the_byte() -> None:
    assert written(BODY, envelope()).content == (
        b"ISA*00*          *00*          *ZZ*NORTHWIND      *12*6125550142     *261120*0815*U*00401*000000007*0*P*>~"
        b"GS*FA*NW*ACME*20261120*0815*7*X*004010~ST*997*0001~AK1*PO*1~AK9*A*1*1*1~SE*4*0001~GE*1*7~IEA*1*000000007~"
    )


def test_later_versions_name_their_repetition_separator_in_the_isa() -> None:
    content = written(BODY, envelope("005010")).content
    assert content[82:83] == b"^"
    assert content[84:89] == b"00501"


def test_a_ta1_travels_alone_with_no_group_counted() -> None:
    content = emit.standalone_ta1(envelope(), ["TA1", "000000001", "261120", "0815", "A", "000"], isa13=8, now=NOW)
    assert content.endswith(b"TA1*000000001*261120*0815*A*000~IEA*0*000000008~")


def test_empty_elements_at_the_end_are_not_written_and_components_get_their_separator() -> None:
    content = written([["AK1", "PO", "1"], ["AK4", f"3{COMPONENT}1", "", "7", ""]], envelope()).content
    assert b"AK4*3>1**7~" in content


def test_nothing_empty_stands_at_the_end_of_components_and_repetitions() -> None:
    composite = COMPONENT.join(["", "B", "", ""])
    values = REPETITION.join([composite, f"C{COMPONENT}", "", COMPONENT])
    content = written([["REF", "ZZ", values, "", COMPONENT]], envelope("005010")).content
    assert b"~REF*ZZ*>B^C~" in content


def test_repetitions_cannot_be_written_where_the_version_has_none() -> None:
    emitted = written([["REF", "ZZ", f"A{REPETITION}B"]], envelope("004010"))
    assert emitted.faults == ("REF02 (segment 2 of set 0001): repetitions exist from 00402 on.",)


def test_several_groups_are_counted_and_each_numbers_its_sets_from_1() -> None:
    orders = [OutSet("850", [["BEG", "00"]], "GS1US"), OutSet("850", [["BEG", "05"]])]
    groups = [OutGroup("PO", 5, orders), OutGroup("PC", 6, [OutSet("860", [["BCH", "01"]])])]
    changes: list[emit.Change] = []
    pieces = list(emit.stream(envelope("005010"), groups, isa13=7, now=NOW, changes=changes))
    assert b"".join(pieces[1:]) == (
        b"GS*PO*NW*ACME*20261120*0815*5*X*005010~ST*850*0001*GS1US~BEG*00~SE*3*0001~ST*850*0002~BEG*05~SE*3*0002~"
        b"GE*2*5~GS*PC*NW*ACME*20261120*0815*6*X*005010~ST*860*0001~BCH*01~SE*3*0001~GE*1*6~IEA*2*000000007~"
    )
    assert (len(pieces), changes) == (9, [])


def test_a_stream_takes_one_set_at_a_time() -> None:
    taken: list[int] = []

    def sets() -> Iterator[OutSet]:
        for number in range(1000):
            taken.append(number)
            yield OutSet("997", BODY)

    pieces = emit.stream(envelope(), [OutGroup("FA", 1, sets())], isa13=1, now=NOW, changes=[])
    for _ in range(4):
        next(pieces)
    assert taken == [0, 1]


@pytest.mark.parametrize("number", [0, 1_000_000_000])
def test_a_control_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="control numbers have 1 to 9 digits"):
        emit.standalone_ta1(envelope(), ["TA1"], isa13=number, now=NOW)


def test_an_id_with_a_separator_in_it_is_a_fault() -> None:
    emitted = emit.interchange(
        replace(envelope(), receiver="ACME*US"), functional_id="FA", set_id="997", sets=[BODY], isa13=7, gs06=7, now=NOW
    )
    assert emitted.faults == ("ISA08: the id 'ACME*US' cannot be written as it is.",)


def test_a_separator_inside_data_is_replaced_and_told() -> None:
    emitted = written([["AK1", "P*O~", "1"]], envelope())
    assert b"AK1*P O*1~" in emitted.content
    assert emitted.warnings == (
        "AK101 (segment 2 of set 0001): 'P O' was written instead of 'P*O~'; '*' '~' are used as separator here.",
    )


SEPARATORS = st.lists(st.sampled_from("*|~^>:\x1d\x1e\x1f!"), min_size=4, max_size=4, unique=True)


@settings(max_examples=150, deadline=None)
@given(SEPARATORS, st.sampled_from(["", "\n", "\r\n"]), st.text(max_size=30), st.sampled_from(["004010", "005010"]))
def test_whatever_the_data_it_is_read_back_without_a_structural_fault(
    chosen: list[str], after: str, text: str, version: str
) -> None:
    separators = Separators(*chosen)
    content = written(
        [["AK1", "PO", "1"], ["AK2", "850", f"1{text}"], ["AK5", "A"], ["AK9", "A", "1", "1", "1"]],
        envelope(version, separators, after),
    ).content
    parts = list(read(content))
    assert not [part for part in parts if isinstance(part, FileIssue | RepairDone)]
    (found,) = [part for part in parts if isinstance(part, SetRead)]
    assert {issue.place.segment for issue in found.issues} <= {"AK2"}
    (end,) = [part for part in parts if isinstance(part, InterchangeEnded)]
    assert (end.issues, end.complete) == ((), True)


def test_the_independent_reader_agrees_and_notices_a_wrong_count() -> None:
    content = written(BODY, envelope()).content
    assert errors_of_pyx12(content) == []
    assert errors_of_pyx12(content.replace(b"SE*4", b"SE*9"))
    assert errors_of_pyx12(b"no interchange at all")
