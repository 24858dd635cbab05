"""Writing CSV, records, XML, JSON and templates: options obeyed, texts guarded, nothing cut or escaped by accident."""

from datetime import date
from pathlib import Path

import pytest

from gateway.canonical.base import Canonical
from gateway.canonical.goods import Transfer
from gateway.canonical.invoice import Customer, Invoice, InvoiceLine, InvoiceTotals
from gateway.canonical.order import Order
from gateway.canonical.parts import ItemIds, Note
from gateway.canonical.shipment import Pack, PackedItem, Shipment, ShippedOrder
from gateway.formats import fixed
from gateway.mapping.writing.plans import RecordsPlan
from tests.mapping.writing import mapping, problems, run, said


def invoice(*lines: InvoiceLine, **more: object) -> Invoice:
    fields = {
        "invoice_number": "70012", "invoice_date": date(2026, 11, 12), "currency": "EUR", "lines": lines,
        "customer": Customer(name="Köln"), "totals": InvoiceTotals(amount="1251.30"), **more,
    }  # fmt: skip
    return Invoice(**fields)


def line(number: str = "1", description: str | None = "Tent", amount: str = "60.00", **more: object) -> InvoiceLine:
    fields = {"number": number, "description": description, "amount": amount, "quantity": "2", "uom": "EA", **more}
    return InvoiceLine(**fields)


def wrote(folder: Path, format_: str, rest: str, *documents: Canonical, kind: str = "invoice") -> str:
    written = run(mapping(folder, kind, format_, rest), *documents)
    assert written.problems == ()
    return written.content.decode()


ROWS = "rows: {each: lines}\nfields:\n  no: number\n  text: description\n  amount: amount\n"


def test_options_say_how_a_csv_file_is_written(tmp_path: Path) -> None:
    rest = """\
csv: {delimiter: tab, quote: "'", quoting: all, header: false, newline: lf, decimal: ",", thousands: ".", dates: DD.MM.YYYY}
fields: {date: invoice_date, total: totals.amount, half: {from: totals.amount, round: 0, decimal: ".", thousands: "'"}, day: {from: invoice_date, format: "YY-MM-DD"}}
"""
    assert wrote(tmp_path, "csv", rest, invoice()) == "'12.11.2026'\t'1.251,30'\t'1''251'\t'26-11-12'\n"


def test_rows_are_sorted_and_filtered_and_the_document_is_named_by_its_name(tmp_path: Path) -> None:
    rest = (
        ROWS.replace("{each: lines}", "{each: lines, sort: number, when: amount > 1}")
        + "  at: =$index\n  of: invoice.invoice_number\n"
    )
    found = wrote(tmp_path, "csv", rest, invoice(line("3"), line("1"), line("2", amount="1")))
    assert found.splitlines() == ["no,text,amount,at,of", "1,Tent,60.00,1,70012", "3,Tent,60.00,2,70012"]


def test_several_documents_are_one_file(tmp_path: Path) -> None:
    assert wrote(tmp_path, "csv", ROWS, invoice(line("1")), invoice(line("2"))).splitlines()[1:] == [
        "1,Tent,60.00",
        "2,Tent,60.00",
    ]


def test_a_list_inside_of_lists_gives_a_row_per_item_that_knows_what_is_around_it(tmp_path: Path) -> None:
    rest = "rows: {each: orders.packs.items}\nfields: {po: outer.outer.po_number, sscc: outer.sscc, sku: ids.vendor_sku, at: =$index}\n"
    items = tuple(PackedItem(ids=ItemIds(vendor_sku=sku)) for sku in "AB")
    orders = (
        ShippedOrder(po_number="P1", packs=(Pack(sscc="1", items=items), Pack(sscc="2", items=items[:1]))),
        ShippedOrder(po_number="P2"),
    )
    found = wrote(tmp_path, "csv", rest, Shipment(shipment_number="S", orders=orders), kind="shipment")
    assert found.splitlines()[1:] == ["P1,1,A,1", "P1,1,B,2", "P1,2,A,3"]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM", "\tx", "\rx"])
def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_guarded_and_numbers_are_not(
    tmp_path: Path, text: str
) -> None:
    prepared = mapping(tmp_path, "invoice", "csv", ROWS + "  lit: =0 - amount\n")
    (row,) = run(prepared, invoice(line(description=text))).content.decode().split("\r\n")[1:2]
    assert row.replace('"', "") == f"1,'{text},60.00,-60.00"


