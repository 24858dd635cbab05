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
        ("S1,SO-1,1,1,EA,2026-11-23,,XYZ", "C-SHIP-UNKNOWN", "does not serve warehouse XYZ"),
        ("S1,SO-1,1,0,EA,2026-11-23,,DAL", "C-SHIP-UNKNOWN", "a quantity of 0 alone is no shipment"),
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


def held(site: PlayedSite) -> list[tuple[str, str]]:
    return [(each["code"], each["reason"]) for each in site.json("holds", "list")]


def test_a_carton_leaves_once(site: PlayedSite) -> None:
    released(site)
    confirm(site, "c.csv", "S1,SO-1,1,10,EA,2026-11-23,108600010000000013,DAL")
    assert held(site) == []
    confirm(site, "d.csv", "S2,SO-1,2,2,EA,2026-11-23,108600010000000013,DAL")
    assert held(site) == [("C-SSCC", "Shipment S2: the carton 00108600010000000013 left before in shipment S1.")]


def test_what_was_not_found_may_leave_later_without_being_asked_about(site: PlayedSite) -> None:
    released(site)
    confirm(site, "c.csv", "S1,SO-1,1,7,EA,2026-11-23,,DAL")
    confirm(site, "d.csv", "S2,SO-1,1,3,EA,2026-11-23,,DAL", "S2,SO-1,2,2,EA,2026-11-23,,DAL")
    assert held(site) == []
    assert [line["shipped"] for line in site.json("orders", "show", "W-1")["lines"]] == ["10", "2"]
    site.drop("acme", "po2.edi", purchase_order(order("W-2", "PO1*1*200*EA*89.95**VP*TENT-2P"), control=2))
    site.run(MONDAY)
    (line,) = site.json("orders", "show", "W-2")["lines"]
    assert line["allocated"] == str(120 - 10 + 40)  # nothing is in question any more


def test_a_shipment_number_is_used_once_whatever_it_is_used_for(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("W-1"), order("W-2")))
    site.run()
    confirm(site, "c.csv", "S1,SO-1,1,2,EA,2026-11-23,,DAL")
    confirm(site, "d.csv", "S1,SO-2,1,2,EA,2026-11-23,,DAL")
    assert held(site) == [("C-SHIP-TWICE", "Shipment S1: it was confirmed before for SO-1.")]


def test_a_row_that_names_another_item_than_its_line_is_refused(site: PlayedSite) -> None:
    released(site)
    titles = "shipment_number,order_number,line,sku,quantity,uom,ship_date\n"
    site.drop("warehouse", "c.csv", titles + "S1,SO-1,1,BAG-20F,2,EA,2026-11-23\n")
    site.run(MONDAY)
    assert held(site) == [("C-SHIP-UNKNOWN", "Shipment S1: row 2: line 1 of SO-1 is TENT-2P, not BAG-20F.")]


def test_what_was_over_shipped_is_taken_when_somebody_accepts_it_and_stock_follows(site: PlayedSite) -> None:
    released(site)
    confirm(site, "c.csv", "S1,SO-1,1,12,EA,2026-11-23,,DAL", "S1,SO-1,2,2,EA,2026-11-23,,DAL")
    assert sent(site, "856") == []

    assert site.gateway("holds", "release", "S1", "--note", "once more", "--now", MONDAY).out.startswith(
        "still on hold"
    )
    answer = site.gateway("holds", "accept", "S1", "--note", "they keep them", "--now", MONDAY)

    assert "shipment S1 is taken as it was shipped" in answer.out
    assert held(site) == []
    assert len(sent(site, "856")) == len(sent(site, "810")) == 1
    site.drop("acme", "po2.edi", purchase_order(order("W-2", "PO1*1*200*EA*89.95**VP*TENT-2P"), control=2))
    site.run(MONDAY)
    (line,) = site.json("orders", "show", "W-2")["lines"]
    assert line["allocated"] == str(120 - 12 + 40)  # what is left in Dallas, and all of Reno


def test_a_cause_that_nobody_can_accept_says_what_to_do(site: PlayedSite) -> None:
    released(site)
    confirm(site, "c.csv", "S1,SO-9,1,1,EA,2026-11-23,,DAL")
    answer = site.gateway("holds", "accept", "S1", "--note", "ok", "--now", MONDAY)
    assert answer.code == 2
    assert "cannot be accepted" in answer.err
    assert "sent again under its number" in answer.err


def test_a_carton_that_nobody_can_number_keeps_the_order_until_it_can_be(site: PlayedSite) -> None:
    settings = site.folder / "gateway.yaml"
    with_prefix = settings.read_text()
    settings.write_text(with_prefix.replace('labels: {gs1_prefix: "0614141", extension_digit: 0}', ""))
    released(site)
    site.run()
    assert [code for code, _ in held(site)] == ["C-PREFLIGHT"]
    assert site.json("orders", "show", "W-1")["status"] == "allocated"
    assert site.outbox("warehouse") == {}

    settings.write_text(with_prefix)
    site.run(MONDAY)

    assert held(site) == []
    assert site.json("orders", "show", "W-1")["status"] == "released"


