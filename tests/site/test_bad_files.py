"""Bad input ends in a hold with code, sentence and next step; neighbours go on; nothing is lost."""

import pytest

from tests.site.harness import PlayedSite, order, purchase_order

GOOD = purchase_order(order("GOOD-1"), control=500)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "F-EMPTY"),
        (b"  \r\n\n", "F-EMPTY"),
        (bytes(range(256)) * 4, "F-BINARY"),
        (b"PK\x03\x04" + b"\x00" * 60, "F-BINARY"),
        (purchase_order(order("X"), sender="STRANGER"), "S-SENDER"),
        (purchase_order(order("X"), receiver="SOMEONEELSE"), "S-SENDER"),
        (b"ISA*00*nonsense~", "X-ISA"),
        (b"ISA*00*          *00*     *ZZ*ACME", "X-ISA"),
        (b"hello, I am a letter\nand no order\n", "F-BINARY"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_held_and_its_neighbour_goes_on(
    site: PlayedSite, content: bytes | str, code: str
) -> None:
    site.drop("acme", "bad.edi", content)
    site.drop("acme", "good.edi", GOOD)
    site.run("2026-11-20T20:00:00Z")
    site.run("2026-11-20T23:00:00Z")
    (hold,) = site.json("holds", "list")
    assert hold["code"] == code
    assert hold["type"] == "FILE"
    assert hold["file"] == "bad.edi"
    assert len(hold["reason"].split()) > 3
    assert hold["next_step"]
    assert [row["po_number"] for row in site.json("orders", "list")] == ["GOOD-1"]
    assert site.inbox() == []


def test_bytes_outside_of_the_agreed_characters_hold_the_file_and_leave_no_answer(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text().replace("x12:\n", "x12:\n  charset: basic\n", 1))
    content = purchase_order(order("CAF-1", more="REF*DP*Caf\xe9")).encode("latin-1")
    site.drop("acme", "cafe.edi", content)
    site.run()
    (hold,) = site.json("holds", "list")
    assert (hold["code"], f"0xE9 at offset {content.index(0xE9)} " in hold["reason"]) == ("X-CHARSET", True)
    assert site.outbox("acme") == {}
    assert site.json("orders", "list") == []
    (site.folder / "cafe.edi").write_bytes(content)
    told = site.gateway("validate", "--partner", "acme", "cafe.edi")
    assert (told.code, "X-CHARSET at byte" in told.out) == (1, True)


def test_a_forbidden_repair_holds_its_interchange_and_the_neighbour_is_taken_and_answered(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text().replace("x12:\n", "x12:\n  repairs: []\n", 1))
    damaged = purchase_order(order("R-1"), control=501).replace("CTT*", "   CTT*")
    site.drop("acme", "two.edi", damaged + GOOD)
    site.run()
    (hold,) = site.json("holds", "list")
    assert (hold["code"], "Interchange 000000501 was not taken." in hold["reason"]) == ("X-REPAIR", True)
    assert [row["po_number"] for row in site.json("orders", "list")] == ["GOOD-1"]
    assert any(b"AK9*A*1*1*1" in content for content in site.outbox("acme").values())


def test_a_truncated_interchange_waits_out_the_grace_and_is_then_held(site: PlayedSite) -> None:
    whole = purchase_order(order("T-1"))
    site.drop("acme", "cut.edi", whole[: whole.index("N1*ST")])
    site.run("2026-11-20T20:00:00Z")
    assert site.inbox() == ["cut.edi"]
    assert site.json("holds", "list") == []
    site.run("2026-11-21T20:00:00Z")
    assert [hold["code"] for hold in site.json("holds", "list")] == ["X-TRUNCATED"]
    assert site.json("orders", "list") == []
    site.drop("acme", "cut.edi", whole)
    site.run("2026-11-21T20:00:00Z")
    assert [row["po_number"] for row in site.json("orders", "list")] == ["T-1"]


@pytest.mark.parametrize(
    ("more", "lines", "named"),
    [
        ("CSH*P4", (), "CSH"),
        ("CUR*BY*CAD", (), "CAD"),
        ("", ("PO1*1*2*EA*89.95**VP*TENT-2P", "SCH*1*EA***010*20261201"), "SCH"),
        ("", ("PO1*1*2*EA*89.95*CT*VP*TENT-2P",), "CT"),
        ("", ("PO1*1*2*EA*89.95**VP*TENT-2P", "N1*BY*STORE 7"), "N1"),
        ("", ("PO1*1*2*EA*89.95**VP*TENT-2P", "SLN*1**I*2*EA****VN*PART"), "SLN"),
        ("", ("N1*ST*ACME DC 9*92*0009", "PO1*1*2*EA*89.95**VP*TENT-2P"), "N1*ST"),
        ("", ("PO1*1*-2*EA*89.95**VP*TENT-2P",), "PO102"),
    ],
)
def test_content_that_is_not_obeyed_yet_holds_the_order_and_says_which(
    site: PlayedSite, more: str, lines: tuple[str, ...], named: str
) -> None:
    body = order("D-1", *lines, more=more)
    if len(lines) > 1:
        body = body.replace("CTT*2", "CTT*1")
    site.drop("acme", "po.edi", purchase_order(body))
    site.run()
    (hold,) = [each for each in site.json("holds", "list") if each["code"] == "C-DATA"]
    assert named in hold["reason"]
    assert hold["po_number"] == "D-1"
    assert not [name for name in site.outbox("acme") if "855" in name]
    assert not site.outbox("warehouse")


def test_a_replacing_purchase_order_is_held_not_taken_as_new(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("E-1").replace("BEG*00", "BEG*05")))
    site.run()
    assert [hold["code"] for hold in site.json("holds", "list")] == ["C-DATA"]