def test_the_guard_can_hold_the_document_and_to_lift_it_must_be_said_twice(tmp_path: Path) -> None:
    written = run(
        mapping(tmp_path, "invoice", "csv", "csv: {formula_guard: reject}\n" + ROWS), invoice(line(description="=1"))
    )
    assert [(each.code, each.field, each.source) for each in written.problems] == [
        ("M081", "text", "lines[1].description")
    ]
    off = "csv: {formula_guard: off}\n" + ROWS
    assert said(problems(tmp_path, "invoice", "csv", off)) == ["6 M020"]
    assert "1,=1,60.00" in wrote(
        tmp_path, "csv", off + "settings: {i_know: [formula_guard]}\n", invoice(line(description="=1"))
    )


def test_a_character_that_the_encoding_lacks_is_a_problem_or_written_otherwise(tmp_path: Path) -> None:
    rest = "csv: {encoding: cp1252}\n" + ROWS
    written = run(mapping(tmp_path, "invoice", "csv", rest), invoice(line(description="Łódź")))
    assert ["'Ł' 'ź' cannot be written in cp1252" in each.message for each in written.problems] == [True]
    rest = rest.replace("cp1252", "cp1252, on_bad_char: transliterate")
    written = run(mapping(tmp_path, "invoice", "csv", rest), invoice(line(description="Łódź ß")))
    assert (written.problems, b"L\xf3dz \xdf" in written.content) == ((), True)


def test_wrong_options_are_told_at_their_place(tmp_path: Path) -> None:
    rest = "csv: {delimeter: ';', encoding: utf-7, quoting: some, decimal: ',', thousands: ','}\n" + ROWS
    found = problems(tmp_path, "invoice", "csv", rest)
    assert {each.code for each in found} == {"M020"}
    assert [each.hint for each in found if "delimeter" in each.sentence] == ["did you mean 'delimiter'?"]
    assert len(found) == 4


RECORDS = """\
fixed:
  encoding: latin-1
  dates: YYYYMMDD
  records:
    H: {when: 1-1 = H, columns: {no: 2-9, date: 10-17, total: 18-27}}
    L: {when: 1-1 = L, columns: {line: 2-4, sku: 5-12, price: 13-20}}
    N: {when: 1-1 = N, columns: {text: 2-20}, optional: true}
    T: {when: 1-1 = T, columns: {count: 2-6}}
fields:
  H: {fields: {no: invoice_number, date: invoice_date, total: {from: totals.amount, implied_decimals: 2}}}
  L:
    each: lines
    fields:
      line: number
      sku: {from: ids.vendor_sku, pad: {width: 8, with: "*", side: left}}
      price: {from: unit_price, round: 2}
      N: {each: notes, fields: {text: text}}
  T: {fields: {count: =count(lines)}}
"""


def test_records_have_numbers_right_with_zeros_and_texts_left_with_blanks(tmp_path: Path) -> None:
    first = line("1", unit_price="-2.5", ids=ItemIds(vendor_sku="A-1"), notes=(Note(text="grün"), Note(text="b")))
    written = run(mapping(tmp_path, "invoice", "fixed", RECORDS), invoice(first, line("2")))
    assert written.problems == ()
    assert written.content.decode("latin-1").split("\r\n") == [
        "H70012   202611120000125130",
        "L1  *****A-1-0002.50",
        "Ngrün               ",
        "Nb                  ",
        "L2                  ",
        "T00002",
        "",
    ]


def test_records_are_read_back_by_the_layouts_that_wrote_them(tmp_path: Path) -> None:
    prepared = mapping(tmp_path, "invoice", "fixed", RECORDS)
    written = run(prepared, invoice(line("1", ids=ItemIds(vendor_sku="A"))))
    assert isinstance(prepared.out, RecordsPlan)
    read = fixed.read(written.content, prepared.out.options)
    assert (read.issues, read.faults) == ((), ())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"invoice_number": "123456789"}, "has 9 characters; at most 8 fit here"), ({"invoice_number": "1\n2"}, "a line end or tab cannot stand in a record"),
     ({"invoice_number": "漢"}, "cannot be written in latin-1")],
)  # fmt: skip
def test_what_does_not_fit_a_record_is_told_and_not_cut(
    tmp_path: Path, change: dict[str, object], sentence: str
) -> None:
    written = run(mapping(tmp_path, "invoice", "fixed", RECORDS), invoice(**change))
    assert [sentence in each.message for each in written.problems] == [True]


