"""What carriers and customers say of our shipments, in a whole site."""

from pathlib import Path

import pytest

from tests.site.harness import MONDAY, PlayedSite, order, purchase_order, site_like

CARRIER = """gateway: 1
partner: carrier
name: Lone Star Freight
kind: carrier
documents:
  tracking: {in: csv/tracking, when: {file: "tracking*"}}
  delivery: {in: csv/deliveries, when: {file: "deliver*"}}
"""
TITLES = "shipment_number,order_number,line,quantity,uom,ship_date,warehouse,tracking,bol\n"
TRACKING = "tracking,shipment_number,event,at,eta,signed_by,quantity,reason\n"
TUESDAY, WEDNESDAY, THURSDAY = (f"2026-11-{day}T16:00:00Z" for day in (24, 25, 26))


@pytest.fixture(scope="module")
def on_the_way(tmp_path_factory: pytest.TempPathFactory, mastered: Path) -> Path:
    """Two orders in one shipment of Monday, due on Tuesday."""
    folder = tmp_path_factory.mktemp("shipped") / "site"
    site = site_like(mastered, folder)
    acme = folder / "partners" / "acme.yaml"
    acme.write_text(acme.read_text() + "  transit_days: {default: 1}\n")
    (folder / "partners" / "carrier.yaml").write_text(CARRIER)
    site.drop("acme", "po.edi", purchase_order(order("P-1"), order("P-2", "PO1*1*4*EA*89.95**VP*TENT-2P")))
    site.run()
    rows = "S1,SO-1,1,2,EA,2026-11-23,DAL,T1,B-7\nS1,SO-2,1,4,EA,2026-11-23,DAL,T2,B-7\n"
    site.drop("warehouse", "confirm.csv", TITLES + rows)
    site.run(MONDAY)
    return folder


@pytest.fixture
def site(tmp_path: Path, on_the_way: Path) -> PlayedSite:
    return site_like(on_the_way, tmp_path / "site")


def tell(site: PlayedSite, name: str, *rows: str, now: str = TUESDAY) -> None:
    titles = TRACKING if name.startswith("tracking") else "shipment_number,delivered_date,signed_by\n"
    site.drop("carrier", name, titles + "\n".join(rows) + "\n")
    site.run(now)


def states(site: PlayedSite) -> list[str]:
    return [site.json("orders", "show", name)["delivery_status"] for name in ("P-1", "P-2")]


def codes(site: PlayedSite) -> list[str]:
    return [each["code"] for each in site.json("holds", "list")]


def test_a_delivery_is_told_to_every_order_of_the_shipment(site: PlayedSite) -> None:
    assert states(site) == ["in_transit", "in_transit"]
    tell(site, "deliveries.csv", "S1,2026-11-24,DOCK 4")
    assert states(site) == ["delivered", "delivered"]
    (line,) = site.json("orders", "show", "P-2")["lines"]
    assert line["delivered"] == "4"


def test_a_carton_brings_only_the_order_it_belongs_to(site: PlayedSite) -> None:
    tell(site, "tracking.csv", "T2,,delivered,2026-11-24T15:00:00Z,,J ROE,,")
    assert states(site) == ["in_transit", "delivered"]


def test_a_shipment_is_also_found_by_its_bill_of_lading(site: PlayedSite) -> None:
    tell(site, "deliveries.csv", "B-7,2026-11-24,")
    assert states(site) == ["delivered", "delivered"]


def test_a_late_shipment_is_listed_once_and_the_alert_ends_by_itself(site: PlayedSite) -> None:
    site.run(TUESDAY)
    assert codes(site) == []
    site.run(WEDNESDAY)
    assert (codes(site), states(site)) == (["C-DELIVERY-LATE"] * 2, ["late", "late"])
    before = site.state()
    site.run(THURSDAY)
    assert site.state() == before
    tell(site, "deliveries.csv", "S1,2026-11-26,", now=THURSDAY)
    assert (codes(site), states(site)) == ([], ["delivered", "delivered"])


