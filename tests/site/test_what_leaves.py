"""Characters and values that cannot leave: told where the operator looks, or held, never sent wrong."""

from tests.site.harness import PlayedSite, order, purchase_order


def answer_by(site: PlayedSite, rule: str, options: str = "") -> None:
    """ACME's 855 with one more rule, and an order that it answers."""
    folder = site.folder / "mappings" / "acme"
    folder.mkdir(exist_ok=True)
    text = f"gateway: 1\nmapping: acme/855\nextends: x12/855\n{options}fields:\n  REF(ZZ)02: {rule}\n"
    (folder / "855.yaml").write_text(text, encoding="utf-8")
    partner = site.folder / "partners" / "acme.yaml"
    partner.write_text(partner.read_text(encoding="utf-8").replace("x12/855", "acme/855"), encoding="utf-8")
    site.drop_master()
    site.drop("acme", "po.edi", purchase_order(order("W-1")))
    site.run()


def left(site: PlayedSite) -> bytes:
    return b"".join(content for name, content in site.outbox("acme").items() if name.startswith("855"))


def reasons(site: PlayedSite) -> list[str]:
    return [hold["reason"] for hold in site.json("holds", "list") if hold["code"] == "M-OUT"]


def test_what_had_to_be_changed_is_shown_with_the_order(site: PlayedSite) -> None:
    answer_by(site, "='Café * Zürich'")
    assert b"REF*ZZ*Cafe   Zurich~" in left(site)
    shown = site.gateway("orders", "show", "W-1").out
    assert "855 000000002: REF02 (segment 3 of set 0001): 'Cafe   Zurich' was written instead of" in shown
    (answer,) = [each for each in site.json("orders", "show", "W-1")["documents"] if each["document"] == "855"]
    assert len(answer["notes"]) == 1


def test_the_document_is_held_where_the_mapping_wants_an_error(site: PlayedSite) -> None:
    answer_by(site, "='Café'", "x12: {on_bad_char: error}\n")
    assert left(site) == b""
    (reason,) = reasons(site)
    assert "M081: REF02 (segment 3 of set 0001): 'Café' cannot be written; 'é' is not in the character set" in reason


def test_a_value_that_breaks_the_standard_is_held_with_its_rule(site: PlayedSite) -> None:
    answer_by(site, "='X'\n  DTM(998)02: ='20261399'")
    assert left(site) == b""
    (reason,) = reasons(site)
    assert "M081: DTM(998)02: '20261399' is not a date (mappings/acme/855.yaml:6)" in reason
