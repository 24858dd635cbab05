"""What partners answer is read as real answers are written, and nothing they write can stop the reading."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.documents import answer_reading, answer_words
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import AnsweredGroup, ToldFault
from gateway.formats.record import Segment
from gateway.formats.x12 import guide
from gateway.kernel.issue import Place


def segments(*lines: str) -> list[list[str]]:
    return [line.split("*") for line in lines]


def one(*lines: str) -> AnsweredGroup:
    (group,) = answer_reading.functional(segments("ST*997*0001", *lines), ">")
    return group


def test_ak1_and_ak9_alone_speak_for_every_set() -> None:
    assert one("AK1*PR*7", "AK9*A*1*1*1").about("0001").verdict is Verdict.ACCEPTED
    assert one("AK1*PR*7*004010", "AK9*R*1*1*0*5").about("0001").verdict is Verdict.REJECTED
    assert one("AK1*PR*7", "AK9*E*1*1*1").about("0001").verdict is Verdict.ERRORS


def test_only_the_rejected_sets_of_a_partly_accepted_group_need_be_listed() -> None:
    group = one("AK1*PR*7", "AK2*855*2", "AK5*R*5", "AK9*P*2*2*1")
    assert (group.about("0001").verdict, group.about("0002").verdict) == (Verdict.ACCEPTED, Verdict.REJECTED)


def test_a_set_without_its_ak5_stands_as_its_group_does() -> None:
    assert one("AK1*PR*7", "AK2*855*0001", "AK9*A*1*1*1").about("0001").verdict is Verdict.ACCEPTED
    assert one("AK1*PR*7", "AK2*855*0001", "AK3*BAK*2", "AK9*P*1*1*0").about("0001").verdict is Verdict.REJECTED


def test_a_group_without_its_ak9_stands_as_its_worst_set() -> None:
    group = one("AK1*PR*7", "AK2*855*0001", "AK5*R", "AK2*855*0002", "AK5*A")
    assert (group.verdict, group.about("0003").verdict) == (None, Verdict.REJECTED)


def test_a_rejected_group_rejects_also_the_set_that_was_accepted_in_it() -> None:
    assert one("AK1*PR*7", "AK2*855*0001", "AK5*A", "AK9*R*1*1*0*4").about("0001").verdict is Verdict.REJECTED


def test_rejections_for_reasons_of_security_are_rejections() -> None:
    for code in "MWX":
        assert one("AK1*PR*7", f"AK9*{code}*1*1*0").verdict is Verdict.REJECTED


def test_several_groups_in_one_set_and_the_segments_of_the_other_kind_are_read() -> None:
    read = answer_reading.functional(
        segments("ST*999*0001", "AK1*PR*7", "AK2*855*0001", "AK5*A", "AK9*A*1*1*1", "AK1*IN*8", "AK9*R*1*1*0"), ">"
    )
    assert [(each.kind, each.control_number, each.verdict) for each in read] == [
        ("999", "7", Verdict.ACCEPTED), ("999", "8", Verdict.REJECTED),
    ]  # fmt: skip


def test_faults_keep_segment_position_loop_element_component_repetition_code_and_value() -> None:
    group = one(
        "AK1*PR*7", "AK2*855*0001", "AK3*PO1*8*PO1*8", "AK4*3>1>2*355*7*XX", "AK4*7**2", "AK3*N1*9**3", "AK5*R*5"
    )
    assert group.sets[0].faults == (
        ToldFault(Place("PO1", 8, "PO1", 3, 1, "355", repetition=2), "7", "XX"),
        ToldFault(Place("PO1", 8, "PO1", 7, 0, ""), "2"),
        ToldFault(Place("N1", 9), "3"),
    )


def test_a_997_that_says_nothing_is_no_answer() -> None:
    assert answer_reading.functional(segments("ST*997*0001", "SE*2*0001"), ">") == ()
    assert answer_reading.functional(segments("ST*997*0001", "AK1*PR*7", "SE*3*0001"), ">") == ()


def test_a_ta1_says_its_verdict_or_nothing() -> None:
    read = answer_reading.interchange(["TA1", "000000007", "261120", "0815", "R", "006", ""])
    assert read is not None
    assert (read.control_number, read.verdict, read.code) == ("000000007", Verdict.REJECTED, "006")
    assert answer_reading.interchange(["TA1", "000000007"]) is None
    assert answer_reading.interchange(["TA1", "7", "261120", "0815", "P", "000"]) is None


def test_the_documents_of_an_824_are_told_apart_with_their_errors() -> None:
    first, second = answer_reading.application(
        segments(
            "BGN*11*1*20261120", "OTI*TR*IV*INV1*****12*0001*810", "TED*848*BAD TAX*TDS*9*1*610*100", "NTE*GEN*TWICE",
            "OTI*IC*PO*4711",
        ),
        ">",
    )  # fmt: skip
    assert (first.verdict, first.code, first.reference, first.group_number, first.set_number, first.set_id) == (
        Verdict.REJECTED, "TR", "INV1", "12", "0001", "810",
    )  # fmt: skip
    assert first.faults == (ToldFault(Place("TDS", 9, "", 1, 0, "610"), "848", "100", "BAD TAX TWICE"),)
    assert (second.verdict, second.faults) == (Verdict.ERRORS, ())


def test_every_verdict_of_an_824_is_understood() -> None:
    spoken = {code: answer_reading.application(segments(f"OTI*{code}*PO*1"), ">")[0].verdict.value for code in
              ("TA", "TE", "TC", "TP", "TR", "IA", "IE", "IR", "GA", "GR", "BA", "BR", "TH", "??", "")}  # fmt: skip
    assert "".join(spoken.values()) == "AEEPRAERARARERR"


def test_words_name_the_segment_the_element_and_what_we_sent_there() -> None:
    layout = guide.load("004010", "855")
    sent = [Segment(["ST", "855", "0001"], 1), Segment(["BAK", "00", "AC", "4711", "20261340"], 2)]
    told = (ToldFault(Place("BAK", 2, "", 4, 0, "373"), "8"), ToldFault(Place("N1", 3), "3"), ToldFault(Place(), "ZZZ"))
    assert list(answer_words.faults(told, layout, sent)) == [
        "segment 2 BAK (Beginning Segment for Purchase Order Acknowledgment), BAK04 (Date): it is no date (8); we sent '20261340'.",
        "segment 3 N1 (Name): it must be there and is missing (3).",
        "code ZZZ.",
    ]  # fmt: skip


WORDS = st.text(alphabet="AKIETD12345>* 0RPN", max_size=6)
LINE = st.tuples(
    st.sampled_from(["ST", "AK1", "AK2", "AK3", "IK3", "AK4", "IK4", "AK5", "IK5", "AK9", "OTI", "TED", "NTE", "RED", "LQ", ""]),
    st.lists(WORDS, max_size=9),
)  # fmt: skip


@given(st.lists(LINE, max_size=12), st.sampled_from([">", ""]))
def test_no_answer_raises(lines: list[tuple[str, list[str]]], component: str) -> None:
    read = [[name, *rest] for name, rest in lines]
    for group in answer_reading.functional(read, component):
        list(answer_words.faults(group.about("0001").faults, None, ()))
    for document in answer_reading.application(read, component):
        list(answer_words.faults(document.faults, guide.load("004010", "810"), ()))
    for segment in read:
        answer_reading.interchange(segment)
