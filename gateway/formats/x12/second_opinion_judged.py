"""Where pyx12 and we differ and why: every known class of disagreement, judged once, with its reason."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from gateway.formats.record import Segment
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import ElementSpec, Guide, LoopNode, Node, SegmentSpec
from gateway.formats.x12.hierarchy import LINKED
from gateway.formats.x12.second_opinion_compare import Disagreement, Level

_NO_PLACE = ("1", "2", "6", "7")
_LOWEST_YEAR = "1800"
_HHMM = 4
_PERIOD = "1251"
_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E-?[0-9]+)?")
_WHOLE = re.compile(r"-?[0-9]+")
_EXTENDED = re.compile(r"""[A-Z0-9!"&'()*+,\-./:;?= a-z%~@\[\]_{}\\|<>#$]*""")
_EXTENDED_5010 = re.compile(r"""[A-Z0-9!"&'()*+,\-./:;?= a-z%~@\[\]_{}\\|<>#$^`]*""")


class Judgement(Enum):
    """Who is right; a disagreement in which theirs is right, or that is not judged yet, holds a document of ours."""

    OURS = "ours right"
    THEIRS = "theirs right"
    TASTE = "matter of taste"


@dataclass(frozen=True)
class Situation:
    """The set in which a disagreement stands."""

    segments: Sequence[Segment]
    guide: Guide
    separators: Separators
    found: Sequence[Disagreement]

    @cached_property
    def failed(self) -> frozenset[int]:
        """Segments that pyx12 could not validate."""
        return frozenset(each.failure.position for each in self.found if each.failure)

    @cached_property
    def unplaced(self) -> frozenset[int]:
        """Segments that both found no place for."""
        foreign = {each.position for each in self.segments if each[0] not in self.guide.segments}
        return frozenset(foreign | {each.position for each in self.found if _no_place(each, self)})

    def at(self, position: int) -> Segment | None:
        """The segment of a position, None before the first and after the last."""
        return self.segments[position - 1] if 0 < position <= len(self.segments) else None

    def spec(self, one: Disagreement) -> SegmentSpec | None:
        """The layout of the segment in question."""
        return self.guide.segments.get(one.segment) if one.level is Level.ELEMENT else None

    def element(self, one: Disagreement) -> ElementSpec | None:
        """The layout of the element in question, not of its component."""
        spec = self.spec(one)
        return spec.elements[one.element - 1] if spec and 0 < one.element <= len(spec.elements) else None

    def leaf(self, one: Disagreement) -> ElementSpec | None:
        """The layout of the element or component in question."""
        spec = self.element(one)
        if spec is None or not one.component:
            return spec
        return spec.components[one.component - 1] if one.component <= len(spec.components) else None

    def whole(self, one: Disagreement) -> str:
        """The element in question as it was sent, with all its components."""
        segment = self.at(one.position)
        return segment[one.element] if segment and 0 < one.element < len(segment) else ""

    def value(self, one: Disagreement) -> str:
        """The element or component in question as it was sent."""
        whole = self.whole(one)
        if not one.component or not self.separators.component:
            return whole
        parts = whole.split(self.separators.component)
        return parts[one.component - 1] if one.component <= len(parts) else ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One class of disagreements: a key, what differs in a few words, who is right and why, and how to know it."""

    key: str
    differs: str
    judgement: Judgement
    reason: str
    example: str
    applies: Callable[[Disagreement, Situation], bool]


def judge(one: Disagreement, situation: Situation) -> Judged | None:
    """The class of a disagreement, the first that applies; None when it is not known."""
    return next((each for each in JUDGED if each.applies(one, situation)), None)


def _crash(one: Disagreement, situation: Situation) -> bool:
    return one.position in situation.failed and _too_many_components(situation.at(one.position), situation)


def _too_many_components(segment: Segment | None, situation: Situation) -> bool:
    spec = situation.guide.segments.get(segment[0]) if segment else None
    if segment is None or spec is None:
        return False
    return any(
        segment[at].count(situation.separators.component) >= len(each.components)
        for at, each in enumerate(spec.elements, start=1)
        if each.components and at < len(segment) and situation.separators.component
    )


def _no_place(one: Disagreement, _: Situation) -> bool:
    return one.level is Level.SEGMENT and one.codes[0] in _NO_PLACE and one.codes[1] == "1"


def _trailer(one: Disagreement, situation: Situation) -> bool:
    at_end = one.position == len(situation.segments) + 1
    return one.level is Level.SEGMENT and one.codes == ("", "3") and one.segment == "SE" and at_end


def _header(one: Disagreement, situation: Situation) -> bool:
    first = situation.at(1)
    return first is not None and first[0] != "ST" and one.level is Level.SEGMENT


def _loop_again(one: Disagreement, situation: Situation) -> bool:
    here = situation.at(one.position)
    if one.level is not Level.SEGMENT or one.codes != ("3", "") or here is None:
        return False
    before = one.position - 1
    while before in situation.unplaced:
        before -= 1
    previous = situation.at(before)
    return previous is not None and previous[0] == here[0] and _opens(situation.guide.nodes, here[0], one.segment)


def _opens(nodes: Sequence[Node], trigger: str, missing: str) -> bool:
    """Whether a loop with this trigger has the missing segment as a required one."""
    return any(
        (node.id == trigger and any(inner.id == missing and inner.required for inner in node.body))
        or _opens(node.body, trigger, missing)
        for node in nodes
        if isinstance(node, LoopNode)
    )


def _room(one: Disagreement, situation: Situation) -> bool:
    return (
        one.level is Level.SEGMENT and one.codes in (("", "4"), ("", "5")) and one.segment in situation.guide.segments
    )


def _notes_inside(one: Disagreement, _: Situation) -> bool:
    return one.level is Level.ELEMENT and one.component > 0 and one.codes in (("2", ""), ("10", ""))


def _first_component(one: Disagreement, situation: Situation) -> bool:
    spec = situation.element(one)
    return spec is not None and not spec.required and one.component == 1 and one.codes == ("1", "")


def _repetition(one: Disagreement, situation: Situation) -> bool:
    mark = situation.separators.repetition
    return one.level is Level.ELEMENT and bool(mark) and mark in situation.whole(one)


def _separator_in_text(one: Disagreement, situation: Situation) -> bool:
    spec, mark = situation.element(one), situation.separators.component
    return spec is not None and not spec.components and bool(mark) and mark in situation.whole(one)


def _links(one: Disagreement, situation: Situation) -> bool:
    spec = situation.element(one)
    listed = spec is not None and spec.codes is not None and situation.value(one) not in spec.codes
    return one.segment in LINKED and one.level is Level.ELEMENT and one.codes in (("7", ""), ("7", "6")) and not listed


def _only_blanks(one: Disagreement, situation: Situation) -> bool:
    value = situation.value(one)
    return _is_text(one, situation) and bool(value) and not value.strip(" ")


def _control_character(one: Disagreement, situation: Situation) -> bool:
    return _is_text(one, situation) and any(ord(each) < ord(" ") for each in situation.value(one))


def _characters(one: Disagreement, situation: Situation) -> bool:
    allowed = _EXTENDED_5010 if situation.guide.version == "005010" else _EXTENDED
    return _is_text(one, situation) and one.codes == ("", "6") and not allowed.fullmatch(situation.value(one))


def _blanks_at_end(one: Disagreement, situation: Situation) -> bool:
    return _is_text(one, situation) and one.codes == ("", "6") and situation.value(one).endswith(" ")


def _is_text(one: Disagreement, situation: Situation) -> bool:
    leaf = situation.leaf(one)
    return leaf is not None and leaf.type in ("AN", "ID")


def _short_time(one: Disagreement, situation: Situation) -> bool:
    leaf, value = situation.leaf(one), situation.value(one)
    return leaf is not None and leaf.type == "TM" and one.codes == ("9", "") and len(value) < _HHMM


def _old_date(one: Disagreement, situation: Situation) -> bool:
    leaf, value = situation.leaf(one), situation.value(one)
    return leaf is not None and leaf.type == "DT" and one.codes == ("", "8") and value[:4] < _LOWEST_YEAR


def _period(one: Disagreement, situation: Situation) -> bool:
    leaf = situation.leaf(one)
    return leaf is not None and leaf.reference == _PERIOD and one.segment == "DTP" and one.codes[1] in ("8", "9")


def _no_number(one: Disagreement, situation: Situation) -> bool:
    leaf = situation.leaf(one)
    shape = _NUMBER if leaf is not None and leaf.type == "R" else _WHOLE
    return _is_number(one, situation) and not shape.fullmatch(situation.value(one))


def _exponent(one: Disagreement, situation: Situation) -> bool:
    value = situation.value(one)
    return _is_number(one, situation) and "E" in value and bool(_NUMBER.fullmatch(value))


def _point_at_end(one: Disagreement, situation: Situation) -> bool:
    return _is_number(one, situation) and one.codes == ("", "6") and situation.value(one).endswith(".")


def _is_number(one: Disagreement, situation: Situation) -> bool:
    leaf = situation.leaf(one)
    return leaf is not None and leaf.type[0] in "NR"


OURS, THEIRS, TASTE = Judgement.OURS, Judgement.THEIRS, Judgement.TASTE
JUDGED: tuple[Judged, ...] = (
    Judged("crash", "pyx12 raises IndexError on a composite with too many components", OURS,
           "AK403 13 (3 before 004020) is the fault; pyx12 looks past the end of its own list and says nothing about the segment.",
           "REF*CT*1**CT>1>CT>2>CT>3>CT>4", _crash),
    Judged("no-place", "AK304 2, 6 or 7 of ours is 1 of theirs", OURS,
           "Code 1 is for a segment the standard does not have; pyx12 knows no other code for one without a place.",
           "a BEG after PO1", _no_place),
    Judged("trailer", "pyx12 reports a missing SE as a missing segment", OURS,
           "A missing trailer is a fault of the set, AK502 2; we report it there.",
           "ST ... without SE", _trailer),
    Judged("header", "pyx12 finds no place for a set without ST", OURS,
           "A missing header is a fault of the set, AK502 6; what follows is judged all the same.",
           "BEG ... SE", _header),
    Judged("loop-again", "pyx12 misses what is mandatory in a loop whose first segment follows at once again", OURS,
           "AK304 3: the first instance lacks its mandatory segment, whatever comes next.",
           "LM*CE, LM*CE (LQ missing twice)", _loop_again),
    Judged("room", "pyx12 puts a segment where it fits first, we where it fits and has room", OURS,
           "A place that is used up is no place while a later one takes the segment.",
           "a second LS loop in 832 005010", _room),
    Judged("composite-notes", "pyx12 knows no syntax notes inside composites", OURS,
           "C040 has P0304 and P0506; AK403 2 with the component.",
           "REF*CT*1**CT>1>PO", _notes_inside),
    Judged("first-component", "pyx12 does not miss the mandatory first component of an optional composite", OURS,
           "X12.6: the component is mandatory once the composite is used; AK403 1 with the component.",
           "MEA***5*>2", _first_component),
    Judged("repetition", "pyx12 knows no repetitions", OURS,
           "From 004020 on ISA11 separates repeated values; each is judged alone, too many are AK403 12.",
           "BEG*00*SA*A^B in 005010", _repetition),
    Judged("separator-in-text", "a component separator inside a simple element: too many components for us, a wrong composite for pyx12", TASTE,
           "X12.6: separators do not stand in data. AK403 13 (3 before 004020) says that the element has no components; pyx12 says 6. The value is rejected either way.",
           "MSG*CALL > 5 PM", _separator_in_text),
    Judged("links", "pyx12's map engine does not follow HL and LS/LE links", OURS,
           "An HL02 that names no earlier HL01 breaks the hierarchy; AK403 7 at the element.",
           "HL*2*9*O", _links),
    Judged("only-blanks", "pyx12 accepts a text of nothing but blanks, or gives its length or its code as the reason", OURS,
           "X12.6: a string has at least one character that is no blank; AK403 6.",
           "PID*F**** ", _only_blanks),
    Judged("control-character", "a control character in a coded value: 7 for us, 6 for pyx12, which then looks no further", TASTE,
           "Both codes are true; the value is rejected either way.",
           "BEG*0<BEL>*SA", _control_character),
    Judged("characters", "pyx12 refuses characters beyond the extended set without its national letters", TASTE,
           "X12.6 leaves the characters of other languages, and ^ and `, to the partners; we keep what was sent.",
           "N1*ST*CAFÉ", _characters),
    Judged("blanks-at-end", "pyx12 refuses blanks at the end of a text", TASTE,
           "X12.6 says they should be left out, which is advice to the sender and no fault of the data.",
           "N1*ST*ACME ", _blanks_at_end),
    Judged("short-time", "pyx12 accepts a time of fewer than four digits as a time", OURS,
           "X12.6: TM is HHMM at least; AK403 4 and 9.",
           "DTM*010*20261120*8", _short_time),
    Judged("old-date", "pyx12 refuses dates before 1800", TASTE,
           "X12.6: any CCYYMMDD of the calendar is a date.",
           "DTM*010*17760704", _old_date),
    Judged("period", "pyx12 checks DTP03 by the format that DTP02 names", TASTE,
           "A semantic note: for the standard's syntax DTP03 is any text; whoever maps it finds it is no date.",
           "DTP*011*D8*SOON", _period),
    Judged("no-number", "pyx12 also measures what is no number, and takes a lone minus for one", TASTE,
           "A value that is no number has no digits to count; AK403 6 says it all. A lone minus is no number (X12.6).",
           "PO1**12A or PO1**-", _no_number),
    Judged("exponent", "pyx12 does not know exponents", OURS,
           "X12.6: a decimal number may have an exponent, E with a whole number; neither is counted.",
           "MEA***1E2", _exponent),
    Judged("point-at-end", "pyx12 refuses a decimal point after the last digit", TASTE,
           "X12.6 says it should be left out; the value is not in doubt.",
           "PO1**5.", _point_at_end),
)  # fmt: skip
