"""What decision 0005 says of faults for which the standard leaves room is what the gateway answers."""

import pytest

from gateway.exchange.acknowledgment import AckRules
from tests.acknowledgments.files import BEG, GS, ISA, LINE, a_file, a_group, a_set, told, with_body
from tests.architecture.code_map import ROOT

PAGE = ROOT / "docs" / "decisions" / "0005-what-is-judged-where-the-standard-leaves-room.md"
GOOD = a_group(a_set())
HEADLESS = a_group(a_set(), f"{BEG}{LINE}SE*3*0009~", a_set("0003"))
LEVELS = "BSN*00*S1*20261120*0815~HL*1**S~HL*2*9*O~HL*2*1*O~"
SHIPMENT = a_file(a_group(a_set(body=LEVELS, set_id="856"), gs=GS.replace("GS*PO", "GS*SH")))

ROWS = [
    ("ISA12 is `00`", a_file(GOOD, isa=ISA.replace("00401", "00900")), ["TA1 R 003"]),
    ("ISA12 is anything else", a_file(GOOD, isa=ISA.replace("00401", "00040")), ["TA1 R 017"]),
    ("ISA12 is anything else", a_file(GOOD, isa=ISA.replace("00401", "04010")), ["TA1 R 017"]),
    ("A group in a version other than ISA12", a_file(GOOD, isa=ISA.replace("00401", "00200")), ["AK9*A*1*1*1"]),
    ("GS01, GS02 or GS03 is empty", a_file(a_group(a_set(), gs=GS.replace("*NORTHWIND*", "**"))), ["TA1 R 024"]),
    ("GS02 to GS05 or GS07", a_file(a_group(a_set(), gs=GS.replace("~", "*MORE~"))), ["TA1 E 024", "AK9*A*1*1*1"]),
    ("ISA16 is missing or a blank", a_file(GOOD, isa=ISA.replace("P*>~", "P* ~")), ["TA1 E 027", "AK9*A*1*1*1"]),
    ("ISA16 is missing or a blank", a_file(GOOD, isa=ISA.replace("P*>~", "P~")), ["TA1 E 027", "AK9*A*1*1*1"]),
    ("ISA16 is a letter", a_file(GOOD, isa=ISA.replace("P*>~", "P*B~")), ["TA1 R 027"]),
    ("ISA16 is a letter", a_file(GOOD, isa=ISA.replace("P*>~", "P**~")), ["TA1 R 027"]),
    ("Segments between two sets", a_file(a_group(a_set() + "XX*1~", ge="GE*1*7~")), ["TA1 E 024", "AK9*A*1*1*1"]),
    ("Segments outside of any group", a_file("XX*1~", GOOD, iea="IEA*1*000000007~"), ["TA1 R 022"]),
    ("Segments without an ST", a_file(HEADLESS), ["AK2*850*0009", "AK5*R*6", "AK9*P*3*3*2"]),
    ("Which set that AK2 names", a_file(HEADLESS), ["AK2*850*0009"]),
    ("GS01 is of no set", a_file(a_group(a_set(), gs=GS.replace("GS*PO", "GS*ZZ"))), ["AK9*R*1*1*0*1"]),
    ("ST01 belongs into another group", a_file(a_group(a_set(), gs=GS.replace("GS*PO", "GS*PR"))), ["AK5*R*6"]),
    ("HL01 is used twice", SHIPMENT, ["AK4*2*734*7*9", "AK4*1*628*7*2"]),
    ("LE01 is not its LS01", with_body(f"{BEG}{LINE}LS*A~LDT*AF*1*DA~LE*B~"), ["AK4*1*447*7*B"]),
    ("The component separator", with_body(f"{BEG}PO1*1*2*EA*9.95**VP*X>Y~"), ["AK4*7*234*3*X Y"]),
    ("The component separator", with_body(f"{BEG}PO1*1*2*EA*9.95**VP*X>Y~", version="005010"), ["AK4*7*234*13*X Y"]),
    ("A coded value", with_body(f"{BEG}PO1*1*2*EACH*9.95**VP*X~"), ["AK4*3*355*5*EACH", "AK4*3*355*7*EACH"]),
    ("A number that is no number", with_body(f"{BEG}PO1*1*TWENTYANDMORETHANTHAT*EA*9.95**VP*X~"), ["AK4*2*330*6*TWENTYANDMORETHANTHAT"]),
]  # fmt: skip


@pytest.mark.parametrize(("situation", "text", "expected"), ROWS)
def test_a_judgement_is_answered_as_decided(situation: str, text: str, expected: list[str]) -> None:
    answered = [_said(line) for line in told(text, AckRules(ta1="always"))]

    assert [each for each in expected if each not in answered] == [], answered
    assert f"\n| {situation}" in PAGE.read_text(encoding="utf-8")


def test_every_decided_situation_is_tried() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]

    assert [row for row in rows if not any(row.startswith(f"| {situation}") for situation, *_ in ROWS)] == []


def _said(line: str) -> str:
    elements = line.split("*")
    return f"TA1 {elements[4]} {elements[5]}" if elements[0] == "TA1" else line
