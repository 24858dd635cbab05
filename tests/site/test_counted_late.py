"""What a count saw is judged by the days of the house, not by those of Greenwich."""

from tests.site.harness import PlayedSite, order, purchase_order

EVENING, LATER = "2026-11-21T01:30:00Z", "2026-11-21T02:30:00Z"
"""Half past seven and half past eight in the evening of the 20th in Chicago, when it is the 21st in Greenwich."""


def on_hand(site: PlayedSite) -> str:
    (level,) = (each for each in site.json("stock", "show", "TENT-2P")["warehouses"] if each["warehouse"] == "DAL")
    return str(level["on_hand"])


def count(site: PlayedSite) -> None:
    site.drop("warehouse", "late.csv", f"warehouse,sku,on_hand,counted_at\nDAL,TENT-2P,100,{EVENING}\n")
    site.run(EVENING)


def test_goods_that_leave_after_an_evening_count_of_the_same_day_leave_on_hand(site: PlayedSite) -> None:
    site.drop("acme", "po.edi", purchase_order(order("P-1")))
    site.run()
    count(site)
    rows = "shipment_number,order_number,line,quantity,ship_date,warehouse\nS1,SO-1,1,2,2026-11-20,DAL\n"
    site.drop("warehouse", "shipped.csv", rows)
    site.run(LATER)

    assert on_hand(site) == "98"


def test_goods_that_come_after_an_evening_count_of_the_same_day_add_to_on_hand(site: PlayedSite) -> None:
    count(site)
    site.drop("warehouse", "came.csv", "warehouse,sku,quantity,received_date\nDAL,TENT-2P,7,2026-11-20\n")
    site.run(LATER)

    assert on_hand(site) == "107"