def test_records_can_be_delimited(tmp_path: Path) -> None:
    rest = """\
csv:
  delimiter: ";"
  records:
    H: {when: 1 = H, columns: [kind, no, total]}
    L: {when: 1 = L, columns: [kind, line, text, amount]}
fields:
  H: {fields: {no: invoice_number, total: totals.amount}}
  L: {each: lines, fields: {line: number, text: description, amount: amount}}
"""
    found = wrote(tmp_path, "csv", rest, invoice(line("1", "=1;2"), line("2", None)))
    assert found.splitlines() == ["H;70012;1251.30", 'L;1;"\'=1;2";60.00', "L;2;;60.00"]


@pytest.mark.parametrize(
    ("rest", "code"),
    [(RECORDS.replace("  T: {fields", "  X: {fields"), "M042"), (RECORDS.replace("{count: =count", "{cuont: =count"), "M042"),
     (RECORDS.replace("date: 10-17", "date: 9-17"), "M021"), (RECORDS.replace("columns: {count: 2-6}", "columns: {count: six}"), "M021"),
     (RECORDS + "  plain: invoice_number\n", "M021"), (RECORDS.replace("1-1 = T", "1-1 = T | U"), "M021"),
     ("fields: {}\n", "M020")],
)  # fmt: skip
def test_wrong_layouts_are_told(tmp_path: Path, rest: str, code: str) -> None:
    assert code in [each.code for each in problems(tmp_path, "invoice", "fixed", rest)]


XML = "xml: {root: Doc, namespaces: {c: 'urn:c'}}\nfields:\n"


def test_elements_stand_in_the_order_of_the_rules_that_name_them_first(tmp_path: Path) -> None:
    rest = XML + "  a/b: due_date\n  d: invoice_number\n  a/c:e: currency\n  a/@f: kind\n"
    assert wrote(tmp_path, "xml", rest, invoice()) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Doc xmlns:c="urn:c">\n  <a f="invoice">\n    <c:e>EUR</c:e>\n  </a>\n'
        "  <d>70012</d>\n</Doc>\n"
    )


def test_a_constant_alone_makes_no_element_that_has_other_rules(tmp_path: Path) -> None:
    rest = (
        XML
        + "  v: ='2.1'\n  tax/rate: due_date\n  tax/scheme/id: ='VAT'\n  price: due_date\n  price/@cur: ='EUR'\n  n: {each: notes, fields: {t: text, k: ='x'}}\n"
    )
    assert '<Doc xmlns:c="urn:c">\n  <v>2.1</v>\n</Doc>' in wrote(tmp_path, "xml", rest, invoice())
    full = wrote(tmp_path, "xml", rest, invoice(due_date=date(2026, 12, 1), notes=(Note(text="a"),)))
    assert "<tax>\n    <rate>2026-12-01</rate>\n    <scheme>\n      <id>VAT</id>" in full
    assert '<price cur="EUR">2026-12-01</price>' in full
    assert "<n>\n    <t>a</t>\n    <k>x</k>\n  </n>" in full


def test_predicates_create_attributes_and_equal_paths_one_element(tmp_path: Path) -> None:
    rest = XML + "  id[@s='A']: invoice_number\n  id[@s='B']: currency\n  id[@s='A']/@t: kind\n"
    found = wrote(tmp_path, "xml", rest, invoice())
    assert '<id s="A" t="invoice">70012</id>\n  <id s="B">EUR</id>' in found


def test_groups_make_one_element_per_item_and_nest(tmp_path: Path) -> None:
    rest = (
        XML
        + "  l:\n    each: lines\n    sort: number\n    fields:\n      '@no': number\n      n: {each: notes, fields: {.: text}}\n"
    )
    found = wrote(tmp_path, "xml", rest, invoice(line("2"), line("1", notes=(Note(text="<&>"), Note(text="b")))))
    assert '<l no="1">\n    <n>&lt;&amp;&gt;</n>\n    <n>b</n>\n  </l>\n  <l no="2"/>' in found


def test_a_character_that_xml_cannot_hold_is_told_with_its_rule(tmp_path: Path) -> None:
    written = run(mapping(tmp_path, "invoice", "xml", XML + "  a: invoice_number\n"), invoice(invoice_number="a\x01b"))
    assert [each.field for each in written.problems] == ["a"]
    assert "U+0001 cannot stand in XML" in written.problems[0].message


