"""The known expectations of acknowledging: from the bytes received to the bytes of the answer."""

import pytest

from gateway.exchange.acknowledgment import AckRules
from tests.acknowledgments.files import (
    BODY,
    GS,
    IEA,
    ISA,
    LINE,
    NOW,
    a_file,
    a_group,
    a_set,
    answer_bytes,
    answer_lines,
    told,
)

BAD = a_set("0002", f"{LINE}CTT*1~")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (a_file(a_group(a_set())), ["AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]),
        (a_file(a_group(a_set(count="9", closing="0009"))), ["AK2*850*0001", "AK5*R*3*4", "AK9*R*1*1*0"]),
        (
            a_file(a_group(a_set(count="9", closing="0009"), ge="GE*1*8~")),
            ["AK2*850*0001", "AK5*R*3*4", "AK9*R*1*1*0*4"],
        ),
        (a_file(a_group(a_set(count="9"))), ["AK2*850*0001", "AK5*R*4", "AK9*R*1*1*0"]),
        (a_file(a_group(BAD, ge="GE*2*7~")), ["AK2*850*0002", "AK3*BEG*2**3", "AK5*R*5", "AK9*R*2*1*0*5"]),
        (a_file(a_group(a_set(), ge="GE*2*7~")), ["AK2*850*0001", "AK5*A", "AK9*E*2*1*1*5"]),
        (a_file(a_group(BAD)), ["AK2*850*0002", "AK3*BEG*2**3", "AK5*R*5", "AK9*R*1*1*0"]),
        (a_file(a_group(f"ST*850*0001~{BODY}")), ["AK2*850*0001", "AK5*R*2", "AK9*R*1*1*0"]),
        (a_file(a_group(a_set(), ge="")), ["AK2*850*0001", "AK5*A", "AK9*E*0*1*1*3"]),
        (
            a_file(a_group(a_set(), BAD, a_set("0003"))),
            ["AK2*850*0001", "AK5*A", "AK2*850*0002", "AK3*BEG*2**3", "AK5*R*5", "AK2*850*0003", "AK5*A",
             "AK9*P*3*3*2"],
        ),
        (a_file(a_group(a_set()), iea="IEA*1*000000009~"), ["AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]),
        (a_file(a_group(ge="GE*3*7~")), ["AK9*R*3*0*0*5"]),
    ],
)  # fmt: skip
def test_what_was_received_has_exactly_its_known_997(text: str, expected: list[str]) -> None:
    assert told(text) == ["AK1*PO*7", *expected]


@pytest.mark.parametrize(
    ("text", "rules", "ta1"),
    [
        (a_file(a_group(a_set()), iea="IEA*1*000000009~"), AckRules(ta1="errors"), "TA1*000000007*261120*0815*E*001"),
        (a_file(a_group(a_set()), iea="IEA*2*000000007~"), AckRules(ta1="errors"), "TA1*000000007*261120*0815*E*021"),
        (a_file(a_group(a_set()), isa=ISA.replace("*          *00*", "* *00*", 1)), AckRules(), "TA1*000000007*261120*0815*R*011"),
        (ISA + GS + a_set() + a_file(a_group(a_set())), AckRules(), "TA1*000000007*261120*0815*R*023"),
    ],
)  # fmt: skip
def test_what_was_received_has_its_known_ta1(text: str, rules: AckRules, ta1: str) -> None:
    lines = answer_lines(text, rules)
    assert lines[1] == ta1
    assert (lines[0].split("*")[14], lines[2][:6]) == ("0", "IEA*0*")


def test_sets_of_an_interchange_with_errors_noted_are_taken_and_those_of_a_rejected_one_are_not() -> None:
    noted = told(a_file(a_group(a_set()), iea="IEA*1*000000009~"), AckRules(ta1="always"))
    assert [line for line in noted if line.startswith("AK9")] == ["AK9*A*1*1*1"]
    rejected = told(a_file(a_group(a_set()), isa=ISA.replace("*P*", "*Q*")), AckRules(ta1="always"))
    assert rejected == ["TA1*000000007*261120*0815*R*020"]


def test_a_tolerated_padding_is_noted_and_everything_inside_is_taken() -> None:
    text = a_file(a_group(a_set()), isa=ISA.replace("*          *00*", "* *00*", 1))
    lines = told(text, AckRules(ta1="always", tolerates=frozenset({"ISA_PADDING"})))
    assert lines == ["TA1*000000007*261120*0815*E*011", "AK1*PO*7", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]


def test_after_a_broken_interchange_the_next_is_answered_for_itself() -> None:
    lines = told(ISA + GS + a_set() + a_file(a_group(a_set())))
    assert lines == ["TA1*000000007*261120*0815*R*023", "AK1*PO*7", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]


def test_the_answer_is_these_bytes() -> None:
    assert answer_bytes(a_file(a_group(a_set()))) == (
        b"ISA*00*          *00*          *ZZ*NORTHWIND      *ZZ*ACMESTORES     *261120*2000*U*00401*000000001*0*P*>~"
        b"GS*FA*NORTHWIND*ACMESTORES*20261120*2000*1*X*004010~"
        b"ST*997*0001~AK1*PO*7~AK2*850*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~GE*1*1~IEA*1*000000001~"
    )
    assert NOW.hour == 20


def test_each_group_is_answered_by_itself_in_its_own_version_to_its_own_sender() -> None:
    other = GS.replace("ACMESTORES", "ACMEWEST").replace("*7*X*004010", "*8*X*004030VICS")
    lines = answer_lines(a_file(a_group(a_set()), a_group(a_set(), gs=other)))
    assert [line.split("*")[1:4] + line.split("*")[8:] for line in lines if line.startswith("GS")] == [
        ["FA", "NORTHWIND", "ACMESTORES", "004010"],
        ["FA", "NORTHWIND", "ACMEWEST", "004030VICS"],
    ]
    assert [line.split("*")[11:13] for line in lines if line.startswith("ISA")] == [["U", "00401"], ["^", "00403"]]
    assert [line for line in lines if line.startswith("AK1")] == ["AK1*PO*7", "AK1*PO*8"]


def test_a_version_that_is_not_shipped_is_answered_in_004010_and_no_set_is_taken() -> None:
    lines = answer_lines(a_file(a_group(a_set(), gs=GS.replace("004010", "006020X304"))))
    assert [line for line in lines if line[:2] in ("GS", "AK")] == [
        "GS*FA*NORTHWIND*ACMESTORES*20261120*2000*1*X*004010", "AK1*PO*7", "AK9*R*1*1*0*2",
    ]  # fmt: skip


def test_a_file_with_two_partners_is_answered_to_each() -> None:
    second = a_file(a_group(a_set(), gs=GS.replace("ACMESTORES", "BETA")), isa=ISA.replace("ACMESTORES", "BETA      "))
    lines = answer_lines(a_file(a_group(a_set())) + second)
    assert [line.split("*")[8].strip() for line in lines if line.startswith("ISA")] == ["ACMESTORES", "BETA"]
    assert [line.split("*")[3] for line in lines if line.startswith("GS")] == ["ACMESTORES", "BETA"]


@pytest.mark.parametrize(
    "text",
    [
        a_file(a_group(a_set(set_id="997", body="AK1*PR*1~AK9*A*1*1*1~"), gs=GS.replace("GS*PO", "GS*FA"))),
        a_file(a_group(a_set(set_id="997", body="AK1*PR*1~"), gs=GS.replace("GS*PO", "GS*FA"))),
        ISA.replace("*0*P*", "*1*P*") + "TA1*000000001*261120*0815*A*000~IEA*0*000000007~",
        ISA.replace("*0*P*", "*1*P*") + "TA1*000000001*261120*0815*A*000~IEA*1*000000007~",
    ],
)
def test_an_acknowledgment_is_never_acknowledged(text: str) -> None:
    assert answer_bytes(text) == b""
    assert not any(line.startswith("AK1*FA") for line in told(text, AckRules(ta1="always")))


def test_the_envelope_of_the_received_file_is_well_formed() -> None:
    assert len(ISA) == 106
    assert IEA.startswith("IEA*1*")
