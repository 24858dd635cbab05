"""A mapping that rejects: the 997 names segment, element and code, the neighbours are orders, nothing of it is lost."""

import pytest

from tests.site.harness import PlayedSite, order, purchase_order

HEAD = "gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n"


def agree(site: PlayedSite, rules: str) -> None:
    folder = site.folder / "mappings" / "acme"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "850.yaml").write_text(HEAD + rules)
    partner = site.folder / "partners" / "acme.yaml"
    partner.write_text(partner.read_text().replace("x12/850", "acme/850"))


def answer(site: PlayedSite) -> list[str]:
    (content,) = [text for name, text in site.outbox("acme").items() if name.startswith("997")]
    return [line for line in content.decode().replace("~", "").splitlines() if line.startswith("AK")]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            "  department: {from: REF(DP)02, map: {45: men}, on_error: reject}\n",
            ["AK3*REF*3**8", "AK4*2*127*7*46", "AK5*R*5"],
        ),
        (
            "  po_number: BEG03\nchecks:\n  - {that: department == '45', say: Only department 45 may order., level: reject}\n",
            ["AK3*REF*3**8", "AK4*2*127*7*46", "AK5*R*5"],
        ),
        ("  department: {from: REF(MR)02, required: true, on_error: reject}\n", ["AK5*R*5"]),
    ],
)
def test_what_a_mapping_rejects_is_rejected_in_the_997_and_its_neighbour_is_an_order(
    site: PlayedSite, rules: str, told: list[str]
) -> None:
    agree(site, rules)
    good = order("G-1", more="REF*DP*45" + ("\nREF*MR*1" if "MR" in rules else ""))
    site.drop("acme", "po.edi", purchase_order(good, order("G-2", more="REF*DP*46")))
    site.run()
    assert answer(site)[1:] == ["AK2*850*0001", "AK5*A", "AK2*850*0002", *told, "AK9*P*2*2*1"]
    assert [made["po_number"] for made in site.json("orders", "list")] == ["G-1"]
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "X-REJECTED"
    assert "set 0002 (850)" in hold["reason"]
