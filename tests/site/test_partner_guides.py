"""A partner's own guide from the file in the mapping's folder to the 997, the hold, the order and what leaves."""

import json

import pytest

from tests.site.harness import PlayedSite, order, purchase_order

GUIDE = """gateway: 1
guide: acme/850
extends: 004010/850
rules:
  BEG02: {also: [SX]}
  REF(DP): required
  N1(ST)/N4: required
  PO1/PID: not used
add:
  - {segment: NTE, after: REF}
"""
MAPPING = "gateway: 1\nmapping: acme/850\nextends: x12/850\nx12: {guide: acme/850}\nfields: {}\n"
GOOD = order("G-1", more="REF*DP*45")
WITHOUT = order("G-2")
WIDER = order("G-3", more="REF*DP*45\nNTE**HANDLE WITH CARE").replace("BEG*00*SA", "BEG*00*SX")


def agree(site: PlayedSite, disposition: str = "", *, guide: str = GUIDE, mapping: str = MAPPING) -> None:
    folder = site.folder / "mappings" / "acme"
    (folder / "guides").mkdir(parents=True, exist_ok=True)
    (folder / "guides" / "850.yaml").write_text(guide)
    (folder / "850.yaml").write_text(mapping)
    partner = site.folder / "partners" / "acme.yaml"
    text = partner.read_text().replace("x12/850", "acme/850")
    if disposition:
        text = text.replace("  version: 004010\n", f"  version: 004010\n  partner_guide_faults: {disposition}\n", 1)
    partner.write_text(text)


def answer(site: PlayedSite) -> list[str]:
    (content,) = [text for name, text in site.outbox("acme").items() if name.startswith("997")]
    return content.decode().replace("~", "").splitlines()[3:-3]


@pytest.mark.parametrize("disposition", ["reject", "hold", "warn"])
def test_a_set_that_keeps_to_the_guide_is_an_order_whatever_was_agreed_about_faults(
    site: PlayedSite, disposition: str
) -> None:
    agree(site, disposition)
    site.drop("acme", "po.edi", purchase_order(GOOD))
    site.run()
    (made,) = site.json("orders", "list")
    assert made["holds"] == []
    assert site.json("holds", "list") == []


def test_what_the_guide_widens_is_accepted_without_an_error_noted(site: PlayedSite) -> None:
    agree(site)
    site.drop("acme", "po.edi", purchase_order(WIDER))
    site.run()
    assert [line for line in answer(site) if line.startswith(("AK5", "AK9"))] == ["AK5*A", "AK9*A*1*1*1"]
    assert [made["po_number"] for made in site.json("orders", "list")] == ["G-3"]
    (file,) = site.json("files", "list", "--partner", "acme")
    assert file["state"] == "processed"


def test_reject_answers_a_guide_fault_in_the_997_and_makes_no_order(site: PlayedSite) -> None:
    agree(site, "reject")
    site.drop("acme", "po.edi", purchase_order(WITHOUT, GOOD))
    site.run()
    assert answer(site)[1:] == [
        "AK2*850*0001", "AK3*REF*3**3", "AK5*R*5", "AK2*850*0002", "AK5*A", "AK9*P*2*2*1",
    ]  # fmt: skip
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "X-STRUCTURE"
    assert "REF(DP)" in hold["reason"]
    assert [made["po_number"] for made in site.json("orders", "list")] == ["G-1"]


def test_hold_accepts_in_the_997_and_keeps_the_order_until_it_is_released(site: PlayedSite) -> None:
    agree(site)
    site.drop("acme", "po.edi", purchase_order(WITHOUT))
    site.run()
    assert "AK5*A" in answer(site)
    (hold,) = site.json("holds", "list")
    assert (hold["code"], hold["po_number"]) == ("P-GUIDE", "G-2")
    assert "acme/850: segment 3: REF(DP)" in hold["reason"]
    assert hold["next_step"]
    assert not [name for name in site.outbox("acme") if name.startswith("855")]
    assert site.gateway("holds", "release", "G-2", "--note", "agreed by phone").code == 0
    site.run()
    assert [name for name in site.outbox("acme") if name.startswith("855")]
    assert site.json("holds", "list") == []