@pytest.mark.parametrize(
    ("rule", "code"),
    [("a//b: currency", "M044"), ("'*': currency", "M044"), ("x:a: currency", "M045"), ("a[1]: currency", "M044"),
     ("a/@b: {each: lines, fields: {c: number}}", "M044"), ("'@a/b': currency", "M044")],
)  # fmt: skip
def test_paths_that_cannot_be_created_are_told(tmp_path: Path, rule: str, code: str) -> None:
    assert [each.code for each in problems(tmp_path, "invoice", "xml", f"{XML}  {rule}\n")] == [code]


def test_a_schema_of_the_site_is_obeyed(tmp_path: Path) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    (folder / "doc.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Doc"><xs:complexType><xs:sequence>'
        '<xs:element name="a" type="xs:integer"/></xs:sequence></xs:complexType></xs:element></xs:schema>'
    )
    prepared = mapping(tmp_path, "invoice", "xml", "xml: {root: Doc, xsd: doc.xsd}\nfields: {a: invoice_number}\n")
    assert run(prepared, invoice()).problems == ()
    assert [each.code for each in run(prepared, invoice(invoice_number="x")).problems] == ["M080"]


def test_one_document_is_one_file_of_xml(tmp_path: Path) -> None:
    written = run(mapping(tmp_path, "invoice", "xml", XML + "  a: currency\n"), invoice(), invoice())
    assert [each.code for each in written.problems] == ["M080"]


def test_json_takes_no_rules(tmp_path: Path) -> None:
    assert said(problems(tmp_path, "order", "json", "fields: {a: po_number}\n")) == ["6 M021"]


TEMPLATE = """\
template: note.html.j2
dates: DD.MM.YYYY
fields:
  number: invoice_number
  to.name: customer.name
  due: due_date
  lines: {each: lines, fields: {text: description, amount: amount}}
""".replace("dates: DD.MM.YYYY\n", "")


def shown(folder: Path, source: str, document: Canonical, name: str = "note.html.j2") -> str:
    path = folder / "mappings" / "acme"
    path.mkdir(parents=True, exist_ok=True)
    (path / name).write_text(source, encoding="utf-8")
    return wrote(folder, "template", TEMPLATE.replace("note.html.j2", name), document)


SOURCE = "<h1>{{ number }} {{ to.name }}{% if due %} due{% endif %}</h1>{% for each in lines %}<li>{{ each.text }} {{ each.amount }}</li>{% endfor %}\n"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{7*7}}", "</td>", "{% raw %}", "<img src=http://169.254.169.254/>"]
)
def test_a_template_shows_partner_text_literally(tmp_path: Path, text: str) -> None:
    found = shown(tmp_path, SOURCE, invoice(line(description=text)))
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert found == f"<h1>70012 Köln</h1><li>{escaped} 60.00</li>\n"


def test_a_template_for_plain_text_escapes_nothing(tmp_path: Path) -> None:
    assert (
        shown(
            tmp_path,
            "{% for each in lines %}{{ each.text }}{% endfor %}",
            invoice(line(description="a & <b>")),
            "note.txt.j2",
        )
        == "a & <b>"
    )


@pytest.mark.parametrize(
    ("source", "code"),
    [("{{ nmber }}", "M031"), ("{% for x in lines %}{{ x.txt }}{% endfor %}", "M031"), ("{% if %}", "M030"), ("{% include 'other' %}", "M020"), ("{% extends number %}", "M020"), ("{{ number }", "M030")],
)  # fmt: skip
def test_a_template_is_checked_against_its_rules(tmp_path: Path, source: str, code: str) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    (folder / "note.html.j2").write_text(source)
    assert code in [each.code for each in problems(tmp_path, "invoice", "template", TEMPLATE)]


def test_a_template_may_use_its_own_names_and_go_through_groups_as_it_likes(tmp_path: Path) -> None:
    source = (
        "{% set n = number %}{% for x in lines %}{{ loop.index }}{{ x.text }}{% for y in n %}{{ y.upper() }}{% endfor %}"
        "{% endfor %}{% for x in number %}{{ x.lower() }}{% endfor %}{% for x in lines | reverse %}{{ x.amount }}{% endfor %}"
    )
    assert shown(tmp_path, source, invoice(line())) == "1Tent700127001260.00"


