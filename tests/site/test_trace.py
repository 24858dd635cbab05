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
