"""A document that a mapping could not read is read again alone, when the mapping was corrected and its hold is released."""

from tests.site.harness import PlayedSite, order, purchase_order

OWN = """gateway: 1
mapping: acme/850
extends: x12/850
fields:
  lines:
    fields:
      uom: {from: PO103, map: {EA: EA}}
"""


def use_own_mapping(site: PlayedSite, text: str = OWN) -> None:
    (site.folder / "mappings" / "acme").mkdir(exist_ok=True)
    (site.folder / "mappings" / "acme" / "850.yaml").write_text(text)
    partner = site.folder / "partners" / "acme.yaml"
    partner.write_text(partner.read_text().replace("in: x12/850", "in: acme/850"))


def strange_unit(po_number: str) -> str:
    return order(po_number, "PO1*1*2*CS*89.95*PE*VP*TENT-2P")


def test_a_held_document_is_read_again_and_its_neighbour_is_left_alone(site: PlayedSite) -> None:
    use_own_mapping(site)
    site.drop("acme", "two.edi", purchase_order(order("GOOD-1"), strange_unit("CS-1")))
    site.run()
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "C-MAPPING"
    answers = [name for name in site.outbox("acme") if "997" in name]

    still = site.gateway("holds", "release", hold["id"], "--note", "try")
    assert still.code == 0
    assert "set 850 0002: still on hold, nothing has changed: C-MAPPING" in still.out
    use_own_mapping(site, OWN.replace("{EA: EA}", "{EA: EA, CS: EA}"))
    assert site.json("holds", "list") == [hold]
    done = site.gateway(
        "holds", "release", "all", "--partner", "acme", "--code", "C-MAPPING", "--note", "CS is a single piece"
    )

    assert "it was read again and is taken" in done.out
    assert sorted(row["po_number"] for row in site.json("orders", "list")) == ["CS-1", "GOOD-1"]
    assert [name for name in site.outbox("acme") if "997" in name] == answers
    assert site.json("holds", "list") == []


def test_a_set_that_no_mapping_read_is_read_when_there_is_one(site: PlayedSite) -> None:
    partner = site.folder / "partners" / "acme.yaml"
    with_order = partner.read_text()
    partner.write_text(with_order.replace("order: {in: x12/850}", "order: {in: {mapping: x12/850, from: 2027-01-01}}"))
    site.drop("acme", "one.edi", purchase_order(order("LATE-1")))
    site.run()
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "P-NO-MAPPING"
    partner.write_text(with_order)

    done = site.gateway("holds", "release", hold["id"], "--note", "the mapping counts already")

    assert "it was read again and is taken" in done.out
    assert [row["po_number"] for row in site.json("orders", "list")] == ["LATE-1"]


def test_data_that_a_mapping_ignores_now_lets_the_order_that_waited_for_it_go_on(site: PlayedSite) -> None:
    strict = "gateway: 1\nmapping: acme/850\nextends: x12/850\nsettings: {unmapped: hold}\n"
    use_own_mapping(site, strict)
    site.drop("acme", "one.edi", purchase_order(order("U-1", more="TAX*77")))
    site.run()
    assert [hold["code"] for hold in site.json("holds", "list")] == ["C-UNMAPPED"]
    release = ("holds", "release", "all", "--partner", "acme", "--code", "C-UNMAPPED", "--note", "not needed")

    assert "still on hold, nothing has changed" in site.gateway(*release).out
    use_own_mapping(site, strict + "ignore: [TAX]\n")

    assert "it was read again and is taken" in site.gateway(*release).out
    assert [row["po_number"] for row in site.json("orders", "list")] == ["U-1"]


def test_a_check_with_a_code_of_its_own_is_listed_and_read_again_like_any_other(site: PlayedSite) -> None:
    mapping = (
        "gateway: 1\nmapping: acme/850\nextends: x12/850\nchecks:\n"
        "  - {that: department is not empty, say: No department., code: C-DEPARTMENT}\n"
    )
    use_own_mapping(site, mapping)
    site.drop("acme", "one.edi", purchase_order(order("D-1")))
    site.run()
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "C-DEPARTMENT"
    assert hold["next_step"] == "Ask the partner for a corrected document."
    assert "still on hold, nothing has changed" in site.gateway("holds", "release", hold["id"], "--note", "try").out
    use_own_mapping(site, mapping.split("checks:", maxsplit=1)[0])

    assert "it was read again and is taken" in site.gateway("holds", "release", hold["id"], "--note", "no need").out
    assert [row["po_number"] for row in site.json("orders", "list")] == ["D-1"]


def test_a_document_that_nobody_wants_any_more_is_ended_without_being_taken(site: PlayedSite) -> None:
    use_own_mapping(site)
    site.drop("acme", "two.edi", purchase_order(order("GOOD-1"), strange_unit("CS-1")))
    site.run()
    (hold,) = site.json("holds", "list")

    answer = site.gateway("holds", "reject", hold["id"], "--note", "they sent a new file")

    assert answer.code == 0
    assert "rejected; nothing of it is taken" in answer.out
    assert site.json("holds", "list") == []
    assert [made["po_number"] for made in site.json("orders", "list")] == ["GOOD-1"]
    assert site.gateway("holds", "reject", hold["id"], "--note", "again").code == 5
