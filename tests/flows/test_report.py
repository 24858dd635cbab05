"""The report of an examination: the keys programs rely on, and the words clerks read."""

import json

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.advice import DOCUMENTS, name_of, request
from gateway.flows.judging.examine import Examination, examine
from gateway.flows.judging.excerpts import IN_ALL, OF_A_KIND, Sparing
from gateway.flows.judging.marked import Look
from gateway.flows.judging.report import validation_report
from gateway.flows.judging.report_text import validation_lines, validation_text
from gateway.formats.x12 import guide
from gateway.kernel import faults
from gateway.kernel.faults import ElementFault
from gateway.kernel.issue import Issue, Place

ISA = "ISA*00*          *00*          *ZZ*ACMESTORES     *ZZ*NORTHWIND      *261120*0815*U*00401*000000007*0*P*>~"
GS = "GS*PO*ACMESTORES*NORTHWIND*20261120*0815*7*X*004010~"
GOOD = "BEG*00*SA*PO1**20261120~PO1*1*2*EA*9.95**VP*SKU-1~CTT*1~"
BAD = "BEG*00*SA*PO1**20261304~PO1*1**EA*9.95**VP*SKU-1~CTT*1~"


def interchange(*bodies: str, isa: str = ISA, gs: str = GS) -> str:
    sets = [f"ST*850*{at:04d}~{body}SE*{body.count('~') + 2}*{at:04d}~" for at, body in enumerate(bodies, start=1)]
    return f"{isa}{gs}{''.join(sets)}GE*{len(sets)}*7~IEA*1*000000007~"


def seen(text: str, rules: AckRules | None = None) -> Examination:
    return examine(text.encode(), rules or AckRules())


def test_the_json_has_exactly_the_promised_keys() -> None:
    report = validation_report("po.edi", seen(interchange(GOOD, BAD)))
    only = report["interchanges"][0]
    group = only["groups"][0]

    assert list(report) == ["file", "interchanges", "repairs", "issues"]
    assert set(only) == {"control_number", "sender", "receiver", "ta1", "issues", "groups"}
    assert set(group) == {
        "id", "control_number", "version", "verdict", "codes", "included", "received", "accepted", "sets",
    }  # fmt: skip
    assert set(group["sets"][1]) == {"set", "control_number", "verdict", "codes", "faults"}
    assert set(group["sets"][1]["faults"][0]) == {
        "level", "code", "segment", "position", "loop", "element", "component", "value", "message",
    }  # fmt: skip
    assert json.loads(json.dumps(report)) == report


def test_the_words_begin_with_the_verdict_and_end_with_what_to_ask() -> None:
    assert validation_text("po.edi", seen(interchange(GOOD, BAD))).splitlines() == [
        "po.edi: partly accepted. 1 of 2 sets accepted.",
        "  Interchange 000000007 from ACMESTORES to NORTHWIND: accepted",
        "  Group 7 (PO, 004010): partly accepted, 1 of 2 sets accepted",
        "    Set 0002, purchase order (850): rejected (AK5 R 5)",
        "      Segment 2: BEG05 (date): '20261304' is not a date.",
        "          BEG*00*SA*PO1**20261304~",
        "                         ^^^^^^^^",
        "      Segment 3: PO102 (quantity ordered) is missing; PO103 requires it.",
        "          PO1*1**EA*9.95**VP*SKU-1~",
        "                ^ PO102 belongs here",
        "  What to do:",
        "    Ask ACMESTORES to send again what was rejected, and only that. It has to:",
        "      - send a real date in BEG05",
        "      - fill in PO102, or leave out what requires it",
    ]


def test_nothing_has_to_be_sent_again_for_what_the_agreement_tolerates() -> None:
    text = interchange(GOOD).replace("SE*5", "SE*9")

    words = validation_text("po.edi", seen(text, AckRules(tolerates=frozenset({"SE01_COUNT"}))))

    assert words.startswith("po.edi: accepted, with errors noted. 1 of 1 sets accepted.")
    assert "SE*9*0001~\n             ^\n" in words
    assert "Tell ACMESTORES; nothing has to be sent again." in words


