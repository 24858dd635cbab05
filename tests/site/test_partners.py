"""Drafting a partner from what they sent, and looking at partners: nothing overwritten, the site in order."""

from pathlib import Path

import pytest

from gateway.config import located
from gateway.config.load import load_site
from gateway.config.partner import Partner
from gateway.config.settings import Us
from gateway.config.strict_yaml import YamlMap, load
from gateway.flows.drafts.draft import Draft, Sample
from gateway.flows.drafts.partner import drafted
from tests.site.harness import PlayedSite, order, purchase_order

US = Us(qualifier="ZZ", id="NORTHWIND")
UBL = (
    '<?xml version="1.0"?><Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>34</cbc:ID></Order>'
)
CSV = "Bestellnr;Datum;Größe\r\nN-1;02.11.2026;5\r\n"


def draft(name: str, content: bytes | str, us: Us | None = US) -> Draft:
    found = drafted("bigmart", Sample(name, content.encode() if isinstance(content, str) else content, us))
    assert isinstance(found, Draft), found
    return found


def partner(found: Draft) -> Partner:
    """The partner file of a draft, read as the gateway reads it."""
    node, problems = load(found.text("bigmart", "sample"), "partners/bigmart.yaml")
    assert problems == ()
    assert isinstance(node, YamlMap)
    read, _, wrong = located.read(Partner, node, "partners/bigmart.yaml")
    assert wrong == ()
    assert read is not None
    return read


def named(found: Partner) -> dict[str, str]:
    return {use.document: use.mapping for use in found.uses()}


def test_an_x12_file_says_who_its_sender_is_and_which_documents_are_due() -> None:
    text = purchase_order(order("PO-1"), sender="BIGMART").replace("GS*PO*BIGMART", "GS*PO*BMPO").replace("*", "|")

    read = partner(draft("po.edi", text))

    assert read.x12 is not None
    assert (read.x12.them.qualifier, read.x12.them.id, read.x12.them.group_ids) == ("ZZ", "BIGMART", ("BMPO",))
    assert (read.x12.version, read.x12.us, read.status) == ("004010", None, "draft")
    assert (read.x12.separators.element, read.x12.separators.after_segment) == ("|", "LF")
    assert named(read) == {
        "order": "x12/850", "acknowledgment": "x12/855", "shipment": "x12/856", "invoice": "x12/810"
    }  # fmt: skip


def test_who_we_are_is_written_where_the_site_says_something_else() -> None:
    text = purchase_order(order("PO-1"), receiver="NORTHWINDEAST")

    for us in (US, None):
        read = partner(draft("po.edi", text, us))
        assert read.x12 is not None
        assert read.x12.us is not None
        assert read.x12.us.id == "NORTHWINDEAST"


def test_a_file_of_ours_gives_the_partner_it_was_sent_to() -> None:
    text = purchase_order(order("PO-1"), sender="NORTHWIND", receiver="BIGMART")

    found = draft("855.edi", text)

    assert partner(found).identity().them.id == "BIGMART"
    assert "The file is one of ours: the partner is who it was sent to." in found.notes


def test_what_cannot_be_taken_over_is_told() -> None:
    text = purchase_order(order("PO-1")).replace("X*004010", "X*003060").replace("ST*850", "ST*852").replace("~\n", "-")
    found = draft("po.edi", text.replace("-1~", "~").replace("PO-1", "PO1").replace("-2P", "2P"))

    assert partner(found).identity().version == "004010"
    assert any("'003060', which is not supported" in note for note in found.notes)
    assert any("Their separators cannot be ours" in note for note in found.notes)
    assert "# 852 is in the file; no built-in mapping reads it." in found.documents


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.edi", b"", "is empty"),
        ("a.edi", b"UNB+UNOA:1+A+B'", "is an EDIFACT file"),
        ("a.bin", b"\x00%PDF\x01", "is a binary file"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj", "is a PDF, which is made for people; ask the partner"),
        ("a.json", b'{"a": 1}', "is JSON"),
        ("a.edi", b"ISA*00*broken", "has no interchange header (ISA) that can be read"),
        ("a.edi", purchase_order(order("PO-1"), sender="").encode(), "names 'ZZ' as its sender"),
        ("a.xml", b"<a><b></a>", "cannot be read as XML"),
        ("a.txt", b"just some words\n", "has a single column"),
        ("a.csv", b"\n \n,,\n", "has no row of titles"),
    ],
)
def test_a_sample_that_says_nothing_is_refused_with_the_reason(name: str, content: bytes, words: str) -> None:
    found = drafted("bigmart", Sample(name, content, US))

    assert isinstance(found, str)
    assert words in found


