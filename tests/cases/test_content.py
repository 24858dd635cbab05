"""X12, CSV and XML that is wrong or hostile: what becomes of each, on a site, as its operator and the sender see it."""

import io
import json
import time
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import NOTHING, examine
from gateway.formats import markup
from gateway.mapping.language import numerals
from tests.cases.shops import GOOD_XML, TITLES, held, only_hold, ordered, orders_csv, row
from tests.site.harness import MONDAY, PlayedSite, order, purchase_order

LATER = "2026-11-21T20:00:00Z"
MANY_SECONDS = 10.0


def answers(site: PlayedSite, start: str) -> list[str]:
    """The segments of a kind in everything that left for the customer who sends X12."""
    text = "".join(content.decode("latin-1") for content in site.outbox("acme").values())
    return [line.strip() for line in text.split("~") if line.strip().startswith(start)]


@pytest.mark.parametrize("content", ["ISA*00*nonsense~", "ISA*00*" + "x" * 300_000])
def test_x_01_an_interchange_whose_header_cannot_be_read_is_refused(site: PlayedSite, content: str) -> None:
    site.drop("acme", "bad.edi", content)
    site.drop("acme", "good.edi", purchase_order(order("G-1"), control=9))
    site.run()
    site.run(LATER)
    assert only_hold(site)["code"] == "X-ISA"
    assert ordered(site, "acme") == ["G-1"]


@pytest.mark.parametrize("separator", ["*", "a", "7"])
def test_x_02_separators_that_cannot_separate_are_refused(site: PlayedSite, separator: str) -> None:
    text = purchase_order(order("P-1"))
    site.drop("acme", "bad.edi", text.replace("~", "*") if separator == "*" else text.replace("*", separator))
    site.run()
    site.run(LATER)
    assert only_hold(site)["code"] in ("X-SEPARATORS", "X-ISA")
    assert ordered(site, "acme") == []


@pytest.mark.parametrize("piece", ["REF*DP*" + "x" * 40_000_000, "REF" + "*x" * 100_000], ids=["element", "segment"])
def test_x_03_an_element_or_a_segment_without_end_is_rejected_in_a_second_and_bounded_memory(piece: str) -> None:
    content = purchase_order(order("P-1", more=piece)).encode()
    begun = time.process_time()
    seen = examine(io.BytesIO(content), AckRules(), keep=NOTHING)
    assert time.process_time() - begun < 1
    assert (
        seen.issues
        or [each for one in seen.interchanges for each in one.received.issues]
        or not all(group.accepted for one in seen.interchanges for group in one.verdict.groups)
    )
    del seen
    tracemalloc.start()
    try:
        examine(io.BytesIO(content), AckRules(), keep=NOTHING)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000


def test_x_04_of_three_sets_the_bad_one_is_rejected_and_two_are_orders(site: PlayedSite) -> None:
    bad = order("A-2", "PO1*1**EA*89.95**VP*TENT-2P")
    site.drop("acme", "three.edi", purchase_order(order("A-1"), bad, order("A-3")))
    site.run()
    assert [line.split("*")[1] for line in answers(site, "AK5")] == ["A", "R", "A"]
    assert answers(site, "AK9") == ["AK9*P*3*3*2"]
    assert ordered(site, "acme") == ["A-1", "A-3"]
    assert only_hold(site)["code"] == "X-REJECTED"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("SE*9*", "SE*8*", "AK5*R*4"),
        ("SE*9*0001", "SE*9*0002", "AK5*R*3"),
        ("GE*1*1", "GE*2*1", "AK9*E*2*1*1*5"),
        ("GE*1*1", "GE*1*2", "AK9*E*1*1*1*4"),
        ("IEA*1*", "IEA*2*", "TA1*000000001*261120*0815*E*021"),
        ("IEA*1*000000001", "IEA*1*000000002", "TA1*000000001*261120*0815*E*001"),
    ],
)
def test_x_05_wrong_counts_and_numbers_have_their_codes(site: PlayedSite, old: str, new: str, told: str) -> None:
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text().replace("x12:\n", "x12:\n  acknowledge: {ta1: errors}\n", 1))
    text = purchase_order(order("P-1"))
    assert old in text
    site.drop("acme", "po.edi", text.replace(old, new, 1))
    site.run()
    assert told in answers(site, told.partition("*")[0])


