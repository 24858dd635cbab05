"""A file of rows is the same read whole and read piece by piece, wherever a piece ends."""

import io
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.formats import delimited, plain_text
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.record import Record
from gateway.kernel.issue import FileIssue

ENCODINGS = st.sampled_from(plain_text.ENCODINGS)
WRITTEN = st.text(st.sampled_from('ab,"\r\n \x00\x1a\x85é€\ufeff😀'), max_size=40)
ROWS = st.lists(st.tuples(st.sampled_from("abc "), st.sampled_from(["1", "x y", ""])), max_size=12)
DRESSED = st.builds(
    DelimitedOptions, skip=st.integers(0, 2), footer=st.integers(0, 2),
    group_by=st.sampled_from([(), ("k",), ("k", "v")]), whole_file=st.booleans(),
)  # fmt: skip


def as_decoded(content: bytes, encoding: str) -> str:
    """The text of a file, decoded at once."""
    text = content.decode(encoding).removeprefix("\ufeff")
    if encoding == plain_text.EBCDIC:
        text = text.replace("\r\x85", "\n").replace("\x85", "\n")
    return text.rstrip("\x1a")


def shape(record: Record) -> tuple[int, list[tuple[int, dict[str, str]]]]:
    return record.position, [(row.position, dict(row.fields)) for row in record.children["row"]]


@pytest.fixture(scope="module", params=[1, 3, 4096])
def _in_pieces(request: pytest.FixtureRequest) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_text, "PIECE", request.param)
        yield


@pytest.mark.usefixtures("_in_pieces")
@given(WRITTEN, ENCODINGS)
@example("a\r\nb\rc\x1a", "cp037")
@example("a\x1a\nb\x1a\x1a", "utf-16")
def test_a_text_read_in_pieces_is_the_text_decoded_at_once(text: str, encoding: str) -> None:
    content = plain_text.encode("".join(each for each in text if plain_text.fits(each, encoding)), encoding)
    found = plain_text.decode(content, encoding)
    if isinstance(found, str):
        whole = as_decoded(content, encoding)
        assert found == whole
        assert list(plain_text.lines_of(io.BytesIO(content), encoding, 100)) == list(io.StringIO(whole, newline=""))
    else:
        assert found.code == "F-ENCODING"
        assert "\x00" in as_decoded(content, encoding) or "byte order mark" in found.message


@pytest.mark.usefixtures("_in_pieces")
@given(
    st.text("ab\r\n", max_size=12), st.sampled_from([b"\xff", b"\xc3", b"\xe2\x82"]), st.text("a\r\n\x00", max_size=5)
)
@example("", b"\xff", "")
def test_a_byte_that_is_not_of_the_encoding_is_told_with_its_place_wherever_a_piece_ends(
    before: str, bad: bytes, after: str
) -> None:
    content = before.encode() + bad + after.encode()
    found = plain_text.decode(content, "utf-8")
    assert isinstance(found, FileIssue)
    lines = 1 + before.count("\n") + before.count("\r") - before.count("\r\n")
    assert (found.offset, found.code) == (len(before), "F-ENCODING")
    assert found.message.startswith(f"Byte {len(before)} is not utf-8 (line {lines});")


@pytest.mark.usefixtures("_in_pieces")
@given(ROWS, DRESSED, st.sampled_from(["", "x,y,z\n", '"open\n', "k,k\n"]))
def test_documents_read_one_by_one_are_those_of_the_whole_file(
    rows: list[tuple[str, str]], options: DelimitedOptions, odd: str
) -> None:
    content = ("first\n" * options.skip + "k,v\n" + "".join(f"{k},{v}\n" for k, v in rows) + odd).encode()
    whole = delimited.read(content, options)
    judged = delimited.judge(io.BytesIO(content), options)
    assert (judged.titles, judged.issues) == (whole.titles, whole.issues)
    if not judged.issues:
        found = delimited.stream(io.BytesIO(content), options, judged)
        assert [shape(each) for each in found] == [shape(each) for each in delimited.documents(whole, options)]


def test_rows_of_one_document_that_stand_apart_are_one_document_still() -> None:
    content, options = b"k,v\na,1\nb,2\na,3\n", DelimitedOptions(group_by=("k",))
    judged = delimited.judge(io.BytesIO(content), options)
    assert not judged.grouped
    found = [shape(each) for each in delimited.stream(io.BytesIO(content), options, judged)]
    assert found == [(2, [(2, {"k": "a", "v": "1"}), (4, {"k": "a", "v": "3"})]), (3, [(3, {"k": "b", "v": "2"})])]


def test_a_line_that_never_ends_is_refused_without_being_kept() -> None:
    content = b"a,b\n" + b"x" * (3 * delimited.LARGEST_ROW)
    (issue,) = delimited.judge(io.BytesIO(content), DelimitedOptions()).issues
    assert issue.message.startswith("Row 2: a cell has more than")


def test_the_memory_for_a_file_of_rows_does_not_grow_with_it() -> None:
    content, options = b"k,v\n" + b"".join(b"%d,some value\n" % at for at in range(40_000)), DelimitedOptions()
    file = io.BytesIO(content)
    tracemalloc.start()
    judged = delimited.judge(file, options)
    count = sum(1 for _ in delimited.stream(file, options, judged))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 40_000
    assert peak < 4 * plain_text.PIECE + 300_000
