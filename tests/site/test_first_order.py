"""From nothing to the first accepted order: each command says the next one, and doing what is said is enough."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.database import SQLITE, place
from tests.site.harness import FRIDAY, PlayedSite, order, purchase_order

CSV = (
    "po_number;po_date;sku;quantity;uom;unit_price;name;address1;city;state;postal_code;country\n"
    "H-1;2026-11-20;A-1;3;EA;12.50;Hammer;1 Elm St;Dallas;TX;75201;US\n"
)
XML = """<?xml version="1.0"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>34</cbc:ID><cbc:IssueDate>2026-11-20</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:Delivery><cac:DeliveryLocation><cac:Address><cbc:StreetName>1 Elm St</cbc:StreetName><cbc:CityName>Dallas</cbc:CityName>
 <cbc:PostalZone>75201</cbc:PostalZone><cac:Country><cbc:IdentificationCode>US</cbc:IdentificationCode></cac:Country>
 </cac:Address></cac:DeliveryLocation></cac:Delivery>
 <cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="EA">5</cbc:Quantity>
 <cac:Price><cbc:PriceAmount currencyID="EUR">7.50</cbc:PriceAmount></cac:Price>
 <cac:Item><cbc:Name>A pen</cbc:Name><cac:SellersItemIdentification><cbc:ID>PEN</cbc:ID></cac:SellersItemIdentification></cac:Item>
 </cac:LineItem></cac:OrderLine>