def test_a_failed_delivery_is_listed_and_the_alert_ends_with_the_delivery(site: PlayedSite) -> None:
    tell(site, "tracking-1.csv", "T1,,exception,2026-11-24T10:00:00Z,,,,nobody there")
    (hold,) = site.json("holds", "list")
    assert (hold["code"], hold["order_number"]) == ("C-DELIVERY-FAILED", "SO-1")
    assert "nobody there" in hold["reason"]
    tell(site, "tracking-2.csv", "T1,,delivered,2026-11-24T15:00:00Z,,,,")
    assert codes(site) == []


def test_what_was_not_handed_over_is_listed_until_somebody_ends_it(site: PlayedSite) -> None:
    tell(site, "tracking.csv", "T2,,delivered,2026-11-24T15:00:00Z,,,3,one was crushed")
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "C-DELIVERY-SHORT"
    assert "line 1: 1 of 4 EA did not reach the customer: one was crushed" in hold["reason"]
    (shipment,) = site.json("orders", "show", "P-2")["shipments"]
    assert (shipment["state"], shipment["lines"][0]["short"]) == ("delivered", "1")
    assert site.gateway("holds", "reject", hold["id"], "--note", "credited").code == 0
    assert codes(site) == []


@pytest.mark.parametrize(
    ("name", "row", "words"),
    [
        ("tracking.csv", "T9,,in_transit,2026-11-24T10:00:00Z,,,,", "tracking number T9: no shipment of ours"),
        ("tracking.csv", ",S9,in_transit,2026-11-24T10:00:00Z,,,,", "shipment S9: no shipment of ours"),
        ("deliveries.csv", "S9,2026-11-24,", "shipment S9: no shipment of ours"),
        ("tracking.csv", "T2,,delivered,2026-11-24T10:00:00Z,,,5,", "5 were delivered, 4 were on the way"),
    ],
)
def test_a_message_that_fits_no_shipment_is_held_alone(site: PlayedSite, name: str, row: str, words: str) -> None:
    tell(site, name, row, *(["T1,,in_transit,2026-11-24T09:00:00Z,,,,"] if name == "tracking.csv" else []))
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "C-DELIVERY"
    assert words in hold["reason"]
    assert site.gateway("holds", "reject", hold["id"], "--note", "sent again").code == 0
    assert states(site) == ["in_transit", "in_transit"]


def test_what_one_order_of_a_shipment_refuses_is_not_done_to_the_others(site: PlayedSite) -> None:
    tell(site, "tracking.csv", ",S1,delivered,2026-11-24T10:00:00Z,,,3,")
    assert (codes(site), states(site)) == (["C-DELIVERY"], ["in_transit", "in_transit"])


def test_a_customer_speaks_only_of_its_own_shipments(site: PlayedSite) -> None:
    other = site.folder / "partners" / "other.yaml"
    other.write_text("gateway: 1\npartner: other\nname: Other\ndocuments:\n  delivery: {in: csv/deliveries}\n")
    site.drop("other", "deliveries.csv", "shipment_number,delivered_date\nS1,2026-11-24\n")
    site.run(TUESDAY)
    assert (codes(site), states(site)) == (["C-DELIVERY"], ["in_transit", "in_transit"])


def test_deliveries_and_tracking_are_imported_by_hand(site: PlayedSite, tmp_path: Path) -> None:
    file = tmp_path / "tracking.csv"
    file.write_text(TRACKING + "T1,,in_transit,2026-11-24T10:00:00Z,,,,\n")
    assert site.gateway("import", "tracking", str(file), "--partner", "carrier", "--now", TUESDAY).code == 0
    file = tmp_path / "deliveries.csv"
    file.write_text("shipment_number,delivered_date\nS1,2026-11-24\n")
    assert site.gateway("import", "deliveries", str(file), "--partner", "carrier", "--now", TUESDAY).code == 0
    assert states(site) == ["delivered", "delivered"]
