"""A file of any size is judged alike, whether its sets are kept or only their places; each set is found again."""

import hashlib
from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.documents import group_answer
from gateway.exchange.acknowledgment import AckRules
from gateway.exchange.slices import Slice
from gateway.flows import slicing
from gateway.flows.judging.examine import NOTHING, Examination, ExaminedInterchange, Keep, examine
from gateway.flows.slicing import Cut
from gateway.formats.x12.guide_overlay import NO_GUIDES
from gateway.kernel.errors import StoreError
from gateway.kernel.ids import ReceiptId

GOOD = ("BEG*00*SA*PO{0}**20261120", "PO1*1*2*EA*9.95**VP*SKU-{0}", "CTT*1")
ODD = ("BEG*00*SA*PO{0}**20261120", "N1*ST*CAF\xc9 {0}", "PO1*1*2*EA*9.95**VP*SKU-{0}", "CTT*1")
UNKNOWN_CODE = ("BEG*00*QQ*PO{0}**20261120", "PO1*1*2*EA*9.95**VP*SKU-{0}", "CTT*1")
BAD = ("PO1*1*2*EA*9.95**VP*SKU-{0}", "CTT*1")
KINDS = {"good": GOOD, "odd": ODD, "code": UNKNOWN_CODE, "bad": BAD}
RULES = (
    AckRules(),
    AckRules(tolerates=frozenset({"UNKNOWN_CODE"}), accepted_sets="summarised"),
    AckRules(on_error="group"),
    AckRules(on_error="interchange", unique_sets=False),
)
files = st.lists(
    st.lists(st.lists(st.sampled_from([*KINDS, "no trailer", "again"]), max_size=6), min_size=1, max_size=3),
    min_size=1, max_size=3,
)  # fmt: skip


def written(interchanges: list[list[list[str]]], end: str = "~\n") -> bytes:
    """Interchanges of groups of sets of these kinds."""
    return "".join(f"{segment}{end}" for segment in _segments(interchanges)).encode("latin-1")


def _segments(interchanges: list[list[list[str]]]) -> Iterator[str]:
    count = 0
    for control, groups in enumerate(interchanges, start=1):
        yield f"ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*{control:09d}*0*P*>"
        for group, sets in enumerate(groups, start=1):
            yield f"GS*PO*ACMESTORES*NORTHWIND*20261120*0815*{group}*X*004010"
            for at, kind in enumerate(sets, start=1):
                count += 1
                number = f"{1 if kind == 'again' else at:04d}"
                body = [line.format(count) for line in KINDS.get(kind, GOOD)]
                yield from (f"ST*850*{number}", *body)
                if kind != "no trailer":
                    yield f"SE*{len(body) + 2}*{number}"
            yield f"GE*{len(sets)}*{group}"
        yield f"IEA*{len(groups)}*{control:09d}"


def answers(seen: Examination) -> list[tuple[object, ...]]:
    """Everything that is told of a file to its sender."""
    return [
        (each.verdict.verdict, each.verdict.code, each.verdict.ta1_due, group.verdict, group.codes, group.accepted,
         group.ack_due, list(group.sets), list(group.listed), list(group_answer.answer(group).segments))
        for each in seen.interchanges for group in each.verdict.groups
    ]  # fmt: skip


def accepted(seen: Examination) -> list[tuple[object, ...]]:
    """The sets that are taken at once."""
    return [
        (interchange.received.control_number, each.group.control_number, each.received.control_number,
         each.source.segments, [segment.offset for segment in each.source.segments])
        for interchange in seen.interchanges for each in interchange.sets if slicing.accepted(each.verdict)
    ]  # fmt: skip


def cut(seen: Examination, content: bytes, keep: Keep) -> list[Slice]:
    """The slices of a large file."""
    made = Cut(keep)
    for interchange in seen.interchanges:
        assert interchange.header is not None
        for group, places in zip(interchange.verdict.groups, interchange.places, strict=True):
            for at, verdict in enumerate(group.sets):
                if slicing.accepted(verdict):
                    made.add(interchange.header, places.start, *places.span(at))
    return list(made.slices(ReceiptId("R"), BytesIO(content)))


def again(slices: list[Slice], content: bytes) -> list[tuple[object, ...]]:
    """The sets of the slices, read again."""
    return [
        (received.control_number, each.group.control_number, each.received.control_number, each.source.segments,
         [segment.offset for segment in each.source.segments])
        for one in slices
        for received, each in slicing.sets_of(one, content[one.start : one.end], NO_GUIDES)
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(files, st.integers(1, 7), st.sampled_from(RULES), st.sampled_from(["~", "~\n", "~\r\n", "\n"]))
def test_sliced_and_whole_give_the_same_answers_and_the_same_sets(
    interchanges: list[list[list[str]]], size: int, rules: AckRules, end: str
) -> None:
    content = written(interchanges, end)
    keep = Keep(size)
    whole, sliced = examine(content, rules), examine(BytesIO(content), rules, keep=keep)
    assert answers(sliced) == answers(whole) == answers(examine(content, rules, keep=NOTHING))
    assert sliced.issues == whole.issues
    if not sliced.is_large:
        assert accepted(sliced) == accepted(whole)
        return
    slices = cut(sliced, content, keep)
    assert again(slices, content) == accepted(whole)
    assert [each.number for each in slices] == list(range(1, len(slices) + 1))
    assert all(sum(len(part.starts) for part in each.parts) <= size for each in slices)
    assert [each.digest for each in slices] == [
        hashlib.sha256(content[each.start : each.end]).hexdigest() for each in slices
    ]


@settings(max_examples=30, deadline=None)
@given(files)
def test_each_accepted_set_of_a_large_file_is_found_at_its_place(interchanges: list[list[list[str]]]) -> None:
    content = written(interchanges)
    sliced = examine(content, AckRules(), keep=Keep(1))
    found = [
        (seen.received.control_number, each.group.control_number, each.source.segments)
        for seen in sliced.interchanges if seen.is_large
        for _, _, each in slicing.accepted_sets(BytesIO(content), seen, NO_GUIDES)
    ]  # fmt: skip
    if sliced.is_large:
        assert found == [each[:2] + each[3:4] for each in accepted(examine(content, AckRules()))]


def test_a_slice_is_closed_before_it_has_too_many_bytes() -> None:
    content = written([[["good"] * 10]])
    sliced = examine(content, AckRules(), keep=Keep(1))
    size = sliced.interchanges[0].places[0].span(0)
    slices = cut(sliced, content, Keep(100, 3 * (size[1] - size[0]) + 10))
    assert [sum(len(part.starts) for part in each.parts) for each in slices] == [3, 3, 3, 1]
    assert [each.before for each in slices] == [0, 3, 6, 9]


def test_a_slice_whose_sets_are_not_there_any_more_is_not_taken() -> None:
    content = written([[["good"] * 4]])
    (one, *_) = cut(examine(content, AckRules(), keep=Keep(2)), content, Keep(2))
    with pytest.raises(StoreError, match="has not the sets that were judged"):
        list(slicing.sets_of(one, content[one.start : one.parts[0].starts[1]], NO_GUIDES))


def test_sets_that_are_too_many_to_be_kept_are_let_go_in_every_interchange() -> None:
    content = written([[["good"]], [["good", "bad"]], [["good"]]])
    seen = examine(content, AckRules(), keep=Keep(2))
    assert seen.is_large
    assert [each.sets for each in seen.interchanges] == [(), (), ()]
    assert [_spans(each) for each in seen.interchanges] == [1, 2, 1]


def _spans(seen: ExaminedInterchange) -> int:
    return sum(len(each.spans) // 2 for each in seen.places)
