"""Each code of each list of faults, from a file that has the fault to the answer that names it."""

import pytest

from gateway.exchange.acknowledgment import AckRules, Verdict, judge
from gateway.exchange.interchange import ReceivedInterchange
from gateway.flows.judging.examine import examine
from gateway.formats.x12 import guide
from gateway.kernel.faults import InterchangeFault
from gateway.kernel.issue import Issue
from tests.acknowledgments.files import (
    BEG,
    BODY,
    GS,
    IEA,
    ISA,
    ISA_005010,
    LINE,
    a_file,
    a_group,
    a_set,
    answer_lines,
    told,
    with_body,
)

VERSIONS = guide.versions()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BODY.replace("CTT", "XYZ*1~CTT"), "AK3*XYZ*4*PO1*1"),
        (BODY.replace("PO1*1", "N3*STREET~PO1*1", 1), "AK3*N3*3**2"),
        (f"{LINE}CTT*1~", "AK3*BEG*2**3"),
        (BEG + LINE + "N1*ST*X~" * 201 + "CTT*1~", "AK3*N1*204*N1*4"),
        (BEG + BEG + LINE, "AK3*BEG*3**5"),
        (BODY.replace("CTT", "BIG*20261120*1~CTT"), "AK3*BIG*4*PO1*6"),
        (f"{BODY}REF*DP*1~", "AK3*REF*5*CTT*7"),
        (BODY.replace("*EA*", "*??*"), "AK3*PO1*3*PO1*8"),
    ],
    ids=[f"AK304={code}" for code in range(1, 9)],
)
def test_each_fault_of_a_segment_has_its_code(body: str, expected: str, version: str) -> None:
    lines = told(with_body(body, version=version))
    assert [line for line in lines if line.startswith("AK3")] == [expected]
    assert lines[-2:] == ["AK5*R*5", "AK9*R*1*1*0"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BODY.replace("*SA*PO1", "**PO1"), ["AK4*2*92*1"]),
        (BODY.replace("*VP*SKU-1", "*VP"), ["AK4*7*234*2"]),
        (BODY.replace("*20261120~", "*20261120********1~"), ["AK4*13**3*1"]),
        (BODY.replace("CTT", "N1*ST*X~N4*DALLAS*T~CTT"), ["AK4*2*156*4*T"]),
        (BODY.replace("SKU-1", "S" * 49), [f"AK4*7*234*5*{'S' * 49}"]),
        (BODY.replace("CTT*1~", "CTT*one~"), ["AK4*1*354*6*one"]),
        (BODY.replace("*EA*", "*??*"), ["AK4*3*355*7*??"]),
        (BODY.replace("20261120", "20261340"), ["AK4*5*373*8*20261340"]),
        (BODY.replace("CTT", "DTM*010*20261120*2561~CTT"), ["AK4*3*337*9*2561"]),
        (BODY.replace("CTT", "QTY*01*5**FREE~CTT"), ["AK4*4*61*10*FREE"]),
    ],
    ids=[f"AK403={code}" for code in range(1, 11)],
)
def test_each_fault_of_an_element_has_its_code(body: str, expected: list[str], version: str) -> None:
    lines = told(with_body(body, version=version))
    assert [line for line in lines if line.startswith("AK4")] == expected
    assert lines[-2:] == ["AK5*R*5", "AK9*R*1*1*0"]


def test_too_many_repetitions_are_12_and_a_fault_in_one_of_them_names_which() -> None:
    body = f"BGN*11*1*20261120~OTI*TA*PO*4711~TED*ZZZ~CTX*{'^'.join(['A'] * 11)}~"
    (line,) = [line for line in told(_advice(body)) if line.startswith("AK4")]
    assert line == f"AK4*1**12*{' '.join(['A'] * 11)}"
    inside = f"BGN*11*1*20261120~OTI*TA*PO*4711~TED*ZZZ~CTX*A^B:{'C' * 36}^D~"
    assert [line for line in told(_advice(inside.replace(":", ">"))) if line.startswith("AK4")] == [
        f"AK4*1>2>2*9998*5*{'C' * 36}"
    ]


def _advice(body: str) -> str:
    gs = GS.replace("GS*PO", "GS*AG").replace("004010", "005010")
    return a_file(a_group(a_set(body=body, set_id="824"), gs=gs), isa=ISA_005010)


@pytest.mark.parametrize(("version", "code"), [("004010", "3"), ("004030", "13"), ("005010", "13")])
def test_too_many_components_are_13_and_in_004010_too_many_elements(version: str, code: str) -> None:
    body = BODY.replace("CTT", "REF*DP*1**DP>1>DP>1>DP>1>X~CTT")
    assert [line for line in told(with_body(body, version=version)) if line.startswith("AK4")] == [f"AK4*4>7**{code}*X"]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (a_group(a_set(set_id="999")), "AK5*R*1"),
        (a_group(f"ST*850*0001~{BODY}"), "AK5*R*2"),
        (a_group(a_set(closing="0002")), "AK5*R*3"),
        (a_group(a_set(count="17")), "AK5*R*4"),
        (a_group(a_set(body=BODY.replace("*EA*", "*??*"))), "AK5*R*5"),
        (a_group(a_set(), gs=GS.replace("GS*PO", "GS*IN")), "AK5*R*6"),
        (a_group(a_set(set_id="")), "AK5*R*6"),
        (a_group(a_set("1")), "AK5*R*7"),
        (a_group(a_set("1234567890")), "AK5*R*7"),
        (a_group(a_set(), a_set()), "AK5*R*23"),
    ],
    ids=lambda value: value if value.startswith("AK5") else "",
)
def test_each_fault_of_a_set_has_its_code(group: str, expected: str) -> None:
    assert expected in told(a_file(group))


