"""The last row that proves a file complete: found in whatever encoding, counted as agreed, and never anything but the last."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.formats import trailer
from gateway.formats.trailer import Trailer

ROWS = "po,sku\r\nPO-1,Größe\r\n"


def found(pattern: str, text: str | bytes, encoding: str = "utf-8") -> trailer.Found | None:
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return Trailer.of(pattern).find(io.BytesIO(content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "cp850", "cp037", "utf-16", "utf-16-le", "utf-16-be"])  # fmt: skip
@pytest.mark.parametrize("after", ["", "\r\n", "\n\n  \r\n", "\r\n\x1a"])
def test_the_row_is_found_in_every_encoding_and_begins_where_the_data_ends(encoding: str, after: str) -> None:
    content = f"{ROWS}EOF,0012{after}".encode(encoding)
    seen = found("EOF,{count}", content)
    assert seen is not None
    assert (content[: seen.start].decode(encoding), seen.text, seen.count) == (
        content[: len(ROWS.encode(encoding))].decode(encoding), "EOF,0012", 12,
    )  # fmt: skip


def test_lines_of_ebcdic_end_with_their_own_character() -> None:
    content = ROWS.replace("\r\n", "\x85").encode("cp037") + "EOF,1\x85".encode("cp037")
    seen = found("EOF,{count}", content)
    assert seen is not None
    assert (seen.start, seen.count) == (len(content) - 6, 1)


@pytest.mark.parametrize(
    ("pattern", "row", "count"),
    [
        ("EOF*", "EOF", None), ("EOF*", "EOF;1;2", None), ("*END*", "x END y", None), ("EOF,{count+2}", "EOF,5", 3),
        ("EOF, {count}", "EOF,   7", 7), ("T;*;{count};*", "T;a;b;3;c", 3), ("EOF,{count}*", "EOF,12,,,", 12), ("EOF", " EOF  ", None),
    ],
)  # fmt: skip
def test_a_star_is_anything_and_the_count_may_count_rows_of_its_own(pattern: str, row: str, count: int | None) -> None:
    seen = found(pattern, f"{ROWS}{row}\n")
    assert seen is not None
    assert seen.count == count


@pytest.mark.parametrize("text", ["", "\n\n", ROWS, f"EOF,1\n{ROWS}", f"{ROWS}EOF,x\n", f"{ROWS}eof,1\n", f"{ROWS}EO", f"{ROWS}{' ' * 9000}EOF,1"])  # fmt: skip
def test_what_does_not_end_with_the_row_is_not_complete(text: str) -> None:
    assert found("EOF,{count}", text) is None


def test_a_row_that_is_longer_than_what_is_looked_at_is_none() -> None:
    assert found("EOF*", f"{ROWS}EOF{'x' * trailer.TAIL}") is None
    assert found("EOF*", f"{ROWS}{'x' * 3 * trailer.TAIL}\nEOF") is not None


@given(st.text(alphabet="EOF,1\n\r\x1a é", max_size=40), st.integers(0, 40))
def test_a_file_that_is_cut_before_its_last_row_is_whole_in_no_case(text: str, cut: int) -> None:
    content = f"{text}\nTRAILER,7\n".encode()
    seen = found("TRAILER,{count}", content)
    assert seen is not None
    assert content[seen.start :].strip() == b"TRAILER,7"
    assert found("TRAILER,{count}", content[: max(0, len(content) - 3 - cut)]) is None


@given(st.binary(max_size=300), st.integers(0, 300), st.lists(st.integers(-1, 40), max_size=8))
def test_the_part_before_a_byte_reads_like_a_file_that_ends_there(content: bytes, end: int, steps: list[int]) -> None:
    file, plain = io.BytesIO(content), io.BytesIO(content[:end])
    part = trailer.before(file, min(end, len(content)))
    for step in steps:
        assert part.read(step) == plain.read(step)
    for offset, whence in ((0, io.SEEK_END), (3, io.SEEK_SET)):
        assert part.seek(offset, whence) == plain.seek(offset, whence)
        assert part.read() == plain.read()
    del part
    assert not file.closed


@pytest.mark.parametrize("pattern", ["*", "", " ", "{count}", "E{rows}", "{count} of {count}", "E*{count}", "E**", "EOF\n", "{count+0}E"])  # fmt: skip
def test_a_pattern_that_could_be_any_row_or_says_what_nobody_knows_is_refused(pattern: str) -> None:
    assert trailer.fault(pattern)


def test_a_row_made_to_hurt_costs_nothing() -> None:
    assert found("a*b*c*d*e*f", "a" * 100 + "b" * 1000 + "bcd" * 900) is None