def test_what_a_template_does_not_find_is_told_in_plain_words(tmp_path: Path) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    (folder / "note.html.j2").write_text("{{ to.missing }}")
    (found,) = run(mapping(tmp_path, "invoice", "template", TEMPLATE), invoice()).problems
    assert found.message == "the template note.html.j2 cannot be shown: it names 'missing', which is not there"


@pytest.mark.parametrize("source", ["{{ number.__class__.__mro__ }}", "{{ to.missing }}", "{{ number / 0 }}"])
def test_what_a_template_does_wrong_is_a_problem_of_its_document(tmp_path: Path, source: str) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    (folder / "note.html.j2").write_text(source)
    written = run(mapping(tmp_path, "invoice", "template", TEMPLATE), invoice())
    assert [each.code for each in written.problems] == ["M081"]
    assert written.content == b""


ENDLESS = [
    ("{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}", "M031", "range"),
    ("{{ lipsum(9999999) }}", "M031", "lipsum"),
    ("{{ 'x' * 999999999 }}", "M020", "'*' is for numbers"),
    ("{{ '%999999999d' % 1 }}", "M020", "'%' is for numbers"),
    ("{{ 9 ** 999999999 }}", "M020", "'**' is not for templates"),
    ("{{ number | center(999999999) }}", "M031", "no filter 'center'"),
    ("{{ number.center(999999999) }}", "M020", "'center()' is not for templates"),
    ("{{ '{:999999999}'.format(1) }}", "M020", "'format()' is not for templates"),
    ("{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}", "M020", "macro"),
    ("{% set x %}{{ number }}{{ number }}{% endset %}", "M020", "endset"),
    ("{% set x = [number, number] %}", "M020", "a list in a template"),
    ("{% for x in 'abc' %}{% endfor %}", "M020", "goes through the lists of the document"),
]


@pytest.mark.parametrize(("source", "code", "words"), ENDLESS)
def test_a_template_that_could_run_for_ever_is_refused_when_it_is_checked(
    tmp_path: Path, source: str, code: str, words: str
) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    (folder / "note.html.j2").write_text(source)
    found = problems(tmp_path, "invoice", "template", TEMPLATE)
    assert any(each.code == code and words in each.sentence for each in found), [str(each) for each in found]


LOOPS = "{% for a in lines %}{% for b in lines %}{% for c in lines %}INSIDE{% endfor %}{% endfor %}{% endfor %}"
TOO_MUCH = [
    (LOOPS.replace("INSIDE", "x" * 20), "more than 4 MiB"),
    (LOOPS.replace("INSIDE", LOOPS.replace("INSIDE", "")), "too many turns"),
    ("{% set t = number %}{{ t * 999999999 }}", "'*' is for numbers"),
    ("{% set f = '%9999999999d' %}{{ f % 1 }}", "'%' is for numbers"),
    ("{{ lines * 999999999 }}", "'*' is for numbers"),
    ("{{ lines + lines }}", "'+' is for numbers"),
    ("{% set f = number.center %}{{ f(999999999) }}", "'center()' is not for templates"),
    ("{% set x = 'x' %}" + "{% set x = x ~ x %}" * 60, "too much text"),
    ("{% set x = 'x' %}" + "{% set x = x + x %}" * 60, "too much text"),
    ("{% set x = 'x' %}" + "{% set x = x | replace('x', x ~ 'x') %}" * 60, "too much text"),
    ("{% set x = 'x' %}" + "{% set x = x | tojson %}" * 60 + "{{ x | length }}", "too much text"),
    ("{% set x = 9 %}" + "{% set x = x * x %}" * 60, "too large"),
    ("{{ 1 | round(999999999, 'ceil') }}", "at most 20 decimals"),
]


@pytest.mark.parametrize(("source", "words"), TOO_MUCH)
def test_a_template_that_makes_too_much_holds_its_document(tmp_path: Path, source: str, words: str) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    (folder / "note.txt.j2").write_text(source)
    text = TEMPLATE.replace("note.html.j2", "note.txt.j2")
    many = invoice(*(line() for _ in range(70)))
    written = run(mapping(tmp_path, "invoice", "template", text), many)
    assert [each.code for each in written.problems] == ["M081"]
    assert words in written.problems[0].message, written.problems[0].message
    assert written.content == b""