</Order>
"""


@pytest.fixture
def site(tmp_path: Path) -> PlayedSite:
    """A site that 'gateway init' made."""
    made = PlayedSite(tmp_path)
    assert made.gateway("init", "shop").code == 0
    place(SQLITE, tmp_path / "shop")
    return PlayedSite(tmp_path / "shop")


def followed(site: PlayedSite, said: str) -> None:
    """Do what the steps say, in their order; a file is edited where they say so, and nowhere else."""
    partner = site.folder / "partners/big.yaml"
    for line in said.splitlines():
        if wanted := re.search(r"add '(.*)' to partners/big.yaml", line):
            partner.write_text(f"{partner.read_text(encoding='utf-8')}{wanted[1]}\n", encoding="utf-8")
        if "write 'status: testing'" in line:
            text = partner.read_text(encoding="utf-8")
            partner.write_text(text.replace("status: draft", "status: testing"), encoding="utf-8")
        command = re.search(r"(?:^ +|: )((?:gateway|cp) [^;]*)", line)
        for each in command[1].split(" && ") if command else ():
            if not each.startswith("gateway "):
                subprocess.run(["bash", "-c", each], cwd=site.folder, check=True)
            elif each == "gateway run --once":
                site.run()
            else:
                answer = site.gateway(*shlex.split(each)[1:], *(["--now", FRIDAY] if " import " in each else []))
                assert answer.code == 0, (each, answer.out, answer.err)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "po.edi",
            purchase_order(
                order("PO-1", "PO1*1*2*EA*9.95*PE*BP*THEIRS-1*UP*614141000104", "PO1*2*1*EA*4*PE*VP*OURS"),
                receiver="MYCOMPANY",
            ),
        ),
        ("orders.csv", CSV),
        ("order.xml", XML),
    ],
)
def test_the_sample_becomes_an_order_by_doing_what_is_said(site: PlayedSite, name: str, content: str) -> None:
    (site.folder / name).write_text(content, encoding="utf-8")

    drafted = site.gateway("partner", "new", "big", "--from", name)
    assert drafted.code == 0, drafted.err
    assert site.gateway("partner", "check", "big").code == 0
    followed(site, drafted.err)

    (only,) = site.json("orders", "list", "--test")
    assert (only["partner"], only["status"]) == ("big", "allocated"), site.gateway("holds", "list").out


def test_goods_are_drafted_where_there_are_none_and_never_again(site: PlayedSite) -> None:
    (site.folder / "po.edi").write_text(purchase_order(order("PO-1"), receiver="MYCOMPANY"))
    (site.folder / "two.edi").write_text(purchase_order(order("PO-2"), sender="OTHER", receiver="MYCOMPANY"))
    followed(site, site.gateway("partner", "new", "big", "--from", "po.edi").err)

    again = site.gateway("partner", "new", "two", "--from", "two.edi")

    assert (site.folder / "goods/big/items.csv").is_file()
    assert not (site.folder / "goods/two").exists()
    assert "gateway import" not in again.err
    assert "must be among your items" in again.err


def test_a_draft_has_an_inbox_and_german_titles_are_guessed(site: PlayedSite) -> None:
    text = (
        "Belegnr;Belegdatum;Lieferanschrift;Straße;PLZ;Ort;Land;Artikelnr;Menge;Einheit;Einzelpreis\r\n"
        "K-1;24.11.2026;Lager Süd;Hauptstraße 5;80331;München;DE;GM-100;24;EA;7,95\r\n"
        "K-1;24.11.2026;Lager Süd;Hauptstraße 5;80331;München;DE;GM-200;6;EA;1.119,50\r\n"
        "K-2;25.11.2026;Lager Süd;Hauptstraße 5;80331;München;DE;GM-100;1;EA;7,95\r\n"
    )
    (site.folder / "orders.csv").write_bytes(text.encode("latin-1"))

    drafted = site.gateway("partner", "new", "big", "--from", "orders.csv")

    assert (site.folder / "inbox/big").is_dir()
    assert "Complete mappings" not in drafted.err
    read = site.gateway("mapping", "run", "big/orders", "orders.csv").out
    assert [line for line in read.splitlines() if line.startswith("po_number")] == ["po_number: K-1", "po_number: K-2"]
    assert "ship_to: {name: Lager Süd" in read


def test_a_partner_without_x12_is_not_validated_and_the_command_that_reads_their_file_is_named(
    site: PlayedSite,
) -> None:
    (site.folder / "orders.csv").write_text(CSV, encoding="utf-8")
    assert site.gateway("partner", "new", "big", "--from", "orders.csv").code == 0

    answer = site.gateway("validate", "orders.csv", "--partner", "big")

    assert answer.code == 2
    assert "gateway mapping run big/orders FILE" in answer.err
    assert site.gateway("mapping", "run", "big/orders", "orders.csv").code == 0


def test_it_is_said_who_can_send_the_items_where_that_is_not_clear(site: PlayedSite) -> None:
    house = site.folder / "partners/erp.yaml"
    text = house.read_text(encoding="utf-8")
    (site.folder / "items.csv").write_text("sku,description,uom\nTENT,A tent,EA\n", encoding="utf-8")
    house.write_text("gateway: 1\npartner: erp\nkind: erp\n", encoding="utf-8")
    assert site.gateway("import", "items", "items.csv").code == 0

    (site.folder / "partners/second.yaml").write_text(text.replace("partner: erp", "partner: second"), encoding="utf-8")
    house.write_text(text, encoding="utf-8")
    several = site.gateway("import", "items", "items.csv")
    assert (several.code, "--partner erp" in several.err, "erp or second" in several.err) == (2, True, True)

    house.unlink()
    (site.folder / "partners/second.yaml").unlink()
    nobody = site.gateway("import", "items", "items.csv")
    assert (nobody.code, "partners/erp.yaml" in nobody.err) == (2, True)


def test_a_new_site_is_in_order_and_says_the_next_step(tmp_path: Path) -> None:
    made = PlayedSite(tmp_path)

    answer = made.gateway("init", "shop")
    site = PlayedSite(tmp_path / "shop")

    assert "cd shop" in answer.err
    assert "gateway partner new NAME --from FILE" in answer.err
    assert site.gateway("config", "check").out == "The configuration is in order.\n"
    assert site.gateway("doctor", "-q").code == 0


def test_init_overwrites_nothing_and_completes_what_is_there(tmp_path: Path) -> None:
    site = PlayedSite(tmp_path)
    (tmp_path / "gateway.yaml").write_text("gateway: 1\n")
    (tmp_path / "partners").mkdir()
    (tmp_path / "partners/acme.yaml").write_text("gateway: 1\npartner: acme\n")
    (tmp_path / "README.md").write_text("mine\n")

    answer = site.gateway("init")

    assert answer.code == 0
    assert (tmp_path / "gateway.yaml").read_text() == "gateway: 1\n"
    assert (tmp_path / "README.md").read_text() == "mine\n"
    assert sorted(each.name for each in (tmp_path / "partners").iterdir()) == ["acme.yaml"]
    assert "kept" in answer.out


@pytest.mark.parametrize("harm", ["shop", "shop/partners", "shop/inbox"])
def test_a_file_in_the_place_of_a_folder_is_told_with_what_moves_it_away(tmp_path: Path, harm: str) -> None:
    site = PlayedSite(tmp_path)
    (tmp_path / harm).parent.mkdir(exist_ok=True)
    (tmp_path / harm).write_text("oops")

    answer = site.gateway("init", "shop")
    assert answer.code == 8
    move = re.search(r"(mv \S+ \S+);", answer.err)
    assert move is not None
    subprocess.run(["bash", "-c", move[1]], cwd=tmp_path, check=True)

    assert site.gateway("init", "shop").code == 0


def test_a_folder_that_takes_nothing_is_told_with_a_sentence(tmp_path: Path) -> None:
    answer = PlayedSite(tmp_path).gateway("init", "/proc/no-site")

    assert answer.code == 6
    assert "cannot be written" in answer.err
    assert "gateway init ~/my-site" in answer.err
