"""Judging: what the faults of an interchange mean under an agreement (acknowledgments.md, rulings 11-14)."""

import pytest

from gateway.exchange.acknowledgment import AckRules, InterchangeVerdict, Verdict, judge
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange, ReceivedSet
from gateway.kernel.faults import ElementFault, GroupFault, InterchangeFault, SegmentFault, SetFault
from gateway.kernel.issue import Issue, Place

GOOD = ReceivedSet("850", "0001")


def bad(*faults: SetFault | SegmentFault | ElementFault, reference: str = "") -> ReceivedSet:
    return ReceivedSet("850", "0002", tuple(Issue(fault, Place(reference=reference)) for fault in faults))


def received(
    *sets: ReceivedSet,
    included: str | None = None,
    group_faults: tuple[GroupFault, ...] = (),
    faults: tuple[InterchangeFault, ...] = (),
    wants_ta1: bool = False,
) -> ReceivedInterchange:
    group = ReceivedGroup(
        "PO",
        "ACME",
        "US",
        "1",
        "004010",
        str(len(sets)) if included is None else included,
        sets,
        tuple(Issue(fault) for fault in group_faults),
    )
    issues = tuple(Issue(fault) for fault in faults)
    return ReceivedInterchange(
        "000000001", "ZZ", "ACME", "ZZ", "US", "261120", "0815", "00401", wants_ta1, "P", (group,), issues
    )


def ak9(judged: InterchangeVerdict) -> str:
    group = judged.groups[0]
    return "*".join(
        ["AK9", group.verdict.value, str(group.included), str(group.received), str(group.accepted), *group.codes]
    )


def test_a_clean_group_is_accepted() -> None:
    judged = judge(received(GOOD), AckRules())
    assert ak9(judged) == "AK9*A*1*1*1"
    assert (judged.verdict, judged.code, judged.ta1_due) == (Verdict.ACCEPTED, "000", False)


def test_a_bad_set_between_good_ones_is_rejected_alone() -> None:
    judged = judge(received(GOOD, bad(SegmentFault.MANDATORY_MISSING), GOOD), AckRules())
    assert ak9(judged) == "AK9*P*3*3*2"
    assert [each.verdict.value for each in judged.groups[0].sets] == ["A", "R", "A"]


def test_set_codes_come_in_order_and_5_stands_for_the_segments() -> None:
    judged = judge(
        received(bad(SetFault.SEGMENT_COUNT, SetFault.CONTROL_NUMBER_MISMATCH, ElementFault.TOO_LONG)), AckRules()
    )
    assert judged.groups[0].sets[0].codes == ("3", "4", "5")


@pytest.mark.parametrize(
    ("sets", "included", "faults", "expected"),
    [
        ((bad(SetFault.SEGMENT_COUNT),), "2", (GroupFault.SET_COUNT,), "AK9*R*2*1*0*5"),
        ((GOOD,), "2", (GroupFault.SET_COUNT,), "AK9*E*2*1*1*5"),
        ((bad(SetFault.SEGMENT_COUNT),), "1", (GroupFault.CONTROL_NUMBER_MISMATCH,), "AK9*R*1*1*0*4"),
        ((GOOD,), "", (GroupFault.TRAILER_MISSING,), "AK9*E*0*1*1*3"),
        ((), "3", (), "AK9*R*3*0*0"),
        ((GOOD,), "1", (GroupFault.VERSION_NOT_SUPPORTED,), "AK9*R*1*1*0*2"),
    ],
)  # fmt: skip
def test_group_verdicts_follow_the_ruling(
    sets: tuple[ReceivedSet, ...], included: str, faults: tuple[GroupFault, ...], expected: str
) -> None:
    assert ak9(judge(received(*sets, included=included, group_faults=faults), AckRules())) == expected


def test_no_set_is_listed_when_the_version_is_not_supported() -> None:
    judged = judge(received(GOOD, group_faults=(GroupFault.VERSION_NOT_SUPPORTED,)), AckRules())
    assert judged.groups[0].sets == judged.groups[0].listed == ()


@pytest.mark.parametrize(
    ("fault", "verdict", "code"),
    [
        (InterchangeFault.CONTROL_NUMBER_MISMATCH, Verdict.ERRORS, "001"),
        (InterchangeFault.GROUP_COUNT, Verdict.ERRORS, "021"),
        (InterchangeFault.SENDER_ID, Verdict.ERRORS, "006"),
        (InterchangeFault.AUTHORIZATION_INFORMATION, Verdict.REJECTED, "011"),
        (InterchangeFault.DUPLICATE_CONTROL_NUMBER, Verdict.REJECTED, "025"),
    ],
)
def test_interchange_faults_are_noted_or_reject(fault: InterchangeFault, verdict: Verdict, code: str) -> None:
    judged = judge(received(GOOD, faults=(fault,)), AckRules())
    assert (judged.verdict, judged.code) == (verdict, code)


