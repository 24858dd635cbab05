"""Goods on a whole site: taken by channel or by hand, refused row by row, and given to who waits."""

from decimal import Decimal

import pytest

from tests.site.harness import MONDAY, PlayedSite, order, purchase_order

TUESDAY = "2026-11-24T16:00:00Z"
INCOMING = "warehouse,sku,quantity,expected_date,reference\n"
RECEIPT = "warehouse,sku,quantity,reference,received_date\n"
COOLERS = "PO1*1*24*EA*54.00**VP*COOLER-24"


def imported(site: PlayedSite, kind: str, name: str, content: str, *, now: str = MONDAY, expect: int = 0) -> str:
    path = site.folder / name
    path.write_text(content, encoding="utf-8")
    answer = site.gateway("import", kind, str(path), "--now", now)
    assert answer.code == expect, (answer.out, answer.err)
    return answer.out


def placed(site: PlayedSite, *orders: tuple[str, str]) -> None:
    for name, *lines in orders:
        site.drop("acme", f"{name}.edi", purchase_order(order(name, *lines), control=30 + int(name[-1])))
    site.run()


def one(site: PlayedSite, name: str) -> tuple[str, str, str | None]:
    only = site.json("orders", "show", name)["lines"][0]
    return only["allocated"], only["backordered"], only["promised_date"]


def stock_of(site: PlayedSite, sku: str) -> list[tuple[str, Decimal, Decimal]]:
    rows = site.rows("select warehouse, on_hand, reserved from stock where sku = :sku", sku=sku)
    return [(place, Decimal(on_hand), Decimal(reserved)) for place, on_hand, reserved in rows]


def test_goods_imported_by_hand_do_what_the_channel_would_do(site: PlayedSite) -> None:
    said = imported(
        site, "incoming", "in.csv", INCOMING + "DAL,COOLER-24,30,2026-11-27,PO-7\n", now="2026-11-20T19:00:00Z"
    )
    assert "1 new" in said
    placed(site, ("G-1", COOLERS))
    assert one(site, "G-1") == ("10", "14", "2026-11-20")
    imported(site, "goods-receipts", "gr.csv", RECEIPT + "DAL,COOLER-24,14,PO-7,2026-11-23\n")
    shown = site.json("orders", "show", "G-1")
    assert (one(site, "G-1")[:2], shown["status"]) == (("24", "0"), "released")
    assert len(site.outbox("warehouse")) == 2


@pytest.mark.parametrize(
    ("kind", "row", "words"),
    [
        ("incoming", "NYC,COOLER-24,30,2026-11-27,PO-7", "in.csv row 2: there is no warehouse 'NYC'"),
        ("incoming", "DAL,COOLER-99,30,2026-11-27,PO-7", "in.csv row 2: there is no item 'COOLER-99'"),
        ("incoming", "DAL,COOLER-24,-3,2026-11-27,PO-7", "must be above zero"),
        ("goods-receipts", "DAL,COOLER-24,0,PO-7,2026-11-23", "in.csv row 2: the quantity 0 of COOLER-24 must be above zero"),
        ("goods-receipts", "NYC,COOLER-24,3,PO-7,2026-11-23", "there is no warehouse 'NYC'"),
    ],
)  # fmt: skip
def test_a_row_that_makes_no_sense_is_refused_alone(site: PlayedSite, kind: str, row: str, words: str) -> None:
    titles = INCOMING if kind == "incoming" else RECEIPT
    good = "DAL,COOLER-24,5,2026-11-28,PO-8" if kind == "incoming" else "DAL,COOLER-24,5,PO-8,2026-11-23"
    imported(site, kind, "in.csv", f"{titles}{row}\n{good}\n", expect=1)
    (hold,) = site.json("holds", "list")
    assert (hold["code"], words in hold["reason"]) == ("C-ROW", True), hold
    if kind == "goods-receipts":
        assert stock_of(site, "COOLER-24") == [("DAL", 15, 0)]


def test_the_same_receipt_again_adds_nothing_and_incoming_goods_are_applied_again(site: PlayedSite) -> None:
    receipt, incoming = RECEIPT + "DAL,COOLER-24,5,,2026-11-23\n", INCOMING + "DAL,COOLER-24,9,2026-12-01,PO-7\n"
    imported(site, "goods-receipts", "gr.csv", receipt)
    assert "not applied again" in imported(site, "goods-receipts", "gr-2.csv", receipt)
    assert stock_of(site, "COOLER-24") == [("DAL", 15, 0)]
    imported(site, "incoming", "in.csv", incoming)
    assert "1 the same" in imported(site, "incoming", "in-2.csv", incoming)


def test_working_days_and_cut_off_times_that_cannot_be_understood_are_refused(site: PlayedSite) -> None:
    titles = "warehouse,name,cutoff,working_days\n"
    imported(site, "warehouses", "w.csv", titles + "DAL,Dallas,4pm,mon-fri\nRNO,Reno,15:00,mon-fr\n", expect=1)
    assert {hold["code"] for hold in site.json("holds", "list")} == {"C-ROW"}


def test_goods_come_before_the_orders_that_come_with_them(site: PlayedSite) -> None:
    imported(site, "incoming", "in.csv", INCOMING + "DAL,COOLER-24,1,2026-12-01,PO-7\n", now="2026-11-20T19:00:00Z")
    placed(site, ("G-1", COOLERS))
    site.drop("acme", "a.edi", purchase_order(order("G-2", COOLERS), control=77))
    site.drop("warehouse", "z.csv", RECEIPT + "DAL,COOLER-24,20,,2026-11-23\n")
    site.run(MONDAY)
    assert (one(site, "G-1")[:2], one(site, "G-2")[:2]) == (("24", "0"), ("6", "18"))


def test_an_order_on_hold_is_not_filled_and_another_one_is(site: PlayedSite) -> None:
    placed(site, ("G-1", "PO1*1*24*EA*10.00**VP*COOLER-24"), ("G-2", COOLERS))
    assert site.json("orders", "show", "G-1")["status"] == "on_hold"
    imported(site, "goods-receipts", "gr.csv", RECEIPT + "DAL,COOLER-24,14,,2026-11-23\n")
    assert one(site, "G-2")[:2] == ("24", "0")


def test_a_rejected_order_frees_its_stock_for_who_waits(site: PlayedSite) -> None:
    site.drop("acme", "1.edi", purchase_order(order("G-1", COOLERS, more="DTM*037*20261215"), control=71))
    site.run()
    placed(site, ("G-2", COOLERS))
    assert (one(site, "G-1")[:2], one(site, "G-2")[:2]) == (("10", "14"), ("0", "24"))
    answer = site.gateway("orders", "reject", "G-1", "--reason", "they cancelled", "--now", MONDAY)
    assert answer.code == 0, answer.err
    assert one(site, "G-2")[:2] == ("10", "14")


def test_nothing_changes_when_nothing_new_comes(site: PlayedSite) -> None:
    imported(
        site, "incoming", "in.csv", INCOMING + "DAL,COOLER-24,5,2026-12-01,PO-7\nRNO,COOLER-24,90,2026-12-09,PO-8\n"
    )
    placed(site, ("G-1", COOLERS), ("G-2", COOLERS))
    site.run(TUESDAY)
    before = site.state()
    site.run(TUESDAY)
    assert site.state() == before


def test_a_later_answer_by_870_needs_somebody_who_writes_it(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text().replace("{out: x12/855}", '{out: x12/855, later: "870"}'))
    answer = site.gateway("config", "check")
    assert answer.code == 1
    assert "later answers leave as 870, and no mapping of this partner writes 'order_status'" in answer.out + answer.err
