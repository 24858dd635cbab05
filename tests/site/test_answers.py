"""What partners answer to our documents is matched, shown, and told in words where it is a no."""

import re
from typing import Any

import pytest

from tests.site.harness import PlayedSite, order, purchase_order

NAMES = ("ACCEPTED", "REJECTED", "SUMMARISED", "NEW", "BROKEN", "APPLIED", "NUMBERED", "SILENT")
LATER = "2026-11-20T22:00:00Z"


def answer_file(control: int, group: str, *segments: str, version: str = "004010", set_id: str = "997") -> str:
    """An interchange of ACME's with one set in a group; without segments of a set it is empty."""
    isa11, isa12 = ("^", "00501") if version.startswith("005") else ("U", "00401")
    lines = [
        f"ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*1600*{isa11}*{isa12}*{control:09d}*0*P*>",
        f"GS*{group}*ACMESTORES*NORTHWIND*20261120*1600*{control}*X*{version}",
        f"ST*{set_id}*0001", *segments, f"SE*{len(segments) + 2}*0001", f"GE*1*{control}", f"IEA*1*{control:09d}",
    ]  # fmt: skip
    return "~\n".join(lines) + "~\n"


def ta1_file(control: int, *segments: str, count: int = 0) -> str:
    lines = [
        f"ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*1600*U*00401*{control:09d}*1*P*>",
        *segments,
        f"IEA*{count}*{control:09d}",
    ]
    return "~\n".join(lines) + "~\n"


@pytest.fixture
def numbers(site: PlayedSite) -> dict[str, str]:
    """The control number of the 855 to each of a handful of orders."""
    site.drop("acme", "po.edi", purchase_order(*(order(name) for name in NAMES)))
    site.run()
    found = {}
    for content in site.outbox("acme").values():
        text = content.decode()
        if "ST*855*" in text:
            po_number = text.split("~")[3].split("*")[3]
            found[po_number] = str(int(re.findall(r"IEA\*1\*(\d+)", text)[0]))
    return found


def test_every_kind_of_answer_is_matched_and_a_rejection_is_told_in_words(
    site: PlayedSite, numbers: dict[str, str]
) -> None:
    sent = next(text for text in site.outbox("acme").values() if b"*APPLIED*" in text).decode()
    price = 1 + [line.strip()[:3] for line in sent.partition("ST*")[2].split("~")].index("PO1")
    files = {
        "accepted": answer_file(901, "FA", f"AK1*PR*{numbers['ACCEPTED']}", "AK2*855*0001", "AK5*A", "AK9*A*1*1*1"),
        "rejected": answer_file(
            902, "FA", f"AK1*PR*0000{numbers['REJECTED']}", "AK2*855*1", "AK3*BAK*2**8", "AK4*4*373*8*20261120",
            "AK3*N1*3*N1*2", "AK5*R*5", "AK9*R*1*1*0",
        ),
        "summarised": answer_file(903, "FA", f"AK1*PR*{numbers['SUMMARISED']}*004010", "AK9*A*1*1*1"),
        "new": answer_file(
            904, "FA", f"AK1*PR*{numbers['NEW']}*004010", "AK2*855*0001", "IK3*BAK*2**8", "IK4*2*587*I12*AC", "IK5*R*I6",
            "AK9*R*1*1*0", version="005010", set_id="999",
        ),
        "broken": ta1_file(905, f"TA1*{int(numbers['BROKEN']):09d}*261120*1400*R*006"),
        "applied": answer_file(
            906, "AG", "BGN*11*A1*20261120", "OTI*IA*PO*APPLIED", f"OTI*TR*TN*A1*****{numbers['APPLIED']}*0001*855",
            f"TED*ZZZ*PRICE DOES NOT FIT THE CONTRACT*PO1*{price}*4", "NTE*GEN*CALL YOUR BUYER", set_id="824",
        ),
        "numbered": answer_file(907, "AG", "BGN*11*A2*20261120", "OTI*TA*PO*NUMBERED*******855", set_id="824"),
        "orphan": answer_file(908, "FA", "AK1*PR*7777", "AK9*A*1*1*1"),
        "mute": answer_file(909, "FA", f"AK1*PR*{numbers['SILENT']}"),
    }  # fmt: skip
    for name, content in files.items():
        site.drop("acme", f"{name}.edi", content)
    before = set(site.outbox("acme"))
    site.run(LATER)

    shown = {name: the_855(site, name) for name in NAMES}
    assert {name: each["answer"] for name, each in shown.items()} == {
        "ACCEPTED": "accepted", "REJECTED": "rejected", "SUMMARISED": "accepted", "NEW": "rejected",
        "BROKEN": "rejected", "APPLIED": "rejected", "NUMBERED": "accepted", "SILENT": None,
    }  # fmt: skip
    assert [each["kind"] for name in NAMES for each in shown[name]["answers"]] == [
        "997", "997", "997", "999", "TA1", "824", "824",
    ]  # fmt: skip
    holds = {hold["file"].removesuffix(".edi"): hold for hold in site.json("holds", "list")}
    assert {name: hold["code"] for name, hold in holds.items()} == {
        "rejected": "A-REJECTED", "new": "A-REJECTED", "broken": "A-REJECTED", "applied": "A-REJECTED",
        "orphan": "A-ORPHAN", "mute": "A-UNREADABLE",
    }  # fmt: skip
    assert holds["rejected"]["order_number"].startswith("SO-")
    for words in ("Acme Stores rejected", "PO REJECTED", "BAK04", "no date", "20261120", "segment 3 N1", "R 5"):
        assert words.lower() in holds["rejected"]["reason"].lower(), holds["rejected"]["reason"]
    assert "PRICE DOES NOT FIT THE CONTRACT CALL YOUR BUYER" in holds["applied"]["reason"]
    assert "we sent '89.95'" in holds["applied"]["reason"]
    # an 824 is acknowledged like any document, a 997, a 999 or a TA1 never is
    answered = [content for name, content in site.outbox("acme").items() if name not in before]
    assert len(answered) == 2
    assert all(b"AK1*AG*" in content for content in answered)


def test_a_second_answer_that_differs_is_told_and_the_same_again_is_not(
    site: PlayedSite, numbers: dict[str, str]
) -> None:
    group = f"AK1*PR*{numbers['ACCEPTED']}"
    for control, verdict in ((911, "AK9*A*1*1*1"), (912, "AK9*A*1*1*1"), (913, "AK9*R*1*1*0")):
        site.drop("acme", f"{control}.edi", answer_file(control, "FA", group, verdict))
        site.run(LATER)

    shown = site.gateway("orders", "show", "ACCEPTED").out
    assert "Acme Stores rejected the order acknowledgment for PO ACCEPTED" in shown
    assert sorted(hold["code"] for hold in site.json("holds", "list")) == ["A-REJECTED", "A-TWICE"]
    assert [each["verdict"] for each in the_855(site, "ACCEPTED")["answers"]] == ["A", "R"]
    trace = site.json("trace", "913.edi")
    assert [each["answer"] for each in trace["documents"] if each["document"] == "855"] == ["rejected"]
    assert "po.edi" in {each["file"] for each in site.json("trace", "ACCEPTED")["files"]}
    assert "913.edi" in {each["file"] for each in site.json("trace", "ACCEPTED")["files"]}


def the_855(site: PlayedSite, po_number: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in site.json("orders", "show", po_number)["documents"] if each["document"] == "855"
    )
    return found