def test_a_rejected_interchange_has_a_ta1_also_when_none_was_asked_for() -> None:
    assert judge(received(GOOD, faults=(InterchangeFault.VERSION_ID,)), AckRules()).ta1_due
    assert not judge(received(GOOD, faults=(InterchangeFault.VERSION_ID,)), AckRules(ta1="never")).ta1_due


def test_a_ta1_is_due_when_isa14_asks_for_it() -> None:
    assert judge(received(GOOD, wants_ta1=True), AckRules()).ta1_due


def test_tolerated_faults_let_the_set_pass_as_e() -> None:
    rules = AckRules(tolerates=frozenset({"SE01_COUNT", "UNKNOWN_CODE(355)"}))
    assert ak9(judge(received(bad(SetFault.SEGMENT_COUNT)), rules)) == "AK9*E*1*1*1"
    assert ak9(judge(received(bad(ElementFault.INVALID_CODE, reference="355")), rules)) == "AK9*E*1*1*1"
    assert ak9(judge(received(bad(ElementFault.INVALID_CODE, reference="98")), rules)) == "AK9*R*1*1*0"


def test_on_error_group_rejects_the_good_neighbours_too() -> None:
    assert ak9(judge(received(GOOD, bad(SetFault.SEGMENT_COUNT)), AckRules(on_error="group"))) == "AK9*R*2*2*0"


def test_on_error_interchange_rejects_everything_with_a_ta1() -> None:
    judged = judge(received(GOOD, bad(SetFault.SEGMENT_COUNT)), AckRules(on_error="interchange"))
    assert (judged.verdict, judged.code, judged.ta1_due) == (Verdict.REJECTED, "024", True)


def test_an_acknowledgment_is_never_acknowledged() -> None:
    judged = judge(received(GOOD), AckRules())
    assert judged.groups[0].ack_due
    group = ReceivedGroup("FA", "A", "B", "1", "004010", "1", (ReceivedSet("997", "0001"),))
    interchange = ReceivedInterchange("1", "ZZ", "A", "ZZ", "B", "261120", "0815", "00401", False, "P", (group,))
    assert not judge(interchange, AckRules()).groups[0].ack_due


def test_accepted_sets_may_be_summarised() -> None:
    judged = judge(received(GOOD, bad(SetFault.SEGMENT_COUNT)), AckRules(accepted_sets="summarised"))
    assert [each.received.control_number for each in judged.groups[0].listed] == ["0002"]


def test_a_number_used_twice_in_a_group_rejects_its_set_is_noted_or_is_not_looked_at_as_agreed() -> None:
    twice = received(GOOD, bad(SetFault.CONTROL_NUMBER_NOT_UNIQUE))
    assert ak9(judge(twice, AckRules())) == "AK9*P*2*2*1"
    assert ak9(judge(twice, AckRules(tolerates=frozenset({"ST02"})))) == "AK9*E*2*2*2"
    assert ak9(judge(twice, AckRules(unique_sets=False))) == "AK9*A*2*2*2"


def test_a_group_whose_number_was_used_before_is_rejected_whole_or_noted() -> None:
    twice = received(GOOD, group_faults=(GroupFault.CONTROL_NUMBER_NOT_UNIQUE,))
    assert ak9(judge(twice, AckRules())) == "AK9*R*1*1*0*19"
    assert judge(twice, AckRules()).groups[0].listed == ()
    assert ak9(judge(twice, AckRules(tolerates=frozenset({"GS06"})))) == "AK9*E*1*1*1*19"


def test_a_group_of_a_kind_that_is_not_supported_is_rejected_whole() -> None:
    judged = judge(received(GOOD, group_faults=(GroupFault.NOT_SUPPORTED,)), AckRules())
    assert ak9(judged) == "AK9*R*1*1*0*1"
    assert judged.groups[0].sets == judged.groups[0].listed == ()


def test_what_st_and_se_have_wrong_is_told_once_by_the_codes_of_the_set() -> None:
    own = Issue(SetFault.CONTROL_NUMBER)
    doubled = Issue(ElementFault.TOO_SHORT, Place("ST", 1, "", 2, reference="329"))
    judged = judge(received(ReceivedSet("850", "1", (own, doubled))), AckRules())
    assert (judged.groups[0].sets[0].codes, judged.groups[0].sets[0].faults) == (("7",), ())