def test_a_missing_segment_is_told_between_its_neighbours() -> None:
    words = validation_text("po.edi", seen(interchange("PO1*1*2*EA*9.95**VP*SKU-1~CTT*1~")))

    assert "BEG: this segment must be there" in words
    assert "after   segment 1: ST*850*0001~\n" in words
    assert "before  segment 2: PO1*1*2*EA*9.95**VP*SKU-1~\n" in words


def test_a_missing_trailer_is_told_behind_the_last_segment() -> None:
    words = validation_text("po.edi", seen(interchange(GOOD).replace("SE*5*0001~", "")))

    assert "has no trailer (SE).\n          after   segment 4: CTT*1~\n" in words


def test_a_wrong_code_is_told_with_the_codes_that_may_stand_there_if_they_are_few() -> None:
    words = validation_text("po.edi", seen(interchange(GOOD.replace("~PO1*", "~SAC*X*A010~PO1*"))))

    assert "'X' is not in the list of codes. Allowed are A, C," in words


def test_what_may_be_a_password_is_shown_nowhere() -> None:
    isa = ISA.replace("*00*          *00*          *", "*00*          *01*SECRET*")

    found = seen(interchange(GOOD, isa=isa))

    words = validation_text("po.edi", found)
    assert "ISA04" in words
    assert "######" in words
    assert "SECRET" not in words + json.dumps(validation_report("po.edi", found))


def test_the_header_that_is_wrong_is_quoted() -> None:
    words = validation_text("po.edi", seen(interchange(GOOD, gs=GS.replace("004010", "003060"))))

    quoted = "          GS*PO*ACMESTORES*NORTHWIND*20261120*0815*7*X*003060~"
    assert f"{quoted}\n{' ' * quoted.index('003060')}^^^^^^\n" in words


def test_many_faults_of_a_kind_are_counted_after_the_first_ones() -> None:
    words = validation_text("po.edi", seen(interchange(*[BAD] * 40)))

    assert words.count("'20261304' is not a date.") == OF_A_KIND + 1
    assert "40 faults like this one, 5 of them shown: BEG05 (date): '20261304' is not a date." in words
    assert "35 sets with no other faults than these and not shown." in words
    assert len(words.splitlines()) < 60


def test_faults_of_many_kinds_end_in_a_number() -> None:
    sparing = Sparing()
    for at in range(10 * IN_ALL):
        sparing.takes(Issue(ElementFault.TOO_LONG, Place(f"X{at}", 1, "", 1)))

    assert (sparing.shown, sparing.uncounted, len(sparing.counts)) == (IN_ALL, 9 * IN_ALL, IN_ALL)


def test_only_segments_that_are_shown_are_kept() -> None:
    (only,) = seen(interchange(GOOD, *[BAD] * 40)).interchanges

    assert only.excerpts.of(0, 0) == {}
    assert sorted(only.excerpts.of(0, 1)) == [2, 3]
    assert only.excerpts.of(0, 1)[2] == ["BEG", "00", "SA", "PO1", "", "20261304"]
    assert only.excerpts.of(0, 30) == {}


def test_a_long_segment_is_cut_around_the_fault() -> None:
    body = GOOD.replace("CTT", f"N1*ST*{'A' * 60}*{'Z' * 30}*{'B' * 90}~CTT")

    lines = list(validation_lines("po.edi", seen(interchange(body)), Look(width=70)))

    quoted = [line for line in lines if line.startswith("          ")]
    assert quoted
    assert all(len(line) <= 70 for line in quoted)
    assert any("..." in line for line in quoted)


def test_every_fault_has_a_request_and_every_set_a_name() -> None:
    kinds = (
        faults.InterchangeFault, faults.GroupFault, faults.SetFault, faults.SegmentFault, faults.ElementFault,
    )  # fmt: skip
    for kind in kinds:
        for fault in kind:
            assert len(request(Issue(fault, Place("ABC", 1, "", 3))).split()) >= 2
    shipped = {set_id for version in guide.versions() for set_id in guide.set_ids(version)}
    assert shipped <= set(DOCUMENTS)
    assert name_of(Issue(ElementFault.TOO_LONG, Place("SLN", 4, "", 9, 2))) == "SLN09-02"
