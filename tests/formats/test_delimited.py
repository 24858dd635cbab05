"""Delimited text is read strictly, each fault at its row, and what is written is read back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.formats.delimited import DelimitedOptions, documents, read, titles, write

PLAIN = DelimitedOptions()


def rows(text: str | bytes, options: DelimitedOptions = PLAIN) -> list[tuple[int, tuple[str, ...]]]:
    found = read(text.encode() if isinstance(text, str) else text, options)
    assert found.issues == ()
    return list(found.rows)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "\ufeffa,b\n1,2", ' a , b \n"1","2"\n\n , \n'])
def test_bom_line_ends_quotes_and_blank_rows_do_not_matter(text: str) -> None:
    assert rows(text) == [(2, ("1", "2"))]
    assert titles(text.encode(), PLAIN) == ("a", "b")


def test_a_quoted_line_end_belongs_to_its_cell_and_rows_are_counted_as_a_spreadsheet_does() -> None:
    assert rows('a,b\n"x\ny",2\n3,4\n') == [(2, ("x\ny", "2")), (3, ("3", "4"))]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b'a,b\n"1,2\n', "F-COLUMNS", "a quote is not closed"),
        (b"a,b\n1,2,3\n", "F-COLUMNS", "Row 2 has 3 cells"),
        (b"a,a\n1,2\n", "F-COLUMNS", "a title twice: a"),
        (b"a,b\n\xff,2\n", "F-ENCODING", "Byte 4 is not utf-8"),
        (b"a,b\n1\x00,2\n", "F-ENCODING", "NUL"),
        (b"\n\n", "F-EMPTY", "no header row"),
        (b"a,b\n" + b"x" * 70_000 + b",2\n", "F-COLUMNS", "Row 2"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_row_or_byte(content: bytes, code: str, words: str) -> None:
    issues = read(content, PLAIN).issues
    assert [issue.code for issue in issues] == [code]
    assert words in issues[0].message


def test_rows_that_share_their_key_are_one_document_also_when_they_are_not_neighbours() -> None:
    options = DelimitedOptions(group_by=("po",))
    found = documents(read(b"po,n\nA,1\nB,2\nA,3\n", options), options)
    assert [[row.fields["n"] for row in each.children["row"]] for each in found] == [["1", "3"], ["2"]]
    assert [len(documents(read(b"po\nA\nA\n", PLAIN), PLAIN))] == [2]


def test_other_delimiters_quotes_and_encodings() -> None:
    options = DelimitedOptions(delimiter=";", quote="'", encoding="cp1252")
    assert rows("a;b\n'K\u00f6ln;x';2\n".encode("cp1252"), options) == [(2, ("K\u00f6ln;x", "2"))]


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_what_is_written_is_read_back(cells: list[tuple[str, str]]) -> None:
    content = write([("a", "b"), *cells], PLAIN)
    assert [row for _, row in rows(content)] == [row for row in cells if any(cell.strip() for cell in row)]