def test_warn_makes_the_order_and_lists_the_faults_with_the_file(site: PlayedSite) -> None:
    agree(site, "warn")
    site.drop("acme", "po.edi", purchase_order(WITHOUT))
    site.run()
    assert "AK5*A" in answer(site)
    assert site.json("holds", "list") == []
    (made,) = site.json("orders", "list")
    assert made["holds"] == []
    (file,) = site.json("files", "list", "--partner", "acme")
    assert "1 set accepted; set 850 0001 against the partner guide acme/850: segment 3: REF(DP)" in file["summary"]


def test_a_fault_of_the_standard_is_answered_and_one_of_the_guide_is_told_apart(site: PlayedSite) -> None:
    agree(site)
    body = order("G-4", "PO1*1*two*EA*89.95*PE*VP*TENT-2P", "PID*F****TENT").replace("CTT*2", "CTT*1")
    (site.folder / "po.edi").write_text(purchase_order(body))
    said = site.gateway("validate", "po.edi", "--partner", "acme", "--json")
    (judged,) = json.loads(said.out)["interchanges"][0]["groups"][0]["sets"]
    assert [(each["segment"], each["element"], each["code"]) for each in judged["faults"]] == [("PO1", 2, "6")]
    assert [(each["segment"], each["code"], each["level"]) for each in judged["guide_faults"]] == [
        ("REF", "3", "segment"), ("PID", "2", "segment"),
    ]  # fmt: skip
    assert said.code == 1
    text = site.gateway("validate", "po.edi", "--partner", "acme").out
    assert "Against the partner guide acme/850" in text
    alone = site.gateway("validate", "po.edi", "--json")
    (judged,) = json.loads(alone.out)["interchanges"][0]["groups"][0]["sets"]
    assert "guide_faults" not in judged


def test_guide_faults_that_reject_nothing_let_validate_succeed(site: PlayedSite) -> None:
    agree(site)
    (site.folder / "po.edi").write_text(purchase_order(WITHOUT))
    assert site.gateway("validate", "po.edi", "--partner", "acme").code == 0


def test_a_document_of_ours_that_breaks_the_guide_does_not_leave(site: PlayedSite) -> None:
    folder = site.folder / "mappings" / "acme"
    (folder / "guides").mkdir(parents=True)
    (folder / "guides" / "855.yaml").write_text(
        "gateway: 1\nguide: acme/855\nextends: 004010/855\nrules:\n  N1(VN): required\n"
    )
    (folder / "855.yaml").write_text(
        "gateway: 1\nmapping: acme/855\nextends: x12/855\nx12: {guide: acme/855}\nfields: {}\n"
    )
    partner = site.folder / "partners" / "acme.yaml"
    partner.write_text(partner.read_text().replace("x12/855", "acme/855"))
    site.drop("acme", "po.edi", purchase_order(GOOD))
    site.run()
    assert not [name for name in site.outbox("acme") if name.startswith("855")]
    (hold,) = site.json("holds", "list")
    assert hold["code"] == "M-OUT"
    assert "N1(VN)" in hold["reason"]


def test_a_mistake_in_a_guide_stops_everything_with_its_place(site: PlayedSite) -> None:
    agree(site, guide=GUIDE.replace("REF(DP): required", "REF(DP): requird").replace("N1(ST)/N4", "N1(ST)/N5"))
    site.drop("acme", "po.edi", purchase_order(GOOD))
    answer = site.gateway("config", "check")
    assert answer.code == 1
    assert "mappings/acme/guides/850.yaml:6:12: error M101" in answer.out
    assert "did you mean 'required'?" in answer.out
    assert "mappings/acme/guides/850.yaml:7:3: error M040" in answer.out
    assert site.gateway("run", "--once").code == 4
    assert site.inbox() == ["po.edi"]
