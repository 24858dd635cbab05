"""Whatever is received, what we answer is itself free of faults."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.documents import group_answer
from gateway.exchange.acknowledgment import AckRules, Form, judge
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange, ReceivedSet
from gateway.flows.judging.examine import Examination, examine
from gateway.formats.x12 import emit
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Envelope
from gateway.kernel.faults import ElementFault
from gateway.kernel.issue import Issue, Place
from tests.acknowledgments.files import NOW, a_file, a_group, a_set, answer_bytes

HOSTILE = st.one_of(
    st.sampled_from(["", " ", "*", ">", "~", "^", "\n", "\x1f", "\x00", "'", "é", "€", "\ufdd0", "ÿ\x85", "0", "999999999999"]),
    st.text(max_size=120),
    st.text(alphabet="*>~^ \r\n", max_size=5),
    st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-", max_size=40),
)  # fmt: skip
FIELDS = {
    "set_id": "850", "st02": "0001", "st03": "", "gs01": "PO", "gs02": "ACMESTORES", "gs03": "NORTHWIND", "gs06": "7",
    "gs08": "004010", "isa05": "ZZ", "isa06": "ACMESTORES     ", "isa07": "ZZ", "isa08": "NORTHWIND      ",
    "isa09": "261120", "isa10": "0815", "isa13": "000000007", "isa14": "1", "isa15": "P", "beg01": "00", "beg03": "PO1",
    "beg05": "20261120", "po102": "2", "po103": "EA", "po107": "SKU-1", "extra": "CTT*1",
}  # fmt: skip
ECHOED = {("AK1", "479"), ("AK2", "143")}
"""What is repeated as it came, and so may be no code of its list: GS01 and ST01."""


def _file(fields: dict[str, str], version: str) -> str:
    known = {**FIELDS, "gs08": version, **fields}
    at = known.__getitem__
    isa11, isa12 = ("^", "00501") if version.startswith("005") else ("U", "00401")
    body = f"BEG*{at('beg01')}*SA*{at('beg03')}**{at('beg05')}~PO1*1*{at('po102')}*{at('po103')}*1**VP*{at('po107')}~{at('extra')}~"
    group = a_group(
        a_set(at("st02"), body, set_id=at("set_id")).replace(f"*{at('st02')}~", f"*{at('st02')}*{at('st03')}~", 1),
        gs=f"GS*{at('gs01')}*{at('gs02')}*{at('gs03')}*20261120*0815*{at('gs06')}*X*{at('gs08')}~",
        ge=f"GE*1*{at('gs06')}~",
    )
    isa = (
        f"ISA*00*          *00*          *{at('isa05')}*{at('isa06')}*{at('isa07')}*{at('isa08')}*{at('isa09')}"
        f"*{at('isa10')}*{isa11}*{isa12}*{at('isa13')}*{at('isa14')}*{at('isa15')}*>~"
    )
    return a_file(group, isa=isa, iea=f"IEA*1*{at('isa13')}~")


def _faults(seen: Examination) -> Iterator[str]:
    yield from (f"{issue.code}: {issue.message}" for issue in seen.issues)
    yield from (f"{repair.kind}: {repair.message}" for repair in seen.repairs)
    for one in seen.interchanges:
        yield from (issue.message for issue in one.received.issues)
        for group in one.received.groups:
            yield from (issue.message for issue in group.issues)
            for each in group.sets:
                yield from (issue.message for issue in each.issues if not _is_echo(issue))


def _is_echo(issue: Issue) -> bool:
    return issue.fault is ElementFault.INVALID_CODE and (issue.place.segment, issue.place.reference) in ECHOED


@settings(max_examples=250, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(FIELDS)), HOSTILE, min_size=1, max_size=4),
    st.sampled_from(["004010", "004030", "005010"]),
    st.sampled_from(["997", "999"]),
)
@example({"po103": "*~^>"}, "004010", "997")
@example({"set_id": "85"}, "004010", "997")
@example({"isa05": "Z", "isa06": ""}, "004010", "997")
@example({"isa07": "", "isa08": "   "}, "004010", "997")
@example({"isa08": "0", "gs03": " "}, "004010", "997")
@example({"gs02": "X" * 60, "gs03": ""}, "005010", "999")
def test_what_answers_a_faulty_file_has_no_fault(fields: dict[str, str], version: str, form: Form) -> None:
    answer = answer_bytes(_file(fields, version), AckRules(ta1="always", functional=form))
    faults = list(_faults(examine(answer, AckRules()))) if answer else []
    assert faults == [], answer


@pytest.mark.parametrize("separators", ["|:^\n", "*>^~", "\x1d\x1f\x1e\x1c", "+!^'", "~|^\r"])
@given(value=HOSTILE)
@example(value="0" * 69 + "££©©®ÆÆÞ…℠")
def test_a_copy_of_bad_data_never_separates_in_any_agreed_separators(separators: str, value: str) -> None:
    issue = Issue(ElementFault.TOO_LONG, Place("REF", 3, "", 2, 1, "127"), f"A{separators}{value}")
    received = ReceivedGroup("PO", "ACME", "US", "7", "004010", "1", (ReceivedSet("850", "0001", (issue,)),))
    judged = judge(ReceivedInterchange("1", "ZZ", "ACME", "ZZ", "US", "261120", "0815", "00401", False, "P", (received,)), AckRules())  # fmt: skip
    envelope = Envelope("ZZ", "NORTHWIND", "ZZ", "ACMESTORES", "NORTHWIND", "ACMESTORES", "004010", "P",
                        Separators(separators[0], separators[1], separators[2], separators[3]))  # fmt: skip
    body = group_answer.answer(judged.groups[0])
    emitted = emit.interchange(
        envelope, functional_id="FA", set_id="997", sets=[body.segments], isa13=1, gs06=1, now=NOW
    )
    assert list(_faults(examine(emitted.content, AckRules()))) == []
