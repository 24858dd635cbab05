"""The 997 and TA1 as segments: complete, truthful, within the lengths of the standard."""

from gateway.documents import functional_ack_997, ta1
from gateway.exchange.acknowledgment import AckRules, judge
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange, ReceivedSet
from gateway.formats.x12.emit import COMPONENT
from gateway.kernel.faults import ElementFault, SegmentFault, SetFault
from gateway.kernel.issue import Issue, Place


def body(*sets: ReceivedSet, control_number: str = "77") -> list[str]:
    group = ReceivedGroup("PO", "ACME", "US", control_number, "004010", str(len(sets)), sets)
    interchange = ReceivedInterchange(
        "000000001",
        "ZZ",
        "ACME",
        "ZZ",
        "US",
        "261120",
        "0815",
        "00401",
        False,
        "P",
        (group,),
    )
    judged = judge(interchange, AckRules())
    return ["*".join(segment).rstrip("*") for segment in functional_ack_997.body(judged.groups[0])]


def faulty(*issues: Issue) -> ReceivedSet:
    return ReceivedSet("850", "0001", issues)


def test_a_clean_set_is_ak2_ak5_a() -> None:
    assert body(ReceivedSet("850", "0001")) == ["AK1*PO*77", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]


def test_element_faults_name_segment_position_element_number_code_and_bad_data() -> None:
    issues = [
        Issue(ElementFault.INVALID_DATE, Place("BEG", 2, "", 5, 0, "373"), "20261304"),
        Issue(ElementFault.MANDATORY_MISSING, Place("PO1", 9, "PO1", 2, 0, "330")),
        Issue(ElementFault.INVALID_CODE, Place("PO1", 9, "PO1", 3, 1, "355"), "XX"),
    ]
    assert body(faulty(*issues))[2:-1] == [
        "AK3*BEG*2**8", "AK4*5*373*8*20261304",
        "AK3*PO1*9*PO1*8", "AK4*2*330*1", f"AK4*3{COMPONENT}1*355*7*XX",
        "AK5*R*5",
    ]  # fmt: skip


def test_a_missing_segment_is_ak3_3_where_it_should_have_stood() -> None:
    assert body(faulty(Issue(SegmentFault.MANDATORY_MISSING, Place("BEG", 2))))[2:4] == ["AK3*BEG*2**3", "AK5*R*5"]


def test_a_segment_with_two_kinds_of_faults_is_listed_with_both() -> None:
    issues = [
        Issue(SegmentFault.OVER_MAXIMUM_USE, Place("CTT", 12)),
        Issue(ElementFault.TOO_LONG, Place("CTT", 12, "", 1, 0, "354"), "1234567"),
    ]
    assert body(faulty(*issues))[2:5] == ["AK3*CTT*12**5", "AK3*CTT*12**8", "AK4*1*354*5*1234567"]


def test_set_codes_stand_in_ak5() -> None:
    assert body(faulty(Issue(SetFault.CONTROL_NUMBER_MISMATCH), Issue(SetFault.SEGMENT_COUNT)))[2] == "AK5*R*3*4"


def test_more_than_five_codes_are_cut_to_five() -> None:
    issues = [Issue(fault) for fault in SetFault]
    assert len(body(faulty(*issues))[2].split("*")) == 2 + 5


def test_what_is_copied_is_printable_and_fits() -> None:
    issue = Issue(ElementFault.TOO_LONG, Place("REF", 3, "", 2, 0, "127"), "a\x07b" + "x" * 200)
    copied = body(faulty(issue))[3].split("*")[-1]
    assert copied.startswith("a b")
    assert len(copied) == 99


def test_unusable_numbers_and_ids_are_answered_within_their_lengths() -> None:
    assert body(ReceivedSet("85", "1"), control_number="x1")[:2] == ["AK1*PO*0", "AK2*85?*0001"]
    assert body(faulty(Issue(SegmentFault.UNRECOGNIZED, Place("L?NG-ID", 4))))[2] == "AK3*LNG*4**1"


def test_the_ta1_echoes_number_date_and_time() -> None:
    interchange = ReceivedInterchange("000000042", "ZZ", "ACME", "ZZ", "US", "261120", "0815", "00401", True, "P")
    assert ta1.segment(judge(interchange, AckRules())) == ["TA1", "000000042", "261120", "0815", "A", "000"]
    broken = ReceivedInterchange("X", "ZZ", "ACME", "ZZ", "US", "", "8:15", "00401", True, "P")
    assert ta1.segment(judge(broken, AckRules()))[1:4] == ["000000000", "000101", "0000"]