def test_rows_that_a_built_in_mapping_knows_are_read_by_it() -> None:
    found = draft("count.csv", "warehouse,sku,on_hand\nDAL,TENT-2P,7\n")

    assert named(partner(found)) == {"stock": "csv/stock", "file_receipt": "csv/file-receipt"}
    assert found.mapping is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_other_rows_get_a_mapping_to_be_completed(encoding: str) -> None:
    found = draft("Orders 1.csv", CSV.encode(encoding))

    assert named(partner(found)) == {}
    assert found.mapping is not None
    assert found.mapping.name == "bigmart/orders-1"
    assert f"  encoding: {encoding}\n  delimiter: ;\n" in found.mapping.text
    assert "  # ...: Größe    # 5\n" in found.mapping.text
    assert load(found.mapping.text, "x")[1] == ()


def test_markup_is_told_by_its_outermost_element() -> None:
    found = draft("o.xml", UBL)

    use, receipt, refused = partner(found).uses()
    assert (use.document, use.mapping) == ("order", "xml/ubl-order")
    assert (receipt.document, receipt.mapping) == ("order_receipt", "csv/order-receipt")
    assert (refused.document, refused.mapping) == ("file_receipt", "csv/file-receipt")
    assert use.when.root == "{urn:oasis:names:specification:ubl:schema:xsd:Order-2}Order"


def test_other_markup_gets_a_mapping_with_its_paths() -> None:
    found = draft("o.xml", '<a xmlns="urn:q" xmlns:z="urn:z"><b id="1">t</b><b>u</b><z:c><d>5</d></z:c></a>')

    assert found.mapping is not None
    assert [line.strip() for line in found.mapping.text.splitlines() if ": urn" in line or "...: " in line] == [
        "d: urn:q", "z: urn:z", "# ...: d:b    # t", "# ...: d:b/@id    # 1", "# ...: z:c/d:d    # 5"
    ]  # fmt: skip


def test_somebody_else_may_write_the_mapping() -> None:
    found = drafted("bigmart", Sample("o.csv", CSV.encode(), US), lambda name, sample: f"# {name} {sample.name}\n")

    assert isinstance(found, Draft)
    assert found.mapping is not None
    assert found.mapping.text == "# bigmart/o o.csv\n"


def test_a_drafted_partner_leaves_the_site_in_order(site: PlayedSite) -> None:
    (site.folder / "po.edi").write_text(purchase_order(order("PO-1"), sender="BIGMART"))
    (site.folder / "o.csv").write_text(CSV, encoding="cp1252")

    for name, more in (("bigmart", ("--from", "po.edi")), ("nordbau", ("--from", "o.csv")), ("plain", ())):
        answer = site.gateway("partner", "new", name, *more)
        assert answer.code == 0, answer.err
        assert f"partners/{name}.yaml" in answer.out

    assert site.gateway("config", "check").out == "The configuration is in order.\n"
    shown = {each["partner"]: each for each in site.json("partner", "list")}
    assert shown["bigmart"]["in"] == ["x12/850"]
    assert {shown[name]["status"] for name in ("bigmart", "nordbau", "plain")} == {"draft"}


