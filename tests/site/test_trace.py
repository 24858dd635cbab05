"""The life of an order told whole: found by each of its numbers, in the order of time, with its money."""

import re
from pathlib import Path

import pytest

from gateway.orders.shipping.sscc import sscc
from tests.site.harness import MONDAY, PlayedSite, order, purchase_order, site_like

TITLES = "shipment_number,order_number,line,quantity,uom,ship_date,warehouse,tracking,sscc,bol\n"
PAID = "payment_number,payment_date,partner,amount,invoice_number,paid,discount,deduction,reason\n"
MONEY = "  invoice: {out: csv/invoices}\n  payment: {in: csv/payments}\n"
CARTON, LATER = sscc("0614141", "1", 1), "2026-12-10T15:00:00Z"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mastered: Path) -> PlayedSite:
    """Two orders that left together, were billed on one invoice, paid in part, and of which goods come back."""
    site = site_like(mastered, tmp_path_factory.mktemp("trace") / "site")
    acme, accounting = (site.folder / "partners" / f"{name}.yaml" for name in ("acme", "accounting"))
    acme.write_text(acme.read_text().replace("invoice: {out: x12/810}", "invoice: {out: x12/810, when: daily 09:00}"))
    accounting.write_text(f"gateway: 1\npartner: accounting\nname: Accounting\nkind: accounting\ndocuments:\n{MONEY}")
    site.drop("acme", "po.edi", purchase_order(order("P-1"), order("P-2", "PO1*1*4*EA*89.95**VP*TENT-2P")))
    site.run()
    site.drop("warehouse", "confirm.csv", TITLES + "".join(
        f"S1,{number},1,{quantity},EA,2026-11-23,DAL,T{number[-1]},{carton},B-7\n"
        for number, quantity, carton in (("SO-1", "2", CARTON), ("SO-2", "4", ""))
    ))  # fmt: skip
    site.run("2026-11-23T14:00:00Z")
    site.run(MONDAY)
    site.drop("accounting", "bank.csv", PAID + "B1,2026-12-10,acme,400.00,INV0000001,400.00,,20.00,damaged\n")
    site.run(LATER)
    asked = ("--line", "1", "--quantity", "1", "--reason", "damaged", "--now", LATER)
    assert site.gateway("returns", "request", "P-1", *asked).code == 0
    return site


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("P-1", ["SO-1"]), ("SO-2", ["SO-2"]), ("S1", ["SO-1", "SO-2"]), ("B-7", ["SO-1", "SO-2"]), ("T2", ["SO-2"]),
        (CARTON, ["SO-1"]), (CARTON[2:], ["SO-1"]), ("INV0000001", ["SO-1", "SO-2"]), ("B1", ["SO-1", "SO-2"]),
        ("CL-1", ["SO-1", "SO-2"]), ("RMA-1", ["SO-1"]), ("bank.csv", ["SO-1", "SO-2"]), ("po.edi", ["SO-1", "SO-2"]),
        ("confirm.csv", ["SO-1", "SO-2"]), ("stock.csv", []),
    ],
)  # fmt: skip
def test_a_trace_finds_orders_by_every_number_they_have(site: PlayedSite, name: str, found: list[str]) -> None:
    traced = site.json("trace", name, "--now", LATER)

    assert [each["order_number"] for each in traced["orders"]] == found
    assert traced["story"]


def test_a_trace_finds_a_file_by_its_ids_its_hash_and_its_control_number(site: PlayedSite) -> None:
    (po,) = [each for each in site.json("files", "list") if each["file"] == "po.edi"]
    label = site.json("dispatch", "list", "--document", "856")[0]

    for name in (po["id"], po["sha256"], po["sha256"][:12].upper(), "po.edi"):
        traced = site.json("trace", name, "--now", LATER)
        assert [each["order_number"] for each in traced["orders"]] == ["SO-1", "SO-2"], name
        assert po["id"] in [each["id"] for each in traced["files"]]
    for name in (label["id"], label["file"]):
        traced = site.json("trace", name, "--now", LATER)
        assert label["id"] in [each["id"] for each in traced["documents"]], name
    sent = site.json("trace", "P-1", "--now", LATER)["documents"]
    control = next(each["control_number"] for each in sent if each["document"] == "855")
    for name in (control, control.lstrip("0")):
        assert "P-1" in [each["po_number"] for each in site.json("trace", name, "--now", LATER)["orders"]]


def test_a_part_of_a_file_name_is_enough_where_it_is_one_and_else_those_like_it_are_named(site: PlayedSite) -> None:
    alone = site.gateway("trace", "onfirm.cs", "--now", LATER)
    assert alone.code == 0
    assert alone.err == "Nothing is called 'onfirm.cs'; this is confirm.csv.\n"
    assert "SO-1" in alone.out

    several = site.gateway("trace", "855_P", "--now", LATER)
    assert several.code == 5
    assert all(name in several.err for name in ("855_P-1_", "855_P-2_", "gateway trace"))
    assert "Try a PO" in site.gateway("trace", "no such thing", "--now", LATER).err


