"""A changed mapping is tried on yesterday's files, and what would be different is told; nothing is changed."""

from tests.site.harness import PlayedSite, order, purchase_order
from tests.site.test_read_again import OWN, strange_unit, use_own_mapping


def test_a_changed_mapping_shows_field_by_field_what_it_would_do_to_the_last_files(site: PlayedSite) -> None:
    use_own_mapping(site)
    site.drop("acme", "two.edi", purchase_order(order("GOOD-1"), strange_unit("CS-1")))
    site.run()
    before = site.state()
    same = site.gateway("mapping", "replay", "acme/850", "--last", "5")
    assert (same.code, same.out) == (0, "1 file, 2 documents: 2 the same. Nothing was written.\n")

    use_own_mapping(site, OWN.replace("{EA: EA}", "{EA: PR, CS: CA}"))
    changed = site.gateway("mapping", "replay", "acme/850", "--last", "5")

    assert changed.code == 0
    assert "two.edi, GOOD-1 (set 850 0001): would be read differently\n  lines[1].uom: EA -> PR\n" in changed.out
    assert "two.edi, CS-1 (set 850 0002): would no longer be held\n" in changed.out
    assert changed.out.endswith(
        "1 file, 2 documents: 0 the same, 1 would be read differently, 1 would no longer be held. Nothing was written.\n"
    )
    assert site.state() == before

    use_own_mapping(site, OWN.replace("{EA: EA}", "{PR: PR}"))
    worse = site.gateway("mapping", "replay", "acme/850", "--partner", "acme")
    assert worse.code == 1
    assert "GOOD-1 (set 850 0001): would now be held\n  line 1, uom: code 'EA' is not in the list (PR)" in worse.out


def test_a_new_mapping_is_tried_on_the_files_that_its_parent_read(site: PlayedSite) -> None:
    site.drop("acme", "one.edi", purchase_order(order("GOOD-2", more="REF*19*77")))
    site.run()
    partner = site.folder / "partners" / "acme.yaml"
    text = partner.read_text()
    use_own_mapping(site, "gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n  department: REF(19)02\n")
    partner.write_text(text)

    told = site.gateway("mapping", "replay", "acme/850")
    both = site.json("mapping", "replay", "acme/850", "--against", "x12/850")

    assert "  department: nothing -> 77\n" in told.out
    assert [each["field"] for each in both["documents"][0]["differences"]] == ["department"]
    assert site.gateway("mapping", "replay", "csv/order").code == 5