def test_rows_give_partner_and_mapping_in_one_go_and_what_is_missing_keeps_the_mapping_out(site: PlayedSite) -> None:
    (site.folder / "o.csv").write_text("Bestellnr;Datum;Artikel;Menge;ME;Preis\nH-7;02.11.2026;A-1;1.200;Stk;0,05\n")
    (site.folder / "o.txt").write_text("HPO-1 20261101\nLA-1 12\nLB-1 3\n")

    rows = site.gateway("partner", "new", "hammer", "--from", "o.csv")
    records = site.gateway("partner", "new", "fixed", "--from", "o.txt")

    assert (rows.code, records.code) == (0, 0)
    assert "documents:\n  order: {in: hammer/o}\n" in (site.folder / "partners" / "hammer.yaml").read_text()
    assert "  # order: {in: fixed/o}\n" in (site.folder / "partners" / "fixed.yaml").read_text()
    assert "at what it reads: gateway mapping run hammer/o o.csv\n" in rows.err
    assert "until this finds no error: gateway mapping check fixed/o\n" in records.err
    assert site.gateway("config", "check").out == "The configuration is in order.\n"
    assert site.gateway("mapping", "check", "hammer/o").out == "1 mapping: in order.\n"
    assert "quantity: '1200'\n" in site.gateway("mapping", "run", "hammer/o", "o.csv").out
    assert site.gateway("mapping", "test", "hammer/o", "--update", "--yes").code == 0


def test_a_check_says_what_comes_next_for_a_partner_that_is_not_live(site: PlayedSite) -> None:
    site.gateway("partner", "new", "plain")
    path = site.folder / "partners" / "plain.yaml"

    draft = site.gateway("config", "check").err
    path.write_text(path.read_text().replace("status: draft", "status: testing"))
    testing = site.gateway("partner", "check", "plain").err
    path.write_text(path.read_text().replace("status: testing", "status: live"))

    assert (
        draft == "plain: a draft, so nothing is read or sent. Next: look at every line, then set 'status: testing'.\n"
    )
    assert "Next: send test files both ways, then set 'status: live'." in testing
    assert (site.gateway("partner", "check", "plain").err, site.gateway("config", "check").err) == ("", "")


def test_a_partner_is_never_overwritten_nor_drafted_twice(site: PlayedSite) -> None:
    (site.folder / "po.edi").write_text(purchase_order(order("PO-1")))
    before = (site.folder / "partners/acme.yaml").read_text()

    assert site.gateway("partner", "new", "acme").code == 8
    again = site.gateway("partner", "new", "acme-2", "--from", "po.edi")
    assert (again.code, "ZZ ACMESTORES is the partner 'acme' already" in again.err) == (8, True)
    assert site.gateway("partner", "new", "../x").code == 2
    assert site.gateway("partner", "new", "x", "--from", "none.edi").code == 5

    assert (site.folder / "partners/acme.yaml").read_text() == before
    assert not (site.folder / "partners/acme-2.yaml").exists()


def test_a_partner_is_shown_with_its_defaults_and_checked_alone(site: PlayedSite) -> None:
    shown = site.json("partner", "show", "acme")
    assert (shown["x12"]["acknowledge"]["ta1"], shown["x12"]["us"]["id"]) == ("on_request", "NORTHWIND")
    assert "x12.them.id: ACMESTORES\n" in site.gateway("partner", "show", "acme").out
    missing = site.gateway("partner", "show", "acm")
    assert (missing.code, "Did you mean 'acme'?" in missing.err) == (5, True)

    path = site.folder / "partners" / "erp.yaml"
    path.write_text(path.read_text() + "statsu: live\n")
    assert site.gateway("partner", "check", "erp").code == 1
    assert "did you mean 'status'?" in site.gateway("partner", "check", "erp").out
    assert site.gateway("partner", "check", "acme").out == "The configuration is in order.\n"
    assert site.gateway("partner", "check", "nobody").code == 5


def test_drafting_works_in_a_site_with_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.cli import partner_new  # noqa: PLC0415 - the command itself

    monkeypatch.chdir(tmp_path)
    (tmp_path / "gateway.yaml").write_text("gateway: 1\nx: 1\n")

    assert partner_new.new("plain", None, tmp_path) == 0
    assert [problem.file for problem in load_site(tmp_path, {})[1]] == ["gateway.yaml"]
