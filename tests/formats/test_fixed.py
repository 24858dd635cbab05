"""Record files are cut as their guide says; each fault has its line and its document, the neighbours are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.formats import record_layouts
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.fixed import Cell, RecordFile, RecordOptions, read, write
from gateway.formats.record import Record
from gateway.formats.record_layouts import Column, Condition, RecordLayout


def layout(name: str, when: str, columns: dict[str, str], *, optional: bool = False) -> RecordLayout:
    conditions = record_layouts.condition(when, of_cells=False) if when else ()
    assert not isinstance(conditions, str), conditions
    cut = tuple(record_layouts.column(column, place) for column, place in columns.items())
    assert not any(isinstance(each, str) for each in cut), cut
    return RecordLayout(name, conditions, tuple(each for each in cut if isinstance(each, Column)), optional)


HEADER = layout("H", "1-1 = H", {"po": "2-6", "date": "7-14"})
LINE = layout("L", "1-1 = L", {"line": "2-3", "sku": "4-9", "qty": "10-14"})
NOTE = layout("N", "1-1 = N", {"text": "3-"}, optional=True)
TRAILER = layout("T", "1-1 = T", {"count": "2-6"}, optional=True)
FILE = layout("F", "1-1 = F", {"sender": "2-5"}, optional=True)
ORDERS = RecordOptions((HEADER, LINE, NOTE, TRAILER, FILE), document="H")
TWO = "HPO-1 20261102\r\nL01TENT  00012\r\nN first\r\nL02STOVE 00003\r\nN second\r\nN third\r\nT00002\r\nHPO-2 \r\nL01TENT  1\r\n"


def good(content: str | bytes, options: RecordOptions = ORDERS) -> RecordFile:
    found = read(content.encode() if isinstance(content, str) else content, options)
    assert (found.faults, found.issues) == ((), ())
    return found


def column(records: list[Record], name: str) -> list[str]:
    return [record.fields[name] for record in records]


def test_a_header_begins_a_document_and_owns_what_follows() -> None:
    first, second = good(TWO).documents
    assert (first.name, first.position, first.fields) == ("H", 1, {"po": "PO-1 ", "date": "20261102"})
    assert column(first.children["L"], "qty") == ["00012", "00003"]
    assert column(first.children["N"], "text") == ["first", "second", "third"]
    assert column(first.children["T"], "count") == ["00002"]
    assert (second.position, second.fields, column(second.children["L"], "qty")) == (
        8,
        {"po": "PO-2 ", "date": ""},
        ["1"],
    )


def test_a_record_belongs_to_the_nearest_record_before_it() -> None:
    first, _ = good(TWO).documents
    lines = first.children["L"]
    assert [column(line.children["N"], "text") for line in lines] == [["first"], ["second", "third"]]


def test_siblings_below_a_line_do_not_take_what_belongs_to_the_next() -> None:
    layouts = tuple(layout(name, f"1 = {name}", {"no": "2-3"}, optional=True) for name in "HLABC")
    found = good("H01\nL01\nA01\nB01\nA02\nL02\nC01\nB02\n", RecordOptions(layouts, "H"))
    one, two = found.documents[0].children["L"]
    assert [record.position for record in one.children["A"]] == [3, 5]
    assert [record.position for record in one.children["B"]] == [4]
    assert [record.position for record in two.children["C"]] == [7]
    assert [record.position for record in two.children["B"]] == [8]
    assert "C" not in one.children["A"][1].children


def test_a_record_before_the_first_document_is_seen_from_each() -> None:
    found = good("FACME\n" + TWO)
    assert [column(document.children["F"], "sender") for document in found.documents] == [["ACME"], ["ACME"]]


def test_a_line_before_the_first_document_is_a_fault_when_its_kind_belongs_into_one() -> None:
    found = read(b"L01TENT  00012\n" + TWO.encode(), ORDERS)
    assert [(fault.code, fault.line, fault.document) for fault in found.faults] == [("F-RECORDS", 1, 0)]
    assert len(found.documents[0].children["L"]) == 2


def test_without_a_document_record_the_file_is_one() -> None:
    (document,) = good(TWO, RecordOptions(ORDERS.layouts)).documents
    assert (document.name, len(document.children["H"]), len(document.children["L"])) == ("", 2, 3)
    assert len(document.children["H"][0].children["L"]) == 2


def test_a_line_that_is_no_record_is_told_and_stops_only_its_document() -> None:
    found = read(TWO.replace("N third", "X third").encode(), ORDERS)
    (fault,) = found.faults
    assert (fault.code, fault.line, fault.document) == ("M072", 6, 1)
    assert fault.message == "Line 6 begins with 'X third'; it is none of the records H, L, N, T, F."
    assert len(found.documents) == 2


def test_a_required_record_that_is_missing_is_told_at_its_document() -> None:
    (fault,) = read(b"HPO-1\nHPO-2\nL01TENT\n", ORDERS).faults
    assert (fault.code, fault.line, fault.document) == ("F-RECORDS", 1, 1)
    assert fault.message == "The document that begins at line 1 has no record L; 'optional: true' would allow that."


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "F-EMPTY", "no records"),
        (b"\r\n  \r\n", "F-EMPTY", "no records"),
        (b"X\n", "F-RECORDS", "The file has no record H, which begins a document. Line 1 begins with 'X'"),
        (b"HPO-1\xff", "F-ENCODING", "Byte 5 is not utf-8 (line 1)"),
        (b"HPO\x00", "F-ENCODING", "NUL"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content: bytes, code: str, words: str) -> None:
    found = read(content, ORDERS)
    assert [issue.code for issue in found.issues] == [code]
    assert words in found.issues[0].message
    assert found.documents == ()


def test_a_tab_makes_positions_meaningless() -> None:
    (fault,) = read(b"HPO-1\nL01TENT\t00012\nL02TENT  00001\n", ORDERS).faults
    assert fault.message == "Line 2: a tab stands at position 8, so the positions after it mean nothing."


def test_what_stands_in_no_column_is_kept_under_its_positions() -> None:
    options = RecordOptions((layout("H", "1-1 = H", {"po": "3-6"}),), "H")
    (document,) = good("HxPO-1 20261102 late\n", options).documents
    assert document.fields == {"po": "PO-1", "2": "x", "7-20": " 20261102 late"}
    assert good("H PO-1 \n", options).documents[0].fields == {"po": "PO-1"}


def test_line_ends_are_only_cr_and_lf() -> None:
    for newline in ("\r\n", "\n", "\r"):
        assert len(good(TWO.replace("\r\n", newline)).documents) == 2
    (document,) = good("HPO-1\nL01TENT\nN a\x0cb\u2028c\n").documents
    assert column(document.children["N"], "text") == ["a\x0cb\u2028c"]
    assert len(good(TWO + "\x1a").documents) == 2


def test_ebcdic_is_cut_at_its_next_lines_or_at_the_record_length() -> None:
    options = RecordOptions((HEADER, LINE), "H", encoding="cp037")
    lines = ["HPO-1 20261102", "L01TENT  00012", "L02STOVE 3"]
    for newline in ("\x85", "\n", "\r\x85", "\r\n"):
        (document,) = good(newline.join(lines).encode("cp037"), options).documents
        assert column(document.children["L"], "sku") == ["TENT  ", "STOVE "]
    cut = RecordOptions((HEADER, LINE), "H", encoding="cp037", record_length=14)
    (document,) = good("".join(lines).encode("cp037"), cut).documents
    assert column(document.children["L"], "qty") == ["00012", "3"]


def test_a_line_longer_than_the_record_length_is_a_fault() -> None:
    options = RecordOptions((HEADER,), "H", record_length=14)
    (fault,) = read(b"HPO-1 20261102\nHPO-2 20261102x\n", options).faults
    assert fault.message == "Line 2: it has 15 characters, a record has 14."


def test_delimited_records_are_told_by_a_cell() -> None:
    layouts = (
        RecordLayout("H", (Condition(1, 1, ("H",)),), record_layouts.cells(["-", "po", "date"])),
        RecordLayout(
            "L", (Condition(1, 1, ("L",)), Condition(4, 4, ("EA", "CA"))), record_layouts.cells(["", "sku", "qty"])
        ),
    )
    options = RecordOptions(layouts, "H", cells=DelimitedOptions(delimiter=";", skip=1, footer=1))

    found = good('sent today\nH;1;20261102\nL;"A;1";5;EA\n;;\nL;B;6;CA;x\nH;2\nL;C;7;EA\nEND\n', options)

    first, second = found.documents
    assert first.fields == {"po": "1", "date": "20261102"}
    assert [line.fields for line in first.children["L"]] == [
        {"sku": "A;1", "qty": "5"},
        {"sku": "B", "qty": "6", "5": "x"},
    ]
    assert (second.fields["date"], second.children["L"][0].position) == ("", 7)
    assert "quote opened" in read(b'x\nH;"1\n', options).issues[0].message


def test_conditions_and_ranges_are_read_as_guides_write_them() -> None:
    assert record_layouts.condition("1-3 = HDR | 'A B' & 9 = X", of_cells=False) == (
        Condition(1, 3, ("HDR", "A B")), Condition(9, 9, ("X",)),
    )  # fmt: skip
    assert record_layouts.condition("1 = H", of_cells=True) == (Condition(1, 1, ("H",)),)
    for text, of_cells in (
        ("H", False),
        ("1-1 =", False),
        ("x = H", False),
        ("0-1 = H", False),
        ("3- = H", False),
        ("1-2 = H", True),
    ):
        assert isinstance(record_layouts.condition(text, of_cells=of_cells), str), text
    for text in ("", "a", "0-3", "5-2", "1-2-3", "-4", "1.5"):
        assert isinstance(record_layouts.column("x", text), str), text


@pytest.mark.parametrize(
    ("layouts", "words"),
    [
        ([layout("H", "1 = H", {"a": "2-5", "b": "5-6"})], "columns 'a' (2-5) and 'b' (5-6) overlap"),
        ([layout("H", "1 = H", {"a": "2-20", "b": "3-4", "c": "6-7"})], "columns 'a' (2-20) and 'c' (6-7) overlap"),
        ([layout("H", "1 = H", {"a": "2-", "b": "6-7"})], "columns 'a' (2-) and 'b' (6-7) overlap"),
        ([layout("H", "1 = H", {"a": "70-90"})], "outside of the 80 characters"),
        ([layout("H", "1-1 = HD", {})], "'HD' can never stand in position 1"),
        ([HEADER, layout("L", "", {})], "record L has no 'when'"),
        ([HEADER, layout("X", "1-1 = H", {})], "record X has the same 'when' as H"),
        ([LINE], "there is no record 'H' for 'document'; there are L"),
    ],
)
def test_layouts_that_cannot_work_are_told_before_a_file_comes(layouts: list[RecordLayout], words: str) -> None:
    found = [fault.sentence for fault in record_layouts.faults(layouts, "H", record_length=80)]
    assert any(words in sentence for sentence in found), found
    assert list(record_layouts.faults([HEADER, LINE, NOTE], "H")) == []


def test_gaps_are_what_neither_columns_nor_conditions_cover() -> None:
    assert record_layouts.gaps(layout("H", "1-2 = HD", {"a": "5-6", "b": "10-12"}), 20) == ((3, 4), (7, 9), (13, 20))
    assert record_layouts.gaps(NOTE, 80) == ((2, 2),)


def test_numbers_are_filled_with_zeros_and_texts_with_blanks_unless_the_rule_says_otherwise() -> None:
    options = RecordOptions((HEADER, LINE, NOTE), "H", newline="\n")
    written = write(
        [
            ("H", {"po": Cell("P1"), "date": Cell("20261102")}),
            ("L", {"line": Cell("1", is_number=True), "sku": Cell("T", pad_with="*", pad_side="left"), "qty": Cell("-12", is_number=True)}),
            ("L", {"line": Cell("2", is_number=True, pad_with=" "), "qty": Cell("7", is_number=True, pad_side="right")}),
            ("N", {"text": Cell("free text")}),
        ],
        options,
    )  # fmt: skip
    assert written.faults == ()
    assert written.content.decode().split("\n") == [
        "HP1   20261102", "L01*****T-0012", "L 2      7    ", "N free text", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "column_", "words"),
    [
        ("H", {"po": Cell("PO-4711")}, "H.po", "'PO-4711' has 7 characters; at most 5 fit into positions 2-6"),
        ("L", {"qty": Cell("123456", is_number=True)}, "L.qty", "at most 5 fit into positions 10-14"),
        ("N", {"text": Cell("a\nHfake")}, "N.text", "a line end or tab cannot stand"),
        ("H", {"po": Cell("\u6f22")}, "H.po", "cannot be written in latin-1"),
        ("Z", {}, "Z", "there is no record 'Z'"),
    ],
)
def test_a_value_that_cannot_be_written_is_a_fault_and_nothing_is_written(
    name: str, values: dict[str, Cell], column_: str, words: str
) -> None:
    written = write([("H", {}), (name, values)], RecordOptions((HEADER, LINE, NOTE), "H", encoding="latin-1"))
    assert written.content == b""
    assert [(fault.row, fault.column) for fault in written.faults] == [(2, column_)]
    assert words in written.faults[0].sentence


def test_letters_written_otherwise_still_fit_their_column() -> None:
    options = RecordOptions((HEADER,), encoding="cp037", on_bad_char="transliterate", newline="\x85", record_length=20)
    written = write([("H", {"po": Cell("\u20acL")})], options)
    assert written.content.decode("cp037") == "HEURL".ljust(20) + "\x85"
    assert [fault.level for fault in written.faults] == ["warn"]


def test_delimited_records_write_their_conditions() -> None:
    layouts = (RecordLayout("L", (Condition(3, 3, ("EA", "CA")),), record_layouts.cells(["sku", "qty"])),)
    options = RecordOptions(layouts, cells=DelimitedOptions(delimiter=";", newline="\n"))
    assert write([("L", {"sku": Cell("A;1"), "qty": Cell("5")}), ("L", {})], options).content == b'"A;1";5;EA\n;;EA\n'


TEXT = st.text("ABCxyz019 .-\u00e4", max_size=6)


@given(
    st.lists(st.tuples(TEXT.map(lambda text: text[:5]), st.lists(TEXT, min_size=1, max_size=3)), min_size=1, max_size=4)
)
def test_what_is_written_is_read_back(orders: list[tuple[str, list[str]]]) -> None:
    options = RecordOptions((HEADER, LINE), "H", encoding="cp850")
    records = [
        record
        for po, skus in orders
        for record in [("H", {"po": Cell(po)}), *(("L", {"sku": Cell(sku)}) for sku in skus)]
    ]
    found = good(write(records, options).content, options)
    back = [
        (document.fields["po"].rstrip(), [each.rstrip() for each in column(document.children["L"], "sku")])
        for document in found.documents
    ]
    assert back == [(po.rstrip(), [sku.rstrip() for sku in skus]) for po, skus in orders]


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "cp037", "cp1252", "utf-16"]), st.integers(0, 12))
def test_no_bytes_raise(content: bytes, encoding: str, length: int) -> None:
    read(content, RecordOptions(ORDERS.layouts, "H", encoding=encoding, record_length=length))
    read(content, RecordOptions(ORDERS.layouts, cells=DelimitedOptions(encoding=encoding)))
