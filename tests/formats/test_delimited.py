"""Delimited text is read strictly, each fault at its row, and what is written is read back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.formats.delimited import (
    DelimitedOptions,
    FormulaGuard,
    documents,
    guarded,
    missing,
    read,
    titles,
    write,
)
from gateway.formats.plain_text import CellFault

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
        (b'a,b\n"1,2\n', "F-COLUMNS", "the quote opened in this row is not closed"),
        (b"a,b\n1,2,3\n", "F-COLUMNS", "Row 2 has 3 cells"),
        (b"a,a\n1,2\n", "F-COLUMNS", "a title twice: a"),
        (
            b"a,b\n\xff,2\n",
            "F-ENCODING",
            "Byte 4 is not utf-8 (line 2); the file must be sent in utf-8; in cp1252 this byte is '\u00ff'",
        ),
        (b"a,b\n1\x00,2\n", "F-ENCODING", "NUL"),
        (b"a,b\n1,2\n3\x00", "F-ENCODING", "(line 3)"),
        (b'a,b\n"1" x,2\n', "F-COLUMNS", 'is written twice ("")'),
        (b'a,b\n1,2\n"x,3\n"y,4\n', "F-COLUMNS", "Row 3: after a closing"),
        (b"a,b,c\n1\n", "F-COLUMNS", "Row 2 has 1 cell, the header has 3 titles."),
        (b"a,b\n1,50,2\n", "F-COLUMNS", "Perhaps a ',' stands in a cell without quotes."),
        (b"\xff\xfea\x00", "F-ENCODING", "Set 'encoding: utf-16'"),
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


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp850", "cp037", "latin-1"])
def test_every_encoding_of_the_list_is_read_and_written(encoding: str) -> None:
    options = DelimitedOptions(encoding=encoding, delimiter="\t")

    written = write([("Stra\u00dfe", "b"), ("\u00e4\u00f6", "2")], options)

    assert written.faults == ()
    assert rows(written.content, options) == [(2, ("\u00e4\u00f6", "2"))]
    assert titles(written.content, options) == ("Stra\u00dfe", "b")


def test_the_line_ends_of_an_ebcdic_file_are_its_next_lines() -> None:
    content = "a,b\x851,2\x853,4\x85".encode("cp037")
    assert b"\x15" in content
    assert rows(content, DelimitedOptions(encoding="cp037")) == [(2, ("1", "2")), (3, ("3", "4"))]
    assert titles(content, DelimitedOptions(encoding="cp037")) == ("a", "b")


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        ("a,b\n".encode("utf-16-le"), "utf-16", "no byte order mark"),
        (b"\xef\xbb\xbfa,b\n", "cp1252", "the byte order mark of utf-8, but cp1252 was agreed"),
        (b"a,b\n1,2\n\x81", "cp1252", "Byte 8 is not cp1252 (line 3)"),
        (b"a,b\n", "utf-7", "'utf-7' is not an encoding that is read"),
    ],
)
def test_a_file_in_another_encoding_is_refused_and_never_guessed(content: bytes, encoding: str, words: str) -> None:
    (issue,) = read(content, DelimitedOptions(encoding=encoding)).issues
    assert issue.code == "F-ENCODING"
    assert words in issue.message


def test_rows_before_the_header_and_after_the_data_are_dropped_and_kept_apart() -> None:
    options = DelimitedOptions(skip=2, footer=1)

    found = read(b"Report of today\n\na,b\n1,2\n\n3,4\nTotal,2\n\n", options)

    assert found.titles == ("a", "b")
    assert found.rows == ((4, ("1", "2")), (6, ("3", "4")))
    assert found.dropped == ((1, ("Report of today",)), (7, ("Total", "2")))
    assert titles(b"Report of today\n\na,b\n1,2\n", options) == ("a", "b")


def test_a_file_without_header_takes_its_titles_from_the_mapping() -> None:
    options = DelimitedOptions(header=False, columns=("po", "sku"))
    assert read(b"1,2\n3,4\n", options).rows == ((1, ("1", "2")), (2, ("3", "4")))
    (issue,) = read(b"1,2,3\n", options).issues
    assert issue.message.startswith("Row 1 has 3 cells, 'columns' names 2.")


def test_cells_left_out_at_the_end_of_a_row_are_empty() -> None:
    options = DelimitedOptions(delimiter=";")
    (document,) = documents(read(b"a;b;c;d\n1;2\n", options), options)
    assert document.children["row"][0].fields == {"a": "1", "b": "2"}


def test_a_column_without_title_is_called_by_its_number() -> None:
    assert read(b",a,\n0,1,2\n", PLAIN).titles == ("column 1", "a", "column 3")


def test_the_whole_file_can_be_one_document() -> None:
    options = DelimitedOptions(whole_file=True)
    (document,) = documents(read(b"a,b\n1,2\n3,4\n", options), options)
    assert [row.position for row in document.children["row"]] == [2, 3]


def test_a_column_that_groups_rows_must_be_there() -> None:
    (issue,) = read(b"PO Number,n\nA,1\n", DelimitedOptions(group_by=("PO number",))).issues
    assert "Perhaps 'PO Number' is meant for 'PO number'." in issue.message


@pytest.mark.parametrize(
    ("found", "wanted", "words"),
    [
        (("Bestellnr", "Menge"), ("Bestellnr.",), "Perhaps 'Bestellnr' is meant for 'Bestellnr.'."),
        (("a;b;c",), ("a", "b"), "The delimiter looks like ';'"),
        (("a\tb",), ("a",), "The delimiter looks like a tab"),
        (("x",), ("quantity",), "no column quantity; it has: x."),
    ],
)
def test_missing_titles_are_told_with_those_found(found: tuple[str, ...], wanted: tuple[str, ...], words: str) -> None:
    issue = missing(found, wanted)
    assert issue is not None
    assert words in issue.message
    assert missing(found, found) is None


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n" + b"," * 200_000,
        b"a,b\n" + b"x" * 30_000_000,
        b'a,b\n"' + b"x\n" * 10_000_000,
        b"a,b\n" + b'"\n",' * 3_000_000,
        b"a,b\n" + b"," * 30_000_000,
    ],
)
def test_a_row_that_never_ends_is_refused_at_its_limit(content: bytes) -> None:
    (issue,) = read(content, PLAIN).issues
    assert "Row 2" in issue.message


def test_many_bad_rows_are_told_shortly() -> None:
    issues = read(b"a,b\n" + b"1,2,3\n" * 1000, PLAIN).issues
    assert len(issues) == 21
    assert issues[-1].message == "980 more rows do not fit either."


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1"])
def test_a_text_that_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    guards: list[FormulaGuard] = ["prefix", "reject", "off"]
    assert [guarded(text, guard) for guard in guards] == [f"'{text}", None, text]
    assert guarded("a" + text, "reject") == "a" + text


def test_quotes_stand_where_they_must_or_everywhere() -> None:
    row = ["a b", "1;2", 'x"y', "", "l\rm", "z"]
    semicolon = DelimitedOptions(delimiter=";", newline="\n")
    everywhere = DelimitedOptions(quoting="all")
    assert write([row], semicolon).content == b'a b;"1;2";"x""y";;"l\rm";z\n'
    assert write([["a", ""]], everywhere).content == b'"a",""\r\n'


def test_a_character_that_the_encoding_lacks_is_a_fault_of_its_cell_and_nothing_is_written() -> None:
    options = DelimitedOptions(encoding="latin-1")

    written = write([["a", "b"], ["1", "\u20ac \u0141"]], options, ("a", "b"))

    assert written.content == b""
    assert written.faults == (
        CellFault(2, "b", "'\u20ac' '\u0141' cannot be written in latin-1; choose another 'encoding', or 'on_bad_char: transliterate'"),
    )  # fmt: skip


def test_other_letters_can_take_its_place_but_never_a_question_mark() -> None:
    options = DelimitedOptions(encoding="latin-1", on_bad_char="transliterate")

    written = write([["1", "\u20ac \u0141\u00f3d\u017a"]], options)
    hopeless = write([["1", "\u6f22"]], options)

    assert written.content.decode("latin-1") == "1,EUR L\u00f3dz\r\n"
    assert [fault.level for fault in written.faults] == ["warn"]
    assert (hopeless.content, [fault.level for fault in hopeless.faults]) == (b"", ["error"])


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1a\ufeff"), max_size=8)
WRITING = st.builds(
    DelimitedOptions,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quote=st.sampled_from(['"', "'"]),
    quoting=st.sampled_from(["minimal", "all"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]),
    newline=st.sampled_from(["\r\n", "\n"]),
)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5), WRITING)
def test_what_is_written_is_read_back(cells: list[tuple[str, str]], options: DelimitedOptions) -> None:
    content = write([("a", "b"), *cells], options).content
    assert [row for _, row in rows(content, options)] == [row for row in cells if any(cell.strip() for cell in row)]


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "cp1252", "cp037", "utf-16", "utf-16-be"]))
def test_no_bytes_raise(content: bytes, encoding: str) -> None:
    options = DelimitedOptions(encoding=encoding, group_by=("a",), footer=1, skip=1)
    documents(read(content, options), options)
    titles(content, options)
