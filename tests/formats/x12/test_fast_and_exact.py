"""The fast reading finds exactly what the exact walk finds: for valid sets nothing, for damaged ones the same faults."""

import os
from random import Random

import pytest

from gateway.formats.record import Record, Segment, SetRecord
from gateway.formats.x12 import guide
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from gateway.formats.x12.walk import walk
from gateway.kernel.faults import SetFault
from gateway.kernel.issue import Issue
from tests.formats.x12.generate import Size, file_of, random_set
from tests.formats.x12.mutants import mutated

ROUNDS = int(os.environ.get("GATEWAY_ROUNDS", "6"))
GUIDES = [(version, set_id) for version in guide.versions() for set_id in guide.set_ids(version)]


def layout_of(version: str, set_id: str) -> Guide:
    found = guide.load(version, set_id)
    assert found is not None
    return found


def sets_in(content: bytes) -> list[SetRead]:
    return [part for part in read(content) if isinstance(part, SetRead)]


def inner(found: SetRead) -> tuple[Issue, ...]:
    return tuple(issue for issue in found.issues if not isinstance(issue.fault, SetFault))


def shape(record: Record, root: Record) -> object:
    """A tree as plain values."""
    head = record.head and (list(record.head), root.position_of(record.head))
    own = {name: [(list(s), root.position_of(s)) for s in found] for name, found in record.segments.items()}
    children = {name: [shape(kid, root) for kid in kids] for name, kids in record.children.items()}
    return record.name, head, own, children


def shape_of(record: SetRecord) -> object:
    """A whole set as plain values."""
    return shape(record, record), record.component_separator, record.repetition_separator


def needs_no_cleaning(record: SetRecord) -> bool:
    """Whether all texts of a set are what a set is called tidy for."""
    texts = [text for segment in record.flat for text in segment]
    return all(text.isascii() and (text.isprintable() or not text) and text == text.strip() for text in texts)


@pytest.mark.parametrize(("version", "set_id"), GUIDES)
def test_a_valid_set_has_no_fault_and_the_same_tree_either_way(version: str, set_id: str) -> None:
    layout = layout_of(version, set_id)
    rng = Random(f"{version}{set_id}")
    for size in (Size(), Size(10, 0.9, 2), Size(200, 0.5, 12)):
        (found,) = sets_in(file_of(layout, [random_set(layout, rng, size)], after=rng.choice(("", "\n", "\r\n"))))
        assert found.issues == ()
        assert found.walked is None
        walked = walk(found.segments, layout, found.separators)
        assert walked.issues == ()
        assert shape_of(found.record) == shape_of(walked.record)
        assert needs_no_cleaning(found.record) or not found.record.is_tidy


@pytest.mark.parametrize(("version", "set_id"), GUIDES)
def test_a_damaged_set_has_the_same_faults_either_way(version: str, set_id: str) -> None:
    layout = layout_of(version, set_id)
    rng = Random(f"damage{version}{set_id}")
    for _ in range(ROUNDS):
        whole = file_of(layout, [random_set(layout, rng, Size(25, 0.3, 3))]).decode().split("~")
        body = mutated(whole[3:-4], rng, rng.choice((1, 1, 1, 2, 5)))
        content = "~".join([*whole[:3], *body, *whole[-4:]]).encode()
        for found in sets_in(content):
            if found.guide is None or found.segments[-1][0] != "SE":
                continue
            walked = walk(found.segments, found.guide, found.separators)
            assert inner(found) == walked.issues
            assert shape_of(found.record) == shape_of(walked.record)
            assert needs_no_cleaning(found.record) or not found.record.is_tidy


def test_a_segment_keeps_its_offset_in_a_file_longer_than_one_window() -> None:
    layout = layout_of("004010", "850")
    body = random_set(layout, Random(5), Size(40, 0.5, 3))
    content = file_of(layout, [body] * 400, after="\r\n")
    found = sets_in(content)
    assert len(found) == 400
    for one in found[::37]:
        segment = one.segments[-2]
        assert content[segment.offset :].startswith("*".join(segment).encode())


@pytest.mark.parametrize("after", ["", "\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "tidy"),
    [("A MUG", True), (" MUG", False), ("MUG ", False), ("M\xdcG", False), ("M\tG", False)],
)
def test_a_set_is_tidy_when_no_text_has_to_be_cleaned(text: str, tidy: bool, after: str) -> None:  # noqa: FBT001 - a table
    layout = layout_of("004010", "850")
    for sent in (["REF", "DP", "TEXT", "X"], ["REF", "DP", "TEXT"]):
        whole = file_of(
            layout, [[["BEG", "00", "SA", "1", "", "20260301"], sent, ["PO1", "1", "1", "EA"]]], after=after
        )
        (found,) = sets_in(whole.replace(b"TEXT", text.encode("latin-1")))
        assert found.record.is_tidy is tidy


def test_a_separator_of_a_later_version_is_data_in_an_earlier_group() -> None:
    segments = (Segment(["ST", "850", "0001"], 1),)
    assert walk(segments, layout_of("004010", "850"), Separators("*", ">", "", "~")).record.repetition_separator == ""
