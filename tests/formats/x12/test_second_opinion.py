"""What pyx12 says about one set: each fault where it is, exceptions told, the map made from our guide."""

from dataclasses import replace

import pytest

from gateway.formats.record import Segment
from gateway.formats.x12 import guide as guides
from gateway.formats.x12 import second_opinion
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import Guide, SegmentNode
from gateway.formats.x12.second_opinion_compare import Opinion, disagreements
from gateway.formats.x12.second_opinion_judged import Judgement, Situation, judge
from gateway.formats.x12.walk import walk

PLAIN = Separators("*", ">", "^", "~")
ORDER = "ST*850*0001~BEG*00*SA*PO-1**20261120~DTM*010*20261130~PO1*1*2*EA*9.95~CTT*1~SE*6*0001"


def segments(text: str) -> list[Segment]:
    return [Segment(row.split("*"), position) for position, row in enumerate(text.split("~"), start=1)]


def guide(version: str = "004010", set_id: str = "850") -> Guide:
    found = guides.load(version, set_id)
    assert found is not None
    return found


def opinion(text: str, layout: Guide) -> Opinion:
    return second_opinion.opinion(segments(text), layout, PLAIN)


def faults(text: str, layout: Guide) -> list[tuple[int, str, str, int]]:
    return [(each.position, each.segment, each.code, each.element) for each in opinion(text, layout).findings]


def differences(text: str, layout: Guide) -> list[str]:
    rows = segments(text)
    found = disagreements(walk(rows, layout, PLAIN).issues, second_opinion.opinion(rows, layout, PLAIN))
    situation = Situation(rows, layout, PLAIN, found)
    known = [judge(each, situation) for each in found]
    return [each.key if each else "?" for each in known]


def test_a_good_order_has_no_fault() -> None:
    assert opinion(ORDER, guide()) == Opinion(())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("BEG*00*SA*PO-1**20261120~", "", (2, "BEG", "3", 0)),
        ("PO1*1*2*EA*9.95~", "", (4, "PO1", "3", 0)),
        ("CTT*1~", "CTT*1~CTT*1~", (6, "CTT", "4", 0)),
        ("CTT*1~", "XYZ*1~CTT*1~", (5, "XYZ", "1", 0)),
        ("*SA*", "*??*", (2, "BEG", "7", 2)),
        ("*SA*", "**", (2, "BEG", "1", 2)),
        ("BEG*00", "BEG*Z?", (2, "BEG", "7", 1)),
        ("20261130", "20261131", (3, "DTM", "8", 2)),
        ("*9.95", "*9x5", (4, "PO1", "6", 4)),
        ("PO1*1*2*EA", "PO1*1**EA", (4, "PO1", "2", 3)),
        ("CTT*1", "CTT*1*2*3*EA*5*EA*text*8", (5, "CTT", "3", 8)),
    ],
)
def test_a_fault_is_found_once_and_where_it_is(old: str, new: str, expected: tuple[int, str, str, int]) -> None:
    text = ORDER.replace(old, new)

    assert faults(text, guide()) == [expected]
    assert differences(text, guide()) == []


def test_a_wrong_first_code_of_a_loop_leaves_the_segment_where_it_is() -> None:
    assert faults(ORDER.replace("PO1*1", "N1*??*ACME~PO1*1"), guide()) == [(4, "N1", "7", 1)]


def test_what_it_cannot_validate_is_told_and_is_no_pass() -> None:
    text = ORDER.replace("CTT", "REF*CT*1**" + "CT>1>" * 4 + "CT~CTT")

    said = opinion(text, guide())

    assert [(each.position, each.segment) for each in said.failures] == [(5, "REF")]
    assert set(differences(text, guide())) == {"crash"}


def test_a_map_that_cannot_be_loaded_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/proc/nowhere")
    monkeypatch.setattr("tempfile.tempdir", "/proc/nowhere")

    said = opinion(ORDER, replace(guide()))

    assert [each.position for each in said.failures] == [0]
    assert "could not be loaded" in said.failures[0].text


def test_repetitions_are_judged_one_by_one() -> None:
    layout = guide("005010", "999")
    text = "ST*999*0001~AK1*PO*1~AK2*850*0001~IK3*BEG*2**8~CTX*A>1^B>2^~IK5*A~AK9*A*1*1*1~SE*8*0001"

    assert not opinion(text, layout).failures
    assert [each.code for each in opinion(text.replace("B>2^", "B>2^>3"), layout).findings] == ["1"]


def test_a_guide_of_a_partner_has_a_map_of_its_own() -> None:
    layout = guide()
    beg = layout.segments["BEG"]
    short = replace(beg, elements=(*beg.elements[:2], replace(beg.elements[2], maximum=3), *beg.elements[3:]))
    nodes = tuple(
        replace(node, spec=short) if isinstance(node, SegmentNode) and node.id == "BEG" else node
        for node in layout.nodes
    )
    tightened = replace(layout, nodes=nodes, segments={**layout.segments, "BEG": short})

    assert faults(ORDER, tightened) == [(2, "BEG", "5", 3)]
    assert faults(ORDER, layout) == []


def test_only_what_is_judged_in_our_favour_or_left_to_taste_lets_a_document_pass() -> None:
    assert differences(ORDER.replace("CTT", "MSG*CAFÉ~CTT"), guide()) == ["characters"]
    assert differences(ORDER.replace("PO1*1", "MEA***5*>~PO1*1"), guide()) == []
    assert {each.value for each in Judgement} == {"ours right", "theirs right", "matter of taste"}
