"""What the warehouse tells us: shipments judged whole, never doubled, never more than was to be picked."""

import pytest

from tests.site.harness import MONDAY, PlayedSite, order, purchase_order

TITLES = "shipment_number,order_number,line,quantity,uom,ship_date,sscc,warehouse\n"


def released(site: PlayedSite) -> None:
    site.drop(
        "acme", "po.edi", purchase_order(order("W-1", "PO1*1*10*EA*89.95**VP*TENT-2P", "PO1*2*2*EA*64.50**VP*BAG-20F"))
    )
    site.run()


def confirm(site: PlayedSite, name: str, *rows: str) -> None:
    site.drop("warehouse", name, TITLES + "\n".join(rows) + "\n")
    site.run(MONDAY)


def sent(site: PlayedSite, document: str) -> list[str]:
    return [name for name in site.outbox("acme") if name.startswith(f"{document}_")]


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("S1,SO-1,1,11,EA,2026-11-23,,DAL", "C-OVER-SHIP", "11 EA were shipped, 10 EA were to be picked in DAL"),
        ("S1,SO-9,1,1,EA,2026-11-23,,DAL", "C-SHIP-UNKNOWN", "there is no order SO-9"),
        ("S1,SO-1,7,1,EA,2026-11-23,,DAL", "C-SHIP-UNKNOWN", "has no line 7"),
        ("S1,SO-1,1,1,PL,2026-11-23,,DAL", "C-SHIP-UNKNOWN", "PL cannot be told in EA"),
        ("S1,SO-1,1,1,EA,2026-11-23,,RNO", "C-SHIP-UNKNOWN", "never released to warehouse RNO"),
        ("S1,SO-1,1,1,EA,2026-11-23,123456789012345678,DAL", "C-SSCC", "no valid SSCC"),
        ("S1,SO-1,1,-1,EA,2026-11-23,,DAL", "C-SHIP-UNKNOWN", "a quantity of -1"),
        ("S1,SO-1,1,many,EA,2026-11-23,,DAL", "C-MAPPING", "'many' is not a number"),
    ],
)
def test_a_shipment_that_cannot_be_is_held_whole_and_its_neighbour_goes_on(
    site: PlayedSite, row: str, code: str, words: str
) -> None:
    released(site)
    confirm(site, "c.csv", row, "S2,SO-1,2,2,EA,2026-11-23,,DAL")
    (hold,) = [each for each in site.json("holds", "list") if each["type"] == "DATA"]
    assert hold["code"] == code
    assert words in hold["reason"]
    assert len(sent(site, "856")) == len(sent(site, "810")) == 1


def test_a_shipment_that_was_confirmed_before_is_not_taken_twice(site: PlayedSite) -> None:
    released(site)
    row = "S1,SO-1,1,10,EA,2026-11-23,,DAL", "S1,SO-1,2,2,EA,2026-11-23,,DAL"
    confirm(site, "c.csv", *row)
    before = site.outbox("acme")
    confirm(site, "again.csv", *row)
    states = {row["file"]: row["state"] for row in site.json("files", "list", "--partner", "warehouse")}
    assert states["again.csv"] == "duplicate"
    confirm(site, "again-with-other-bytes.csv", *row, "")
    assert "it was confirmed before" in site.json("holds", "list")[0]["reason"]
    assert site.outbox("acme") == before


def test_a_short_pick_ships_what_there_is_and_the_rest_waits_out_of_reach(site: PlayedSite) -> None:
    released(site)
    confirm(site, "c.csv", "S1,SO-1,1,7,EA,2026-11-23,,DAL", "S1,SO-1,2,2,EA,2026-11-23,,DAL")
    shown = site.json("orders", "show", "W-1")
    assert shown["status"] == "partially_invoiced"
    assert [(line["shipped"], line["backordered"], line["invoiced"]) for line in shown["lines"]] == [
        ("7", "3", "7"),
        ("2", "0", "2"),
    ]


def test_cartons_without_a_label_get_one_from_our_counter_and_never_the_same_twice(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("W-1"), order("W-2")))
    site.run()
    confirm(site, "c.csv", "S1,SO-1,1,2,EA,2026-11-23,,DAL", "S2,SO-2,1,2,EA,2026-11-23,,DAL")
    labels = [
        line for content in site.outbox("acme").values() for line in content.decode().split("~") if "MAN*GM" in line
    ]
    assert len(labels) == len(set(labels)) == 2


def test_what_two_orders_want_is_never_promised_twice(site: PlayedSite) -> None:
    site.drop(
        "acme", "po.edi", purchase_order(*(order(f"W-{at}", "PO1*1*50*EA*54.00**VP*COOLER-24") for at in range(3)))
    )
    site.run()
    lines = [site.json("orders", "show", f"W-{at}")["lines"][0] for at in range(3)]
    assert sum(int(line["allocated"]) for line in lines) == 10
    assert sum(int(line["backordered"]) for line in lines) == 140


def test_a_new_count_keeps_what_is_reserved(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("W-1", "PO1*1*6*EA*54.00**VP*COOLER-24")))
    site.run()
    site.drop("warehouse", "count.csv", "warehouse,sku,on_hand\nDAL,COOLER-24,8\n")
    site.run()
    site.drop("acme", "po2.edi", purchase_order(order("W-2", "PO1*1*6*EA*54.00**VP*COOLER-24"), control=2))
    site.run()
    assert site.json("orders", "show", "W-2")["lines"][0]["allocated"] == "2"


def test_a_test_interchange_is_answered_marked_t_and_touches_nothing(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("T-1")).replace("*0*P*>", "*0*T*>"))
    site.run()
    assert site.json("orders", "list") == []
    assert [row["po_number"] for row in site.json("orders", "list", "--test")] == ["T-1"]
    assert all(b"*0*T*>~" in content for content in site.outbox("acme").values())
    assert sent(site, "855")
    assert site.outbox("warehouse") == {}