@pytest.mark.parametrize("byte", [b"\xe9", b"\x00", b"\x1b"], ids=["0xE9", "NUL", "ESC"])
def test_x_06_a_byte_outside_of_the_characters_is_held_at_its_place(site: PlayedSite, byte: bytes) -> None:
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text().replace("x12:\n", "x12:\n  charset: basic\n", 1))
    content = purchase_order(order("P-1", more="REF*DP*CAF@1")).encode().replace(b"@", byte)
    site.drop("acme", "po.edi", content)
    site.run()
    hold = only_hold(site)
    if byte == b"\xe9":
        assert hold["code"] == "X-CHARSET"
        assert f"0x{byte[0]:02X} at offset {content.index(byte)} " in hold["reason"]
    else:  # part of the characters, and of no element
        assert (hold["code"], "REF02" in hold["reason"]) == ("X-REJECTED", True)
    assert ordered(site, "acme") == []
    shown = site.gateway("holds", "show", hold["id"])
    assert all(line.isprintable() for line in shown.out.splitlines())


@pytest.mark.parametrize("text", ["NaN", "1E+400000000", "\uff11\uff12", "1_000", "--5", "", "Infinity", "0x10"])
def test_x_07_what_is_no_number_is_none_and_costs_nothing(site: PlayedSite, text: str) -> None:
    begun = time.process_time()
    for _ in range(100):
        assert numerals.reader(".", "")(text) is None
    assert time.process_time() - begun < 0.1
    site.drop("shop", "a.csv", orders_csv(row("N-1", quantity=text), row("N-2")))
    site.run()
    assert ordered(site) == ["N-2"]
    (hold,) = held(site)
    assert len(hold["reason"]) < 1_000


@pytest.mark.parametrize("day", ["20260230", "00000000", "20261301"])
def test_x_08_a_date_that_does_not_exist_names_its_element(site: PlayedSite, day: str) -> None:
    site.drop("acme", "po.edi", purchase_order(order("P-1").replace("DTM*010*20261130", f"DTM*010*{day}")))
    site.run()
    assert answers(site, "AK5") == ["AK5*R*5"]
    assert answers(site, "AK4") == [f"AK4*2*373*8*{day}"]
    assert "DTM02" in only_hold(site)["reason"]


@pytest.mark.parametrize(("unmapped", "code"), [("warn", ""), ("hold", "C-UNMAPPED")])
def test_x_09_data_that_no_rule_reads_is_told_or_held_as_the_mapping_says(
    site: PlayedSite, unmapped: str, code: str
) -> None:
    folder = site.folder / "mappings" / "acme"
    folder.mkdir(parents=True)
    folder.joinpath("850.yaml").write_text(
        f"gateway: 1\nmapping: acme/850\nextends: x12/850\nsettings: {{unmapped: {unmapped}}}\n"
    )
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text().replace("{in: x12/850}", "{in: acme/850}"))
    site.drop("acme", "po.edi", purchase_order(order("P-1", more="TAX*77")))
    site.run()
    assert [each["code"] for each in held(site)] == ([code] if code else [])
    assert ordered(site, "acme") == ([] if code else ["P-1"])


