"""Bytes outside of the agreed character set hold the file, with the place of the first one."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging import characters
from gateway.flows.judging.validation import validate
from gateway.formats.x12.charset import Charset
from tests.acknowledgments.files import BODY, a_file, a_group, a_set

CLEAN = a_file(a_group(a_set()))
CAFE = a_file(a_group(a_set(body=BODY.replace("SKU-1", "Café-1"))))


def seen(content: bytes, charset: Charset) -> tuple[int, list[tuple[str, int]]]:
    examined = validate(BytesIO(content), AckRules(), charset=charset)
    return len(examined.interchanges), [(issue.code, issue.offset) for issue in examined.issues]


@pytest.mark.parametrize(
    ("content", "charset", "held"),
    [
        (CLEAN.encode(), "basic", []), (CLEAN.encode(), "utf8", []), (CLEAN.encode("utf-8-sig"), "basic", []),
        (CAFE.encode(), "basic", ["X-CHARSET"]), (CAFE.encode("latin-1"), "basic", ["X-CHARSET"]),
        (CAFE.encode(), "utf8", []), (CAFE.encode("latin-1"), "utf8", ["X-CHARSET"]),
        (CAFE.encode(), "extended", []), (CAFE.encode("latin-1"), "extended", []),
    ],
)  # fmt: skip
def test_a_byte_that_was_not_agreed_holds_the_file_with_its_offset(
    content: bytes, charset: Charset, held: list[str]
) -> None:
    assert seen(content, charset) == (0 if held else 1, [(code, content.index(b"Caf") + 3) for code in held])


def test_the_sentence_says_byte_place_and_what_stands_before() -> None:
    issue = characters.fault(CAFE.encode("latin-1"), "basic")
    assert issue is not None
    assert issue.message == (
        f"The byte 0xE9 at offset {issue.offset} behind '*1*2*EA*9.95**VP*Caf' is not what was agreed: only the characters "
        "of ASCII (x12.charset: basic). Nothing of the file was taken."
    )


@given(st.binary(max_size=30), st.binary(max_size=6), st.integers(1, 7))
def test_where_a_file_is_cut_into_pieces_makes_no_difference(start: bytes, end: bytes, size: int) -> None:
    content = start + "é€𝄞".encode() + end

    class Slow(BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    for charset in ("basic", "utf8"):
        whole, pieces = characters.fault(content, charset), characters.fault(Slow(content), charset)
        assert (whole and whole.offset) == (pieces and pieces.offset)


@given(st.binary(max_size=40))
def test_the_first_byte_that_is_no_utf8_is_the_one_decoding_stops_at(content: bytes) -> None:
    issue = characters.fault(content, "utf8")
    stopped = -1
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        stopped = error.start
    assert (issue.offset if issue is not None else -1) == stopped


def test_a_sequence_that_the_end_of_the_file_cuts_is_no_utf8() -> None:
    issue = characters.fault(b"abc\xc3", "utf8")
    assert issue is not None
    assert issue.offset == 3


def test_what_is_no_x12_is_told_as_what_it_is_whatever_was_agreed() -> None:
    assert seen(b"%PDF-1.7 \xe2\xe3", "basic") == (0, [("F-BINARY", 0)])