def test_a_set_without_a_control_number_is_answered_under_zeros() -> None:
    assert told(a_file(a_group(f"ST*850~{BODY}SE*5~")))[1:3] == ["AK2*850*0000", "AK5*R*7"]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (a_group(a_set(), gs=GS.replace("GS*PO", "GS*ZZ")), ["AK1*ZZ*7", "AK9*R*1*1*0*1"]),
        (a_group(a_set(), gs=GS.replace("004010", "003060")), ["AK1*PO*7", "AK9*R*1*1*0*2"]),
        (a_group(a_set(), ge=""), ["AK1*PO*7", "AK2*850*0001", "AK5*A", "AK9*E*0*1*1*3"]),
        (a_group(a_set(), ge="GE*1*8~"), ["AK1*PO*7", "AK2*850*0001", "AK5*A", "AK9*E*1*1*1*4"]),
        (a_group(a_set(), ge="GE*4*7~"), ["AK1*PO*7", "AK2*850*0001", "AK5*A", "AK9*E*4*1*1*5"]),
        (a_group(a_set(), gs=GS.replace("*7*X", "*X7*X")), ["AK1*PO*0", "AK2*850*0001", "AK5*A", "AK9*E*1*1*1*6"]),
    ],
    ids=[f"AK905={code}" for code in range(1, 7)],
)
def test_each_fault_of_a_group_has_its_code(group: str, expected: list[str]) -> None:
    assert told(a_file(group)) == expected


def _cut(isa: str) -> str:
    """An interchange that ends where the next one begins."""
    return isa + GS + a_set() + a_file(a_group(a_set()))


GOOD = a_group(a_set())
TA105 = {
    "001": ("E", a_file(GOOD, iea="IEA*1*000000009~")),
    "003": ("R", a_file(GOOD, isa=ISA.replace("00401", "00999"))),
    "004": ("R", a_file(GOOD, isa=ISA.replace("P*>~", "P*> "))),
    "005": ("R", a_file(GOOD, isa=ISA.replace("*ZZ*ACME", "*Q?*ACME"))),
    "006": ("E", a_file(GOOD, isa=ISA.replace("ACMESTORES     ", "ACMESTORES"))),
    "007": ("R", a_file(GOOD, isa=ISA.replace("*ZZ*NORTH", "*Q?*NORTH"))),
    "008": ("E", a_file(GOOD, isa=ISA.replace("NORTHWIND      ", "NORTHWIND"))),
    "010": ("R", a_file(GOOD, isa=ISA.replace("ISA*00*", "ISA*Q?*"))),
    "011": ("R", a_file(GOOD, isa=ISA.replace("*          *00*", "* *00*", 1))),
    "012": ("R", a_file(GOOD, isa=ISA.replace("*00*          *ZZ", "*Q?*          *ZZ"))),
    "013": ("R", a_file(GOOD, isa=ISA.replace("*00*          *ZZ", "*00* *ZZ"))),
    "014": ("E", a_file(GOOD, isa=ISA.replace("*261120*", "*261340*"))),
    "015": ("E", a_file(GOOD, isa=ISA.replace("*0815*", "*2561*"))),
    "016": ("E", a_file(GOOD, isa=ISA.replace("*U*", "*?*"))),
    "017": ("R", a_file(GOOD, isa=ISA.replace("00401", "XX401"))),
    "018": ("R", a_file(GOOD, isa=ISA.replace("000000007", "00000000X"), iea="IEA*1*00000000X~")),
    "019": ("E", a_file(GOOD, isa=ISA.replace("*0*P*", "*2*P*"))),
    "020": ("R", a_file(GOOD, isa=ISA.replace("*P*", "*Q*"))),
    "021": ("E", a_file(GOOD, iea="IEA*2*000000007~")),
    "022": ("R", a_file(GOOD, iea=f"XX*1~{IEA}")),
    "023": ("R", _cut(ISA)),
    "024": ("R", a_file(a_group(a_set(), gs=GS.replace("*ACMESTORES*", "**")))),
    "026": ("R", a_file(GOOD, isa=ISA.replace("*", "A"))),
    "027": ("R", a_file(GOOD, isa=ISA.replace("P*>~", "P*B~"))),
    "028": ("E", a_file(f"ISE*DN*261231~{GOOD}")),
    "031": ("E", a_file(f"ISB*1~{GOOD}")),
}  # fmt: skip