def test_x_10_an_order_of_many_lines_goes_the_whole_way(site: PlayedSite) -> None:
    lines = [f"PO1*{number}*1*EA*89.95*PE*VP*TENT-2P" for number in range(1, 2_001)]
    site.drop("acme", "big.edi", purchase_order(order("BIG-1", *lines)))
    begun = time.process_time()
    site.run()
    assert time.process_time() - begun < MANY_SECONDS
    assert len(site.json("orders", "show", "BIG-1")["lines"]) == 2_000
    assert answers(site, "AK9") == ["AK9*A*1*1*1"]


def test_x_11_a_quote_that_is_never_closed_is_told_with_its_row(site: PlayedSite) -> None:
    rows = [row(f"Q-{number}") for number in range(2, 18)]
    rows[15] = rows[15].replace("Corner Shop", '"Corner Shop')
    site.drop("shop", "a.csv", orders_csv(*rows))
    site.run()
    hold = only_hold(site)
    assert (hold["code"], "Row 17" in hold["reason"]) == ("F-COLUMNS", True), hold
    assert ordered(site) == []


def test_x_12_a_file_in_another_encoding_is_refused_with_its_place_and_never_guessed(site: PlayedSite) -> None:
    content = orders_csv(row("E-1", city="Málaga")).encode("cp1252")
    site.drop("shop", "a.csv", content)
    site.run()
    hold = only_hold(site)
    assert hold["code"] == "F-ENCODING"
    assert str(content.index(0xE1)) in hold["reason"]
    assert "cp1252" in hold["reason"]
    assert "\ufffd" not in json.dumps(site.state()[2], ensure_ascii=False)


def test_x_13_columns_may_change_places_and_a_missing_one_is_named(site: PlayedSite) -> None:
    turned = ",".join(reversed(TITLES.split(",")))
    site.drop("shop", "a.csv", orders_csv(",".join(reversed(row("T-1").split(","))), titles=turned))
    site.drop("shop", "b.csv", orders_csv(row("T-2"), titles=TITLES.replace("quantity", "quantiti")))
    site.run()
    site.run(LATER)
    assert ordered(site) == ["T-1"]
    hold = only_hold(site)
    assert "quantity" in hold["reason"]
    assert "quantiti" in hold["reason"]


def test_x_14_rows_of_one_order_that_contradict_each_other_are_held(site: PlayedSite) -> None:
    site.drop("shop", "a.csv", orders_csv(row("G-1"), row("G-1", line="2", city="Austin"), row("G-2")))
    site.run()
    hold = only_hold(site)
    assert hold["code"] == "C-GROUP-CONFLICT"
    assert ordered(site) == ["G-2"]


@pytest.mark.parametrize(
    "content",
    [
        orders_csv(row("N-1", city="Dal\x00las")).encode(),
        (",".join(f"c{number}" for number in range(200_000)) + "\n").encode(),
        b"po_number," + b"x" * 5_000_000,
    ],
    ids=["NUL", "200,000 columns", "one line"],
)
def test_x_15_a_csv_file_without_measure_is_refused_in_bounded_time(site: PlayedSite, content: bytes) -> None:
    site.drop("shop", "bad.csv", content)
    site.drop("shop", "good.csv", orders_csv(row("OK-1")))
    begun = time.process_time()
    site.run()
    site.run(LATER)
    assert time.process_time() - begun < MANY_SECONDS
    assert only_hold(site)["file"] == "bad.csv"
    assert ordered(site) == ["OK-1"]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE o SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE o [<!ENTITY e SYSTEM "file:{canary}">]>',
        '<!DOCTYPE o [<!ENTITY % p SYSTEM "file:{canary}"> %p;]>',
    ],
    ids=["external", "file", "parameter"],
)
def test_x_16_a_document_type_is_refused_and_nothing_outside_is_read(
    site: PlayedSite, tmp_path: Path, declared: str
) -> None:
    canary = tmp_path / "canary"
    canary.write_text("CANARY-7531")
    text = GOOD_XML.format("&e;" if "ENTITY e" in declared else "D-1")
    site.drop("shop", "a.xml", '<?xml version="1.0"?>' + declared.format(canary=canary) + text)
    site.run()
    hold = only_hold(site)
    assert hold["code"] == "S-XML-DTD"
    assert ordered(site) == []
    assert "CANARY-7531" not in json.dumps([hold, site.state()[2]])


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE o [<!ENTITY a "ha">' + b"".join(
            b'<!ENTITY a%d "&a%s;&a%s;">' % (n, str(n - 1).encode(), str(n - 1).encode()) for n in range(1, 40)
        ) + b"]><o>&a39;</o>",
        b'<!DOCTYPE o [<!ENTITY a "' + b"x" * 100_000 + b'">]><o>' + b"&a;" * 100_000 + b"</o>",
        b"<a>" * 100_000,
        b"<a " + b" ".join(b'b%d="1"' % n for n in range(300_000)) + b"/>",
    ],
    ids=["laughs", "quadratic", "deep", "attributes"],
)  # fmt: skip
def test_x_17_xml_made_to_hurt_is_refused_within_a_second(content: bytes) -> None:
    tracemalloc.start()
    try:
        begun = time.process_time()
        found = markup.parse(content)
        assert time.process_time() - begun < 2  # tracing takes its time
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 200_000_000
    assert getattr(found, "code", "") in ("S-XML-DTD", "F-XML")