@pytest.mark.parametrize(
    "how", [("orders", "cancel", "W-1", "--partner", "acme", "--reason", "no"), ("orders", "reject", "W-1", "--reason", "no")]
)  # fmt: skip
def test_nothing_is_listed_of_an_order_that_waits_for_a_warehouse_no_more(
    site: PlayedSite, how: tuple[str, ...]
) -> None:
    settings = site.folder / "gateway.yaml"
    settings.write_text(settings.read_text().replace('labels: {gs1_prefix: "0614141", extension_digit: 0}', ""))
    released(site)
    assert [code for code, _ in held(site)] == ["C-PREFLIGHT"]

    answer = site.gateway(*how, "--now", MONDAY)

    assert (answer.code, held(site)) == (0, []), answer
    site.run(MONDAY)
    assert held(site) == []


def test_a_field_that_the_notice_must_have_is_found_before_the_warehouse_is_told(site: PlayedSite) -> None:
    mapping = site.folder / "mappings" / "acme" / "856.yaml"
    mapping.parent.mkdir(parents=True, exist_ok=True)
    mapping.write_text(
        "gateway: 1\nmapping: acme/856\nextends: x12/856\nfields:\n  HL(S):\n    fields:\n"
        "      HL(O):\n        fields:\n          REF(IA)02: {from: vendor_number, required: true}\n"
    )
    partner = site.folder / "partners" / "acme.yaml"
    partner.write_text(partner.read_text().replace("out: x12/856", "out: acme/856"))
    released(site)
    ((code, reason),) = held(site)
    assert code == "C-PREFLIGHT"
    assert "SO-1 (PO W-1) is not released to DAL: the ship notice lacks" in reason
    assert "REF" in reason

    partner.write_text(partner.read_text() + 'params: {vendor_number: "77812"}\n')
    site.run(MONDAY)

    assert site.json("orders", "show", "W-1")["status"] == "released"


def test_cartons_that_the_warehouse_numbers_itself_need_no_prefix_of_ours(site: PlayedSite) -> None:
    settings = site.folder / "gateway.yaml"
    settings.write_text(settings.read_text().replace('labels: {gs1_prefix: "0614141", extension_digit: 0}', ""))
    partner = site.folder / "partners" / "warehouse.yaml"
    partner.write_text(partner.read_text() + 'labels: {gs1_prefix: "0860001"}\n')
    released(site)
    assert held(site) == []
    assert len(site.outbox("warehouse")) == 1


def test_a_partner_may_have_a_prefix_of_its_own(site: PlayedSite) -> None:
    partner = site.folder / "partners" / "acme.yaml"
    partner.write_text(partner.read_text() + 'labels: {gs1_prefix: "0614999", extension_digit: 3, format: zpl}\n')
    released(site)
    (told,) = site.outbox("warehouse").values()
    assert b",zpl,SO-1," in told
    confirm(site, "c.csv", "S1,SO-1,1,10,EA,2026-11-23,,DAL")
    (notice,) = [content for name, content in site.outbox("acme").items() if name.startswith("856_")]
    assert b"MAN*GM*0030614999" in notice


def test_shipping_by_hand_says_what_is_wrong_and_ships_the_rest_of_the_way(site: PlayedSite) -> None:
    released(site)
    wrong = site.gateway("orders", "ship", "W-1", "--line", "1=12", "--now", MONDAY)
    assert wrong.code == 8
    assert "12 EA were shipped, 10 EA were to be picked in DAL" in wrong.err
    assert "Add --note TEXT" in wrong.err
    for bad in ("1", "1=many", "=2"):
        assert site.gateway("orders", "ship", "W-1", "--line", bad, "--now", MONDAY).code == 2

    assert site.gateway("orders", "ship", "W-1", "--carrier", "UPGN", "--now", MONDAY).code == 0

    shown = site.json("orders", "show", "W-1")
    assert shown["status"] == "invoiced"
    assert [each["shipment_number"] for each in shown["shipments"]] == ["SO-1-S1"]
    assert site.gateway("orders", "ship", "W-1", "--now", MONDAY).code == 2


def test_an_order_for_each_store_is_answered_again_store_by_store(site: PlayedSite) -> None:
    partner = site.folder / "partners" / "acme.yaml"
    partner.write_text(partner.read_text() + "  stores: order_per_store\n")
    body = order("SDQ-1", "PO1*1*10*EA*89.95**VP*TENT-2P\nSDQ*EA*92*0101*6*0102*4")
    site.drop("acme", "po.edi", purchase_order(body))
    site.run()
    site.drop("acme", "again.edi", purchase_order(body, control=2))
    site.run()
    assert [(row["order_number"], row["store"]) for row in site.json("orders", "list")] == [
        ("SO-1", "0101"), ("SO-2", "0102"),
    ]  # fmt: skip

    site.drop("acme", "other.edi", purchase_order(body.replace("*6*0102*4", "*5*0102*5"), control=3))
    site.run()

    assert [row["holds"] for row in site.json("orders", "list")] == [[], [], ["C-DUP-PO"], ["C-DUP-PO"]]


def test_labels_and_packing_slips_are_printed_of_what_left(site: PlayedSite) -> None:
    released(site)
    assert "Nothing of SO-1 left yet" in site.gateway("orders", "labels", "W-1").err
    confirm(site, "c.csv", "S1,SO-1,1,10,EA,2026-11-23,108600010000000013,DAL", "S1,SO-1,2,2,EA,2026-11-23,,DAL")

    slip = site.gateway("orders", "packing-slip", "S1").out
    answer = site.gateway("orders", "labels", "W-1", "--out", "labels.zpl")

    assert "2 cartons, 12 in all" in slip
    assert answer.code == 0
    assert (site.folder / "labels.zpl").read_text().count("^BCN,240") == 2
