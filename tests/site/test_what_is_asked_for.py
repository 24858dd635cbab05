"""Master data by hand, and what orders ask for, on a whole site."""

from pathlib import Path

import pytest

from tests.site.harness import FRIDAY, MONDAY, PlayedSite

LOCATIONS = (
    "partner,location_id,name,address1,city,state,postal_code,country,warehouse,tax_region,status\n"
    "acme,0417,Acme Store 417,88 Elm St,Reno,NV,89501,US,RNO,NV-WASHOE,\n"
    "acme,0418,Acme Store 418,1 Oak St,Waco,TX,76701,US,NOWHERE,,\n"
)
ITEMS = "sku,description,uom,status,pack_uom,pack_quantity,weight,substitute_sku\n"
PRICES = "price_list,sku,uom,unit_price,kind,contract_number,currency,min_quantity,valid_from,valid_to\n"


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def order(number: str, *lines: str, usage: str = "P", head: str = "", ship_to: str = "N1*ST**92*0417~") -> str:
    body = f"BEG*00*SA*{number}**20261119~{head}{ship_to}"
    body += "".join(f"PO1*{at}*{line}~" for at, line in enumerate(lines, 1)) + f"CTT*{len(lines)}~"
    return (
        f"ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*{number[-4:]:0>9}*0*{usage}*>~"
        f"GS*PO*ACMESTORES*NORTHWIND*20261120*0815*1*X*004010~ST*850*0001~{body}SE*{body.count('~') + 2}*0001~"
        f"GE*1*1~IEA*1*{number[-4:]:0>9}~"
    )


def test_locations_are_imported_and_a_row_that_makes_no_sense_is_refused_alone(site: PlayedSite) -> None:
    name = written(site.folder, "locations.csv", LOCATIONS)

    answer = site.gateway("import", "locations", name, "--now", FRIDAY)

    assert answer.code == 1
    assert "1 new, 0 changed, 0 the same, 1 refused" in answer.out
    assert "row 3: there is no warehouse 'NOWHERE'" in answer.out
    assert site.gateway("import", "locations", name, "--now", FRIDAY).out.count("1 the same") == 1


def test_an_order_with_a_store_code_ships_to_the_address_of_the_list(site: PlayedSite) -> None:
    site.gateway("import", "locations", written(site.folder, "locations.csv", LOCATIONS), "--now", FRIDAY)
    site.drop("acme", "order.edi", order("5001", "2*EA***VP*CHAIR-LOW"))

    site.run(MONDAY)

    picked = next(text for name, text in site.outbox("warehouse").items() if name.startswith("warehouse_order"))
    assert b"0417,Acme Store 417,88 Elm St,Reno,NV,89501,US" in picked


@pytest.mark.parametrize(
    ("kind", "titles", "row", "reason"),
    [
        (
            "items",
            ITEMS,
            "TENT-2P,Tent,EA,active,EA,12,,\n",
            "EA is the stock unit of TENT-2P and cannot be a pack of 12",
        ),
        ("items", ITEMS, "TENT-2P,Tent,EA,active,,,-1,\n", "weight -1 of TENT-2P is negative"),
        ("items", ITEMS, "TENT-2P,Tent,EA,active,,,,TENT-2P\n", "TENT-2P cannot be its own substitute"),
        (
            "prices",
            PRICES,
            "list,TENT-2P,EA,9,list,,USD,,2026-02-01,2026-01-01\n",
            "the price of TENT-2P ends on 2026-01-01, before it begins",
        ),
        ("prices", PRICES, "list,TENT-2P,EA,9,list,,USD,-1,,\n", "min_quantity -1 of TENT-2P is negative"),
    ],
)
def test_nonsense_in_a_row_is_refused_with_its_reason(
    site: PlayedSite, kind: str, titles: str, row: str, reason: str
) -> None:
    answer = site.gateway("import", kind, written(site.folder, "rows.csv", titles + row), "--now", FRIDAY)

    assert answer.code == 1
    assert f"row 2: {reason}" in answer.out


def test_a_test_order_is_checked_in_the_same_way_and_told_in_the_test_stream(site: PlayedSite) -> None:
    head = "SAC*A*C310****Z*5*****02~"
    site.drop("acme", "test.edi", order("5002", "2*EA*39.90**VP*CHAIR-LOW", usage="T", head=head))

    site.run(MONDAY)

    told = site.json("orders", "show", "5002", "--partner", "acme")
    assert {hold["code"] for hold in told["holds"]} == {"C-ADDRESS", "C-PRICE"}
    assert "allowance C310 5%, agreed: none" in next(h["reason"] for h in told["holds"] if h["code"] == "C-PRICE")


def test_a_line_whose_ids_mean_two_items_is_refused(site: PlayedSite) -> None:
    there = "N1*ST*DC*92*0003~N3*1 MAIN ST~N4*WACO*TX*76701~"
    site.drop("acme", "order.edi", order("5003", "2*EA***UP*614141000524*VP*TENT-2P", ship_to=there))

    site.run(MONDAY)

    line = site.json("orders", "show", "5003", "--partner", "acme")["lines"][0]
    assert (line["codes"], line["rejected"]) == (["invalid_item"], "2")