def test_x_18_an_entity_of_the_file_itself_is_no_purchase_order_number(site: PlayedSite) -> None:
    site.drop("shop", "a.xml", '<!DOCTYPE o [<!ENTITY e "E-1">]>' + GOOD_XML.format("&e;"))
    site.run()
    assert only_hold(site)["code"] == "S-XML-DTD"
    assert site.json("orders", "list") == []


@pytest.mark.parametrize(
    ("encoding", "declared", "taken"),
    [
        ("utf-8", "UTF-8", True),
        ("utf-16", "UTF-16", True),
        ("utf-8", "UTF-7", False),
        ("cp037", "cp037", False),
        ("utf-8-sig", "UTF-16", False),
    ],
)
def test_x_19_xml_is_read_in_the_encodings_of_the_list_only(
    site: PlayedSite, encoding: str, declared: str, *, taken: bool
) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + GOOD_XML.format("U-1")
    site.drop("shop", "a.xml", text.encode(encoding))
    site.run()
    site.run(LATER)
    assert ordered(site) == (["U-1"] if taken else [])
    assert len(site.json("holds", "list")) == (0 if taken else 1)


def test_x_20_another_prefix_of_the_same_namespace_is_the_same_document(site: PlayedSite) -> None:
    text = GOOD_XML.format("P-1").replace("<", "<q:").replace("<q:/", "</q:").replace("xmlns=", "xmlns:q=")
    site.drop("shop", "a.xml", text)
    site.drop("shop", "b.xml", GOOD_XML.format("P-2").replace("urn:shop", "urn:other"))
    site.run()
    assert ordered(site) == ["P-1"]
    assert [each["file"] for each in held(site)] == ["b.xml"]


def test_x_21_separators_in_a_description_do_not_reach_the_segments_of_our_invoice(site: PlayedSite) -> None:
    name = "tent *2~IT1*9*900*EA*0.01 > 4:5"
    items = site.folder / "items.csv"
    items.write_text(f'sku,description,uom\nTENT-2P,"{name}",EA\n')
    answer = site.gateway("import", "items", str(items))
    assert answer.code == 0, answer.err
    site.drop("acme", "po.edi", purchase_order(order("S-1")))
    site.run()
    site.confirm_everything()
    site.run(MONDAY)
    (invoice,) = [content.decode() for path, content in site.outbox("acme").items() if "810" in path]
    assert [line.split("*")[2] for line in answers(site, "IT1")] == ["2"]
    assert "IT1*9*900" not in invoice
    total = next(Decimal(line.split("*")[1]) for line in answers(site, "TDS"))
    assert total == Decimal(17990)