@pytest.mark.parametrize("code", TA105)
def test_each_fault_of_an_interchange_has_its_code(code: str) -> None:
    verdict, text = TA105[code]
    lines = [line.split("*") for line in answer_lines(text, AckRules(ta1="errors")) if line.startswith("TA1")]
    assert [line[4:] for line in lines] == [[verdict, code]]


def test_the_codes_that_no_file_alone_can_have_are_known_and_why() -> None:
    elsewhere = {
        "002",  # the list of standards ids has only U, so another value is 016
        "009",  # a file for somebody else is held and not answered: only the agreement knows who we are
        "025",  # only the memory of earlier files knows: tests/site/test_control_numbers.py
    }
    # 029 and 030 say more exactly what 028 says: an ISE asks for a delivery at another time
    assert {fault.value for fault in InterchangeFault} == set(TA105) | elsewhere


NOTED = [
    GS.replace("*20261120*0815*", "*20269901*0815*"), GS.replace("*20261120*0815*", "*261120*0815*"),
    GS.replace("*0815*", "*2599*"), GS.replace("*0815*", "**"), GS.replace("*X*", "*Q*"), GS.replace("*X*", "**"),
    GS.replace("*ACMESTORES*", "*A*"), GS.replace("~", "*MORE~"),
]  # fmt: skip


@pytest.mark.parametrize("gs", NOTED)
def test_a_faulty_group_header_that_harms_nothing_is_noted_and_its_sets_are_taken(gs: str) -> None:
    lines = answer_lines(a_file(a_group(a_set(), gs=gs)), AckRules(ta1="errors"))
    assert [line.split("*")[4:] for line in lines if line.startswith("TA1")] == [["E", "024"]]
    assert "AK9*A*1*1*1" in lines


@pytest.mark.parametrize("stray", ["NTE**x~", "SE*4*0001~", "HL*1**S~LIN**VP*A~"])
def test_what_stands_between_two_sets_is_noted_and_is_no_set(stray: str) -> None:
    lines = answer_lines(a_file(a_group(a_set() + stray, a_set("0002"), ge="GE*2*7~")), AckRules(ta1="errors"))
    assert [line.split("*")[4:] for line in lines if line.startswith("TA1")] == [["E", "024"]]
    assert "AK9*A*2*2*2" in lines


def test_a_missing_component_separator_is_mended_and_noted() -> None:
    lines = answer_lines(a_file(GOOD, isa=ISA.replace("*P*>~", "*P*~")), AckRules(ta1="errors"))
    assert [line.split("*")[4:] for line in lines if line.startswith("TA1")] == [["E", "027"]]


@pytest.mark.parametrize("fault", InterchangeFault)
def test_every_fault_of_an_interchange_rejects_it_or_is_noted(fault: InterchangeFault) -> None:
    (seen,) = examine(a_file(GOOD).encode(), AckRules()).interchanges
    received: ReceivedInterchange = seen.received
    noted = {"001", "006", "008", "014", "015", "016", "019", "021", "028", "031"}
    with_fault = ReceivedInterchange(
        received.control_number, received.sender_qualifier, received.sender, received.receiver_qualifier,
        received.receiver, received.date, received.time, received.version, received.acknowledgment_requested,
        received.usage, received.groups, (Issue(fault),),
    )  # fmt: skip
    judged = judge(with_fault, AckRules())
    expected = Verdict.ERRORS if fault.value in noted else Verdict.REJECTED
    assert (judged.verdict, judged.code) == (expected, fault.value)


@pytest.mark.parametrize(
    ("version", "set_id"), [("005010", "999"), ("005010X304", "999"), ("004030", "997"), ("004010", "997")]
)
def test_a_999_is_sent_where_agreed_and_the_version_has_one(version: str, set_id: str) -> None:
    lines = answer_lines(with_body(BODY, version=version), AckRules(functional="999"))
    assert [line for line in lines if line.startswith("ST")] == [f"ST*{set_id}*0001"]
    assert [line.split("*")[8] for line in lines if line.startswith("GS")] == [version]


def test_a_999_names_faults_with_ik3_ik4_and_ik5_and_echoes_the_version_and_st03() -> None:
    body = BODY.replace("*EA*", "*??*").replace("CTT", "XYZ*1~CTT")
    text = with_body(body, version="005010").replace("ST*850*0001~", "ST*850*0001*005010X304~")
    assert told(text, AckRules(functional="999")) == [
        "AK1*PO*7*005010", "AK2*850*0001*005010X304", "IK3*PO1*3*PO1*8", "IK4*3*355*7*??", "IK3*XYZ*4*PO1*1",
        "IK5*R*5", "AK9*R*1*1*0",
    ]  # fmt: skip


def test_a_997_of_005010_echoes_the_version_too_and_one_of_004010_has_no_place_for_it() -> None:
    assert told(with_body(BODY, version="005010"))[:2] == ["AK1*PO*7*005010", "AK2*850*0001"]
    assert told(with_body(BODY))[:2] == ["AK1*PO*7", "AK2*850*0001"]


def test_no_functional_acknowledgment_is_sent_where_none_was_agreed() -> None:
    assert told(with_body(BODY), AckRules(functional="none")) == []
