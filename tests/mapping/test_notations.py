"""How each format names its data: X12 paths, columns, records and XPath, checked and read."""

from pathlib import Path

import pytest

from gateway.mapping import documents
from tests.mapping.making import BEG, PO1, checked, codes, fields_850, many, mapped, only, ready, traced, value, x12_set

SEGMENTS = (
    BEG, "REF*DP*042*HOME", "REF*IA*1", "REF*IA*2", "N1*ST*DC*92*0012", "N3*MAIN*DOCK", "N4*DALLAS*TX",
    "PER*IC*ANN*TE*555*EM*a@b", "N1*BT*ACME", "N4*BOSTON*MA", PO1, "PID*F*08***TEE", "PID*F*73***NAVY",
    "SDQ*EA*92*0012*10*0034*15", "SDQ*EA*93*0099*1", "SLN*1**I*2*EA****VN*PART-1*UP*000", "CTT*1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("BEG03", "PO1"),
        ("/BEG03", "PO1"),
        ("REF(DP)02", "042"),
        ("REF(DP & 03=HOME)02", "042"),
        ("REF(DP & 03='HOME')02", "042"),
        ("REF(XX|DP)02", "042"),
        ("REF(IA)02", "1"),
        ("REF(IA&#2)02", "2"),
        ("REF(#3)02", "2"),
        ("N1(ST)/N401", "DALLAS"),
        ("N1(BT)/N401", "BOSTON"),
        ("N1(#2)/N401", "BOSTON"),
        ("N1/N401", "DALLAS"),
        ("N1(ST)/PER(03=TE)04", "555"),
        ("N1(ST)/PER(05=EM)06", "a@b"),
        ("{from: [REF(ZZ)02, N1(ST)04]}", "0012"),
        ("{from: 'REF(#*)02', join: ','}", "042,1,2"),
        ("{from: 'N1(#*)/N401', join: ','}", "DALLAS,BOSTON"),
        ("PO1/PO1.VN|UP", "SKU-1"),
        ("PO1/SLN/SLN.UP", "000"),
        ("PO1/PO102", "12"),
        ("$envelope.usage", "P"),
    ],
)  # fmt: skip
def test_every_form_of_an_x12_path_reads_its_element(tmp_path: Path, path: str, expected: str) -> None:
    assert value(mapped(fields_850(tmp_path, f"  fob: {path}\n"), x12_set(*SEGMENTS)), "fob") == expected


def test_a_qualifier_with_signs_of_the_language_is_quoted(tmp_path: Path) -> None:
    prepared = fields_850(tmp_path, "  fob: \"N1(02='A (B) & C|D/E')04\"\n")
    assert value(mapped(prepared, x12_set(BEG, "N1*ST*A (B) & C|D/E*92*7", PO1)), "fob") == "7"


def test_a_component_is_read_by_its_number(tmp_path: Path) -> None:
    prepared = fields_850(tmp_path, "  lines:\n    fields:\n      description: MEA04-1\n      price_basis: MEA04-3\n")
    node = x12_set(BEG, PO1, "MEA*PD*WT*5*LB>1>9")
    (line,) = many(mapped(prepared, node), "lines")
    assert (line.description, line.price_basis) == ("LB", "9")
    (line,) = many(mapped(prepared, x12_set(BEG, PO1, "MEA*PD*WT*5*LB")), "lines")
    assert (line.description, line.price_basis) == ("LB", None)


def test_pairs_of_all_or_some_qualifiers_are_items(tmp_path: Path) -> None:
    rules = "  lines:\n    fields:\n      allocations:\n        each: SDQ(02=92).*\n        fields: {location: $key, quantity: $value, uom: SDQ01}\n"
    result, trace = traced(fields_850(tmp_path, rules), x12_set(*SEGMENTS))
    (line,) = many(result, "lines")
    assert [(each.location, each.quantity, each.uom) for each in line.allocations] == [
        ("0012", 10, "EA"), ("0034", 15, "EA"),
    ]  # fmt: skip
    rows = [each for each in trace.rows if each.field == "lines[1].allocations[2].quantity"]
    assert [each.name for each in rows[0].sources] == ["SDQ06"]


