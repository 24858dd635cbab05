"""The stock room in a whole site: what is done once a day, what is put right by hand, what was asked for."""

import re

import pytest

from tests.site.harness import FRIDAY, PlayedSite, order, purchase_order

HEAD = "warehouse,sku,on_hand,counted_at,quality\n"


def sending(site: PlayedSite, when: str, *, status: str = "live", zone: str = "America/Chicago") -> None:
    """Let acme get our stock every day."""
    file = site.folder / "partners" / "acme.yaml"
    text = file.read_text().replace("status: live", f"status: {status}\ntime_zone: {zone}")
    file.write_text(text.replace("terms:", f"  inventory: {{out: x12/846, when: daily {when}}}\nterms:"))


def advices(site: PlayedSite) -> int:
    return sum(name.startswith("846_") for name in site.outbox("acme"))


def run_at(site: PlayedSite, *moments: str) -> list[int]:
    counted = []
    for moment in moments:
        site.run(moment)
        counted.append(advices(site))
    return counted


def test_our_stock_leaves_once_a_day_at_its_time_or_when_we_run_next(site: PlayedSite) -> None:
    sending(site, "06:00")
    noon = ("2026-11-21T11:59:00Z", "2026-11-21T12:00:00Z", "2026-11-21T12:00:00Z", "2026-11-22T05:59:00Z")
    assert run_at(site, *noon) == [0, 1, 1, 1]
    assert run_at(site, "2026-11-22T23:00:00Z", "2026-11-25T12:00:00Z", "2026-11-25T13:00:00Z") == [2, 3, 3]


def test_a_time_that_comes_twice_when_clocks_go_back_is_done_once(site: PlayedSite) -> None:
    sending(site, "01:30")
    # 2027-11-07: 01:30 in Chicago is 06:30 and again 07:30 UTC
    assert run_at(site, "2027-11-07T06:29:00Z", "2027-11-07T06:30:00Z", "2027-11-07T07:30:00Z") == [0, 1, 1]
    assert run_at(site, "2027-11-08T07:29:00Z", "2027-11-08T07:30:00Z") == [1, 2]


def test_a_time_that_is_left_out_when_clocks_go_forward_is_done_after_it(site: PlayedSite) -> None:
    sending(site, "02:30")
    # 2027-03-14: 01:59:59 in Chicago is followed by 03:00 (08:00 UTC)
    assert run_at(site, "2027-03-14T07:59:00Z", "2027-03-14T08:00:00Z", "2027-03-14T08:31:00Z") == [0, 1, 1]


@pytest.mark.parametrize(("status", "sent"), [("testing", 1), ("draft", 0), ("suspended", 0), ("closed", 0)])
def test_a_partner_gets_our_stock_by_its_status(site: PlayedSite, status: str, sent: int) -> None:
    sending(site, "06:00", status=status)
    assert run_at(site, "2026-11-21T13:00:00Z") == [sent]
    for name, content in site.outbox("acme").items():
        assert (b"*T*>" in content) == (status == "testing"), name


def test_a_moment_that_is_not_daily_is_a_mistake_for_what_leaves_by_the_clock(site: PlayedSite) -> None:
    file = site.folder / "partners" / "acme.yaml"
    file.write_text(file.read_text().replace("terms:", "  inventory: {out: x12/846, when: shipped}\nterms:"))
    answer = site.gateway("config", "check")
    assert answer.code == 1
    assert "acme.yaml" in answer.err + answer.out
    assert "'when: shipped' does not fit 'inventory'" in answer.err + answer.out


def test_a_count_never_lowers_what_is_promised_and_says_who_waits(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("P-1", "PO1*1*30*EA*89.95**VP*TENT-2P")))
    site.run()
    answer = site.gateway(
        "stock", "adjust", "TENT-2P", "--warehouse", "DAL", "--quantity", "-100", "--reason", "fire", "--now", FRIDAY
    )
    assert answer.code == 0
    assert "20 on hand, 30 reserved" in answer.out
    assert "10 more are promised than there are" in answer.out
    view = site.json("stock", "show", "TENT-2P")
    assert view["reservations"] == [
        {"order_number": "SO-1", "partner": "acme", "po_number": "P-1", "warehouse": "DAL", "quantity": "30"}
    ]


def test_what_is_reserved_cannot_be_moved_away(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("P-1", "PO1*1*100*EA*89.95**VP*TENT-2P")))
    site.run()
    words = ("stock", "move", "TENT-2P", "--from", "DAL", "--to", "RNO", "--reason", "more room", "--now", FRIDAY)
    answer = site.gateway(*words, "--quantity", "21")
    assert answer.code == 2
    assert "21 TENT-2P cannot leave DAL" in answer.err
    assert site.gateway(*words, "--quantity", "20").code == 0


def test_every_unit_that_was_asked_for_counts_once(site: PlayedSite) -> None:
    lines = "PO1*1*30*EA*89.95**VP*TENT-2P", "PO1*2*25*EA*54.00**VP*COOLER-24", "PO1*3*2*CA*196.50**VP*STOVE-1"
    site.drop("acme", "po.edi", purchase_order(order("P-1", *lines, more="CSH*N"), order("P-2", lines[0])))
    site.run()
    asked = demand(site)
    assert asked == {
        ("TENT-2P", "ordered"): 60, ("COOLER-24", "ordered"): 25, ("COOLER-24", "lost"): 15, ("STOVE-1", "ordered"): 12,
    }  # fmt: skip


def test_what_a_person_refused_was_not_demand_for_goods(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("P-1", "PO1*1*3*EA*10.00**VP*TENT-2P")))
    site.run()
    assert site.gateway("orders", "reject", "P-1", "--reason", "price", "--now", FRIDAY).code == 0
    assert demand(site) == {}


def demand(site: PlayedSite) -> dict[tuple[str, str], float]:
    rows = site.rows("select sku, kind, sum(cast(quantity as integer)) from demand group by sku, kind")
    return {(sku, kind): quantity for sku, kind, quantity in rows}


def test_the_lists_say_in_words_what_the_figures_are(site: PlayedSite) -> None:
    answer = site.gateway("stock", "list", "--warehouse", "RNO")
    assert re.search(r"RNO +TENT-2P +40 +0 +0 +0 +40", answer.out)
    assert "counted by Northwind Logistics" in site.gateway("stock", "show", "TENT-2P").out
    assert site.gateway("stock", "backorders").out == "nothing waits for goods\n"
    assert site.gateway("replenish", "--now", FRIDAY).out == "nothing to move and nothing to buy\n"
    for words in (("stock", "show", "NO-SUCH"), ("replenish", "--warehouse", "NO-SUCH")):
        assert site.gateway(*words).code == 5


def test_a_customers_inventory_advice_is_not_a_count_of_ours(site: PlayedSite) -> None:
    file = site.folder / "partners" / "acme.yaml"
    file.write_text(file.read_text().replace("terms:", "  inventory: {in: acme/stock}\nterms:"))
    mapping = site.folder / "mappings" / "acme" / "stock.yaml"
    mapping.parent.mkdir(parents=True, exist_ok=True)
    mapping.write_text(
        "gateway: 1\nmapping: acme/stock\ndirection: in\ndocument: inventory\nformat: csv\ncsv: {dates: YYYY-MM-DD}\n"
        "fields:\n  report_number: number\n  report_date: day\n"
    )
    site.drop("acme", "stock.csv", "number,day\nX1,2026-11-20\n")
    site.run()
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "P-NOT-ACTED-ON"
    assert "whose stock is not ours" in hold["reason"]
