"""Answers that come in are found in any file that can be read, whatever else is wrong with it."""

import pytest

from gateway.documents import answer_reading
from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import ExaminedInterchange, examine
from tests.acknowledgments.files import GS, ISA, a_file, a_group, a_set

FA = GS.replace("GS*PO", "GS*FA")
ANSWER = "AK1*PR*12~AK9*A*1*1*1~"


def seen(text: str) -> ExaminedInterchange:
    (only,) = examine(text.encode(), AckRules()).interchanges
    return only


@pytest.mark.parametrize("version", ["003040", "004010", "004030VICS", "005010X231A1", "007030"])
def test_an_answer_in_any_version_is_found(version: str) -> None:
    only = seen(a_file(a_group(a_set(set_id="997", body=ANSWER), gs=FA.replace("004010", version))))
    assert [read.set_id for read in only.answers] == ["997"]
    (group,) = answer_reading.functional(only.answers[0].segments, ">")
    assert group.control_number == "12"
    assert not only.verdict.groups[0].ack_due


def test_an_answer_with_faults_of_its_own_is_found() -> None:
    only = seen(a_file(a_group(a_set(set_id="997", body=f"{ANSWER}XYZ*1~", count="99"), gs=FA, ge="GE*4*9~")))
    assert [len(answer_reading.functional(read.segments, ">")) for read in only.answers] == [1]


@pytest.mark.parametrize("count", ["0", "1"])
def test_a_ta1_alone_is_found_with_either_count_and_never_answered(count: str) -> None:
    ta1 = "TA1*000000012*261120*0815*R*006~"
    only = seen(ISA.replace("*0*P*", "*1*P*") + ta1 + f"IEA*{count}*000000007~")
    assert (only.ta1s, only.verdict.code) == ((("TA1", "000000012", "261120", "0815", "R", "006"),), "000")
    assert not only.verdict.ta1_due


def test_a_ta1_before_groups_is_found_and_the_groups_are_taken() -> None:
    only = seen(ISA + "TA1*000000012*261120*0815*A*000~" + a_file(a_group(a_set())).removeprefix(ISA))
    assert (len(only.ta1s), [each.verdict.verdict.value for each in only.sets]) == (1, ["A"])
    assert not only.received.ta1_alone


def test_a_997_in_a_group_of_another_kind_is_no_answer_and_is_told_so() -> None:
    only = seen(a_file(a_group(a_set(set_id="997", body=ANSWER), gs=GS)))
    assert only.answers == ()
    assert only.verdict.groups[0].sets[0].codes == ("6",)