def test_a_path_may_lead_somewhere_in_one_of_the_versions_only(tmp_path: Path) -> None:
    text = "gateway: 1\nmapping: acme/850\nextends: x12/850\nx12: {{versions: [{0}]}}\nfields: {{fob: BEG12}}\n"
    assert codes(checked(tmp_path, text.format("004010, 005010"))[1]) == []


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("BEG00", "M040", "counted from 01"),
        ("REF()02", "M040", "not a condition"),
        ("REF(00=A)02", "M040", "not a condition"),
        ("REF(A=B)02", "M040", "not a condition"),
        ("REF(#0)02", "M040", "not an occurrence"),
        ("N4/N401", "M040", "did you mean 'N1(ST)/N401'?"),
        ("SDQ01", "M040", "did you mean 'PO1/SDQ01'?"),
        ("BEG03/REF02", "M040", "only the last step"),
        ("CTT01-2", "M040", "has no components"),
        ("REF.UP", "M040", "no pairs"),
        ("PO1/PO1.*", "M041", "a list of pairs"),
        ("REF(DP)", "M041", "name an element"),
        ("$key", "M031", "each: SDQ.*"),
        ("$hl_count", "M031", "mappings that write"),
        ("$envelope.sender", "M031", "did you mean '$envelope.sender_id'?"),
    ],
)  # fmt: skip
def test_an_x12_path_that_leads_nowhere_is_told(tmp_path: Path, path: str, code: str, words: str) -> None:
    text = f"gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n  fob: {path}\n"
    _, (problem, *_) = checked(tmp_path, text)
    assert problem.code == code
    assert words in str(problem)


def test_an_each_that_is_one_value_is_told(tmp_path: Path) -> None:
    text = (
        "gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n  notes: {each: N9/MSG01, fields: {text: MSG01}}\n"
    )
    _, (problem, *_) = checked(tmp_path, text)
    assert (problem.code, problem.hint) == ("M041", "write N9/MSG")


@pytest.mark.parametrize("entry", ["XYZ*", "N4/N4*", "BEG99"])
def test_an_ignored_path_must_exist_somewhere(tmp_path: Path, entry: str) -> None:
    text = f"gateway: 1\nmapping: acme/850\nextends: x12/850\nignore: ['{entry}']\nfields: {{}}\n"
    assert codes(checked(tmp_path, text)[1]) == ["M040"]


# --- rows -----------------------------------------------------------------------------------------------------------

CSV = """gateway: 1
mapping: acme/rows
direction: in
document: order
format: csv
csv: {{{options}}}
fields:
  po_number: PO
  po_date: Date
  department: Dept
  lines:
    each: row
    fields: {{number: $index, quantity: Qty, uom: ='EA', unit_price: Price}}
{more}"""


def rows(options: str = "group_by: [PO], dates: DD.MM.YYYY, decimal: ',', thousands: '.'", more: str = "") -> str:
    return CSV.format(options=options, more=more)


def test_numbers_and_dates_of_a_file_are_written_as_its_options_say(tmp_path: Path) -> None:
    prepared = ready(tmp_path, rows(), "acme/rows")
    node = only(prepared, 'PO,Date,Dept,Qty,Price\n1,02.11.2026,,"1.200","0,05"\n1,02.11.2026,,3,"4,5"\n')
    result = mapped(prepared, node)
    lines = many(result, "lines")
    assert [(each.number, each.quantity, str(each.unit_price)) for each in lines] == [
        ("1", 1200, "0.05"), ("2", 3, "4.5"),
    ]  # fmt: skip
    assert str(value(result, "po_date")) == "2026-11-02"


@pytest.mark.parametrize(
    ("conflict", "levels", "department"), [("hold", ["hold"], None), ("warn", ["warn"], "a"), ("first", [], "a")]
)
def test_rows_that_contradict_each_other_do_what_the_options_say(
    tmp_path: Path, conflict: str, levels: list[str], department: str | None
) -> None:
    prepared = ready(tmp_path, rows(f"group_by: [PO], dates: YYYY-MM-DD, on_conflict: {conflict}"), "acme/rows")
    result = mapped(prepared, only(prepared, "PO,Date,Dept,Qty,Price\n1,2026-11-02,a,1,1\n1,2026-11-02,b,1,1\n"))
    assert [(each.code, each.level) for each in result.problems] == [("C-GROUP-CONFLICT", each) for each in levels]
    assert getattr(result.document, "department", None) == department


def test_a_row_that_contradicts_the_first_is_told_once_and_not_as_data_that_nobody_reads(tmp_path: Path) -> None:
    options = "group_by: [PO], dates: YYYY-MM-DD"
    prepared = ready(tmp_path, rows(options, "settings: {unmapped: hold}\n"), "acme/rows")
    result = mapped(prepared, only(prepared, "PO,Date,Dept,Qty,Price\n1,2026-11-02,a,1,1\n1,2026-11-02,b,1,1\n"))
    assert [each.code for each in result.problems] == ["C-GROUP-CONFLICT"]


