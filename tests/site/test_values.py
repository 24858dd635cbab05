"""A code that no list knows is asked once, written into the right file, and what waited for it goes on."""

from tests.site.harness import PlayedSite, order, purchase_order
from tests.site.test_read_again import strange_unit, use_own_mapping

OWN = """gateway: 1
mapping: acme/850
extends: x12/850
# units as Acme writes them
fields:
  lines:
    fields:
      uom: {from: PO103, map: {EA: EA}}   # agreed by mail
"""


def test_a_new_unit_code_is_counted_decided_once_and_what_waited_is_read_again(site: PlayedSite) -> None:
    use_own_mapping(site, OWN)
    site.drop("acme", "two.edi", purchase_order(strange_unit("CS-1"), strange_unit("CS-2")))
    site.run()

    (value,) = site.json("values", "list")

    assert (value["id"], value["kind"], value["code"], value["count"]) == ("V-1", "map", "CS", 2)
    assert (value["field"], value["source"], value["partner"]) == ("lines.uom", "PO103", "acme")
    assert value["sentence"] == "new code 'CS' for lines.uom, seen 2 times from acme in PO103"
    assert value["targets"] == ["EA"]
    assert value["rule"] == "mappings/acme/850.yaml:8"
    grouped = site.gateway("holds", "list").out
    assert "2 documents of acme, one cause: C-MAPPING" in grouped
    assert "-> A new code: 'gateway values list' says how to give it a meaning." in grouped
    done = site.gateway("values", "set", "V-1", "EA", "--note", "a single piece")
    assert done.code == 0
    assert "changed mappings/acme/850.yaml" in done.out
    assert "2 documents wait with it and can be read again" in done.out
    text = (site.folder / "mappings" / "acme" / "850.yaml").read_text()
    assert text == OWN.replace("{EA: EA}", "{EA: EA, CS: EA}")
    command = done.out.splitlines()[-1].strip()
    released = site.gateway(*command.removeprefix("gateway ").replace('"', "").split())
    assert released.out.count("it was read again and is taken") == 2
    assert site.json("holds", "list") == []
    assert site.json("values", "list") == []
    assert [each["status"] for each in site.json("values", "list", "--all")] == ["set"]


def test_a_code_met_by_a_built_in_mapping_gives_the_partner_a_mapping_of_its_own(site: PlayedSite) -> None:
    site.drop("acme", "one.edi", purchase_order(order("TYPE-1").replace("BEG*00*", "BEG*77*")))
    site.run()
    shown = site.json("values", "list")
    if not shown:
        return  # the standard refuses the code, or the built-in mapping has a word for every other

    done = site.gateway("values", "set", shown[0]["id"], "original")

    assert done.code == 0
    assert "wrote mappings/acme/850.yaml" in done.out
    assert "in: acme/850" in (site.folder / "partners" / "acme.yaml").read_text()
    assert site.gateway("config", "check").code == 0


def test_a_meaning_that_the_mapping_cannot_have_changes_nothing(site: PlayedSite) -> None:
    own = OWN.replace("      uom: {from: PO103, map: {EA: EA}}   # agreed by mail\n", "").replace(
        "fields:\n  lines:\n    fields:\n", "fields:\n  order_type: {from: BEG02, map: {KN: standalone}}\n"
    )
    use_own_mapping(site, own)
    site.drop("acme", "one.edi", purchase_order(order("TYPE-1")))
    site.run()
    (value,) = site.json("values", "list")
    assert "standalone" in value["targets"]
    assert "rush" in value["targets"]

    refused = site.gateway("values", "set", value["id"], "rushh")

    assert refused.code == 4
    assert "M052" in refused.err
    assert "did you mean 'rush'?" in refused.err
    assert (site.folder / "mappings" / "acme" / "850.yaml").read_text() == own