def test_a_trace_says_what_is_awaited_what_is_late_and_what_to_type(site: PlayedSite) -> None:
    steps = site.json("trace", "P-1", "--now", "2027-03-01T12:00:00Z")["next_steps"]

    (owed,) = [each for each in steps if "INV0000001" in each["what"]]
    assert owed["late"]
    assert owed["command"] == "gateway invoices show INV0000001"
    for each in steps:
        assert site.gateway(*each["command"].split()[1:], "--now", LATER).code in (0, 1), each
    assert "late" in site.gateway("trace", "P-1", "--now", "2027-03-01T12:00:00Z").out


def test_a_hold_is_traced_while_it_waits_and_after_it_ended(site: PlayedSite, tmp_path: Path) -> None:
    other = site.copy(tmp_path / "site")
    other.drop("acme", "held.edi", purchase_order(order("P-9", "PO1*1*4*EA*80.00*PE*VP*TENT-2P"), control=9))
    other.run(LATER)
    (hold,) = [each for each in other.json("holds", "list", "--code", "C-PRICE") if each["po_number"] == "P-9"]

    waits = other.json("trace", hold["id"])
    assert [each["po_number"] for each in waits["orders"]] == ["P-9"]
    assert f"gateway holds show {hold['id']}" in [each["command"] for each in waits["next_steps"]]
    assert other.gateway("holds", "release", hold["id"], "--accept", "ours", "--note", "agreed").code == 0
    assert [each["po_number"] for each in other.json("trace", hold["id"])["orders"]] == ["P-9"]


def test_the_story_goes_from_the_file_to_the_money_in_the_order_of_time(site: PlayedSite) -> None:
    story = site.json("trace", "P-1", "--now", LATER)["story"]

    assert [each["at"] for each in story] == sorted(each["at"] for each in story)
    told = " / ".join(each["what"] for each in story)
    steps = (
        "file received", "997", "purchase order P-1", "told to pick", "855 P-1 sent", "shipment S1 left", "856 S1 sent",
        "invoice INV0000001 of", "810 INV0000001 sent", "payment B1 of 400.00 received",
        "400.00 of payment B1 applied to invoice INV0000001", "claim CL-1 of 20.00",
    )  # fmt: skip
    assert "RMA-1 authorised" in told
    assert re.search(".*".join(re.escape(each) for each in steps), told), told
    assert {"po.edi", "confirm.csv", "bank.csv"} <= {each["file"] for each in story}


def test_an_invoice_and_a_shipment_of_several_orders_stand_under_each_of_them(site: PlayedSite) -> None:
    for name in ("P-1", "P-2"):
        view = site.json("orders", "show", name, "--now", LATER)
        assert [each["order_numbers"] for each in view["bills"]] == [["SO-1", "SO-2"]]
        assert [each["order_numbers"] for each in view["shipments"]] == [["SO-1", "SO-2"]]
        assert (view["billing_status"], view["payment_status"]) == ("invoiced", "partially_paid")
        assert [each["claim_number"] for each in view["claims"]] == ["CL-1"]
        sent = [(each["document"], each["number"]) for each in view["documents"]]
        assert {("856", "S1"), ("810", "INV0000001"), ("invoice", "INV0000001")} <= set(sent)


def test_an_invoice_that_is_due_too_long_is_shown_as_overdue(site: PlayedSite) -> None:
    assert site.json("orders", "show", "P-1", "--now", "2027-03-01T12:00:00Z")["payment_status"] == "overdue"


def test_an_order_is_told_with_its_goods_money_and_returns(site: PlayedSite) -> None:
    told = site.gateway("orders", "show", "P-1", "--now", LATER).out

    for words in (
        "delivery  in transit", "payment   partially paid", "terms     net 30 days (partner file)", f"cartons {CARTON}",
        "together with SO-2", "INV0000001 also bills SO-2", "RMA-1: open", "1 authorised", "CL-1",
    ):  # fmt: skip
        assert words in told, told


def test_what_the_house_says_of_a_customer_is_shown_with_its_origin_and_what_it_owes(site: PlayedSite) -> None:
    customers = site.folder / "customers.csv"
    customers.write_text("partner,credit_limit,net_days\nacme,5000.00,45\n")
    assert site.gateway("import", "customers", str(customers)).code == 0

    view = site.json("orders", "show", "P-1", "--now", LATER)

    assert view["terms"]["net_days"] == 45
    assert "customers.csv" in view["terms"]["origins"]["net_days"]
    assert (view["credit"]["limit"], view["credit"]["exposure"]["unpaid_invoices"]) == ("5000.00", "139.70")
    assert "net days from" in site.gateway("orders", "show", "P-1", "--now", LATER).out
