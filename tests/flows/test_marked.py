"""A fault is marked exactly where it is, whatever the delimiters, the width and the characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.flows.judging.marked import (
    CUT,
    NARROW,
    Look,
    Span,
    columns,
    marked,
    printable,
    shortened,
    span_of,
    written,
)
from gateway.formats.record import Segment
from gateway.formats.x12.delimiters import Separators
from gateway.kernel.faults import ElementFault, SegmentFault
from gateway.kernel.issue import Issue, Place

USUAL = Separators("*", ">", "^", "~")


def shown(text: str, issue: Issue, separators: Separators = USUAL) -> tuple[str, str]:
    segment = Segment(text.split(separators.element), 1)
    span = span_of(issue, segment, separators, issue.place.element)
    return marked(written(segment, separators), span, Look())


def element(fault: ElementFault, at: int, component: int = 0, value: str = "") -> Issue:
    return Issue(fault, Place("X", 1, "", at, component), value)


@pytest.mark.parametrize(
    ("text", "issue", "below"),
    [
        ("BEG*00*SA*PO1**20261304", element(ElementFault.INVALID_DATE, 5, 0, "20261304"), "               ^^^^^^^^"),
        ("PO1*1**EA", element(ElementFault.CONDITIONAL_MISSING, 2), "      ^"),
        ("BEG*00*SA", element(ElementFault.MANDATORY_MISSING, 3), "         ^"),
        ("REF*DP*1*2*3*4*5", element(ElementFault.TOO_MANY_ELEMENTS, 5, 0, "4"), "             ^^^"),
        ("XYZ*1*2", Issue(SegmentFault.UNRECOGNIZED, Place("XYZ", 1)), "^^^"),
        ("SLN*A>BAD>C", element(ElementFault.TOO_LONG, 1, 2, "BAD"), "      ^^^"),
        ("SLN*A", element(ElementFault.MANDATORY_MISSING, 1, 2), "     ^"),
        ("SLN*A>B^A>BAD", element(ElementFault.TOO_LONG, 1, 2, "BAD"), "          ^^^"),
        ("SLN*A>B^A", element(ElementFault.MANDATORY_MISSING, 1, 2), "         ^"),
        ("DMG*A^BAD^C", element(ElementFault.INVALID_CODE, 1, 0, "BAD"), "      ^^^"),
        ("DMG*A^B^C", element(ElementFault.TOO_MANY_REPETITIONS, 1, 0, "A^B^C"), "    ^^^^^"),
    ],
)
def test_the_mark_stands_under_the_element_component_or_repetition_meant(text: str, issue: Issue, below: str) -> None:
    assert shown(text, issue) == (f"{text}~", below)


def test_delimiters_stand_as_they_were_sent_and_a_line_end_is_not_shown() -> None:
    separators = Separators("|", ":", "", "\r\n")

    assert shown("REF|DP|X", element(ElementFault.TOO_SHORT, 2, 0, "X"), separators) == ("REF|DP|X", "       ^")


def test_a_control_character_does_nothing_to_the_terminal_and_takes_one_place() -> None:
    separators = Separators("\x1d", ":", "", "\x1c")

    text, below = shown("REF\x1dD\x1b[2J\x1dX", element(ElementFault.TOO_SHORT, 2, 0, "X"), separators)

    assert text == "REF␝D␛[2J␝X␜"
    assert below.index("^") == text.index("X")


def test_wide_characters_take_two_columns() -> None:
    text, below = shown("N1*BY*中文*BAD", element(ElementFault.TOO_LONG, 3, 0, "BAD"))

    assert text == "N1*BY*中文*BAD~"
    assert below == " " * 11 + "^^^"


def test_what_is_missing_is_named_left_of_the_mark_where_there_is_no_room_on_the_right() -> None:
    text = "N1*ST*" + "A" * 33

    assert marked(text, Span(39, 39), Look(40), missing="N105")[1] == " " * 21 + "N105 belongs here ^"


def test_colour_is_added_to_the_marks_and_never_in_their_place() -> None:
    plain = marked("DTM*001*BAD~", Span(8, 11), Look())
    coloured = marked("DTM*001*BAD~", Span(8, 11), Look(colour=True))

    assert "\x1b" in coloured[0]
    assert tuple(line.replace("\x1b[1;31m", "").replace("\x1b[0m", "") for line in coloured) == plain


texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=300)


@given(texts, st.integers(0, 300), st.integers(0, 80), st.integers(1, 120))
def test_both_lines_fit_the_screen_and_the_mark_lies_within_the_text(
    text: str, start: int, length: int, width: int
) -> None:
    start = min(start, len(text))
    span = Span(start, min(len(text), start + length))

    line, below = marked(text, span, Look(width))

    assert columns(line) <= max(width, NARROW)
    assert line.isprintable()
    before = len(below) - len(below.lstrip())
    assert before <= columns(line)
    if line == printable(text):
        assert before == columns(line[: span.start])
    else:
        assert CUT in line


@given(texts, st.integers(1, 120))
def test_a_shortened_text_begins_as_the_whole_and_fits(text: str, width: int) -> None:
    short = shortened(text, Look(width))

    assert columns(short) <= max(width, NARROW)
    assert printable(text).startswith(short.removesuffix(CUT) if short != printable(text) else short)