def test_a_row_that_makes_no_sense_is_refused_alone(site: PlayedSite) -> None:
    site.drop("warehouse", "stock2.csv", "warehouse,sku,on_hand\nDAL,TENT-2P,7\nDAL,NO-SUCH,5\nDAL,TENT-4P,many\n")
    site.run()
    holds = site.json("holds", "list")
    assert {hold["code"] for hold in holds} <= {"C-ROW", "C-MAPPING"}
    assert any("3" in hold["reason"] for hold in holds)
    assert any("4" in hold["reason"] for hold in holds)


def test_a_wrong_price_holds_the_order_until_it_is_accepted(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("F-1", "PO1*1*2*EA*79.95**VP*TENT-2P")))
    site.run()
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "C-PRICE"
    assert "79.95" in hold["reason"]
    assert "89.95" in hold["reason"]
    answer = site.gateway(
        "holds", "release", hold["id"], "--accept", "theirs", "--note", "agreed", "--now", "2026-11-20T21:00:00Z"
    )
    assert answer.code == 0, answer.err
    assert site.json("holds", "list") == []
    assert [name for name in site.outbox("acme") if "855" in name]
    assert site.json("orders", "show", "F-1")["lines"][0]["unit_price"] == "79.95"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("warehouse;sku;on_hand\nDAL;TENT-2P;7\n", "P-NO-MAPPING", "its columns: warehouse;sku;on_hand"),
        ("warehouse,sku\nDAL,TENT-2P\n", "P-NO-MAPPING", "looks like csv/stock, but has no column on_hand"),
        (b"warehouse,sku,on_hand,note\nDAL,TENT-2P,7,caf\xe9\n", "F-ENCODING", "Byte 44 is not utf-8"),
        ('warehouse,sku,on_hand\nDAL,"TENT-2P,7\n', "F-COLUMNS", "the quote opened in this row is not closed"),
        ("warehouse,sku,on_hand\nDAL,TENT-2P,7,8\n", "F-COLUMNS", "Row 2 has 4 cells"),
        ("<a><b/></a>", "F-BINARY", "is an XML file"),
        ("warehouse,sku,on_hand\nDAL,TENT-2P,-7\n", "C-ROW", "is negative"),
        ("warehouse,sku,on_hand\nNYC,TENT-2P,7\n", "C-ROW", "there is no warehouse 'NYC'"),
        ("warehouse,sku,on_hand,counted_at\nDAL,TENT-2P,7,20.11.2026 6pm\n", "C-ROW", "is not a moment"),
    ],
)
def test_a_csv_file_or_row_that_cannot_be_taken_says_why(
    site: PlayedSite, content: str | bytes, code: str, words: str
) -> None:
    site.drop("warehouse", "count.csv", content)
    site.run()
    (hold,) = site.json("holds", "list")
    assert hold["code"] == code
    assert words in hold["reason"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("price_list,sku,uom,unit_price\nlist,TENT-2P,EA,-1\n", "is negative"),
        ("price_list,sku,uom,unit_price\nlist,TENT-2P,PL,1\n", "TENT-2P has no unit PL"),
        ("sku,uom,pack_uom\nTENT-2P,EA,CA\n", "pack_uom and pack_quantity go together"),
        ("sku,uom,status\nTENT-2P,EA,sold\n", "'sold' is not one of active, discontinued, blocked"),
        ("sku,uom\nTENT-2P,CA\n", "cannot become CA"),
    ],
)
def test_master_data_that_makes_no_sense_is_refused_row_by_row(site: PlayedSite, content: str, words: str) -> None:
    site.drop("erp", "x.csv", content)
    site.run()
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "C-ROW"
    assert "x.csv row 2" in hold["reason"]
    assert words in hold["reason"]


def test_what_stands_between_two_sets_is_shown_with_the_file_and_its_neighbour_is_an_order(site: PlayedSite) -> None:
    whole = purchase_order(order("PO-1"))
    site.drop("acme", "po.edi", whole.replace("GE*1*1~", "NTE**lost in between~\nGE*1*1~"))
    site.run()

    (seen,) = [each for each in site.json("files", "list") if each["file"] == "po.edi"]

    assert "noted: TA1 E 024: NTE: this stands between two transaction sets" in seen["summary"]
    assert [each["po_number"] for each in site.json("orders", "list")] == ["PO-1"]
