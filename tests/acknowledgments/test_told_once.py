"""One home for what a fault means: the 997, the JSON and the words for people say the same, and each thing once."""

import pytest

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import examine
from gateway.flows.judging.report import validation_report
from gateway.flows.judging.report_text import validation_text
from tests.acknowledgments.files import BODY, GS, a_file, a_group, a_set, told

TWO_GROUPS = a_file(a_group(a_set()), a_group(a_set(), gs=GS.replace("*7*X", "*007*X"), ge="GE*1*007~"))


def test_a_group_whose_number_stands_twice_in_an_interchange_is_refused_with_19() -> None:
    assert told(TWO_GROUPS) == [
        "AK1*PO*7", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1",
        "AK1*PO*007", "AK9*R*1*1*0*19",
    ]  # fmt: skip
    words = validation_text("po.edi", examine(TWO_GROUPS.encode(), AckRules()))
    assert "GS06: the control number 007 was used before in this interchange." in words


def test_the_agreement_decides_what_a_group_number_that_stands_twice_means() -> None:
    assert told(TWO_GROUPS, AckRules(tolerates=frozenset({"GS06"})))[-1] == "AK9*E*1*1*1*19"
    ignored = AckRules(unique_groups=False)
    assert told(TWO_GROUPS, ignored)[-1] == "AK9*A*1*1*1"
    assert "used before" not in validation_text("po.edi", examine(TWO_GROUPS.encode(), ignored))


def test_group_numbers_count_within_their_interchange_only() -> None:
    assert "19" not in "".join(told(a_file(a_group(a_set())) * 2))


@pytest.mark.parametrize(
    "group",
    [
        a_group(a_set("")), a_group(a_set("1234567890")), a_group(a_set(set_id="")), a_group(a_set(set_id="85O")),
        a_group(a_set(count="x")), a_group(a_set(count="12345678901")), a_group(a_set(closing="12345678901")),
    ],
)  # fmt: skip
def test_what_the_set_tells_of_its_header_and_trailer_is_told_as_no_element_fault_anywhere(group: str) -> None:
    seen = examine(a_file(group).encode(), AckRules())
    only = validation_report("po.edi", seen)["interchanges"][0]["groups"][0]["sets"][0]
    assert only["faults"]
    assert {fault["level"] for fault in only["faults"]} == {"set"}
    assert {fault["code"] for fault in only["faults"]} == set(only["codes"])
    words = [
        line for line in validation_text("po.edi", seen).splitlines() if line.startswith("      ") and "^" not in line
    ]
    assert sum(fault["message"] in line for fault in only["faults"] for line in words) == len(only["faults"])


def test_a_set_number_that_was_not_agreed_to_be_unique_is_told_nowhere() -> None:
    text = a_file(a_group(a_set(), a_set()))
    seen = examine(text.encode(), AckRules(unique_sets=False))
    sets = validation_report("po.edi", seen)["interchanges"][0]["groups"][0]["sets"]
    assert [each["faults"] for each in sets] == [[], []]
    assert "used before" not in validation_text("po.edi", seen)


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("ab c", "ab c"), ("A-12/9", "A-12/9"), ("00012", "00012"), ("7", "0007"), ("a b", "0a b"), ("-12", "0-12"),
        ("12>4", "12 4"), ("12>>", "1200"), ("1234567890", "123456789"), ("12\x074", "12 4"), ("", "0000"),
        ("½½½½", "0000"),
    ],
)  # fmt: skip
def test_the_number_of_a_set_is_repeated_as_sent_and_filled_only_where_it_is_too_short(
    sent: str, answered: str
) -> None:
    assert told(a_file(a_group(a_set(sent))))[1] == f"AK2*850*{answered}"


def test_an_element_missed_by_two_rules_is_one_ak4_and_two_sentences() -> None:
    text = a_file(a_group(a_set(body=BODY.replace("CTT", "PO4*1****G*****5*6*7~CTT"))))
    seen = examine(text.encode(), AckRules())
    faults = seen.interchanges[0].verdict.groups[0].sets[0].faults
    notes = [line for line in told(text) if line.startswith("AK4")]
    assert len(notes) == len(set(notes)) < len(faults)
