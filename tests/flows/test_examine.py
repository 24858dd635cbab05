"""The known expectations of acknowledging, from bytes to the segments of the answer (acknowledgments.md)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.documents import functional_ack_997
from gateway.exchange.acknowledgment import AckRules, Verdict
from gateway.flows.judging.examine import Examination, examine
from gateway.kernel.faults import Repair

ISA = "ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*000000007*0*P*>~"
GS = "GS*PO*ACMESTORES*NORTHWIND*20261120*0815*7*X*004010~"
BODY = "BEG*00*SA*PO1**20261120~PO1*1*2*EA*9.95**VP*SKU-1~CTT*1~"


def a_set(number: str = "0001", body: str = BODY, *, count: str = "", closing: str = "") -> str:
    counted = count or str(body.count("~") + 2)
    return f"ST*850*{number}~{body}SE*{counted}*{closing or number}~"


def interchange(*sets: str, ge: str | None = None, iea: str = "IEA*1*000000007~", isa: str = ISA, gs: str = GS) -> str:
    trailer = f"GE*{len(sets)}*7~" if ge is None else ge
    return isa + gs + "".join(sets) + trailer + iea


def seen(text: str, rules: AckRules | None = None) -> Examination:
    return examine(text.encode(), rules or AckRules())


def answer(text: str, rules: AckRules | None = None) -> list[str]:
    (only,) = seen(text, rules).interchanges
    return ["*".join(segment).rstrip("*") for segment in functional_ack_997.body(only.verdict.groups[0])]


BAD = a_set("0002", "PO1*1*2*EA*9.95**VP*SKU-1~CTT*1~")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (interchange(a_set()), ["AK5*A", "AK9*A*1*1*1"]),
        (interchange(a_set(count="9", closing="0009")), ["AK5*R*3*4", "AK9*R*1*1*0"]),
        (interchange(a_set(count="9", closing="0009"), ge="GE*1*8~"), ["AK9*R*1*1*0*4"]),
        (interchange(a_set(count="9")), ["AK5*R*4"]),
        (interchange(BAD, ge="GE*2*7~"), ["AK9*R*2*1*0*5"]),
        (interchange(a_set(), ge="GE*2*7~"), ["AK5*A", "AK9*E*2*1*1*5"]),
        (interchange(BAD), ["AK3*BEG*2**3", "AK5*R*5"]),
        (interchange(f"ST*850*0001~{BODY}"), ["AK5*R*2"]),
        (interchange(a_set(), ge=""), ["AK5*A", "AK9*E*0*1*1*3"]),
        (interchange(a_set(), BAD, a_set("0003")), ["AK9*P*3*3*2"]),
        (interchange(a_set(), a_set()), ["AK5*R*23", "AK9*P*2*2*1"]),
        (interchange(a_set(), gs=GS.replace("004010", "003060")), ["AK9*R*1*1*0*2"]),
        (interchange(a_set().replace("ST*850", "ST*999"), gs=GS), ["AK5*R*1"]),
        (interchange(a_set(), gs=GS.replace("GS*PO", "GS*IN")), ["AK5*R*6"]),
        (interchange(ge="GE*3*7~"), ["AK9*R*3*0*0*5"]),
    ],
)  # fmt: skip
def test_known_faults_have_their_known_answers(text: str, expected: list[str]) -> None:
    given_answer = answer(text)
    assert [line for line in expected if line not in given_answer] == [], given_answer


def test_segments_without_a_set_header_are_a_rejected_set_and_harm_no_neighbour() -> None:
    headless = a_set("0002").partition("~")[2]
    lines = answer(interchange(a_set(), headless, a_set("0003")))
    assert lines[1:] == ["AK2*850*0001", "AK5*A", "AK2*850*0002", "AK5*R*6", "AK2*850*0003", "AK5*A", "AK9*P*3*3*2"]


def test_each_element_fault_is_named_with_element_number_and_bad_data() -> None:
    body = "BEG*00*SA*PO1**20261304~PO1*1*two*EA*9.95**VP*SKU-1~PO1*2*1*??*1**VP~CTT*1~"
    assert answer(interchange(a_set(body=body)))[2:-1] == [
        "AK3*BEG*2**8", "AK4*5*373*8*20261304",
        "AK3*PO1*3*PO1*8", "AK4*2*330*6*two",
        "AK3*PO1*4*PO1*8", "AK4*3*355*7*??", "AK4*7*234*2",
        "AK5*R*5",
    ]  # fmt: skip


def test_unknown_foreign_and_misplaced_segments_are_told_apart() -> None:
    body = "BEG*00*SA*PO1**20261120~XYZ*1~BIG*20261120*1~PO1*1*2*EA*9.95**VP*SKU-1~BEG*00*SA*PO2**20261120~CTT*1~"
    codes = [line for line in answer(interchange(a_set(body=body))) if line.startswith("AK3")]
    assert [line.split("*")[1::3] for line in codes] == [["XYZ", "1"], ["BIG", "6"], ["BEG", "7"]]


@pytest.mark.parametrize(
    ("text", "verdict", "code"),
    [
        (interchange(a_set(), iea="IEA*1*000000009~"), "E", "001"),
        (interchange(a_set(), iea="IEA*2*000000007~"), "E", "021"),
        (interchange(a_set(), isa=ISA.replace("*00*          *00*", "*00* *00*", 1)), "R", "011"),
        (interchange(a_set(), isa=ISA.replace("00401", "XX401")), "R", "017"),
        (interchange(a_set(), isa=ISA.replace("*P*", "*Q*")), "R", "020"),
        (interchange(a_set(), iea="XX*1~IEA*1*000000007~"), "R", "022"),
    ],
)
def test_envelope_faults_have_their_ta1(text: str, verdict: str, code: str) -> None:
    (only,) = seen(text).interchanges
    assert (only.verdict.verdict.value, only.verdict.code) == (verdict, code)


def test_a_padding_fault_passes_where_it_is_tolerated() -> None:
    text = interchange(a_set(), isa=ISA.replace("*00*          *00*", "*00* *00*", 1))
    (only,) = seen(text, AckRules(tolerates=frozenset({"ISA_PADDING"}))).interchanges
    assert only.verdict.verdict is Verdict.ERRORS
    assert only.sets[0].verdict.verdict is Verdict.ACCEPTED


def test_after_a_broken_interchange_the_next_one_is_read() -> None:
    broken = ISA + GS + a_set()
    first, second = seen(broken + interchange(a_set())).interchanges
    assert (first.verdict.verdict, first.verdict.code) == (Verdict.REJECTED, "023")
    assert second.verdict.verdict is Verdict.ACCEPTED


def test_a_file_without_its_end_is_truncated_and_rejected_whole() -> None:
    whole = interchange(a_set(), a_set("0002"))
    examined = seen(whole[: whole.index("CTT")])
    (only,) = examined.interchanges
    assert (only.verdict.verdict, only.verdict.code, only.complete) == (Verdict.REJECTED, "023", False)
    assert [issue.code for issue in examined.issues] == ["X-TRUNCATED"]
    assert "PO1, segment 3 of set 0001" in examined.issues[0].message


@pytest.mark.parametrize(
    ("isa", "code"),
    [
        (ISA.replace("*", "A"), "026"),
        (ISA.replace("P*>~", "P*B~"), "027"),
        (ISA.replace("P*>~", "P***"), "027"),
        (ISA.replace("P*>~", "P*>*"), "004"),
        (ISA.replace("P*>~", "P*> "), "004"),
    ],
)
def test_separators_that_cannot_separate_are_answered_and_told(isa: str, code: str) -> None:
    examined = seen(interchange(a_set(), isa=isa))
    (only,) = examined.interchanges
    assert (only.verdict.verdict, only.verdict.code, only.received.sender) == (Verdict.REJECTED, code, "ACMESTORES")
    assert [issue.code for issue in examined.issues] == ["X-SEPARATORS"]


def test_an_interchange_that_follows_one_without_a_last_terminator_is_read() -> None:
    first, second = seen(interchange(a_set()).removesuffix("~") + interchange(a_set())).interchanges
    assert (first.verdict.verdict, second.verdict.verdict) == (Verdict.ACCEPTED, Verdict.ACCEPTED)


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("\ufeff" + interchange(a_set()), Repair.BOM),
        ("\r\n  " + interchange(a_set()), Repair.LEADING_BLANKS),
        ("FROM: ACME\r\n" + interchange(a_set()), Repair.GARBAGE),
        (interchange(a_set()) + "bye", Repair.GARBAGE),
        (interchange(a_set()) + "\r\n\x1a\x00", Repair.EXTRA_BLANKS),
        (interchange(a_set()).removesuffix("~") + "\x1a", Repair.EXTRA_BLANKS),
        ("  \r\n\ufeff" + interchange(a_set()), Repair.BOM),
        (interchange(a_set()) + "\n\ufeff" + interchange(a_set("0009")), Repair.BOM),
        (interchange(a_set()).replace("~", "   \n", 9), Repair.EXTRA_BLANKS),
        (interchange(a_set()).replace("~", "~\n   "), Repair.INDENT),
        (interchange(a_set()).replace("SKU-1", "SKU\n-1"), Repair.WRAPPED_LINES),
        (interchange(a_set()).replace("~CTT*1~", "~CTT*1***~"), Repair.TRAILING_SEPARATORS),
        (interchange(a_set()).replace("~CTT", "~~CTT"), Repair.EXTRA_BLANKS),
        (interchange(a_set()).rstrip("~"), Repair.MISSING_LAST_TERMINATOR),
        (interchange(a_set(), isa=ISA.replace("ACMESTORES     ", "ACMESTORES")), Repair.ISA_REALIGNED),
    ],
)
def test_named_damage_is_repaired_reported_and_refused_where_it_was_not_agreed(text: str, repair: Repair) -> None:
    examined = seen(text)
    assert repair in {each.kind for each in examined.repairs}
    assert examined.interchanges[0].sets[0].verdict.verdict is Verdict.ACCEPTED
    refused = examine(text.encode(), AckRules(), repairs=frozenset(Repair) - {repair})
    assert len(refused.interchanges) == len(examined.interchanges) - 1
    assert "X-REPAIR" in {issue.code for issue in refused.issues}


OTHER = interchange(a_set()).replace("000000007", "000000008")
INDENTED = interchange(a_set()).replace("~CTT", "~  CTT")


@pytest.mark.parametrize(
    ("text", "kind", "taken"),
    [
        (INDENTED + OTHER, Repair.INDENT, ["000000008"]),
        (OTHER + INDENTED, Repair.INDENT, ["000000008"]),
        ("\ufeff" + INDENTED + OTHER, Repair.BOM, ["000000008"]),
        ("  " + INDENTED + OTHER, Repair.LEADING_BLANKS, ["000000008"]),
        ("FROM: ACME\r\n" + INDENTED + OTHER, Repair.GARBAGE, ["000000008"]),
        (INDENTED + "-- next --" + OTHER, Repair.GARBAGE, ["000000008"]),
        (INDENTED + "    " + OTHER, Repair.EXTRA_BLANKS, ["000000008"]),
        (OTHER + "\ufeff" + INDENTED, Repair.BOM, ["000000008"]),
        (OTHER + INDENTED + "\ufeff", Repair.BOM, ["000000008"]),
        (OTHER + INDENTED + "bye", Repair.GARBAGE, ["000000008"]),
        (OTHER + interchange(a_set()).rstrip("~"), Repair.MISSING_LAST_TERMINATOR, ["000000008"]),
        (
            OTHER + interchange(a_set(), isa=ISA.replace("ACMESTORES     ", "ACMESTORES")),
            Repair.ISA_REALIGNED,
            ["000000008"],
        ),
        (OTHER + "ISA*00*nothing of a header~" + " " * 600 + INDENTED, Repair.GARBAGE, ["000000008", "000000007"]),
    ],
)
def test_a_repair_that_was_not_agreed_refuses_the_interchange_it_belongs_to_and_no_neighbour(
    text: str, kind: Repair, taken: list[str]
) -> None:
    examined = examine(text.encode(), AckRules(), repairs=frozenset(Repair) - {kind})
    assert [each.received.control_number for each in examined.interchanges] == taken
    (issue,) = [issue for issue in examined.issues if issue.code == "X-REPAIR"]
    assert ("Interchange 000000007 was not taken." in issue.message) == (taken == ["000000008"])


@pytest.mark.parametrize("terminator", ["\n", "\r\n", "\x15", "'", "~\n"])
def test_every_legal_terminator_is_read_without_a_repair(terminator: str) -> None:
    examined = seen(interchange(a_set()).replace("~", terminator))
    assert examined.repairs == ()
    assert examined.interchanges[0].verdict.groups[0].verdict is Verdict.ACCEPTED


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(content: bytes) -> None:
    examine(content, AckRules())
    examine(ISA.encode() + content, AckRules())


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_mutation_of_a_good_file_raises_and_none_is_accepted_with_fewer_sets_in_silence(data: st.DataObject) -> None:
    good = interchange(a_set(), a_set("0002")).encode()
    at = data.draw(st.integers(0, len(good) - 1))
    size = data.draw(st.integers(0, 40))
    middle = data.draw(st.binary(max_size=6))
    examined = examine(good[:at] + middle + good[at + size :], AckRules())
    accepted = sum(each.verdict.verdict is not Verdict.REJECTED for one in examined.interchanges for each in one.sets)
    told = examined.issues or any(
        one.verdict.code != "000" or any(group.verdict is not Verdict.ACCEPTED for group in one.verdict.groups)
        for one in examined.interchanges
    )
    assert accepted == 2 or told
