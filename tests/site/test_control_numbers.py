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


OTHER = ("C-1", "PO1*1*6*EA*89.95*PE*VP*TENT-2P")


def test_what_differs_is_told_where_a_number_is_rejected_or_noted_as_where_it_is_held(site: PlayedSite) -> None:
    agree(site, on_duplicate="hold")
    site.drop("acme", "1.edi", purchase_order(order("C-1")))
    site.run()
    shown: dict[str, list[dict[str, str]]] = {}
    said: dict[str, str] = {}
    for done in ("hold", "reject"):
        agree(site, on_duplicate=done)
        site.drop("acme", f"{done}.edi", purchase_order(order(*OTHER)))
        site.run()
        (hold,) = [each for each in site.json("holds", "list") if each["file"] == f"{done}.edi"]
        shown[done], said[done] = site.json("holds", "show", hold["id"])["difference"], hold["reason"]
    assert shown["reject"] == shown["hold"]
    assert {"field": "850 0001, segment 7 PO102", "earlier": "2", "now": "6"} in shown["reject"]
    assert said["reject"] == f"The interchange was rejected (TA1 R 025): {said['hold']}"
    assert "PO102: 2, now 6" in said["reject"]
    assert "PO102: 2, now 6" in site.gateway("trace", "reject.edi").out + site.gateway("holds", "list").out

    agree(site, on_duplicate="flag")
    site.drop("acme", "flag.edi", purchase_order(order("C-1", OTHER[1].replace("*6*", "*7*"))))
    site.run()
    (file,) = [each for each in site.json("files", "list") if each["file"] == "flag.edi"]
    assert "noted: TA1 E 025: Interchange 000000001 came before in 1.edi" in file["summary"]
    assert "PO102: 2, now 7" in file["summary"]


def test_who_rejects_an_order_that_came_before_tells_its_sender_what_differs(site: PlayedSite) -> None:
    partner = site.folder / "partners" / "nordbau.yaml"
    partner.write_text(
        "gateway: 1\npartner: nordbau\nname: Nordbau\ndocuments:\n  order: {in: csv/order}\n  order_receipt: {out: csv/order-receipt}\n"
        "terms: {duplicates: {different_content: reject}}\n",
        encoding="utf-8",
    )
    head = "po_number,po_date,ship_to_name,address1,city,line,sku,quantity,uom,unit_price\n"
    for name, quantity in (("1.csv", 4), ("2.csv", 6)):
        site.drop("nordbau", name, f"{head}N-1,2026-11-20,Nordbau,Hafen 1,Bremen,1,TENT-2P,{quantity},EA,89.95\n")
        site.run()
    receipts = [content.decode() for name, content in site.outbox("nordbau").items() if "receipt" in name]
    assert len(receipts) == 2
    assert "line 1 quantity: 4 EA, now 6 EA" in "".join(receipts)
    refused = site.gateway(
        "orders", "show", site.json("orders", "list", "--partner", "nordbau")[-1]["order_number"]
    ).out
    assert "line 1 quantity: 4 EA, now 6 EA" in refused