def test_the_whole_file_is_one_document_where_nothing_groups_it(tmp_path: Path) -> None:
    prepared = ready(tmp_path, rows("group_by: [], dates: YYYY-MM-DD, on_conflict: first"), "acme/rows")
    assert len(many(mapped(prepared, only(prepared, "PO,Date,Dept,Qty,Price\n1,,,1,1\n2,,,1,1\n")), "lines")) == 2


def test_every_column_that_is_used_must_be_there_unless_the_options_name_fewer(tmp_path: Path) -> None:
    prepared = ready(tmp_path, rows(), "acme/rows")
    (issue,) = documents.read(prepared, b"PO,Date,Qty\n1,,2\n").issues
    assert "no column Dept, Price" in issue.message
    fewer = ready(tmp_path, rows("dates: YYYY-MM-DD, columns_required: [PO, Qty]"), "acme/rows")
    assert len(documents.read(fewer, b"PO,Date,Qty\n1,,2\n").documents) == 1


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (rows("group_by: [PO]"), "M021", "dates: YYYY-MM-DD"),
        (rows("dates: YYYY-DD"), "M020", "lacks a month"),
        (rows("dates: YYYY-MM-DD, columns: [PO, Date, Dept, Qty]"), "M042", "no column 'Price'"),
        (rows("dates: YYYY-MM-DD, header: 'false'"), "M020", "needs 'columns'"),
        (rows("dates: YYYY-MM-DD, encoding: utf-7"), "M020", "'encoding' is one of"),
        (rows("dates: YYYY-MM-DD, decimal: '..'"), "M020", "'decimal' is one character"),
        (rows("dates: YYYY-MM-DD, skip: many"), "M020", "'skip' is a whole number"),
        (rows("dates: YYYY-MM-DD, newline: lf"), "M020", "option of mappings that write"),
        (rows("dates: YYYY-MM-DD, on_conflict: ask"), "M020", "'on_conflict' is one of"),
        (rows().replace("each: row", "each: rows"), "M042", "each: row"),
        (rows(more="ignore: [Nothing]\n").replace("{group_by", "{columns: [PO, Date, Dept, Qty, Price], group_by"), "M042", "Nothing"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_of_rows_is_told(tmp_path: Path, text: str, code: str, words: str) -> None:
    _, problems = checked(tmp_path, text, "acme/rows")
    assert code in codes(problems), [str(each) for each in problems]
    assert any(words in str(each) for each in problems), [str(each) for each in problems]


def test_a_wrong_form_of_dates_is_told_once(tmp_path: Path) -> None:
    for text, name in ((rows("dates: YYYY-DD"), "acme/rows"), (FIXED.replace("YYYYMMDD", "DD.MM"), "acme/fixed")):
        _, problems = checked(tmp_path, text, name)
        assert [each.code for each in problems if each.level == "error"] == ["M020"]


def test_a_record_that_the_document_cannot_begin_with_is_told_at_its_name(tmp_path: Path) -> None:
    _, problems = checked(tmp_path, FIXED.replace("document: H", "document: Q"), "acme/fixed")
    line = FIXED[: FIXED.index("document: H")].count("\n") + 1
    assert (line, len("  document: ") + 1) in [(each.line, each.column) for each in problems]


def test_a_column_that_no_sample_has_is_a_warning(tmp_path: Path) -> None:
    sample = tmp_path / "mappings/acme/rows.tests/one/input.csv"
    sample.parent.mkdir(parents=True)
    sample.write_text("PO,Date,Dept,Qty,Preis\n")
    _, (problem,) = checked(tmp_path, rows(), "acme/rows")
    assert (problem.code, problem.level, problem.hint) == ("M042", "warning", "did you mean 'Preis'?")


def test_ignored_columns_are_named_with_stars(tmp_path: Path) -> None:
    prepared = ready(tmp_path, rows(more="ignore: ['X*']\nsettings: {unmapped: hold}\n"), "acme/rows")
    node = only(prepared, "PO,Date,Dept,Qty,Price,X1,Y1\n1,,,1,1,a,b\n")
    (problem,) = mapped(prepared, node).problems
    assert (problem.source, problem.value, problem.where) == ("Y1", "b", "row 2")


# --- records --------------------------------------------------------------------------------------------------------

FIXED = """gateway: 1
mapping: acme/fixed
direction: in
document: order
format: fixed
fixed:
  dates: YYYYMMDD
  document: H
  records:
    H: {when: 1-1 = H, columns: {po: 2-6, date: 7-14, gap: 16-17}}
    L: {when: 1-1 = L, columns: {line: 2-3, sku: 4-8, qty: 9-12, price: 13-17}}
    N: {when: 1-1 = N, optional: true, columns: {text: 2-20}}
    T: {when: 1-1 = T, optional: true, columns: {count: 2-4}}
fields:
  po_number: po
  po_date: date
  totals.lines: count
  lines:
    each: L
    fields:
      number: line
      ids.vendor_sku: sku
      quantity: {from: qty, implied_decimals: 0}
      uom: ='EA'
      unit_price: {from: price, implied_decimals: 2}
      notes: {each: N, fields: {text: text}}
"""
LINES = "HPO1  20261102 XX\nL01A-1  0012 1250\nNfragile\nL02B-2  0003  999\nT002\n"


def test_records_of_fixed_width_become_a_document(tmp_path: Path) -> None:
    prepared = ready(tmp_path, FIXED + "settings: {unmapped: hold}\nignore: [H.gap]\n", "acme/fixed")
    result = mapped(prepared, only(prepared, LINES))
    assert str(value(result, "po_date")) == "2026-11-02"
    assert value(result, "totals.lines") == 2
    lines = many(result, "lines")
    assert [(each.number, each.ids.vendor_sku, each.quantity, str(each.unit_price)) for each in lines] == [
        ("01", "A-1", 12, "12.50"), ("02", "B-2", 3, "9.99"),
    ]  # fmt: skip
    assert [[note.text for note in each.notes] for each in lines] == [["fragile"], []]


def test_a_line_that_is_no_record_is_a_problem_of_its_document(tmp_path: Path) -> None:
    prepared = ready(tmp_path, FIXED, "acme/fixed")
    (document,) = documents.read(prepared, (LINES + "Zxx\n").encode()).documents
    assert [(each.code, each.where) for each in document.problems] == [("M072", "line 6")]


def test_values_of_records_say_where_they_stand(tmp_path: Path) -> None:
    prepared = ready(tmp_path, FIXED, "acme/fixed")
    (problem,) = mapped(prepared, only(prepared, LINES.replace("0012", "12ab"))).problems
    assert "(L.qty = 12ab, line 2)" in problem.message


def test_records_may_be_delimited(tmp_path: Path) -> None:
    text = (
        FIXED.replace("format: fixed\nfixed:", "format: csv\ncsv:\n  delimiter: ';'")
        .replace("when: 1-1 = ", "when: 1 = ")
        .replace("{po: 2-6, date: 7-14, gap: 16-17}", "[kind, po, date]")
        .replace("{line: 2-3, sku: 4-8, qty: 9-12, price: 13-17}", "[kind, line, sku, qty, price]")
        .replace("{text: 2-20}", "[kind, text]")
        .replace("{count: 2-4}", "[kind, count]")
        .replace(", implied_decimals: 2", "")
    )
    prepared = ready(tmp_path, text, "acme/fixed")
    result = mapped(prepared, only(prepared, "H;PO1;20261102\nL;1;A;12;12.5\nT;1\n"))
    (line,) = many(result, "lines")
    assert (line.quantity, str(line.unit_price)) == (12, "12.5")


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("po_number: po", "po_number: pi", "M042", "columns: po, date, gap"),
        ("each: L", "each: X", "M042", "records: L, N, T"),
        ("each: N", "each: L", "M042", "stands around this one"),
        ("date: 7-14", "date: 5-14", "M021", "overlap"),
        ("when: 1-1 = T", "when: T", "M021", "no condition"),
        ("document: H", "document: Q", "M021", "there is no record 'Q' for 'document'; there are"),
        ("  dates: YYYYMMDD\n", "", "M021", "dates: YYYYMMDD"),
        ("price: 13-17", "line2: x", "M021", "x"),
        ("count: 2-4", "line: 2-4", "M042", "count"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_of_records_is_told(tmp_path: Path, old: str, new: str, code: str, words: str) -> None:
    assert old in FIXED
    _, problems = checked(tmp_path, FIXED.replace(old, new), "acme/fixed")
    assert code in codes(problems), [str(each) for each in problems]
    assert any(words in str(each) for each in problems), [str(each) for each in problems]


# --- XML ------------------------------------------------------------------------------------------------------------

XML = """gateway: 1
mapping: acme/xml
direction: in
document: order
format: xml
xml:
  namespaces: {o: 'urn:o'}
  document: /o:Orders/o:Order
fields:
  po_number: "@id"
  po_date: o:Date
  department: o:Ref[@kind='DP']
  fob: {from: o:Note, join: ' / '}
  release_number: count(o:Line)
  lines:
    each: o:Line[o:Qty > 0]
    fields: {number: "@n", quantity: o:Qty, uom: "o:Qty/@unit", price_basis: ../@id}
"""
ORDERS = b"""<Orders xmlns="urn:o">
<Order id="A"><Date>2026-11-02</Date><Ref kind="IA">1</Ref><Ref kind="DP">42</Ref><Note>one</Note><Note>two</Note>
<Line n="1"><Qty unit="EA">5</Qty></Line><Line n="2"><Qty unit="EA">0</Qty></Line></Order>
<Order id="B"><Line n="1"><Qty unit="CA">x</Qty></Line></Order></Orders>"""


def test_each_element_of_a_document_path_is_one_document(tmp_path: Path) -> None:
    prepared = ready(tmp_path, XML, "acme/xml")
    first, second = documents.read(prepared, ORDERS).documents
    result = mapped(prepared, first.node)
    assert [value(result, each) for each in ("po_number", "department", "fob", "release_number")] == [
        "A", "42", "one / two", "2",
    ]  # fmt: skip
    (line,) = many(result, "lines")
    assert (line.number, line.quantity, line.uom, line.price_basis) == ("1", 5, "EA", "A")
    assert mapped(prepared, second.node).problems == ()


def test_a_bad_value_of_xml_is_told_with_its_place(tmp_path: Path) -> None:
    prepared = ready(tmp_path, XML.replace("[o:Qty > 0]", ""), "acme/xml")
    second = documents.read(prepared, ORDERS).documents[1]
    (problem,) = mapped(prepared, second.node).problems
    assert problem.where == "line 4"
    assert (problem.source, problem.value) == ("/Orders/Order[2]/Line/Qty", "x")


def test_xml_that_no_rule_reads_is_told_unless_it_is_ignored(tmp_path: Path) -> None:
    more = "ignore: ['o:Ref', 'o:Line/@n']\nsettings: {unmapped: hold}\n"
    prepared = ready(tmp_path, XML.replace('@n"', '@id"').replace("  fob:", "  #fob:") + more, "acme/xml")
    first = documents.read(prepared, ORDERS).documents[0]
    assert [each.source for each in mapped(prepared, first.node).problems if each.code == "C-UNMAPPED"] == [
        "/Orders/Order[1]/Note[1]", "/Orders/Order[1]/Note[2]", "/Orders/Order[1]/Line[2]/Qty/@unit", "/Orders/Order[1]/Line[2]/Qty",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("po_date: o:Date", "po_date: //o:Date", "M043", "cannot be used"),
        ("po_date: o:Date", "po_date: x:Date", "M045", "'x'"),
        ("po_date: o:Date", "po_date: 'o:Date['", "M043", "path 'o:Date['"),
        ("po_date: o:Date", "po_date: ancestor::o:Date", "M043", "axis"),
        ("po_date: o:Date", "po_date: $x", "M031", "unknown name"),
        ("each: o:Line[o:Qty > 0]", "each: o:Line/@n", "M041", "one value"),
        ("document: /o:Orders/o:Order", "document: o:Order", "M043", "from the root"),
        ("  document:", "  root: x\n  document:", "M020", "mappings that write"),
        ("  document:", "  xsd: ../order.xsd\n  document:", "M020", "order.xsd"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_of_xml_is_told(tmp_path: Path, old: str, new: str, code: str, words: str) -> None:
    assert old in XML
    _, problems = checked(tmp_path, XML.replace(old, new), "acme/xml")
    assert code in codes(problems), [str(each) for each in problems]
    assert any(words in str(each) for each in problems), [str(each) for each in problems]


def test_a_file_without_the_document_is_refused(tmp_path: Path) -> None:
    prepared = ready(tmp_path, XML, "acme/xml")
    (issue,) = documents.read(prepared, b"<a/>").issues
    assert "has no document /o:Orders/o:Order" in issue.message


@pytest.mark.parametrize("tail", ["*0034", "*0034*"])
def test_a_pair_without_its_value_is_an_item_also_at_the_end(tmp_path: Path, tail: str) -> None:
    prepared = ready(tmp_path, "gateway: 1\nmapping: acme/850\nextends: x12/850\nfields: {}\n")

    result = mapped(prepared, x12_set(BEG, PO1, f"SDQ*EA*92*0012*10{tail}"))

    assert ["quantity: there must be a value here and there is none" in each.message for each in result.problems] == [
        True
    ]
