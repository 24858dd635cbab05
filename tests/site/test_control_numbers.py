"""Control numbers used twice: held, rejected or noted, as the partner file says."""

from tests.site.harness import PlayedSite, order, purchase_order

CHECKED = """
  acknowledge: {{ta1: errors}}
  control_numbers:
    isa13: {{check: {isa13}, on_duplicate: {on_duplicate}}}
    gs06: {{check: {gs06}, on_duplicate: {on_group}}}
documents:"""


def agree(
    site: PlayedSite, *, isa13: str = "duplicate", on_duplicate: str, gs06: str = "off", on_group: str = "reject"
) -> None:
    """Write what is agreed into the partner file."""
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text()
    head = text.partition("  acknowledge:")[0].rstrip() if "acknowledge:" in text else text.partition("\ndocuments:")[0]
    rest = text.partition("\ndocuments:")[2]
    agreed = CHECKED.format(isa13=isa13, on_duplicate=on_duplicate, gs06=gs06, on_group=on_group)
    path.write_text(head + agreed + rest)


def answers(site: PlayedSite, before: set[str], start: str) -> list[str]:
    """The segments of a kind in the files that left since."""
    new = [content.decode() for name, content in site.outbox("acme").items() if name not in before]
    lines = [line.strip() for text in new for line in text.split("~")]
    return [line for line in lines if line.startswith(start)]


def test_a_number_used_before_is_rejected_noted_or_not_looked_at_as_agreed(site: PlayedSite) -> None:
    agree(site, on_duplicate="reject")
    site.drop("acme", "1.edi", purchase_order(order("C-1")))
    site.run()
    before = set(site.outbox("acme"))
    site.drop("acme", "2.edi", purchase_order(order("C-2")))
    site.run()
    assert answers(site, before, "TA1") == ["TA1*000000001*261120*0815*R*025"]
    assert answers(site, before, "AK") == []
    (hold,) = site.json("holds", "list")
    assert (hold["code"], "came before in 1.edi" in hold["reason"]) == ("X-REJECTED", True)

    agree(site, on_duplicate="flag")
    before = set(site.outbox("acme"))
    site.drop("acme", "3.edi", purchase_order(order("C-3")))
    site.run()
    assert answers(site, before, "TA1") == ["TA1*000000001*261120*0815*E*025"]
    assert answers(site, before, "AK9") == ["AK9*A*1*1*1"]

    agree(site, isa13="off", on_duplicate="hold", gs06="duplicate")
    site.drop("acme", "4.edi", purchase_order(order("C-4")))
    site.run()
    before = set(site.outbox("acme"))
    site.drop("acme", "5.edi", purchase_order(order("C-5")))
    site.run()
    assert answers(site, before, "AK9") == ["AK9*R*1*1*0*19"]
    assert answers(site, before, "AK2") == []

    agree(site, isa13="off", on_duplicate="hold", gs06="duplicate", on_group="flag")
    before = set(site.outbox("acme"))
    site.drop("acme", "6.edi", purchase_order(order("C-6")))
    site.run()
    assert answers(site, before, "AK9") == ["AK9*E*1*1*1*19"]
    assert [row["po_number"] for row in site.json("orders", "list")] == ["C-1", "C-3", "C-4", "C-6"]


def test_a_group_number_twice_in_one_interchange_is_rejected_noted_or_not_looked_at_as_agreed(site: PlayedSite) -> None:
    def two_groups(first: str, second: str, control: int) -> str:
        one, other = (purchase_order(order(number), control=control) for number in (first, second))
        group = other[other.index("GS*") : other.index("IEA*")]
        return one.replace("IEA*1*", f"{group}IEA*2*")

    def codes(control: int, *, check: str, on_group: str) -> list[str]:
        agree(site, on_duplicate="hold", gs06=check, on_group=on_group)
        before = set(site.outbox("acme"))
        site.drop("acme", f"{control}.edi", two_groups(f"A-{control}", f"B-{control}", control))
        site.run()
        return sorted(answers(site, before, "AK9"))

    assert codes(1, check="off", on_group="reject") == ["AK9*A*1*1*1", "AK9*A*1*1*1"]
    assert codes(2, check="duplicate", on_group="reject") == ["AK9*A*1*1*1", "AK9*R*1*1*0*19"]
    assert codes(3, check="duplicate", on_group="flag") == ["AK9*A*1*1*1", "AK9*E*1*1*1*19"]
    assert [row["po_number"] for row in site.json("orders", "list")] == ["A-1", "B-1", "A-2", "A-3", "B-3"]