def test_a_template_may_put_texts_together_calculate_and_filter(tmp_path: Path) -> None:
    source = (
        "{{ 'a' ~ number ~ '<' }} {{ 'a' + number }} {{ 2 * 3 + 7 % 4 }} {{ lines | map(attribute='text') | join('; ') }} "
        "{{ number | replace('0', '<') }} {{ 2.345 | round(1) }} {% for x in lines %}{{ loop.cycle('odd', 'even') }}"
        "{{ ',' if not loop.last }}{% endfor %} {{ 'yes' if number in ['70012'] }}"
    )
    assert shown(tmp_path, source, invoice(line(), line())) == (
        "a70012&lt; a70012 9 Tent; Tent 7&lt;&lt;12 2.3 odd,even yes"
    )


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "/etc/passwd", "link.html.j2", "a/../../x", "missing.j2", "C:\\x", "~/x"]
)
def test_a_template_outside_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "mappings" / "acme"
    folder.mkdir(parents=True)
    (folder / "link.html.j2").symlink_to("/etc/passwd")
    found = problems(tmp_path, "invoice", "template", f"template: '{name}'\nfields: {{number: invoice_number}}\n")
    assert said(found) == ["6 M020"]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [("pad: {width: 4, with: '*', side: right}", ""), ("pad: {width: 4, with: '*'}, default: none", "none"), ("default: none", "none")],
)  # fmt: skip
def test_what_is_cut_to_nothing_is_not_padded_and_gets_the_default(tmp_path: Path, steps: str, expected: str) -> None:
    rest = (
        f"rows: {{each: lines}}\nfields: {{a: {{from: description, trim: right, max_length: 1, {steps}}}, b: $index}}\n"
    )
    assert wrote(tmp_path, "csv", rest, invoice(line(description=" Tent"))) == f"a,b\r\n{expected},1\r\n"


def test_a_value_that_must_be_there_and_is_cut_to_nothing_holds_the_document(tmp_path: Path) -> None:
    rest = "rows: {each: lines}\nfields: {a: {from: description, trim: right, max_length: 1, required: true}}\n"
    (found,) = run(mapping(tmp_path, "invoice", "csv", rest), invoice(line(description=" Tent"))).problems
    assert found.sentence == "there must be a value here and there is none"


def test_a_document_without_a_row_is_a_header(tmp_path: Path) -> None:
    assert wrote(tmp_path, "csv", ROWS, invoice()) == "no,text,amount\r\n"


def test_a_required_column_that_is_empty_holds_the_document(tmp_path: Path) -> None:
    rest = "fields: {a: {from: customer.account, required: true}, b: {from: due_date, default: '2026-12-01'}}\n"
    written = run(mapping(tmp_path, "invoice", "csv", rest), invoice())
    assert [(each.field, each.level) for each in written.problems] == [("a", "hold")]


def test_a_row_is_a_document_where_nothing_else_is_said(tmp_path: Path) -> None:
    document = Transfer(from_warehouse="A", to_warehouse="B", sku="S", quantity="1")
    assert (
        wrote(tmp_path, "csv", "fields: {a: from_warehouse, q: quantity}\n", document, document, kind="transfer")
        == "a,q\r\nA,1\r\nA,1\r\n"
    )


def test_rules_of_a_group_are_no_column(tmp_path: Path) -> None:
    assert said(problems(tmp_path, "order", "csv", "fields:\n  a: {each: lines, fields: {b: number}}\n")) == ["7 M021"]
    assert Order.__name__ == "Order"


def test_a_form_of_dates_that_means_nothing_is_told_when_the_mapping_is_checked(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "invoice", "csv", "csv: {dates: DD.MM.JJJJ}\n" + ROWS)
    assert (found.line, found.column, found.code) == (6, 14, "M020")
    assert "means nothing in the form 'DD.MM.JJJJ'" in found.sentence


def test_rows_of_a_list_that_does_not_exist_are_one_mistake(tmp_path: Path) -> None:
    found = problems(tmp_path, "invoice", "csv", ROWS.replace("{each: lines}", "{each: line}"))
    assert [each.hint for each in found] == ["did you mean 'lines'?"]


def test_rows_that_are_forgotten_are_hinted_at(tmp_path: Path) -> None:
    found = problems(tmp_path, "invoice", "csv", "fields:\n  text: description\n")
    assert ["'each: lines'" in each.hint for each in found] == [True]
