"""What senders of CSV and XML are told of a file that was not taken whole, in which form, and who is told nothing."""

import csv
import io
import json

import pytest

from tests.cases import shops
from tests.cases.shops import GOOD_XML, held, ordered, orders_csv, row
from tests.site.harness import PlayedSite


def receipts(site: PlayedSite, kind: str = "file_receipt") -> list[bytes]:
    """The receipts of a kind that left for the shop."""
    return [content for name, content in site.outbox("shop").items() if name.startswith(kind)]


def told(content: bytes) -> list[dict[str, str]]:
    """The rows of one in CSV."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_a_document_that_was_held_is_told_with_its_row_its_reason_and_what_to_do(site: PlayedSite) -> None:
    site.drop("shop", "mixed.csv", orders_csv(row("A-1"), row("A-2", quantity="many"), row("A-3")))
    site.run()
    assert ordered(site) == ["A-1", "A-3"]
    (line,) = told(*receipts(site))
    assert (line["file"], line["position"], line["status"], line["code"]) == (
        "mixed.csv",
        "row 3",
        "on_hold",
        "C-MAPPING",
    )
    assert "'many' is not a number" in line["reason"]
    assert line["next_step"].startswith("Wait for our answer")
    assert len(receipts(site, "order_receipt")) == 2


def test_a_file_that_cannot_be_read_is_refused_whole(site: PlayedSite) -> None:
    site.drop("shop", "open.csv", orders_csv(row('"A-1')))
    site.run()
    (line,) = told(*receipts(site))
    assert (line["position"], line["status"], line["code"]) == ("", "refused", "F-COLUMNS")
    assert "send it again" in line["next_step"]


def test_a_file_that_is_taken_whole_has_no_receipt_of_its_own(site: PlayedSite) -> None:
    site.drop("shop", "good.csv", orders_csv(row("A-1")))
    site.drop("shop", "good.xml", GOOD_XML.format("A-2"))
    site.run()
    assert receipts(site) == []
    assert len(receipts(site, "order_receipt")) == 2


def test_what_is_ours_to_mend_is_not_told_in_detail(site: PlayedSite) -> None:
    path = site.folder / "partners" / "shop.yaml"
    path.write_text(path.read_text() + "status: suspended\n")
    site.drop("shop", "a.csv", orders_csv(row("A-1")))
    site.run()
    (line,) = told(*receipts(site))
    assert (line["status"], line["code"]) == ("on_hold", "P-SUSPENDED")
    assert "suspended" not in line["reason"]


@pytest.mark.parametrize(("wanted", "files"), [("[csv]", ["a.csv"]), ("[xml]", ["a.xml"]), ("[]", [])])
def test_only_files_of_the_formats_that_are_named_are_answered(site: PlayedSite, wanted: str, files: list[str]) -> None:
    shops.open_shop(site.folder, f"channels:\n  receipts: {{for: {wanted}, format: json}}\n")
    site.drop("shop", "a.csv", orders_csv(row("A-1"), row("A-2", quantity="many")))
    site.drop("shop", "a.xml", GOOD_XML.format("A-3").replace("<quantity>1", "<quantity>many"))
    site.drop("shop", "b.xml", GOOD_XML.format("A-4"))
    site.run()
    assert sorted({each["file"] for each in held(site)}) == ["a.csv", "a.xml"]
    assert [json.loads(each)["file_name"] for each in receipts(site)] == files
    numbers = sorted(json.loads(each)["po_number"] for each in receipts(site, "order_receipt"))
    assert numbers == {"[csv]": ["A-1"], "[xml]": ["A-4"], "[]": []}[wanted]


def test_receipts_may_be_xml(site: PlayedSite) -> None:
    shops.open_shop(site.folder, "channels:\n  receipts: {format: xml}\n")
    site.drop("shop", "a.csv", orders_csv(row("A-1"), row("A-2", quantity="many")))
    site.run()
    (content,) = receipts(site)
    assert b"<FileReceipt><FileName>a.csv</FileName>" in content.replace(b"\n", b"").replace(b"  ", b"")
    (content,) = receipts(site, "order_receipt")
    assert b"<PoNumber>A-1</PoNumber>" in content


def test_a_row_of_the_house_is_told_where_it_asks_for_it(site: PlayedSite) -> None:
    site.drop("warehouse", "a.csv", "warehouse,sku,on_hand\nDAL,NO-SUCH,5\n")
    site.run()
    assert not [name for name in site.outbox("warehouse") if name.startswith("file_receipt")]
    path = site.folder / "partners" / "warehouse.yaml"
    path.write_text(path.read_text() + "channels:\n  receipts: {}\n")
    site.drop("warehouse", "b.csv", "warehouse,sku,on_hand\nDAL,NO-SUCH,6\nDAL,TENT-2P,7\n")
    site.run()
    ((_, content),) = [each for each in site.outbox("warehouse").items() if each[0].startswith("file_receipt")]
    (line,) = told(content)
    assert (line["position"], line["status"], line["code"]) == ("row 2", "refused", "C-ROW")
