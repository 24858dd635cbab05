"""Lay two opinions on one transaction set side by side: where they agree, and every place where they do not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from gateway.kernel.faults import ElementFault, SegmentFault
from gateway.kernel.issue import Issue

_RELATIONS = (ElementFault.CONDITIONAL_MISSING.value, ElementFault.EXCLUSION_VIOLATED.value)


class Level(Enum):
    """What a finding is about."""

    SEGMENT = "segment"
    ELEMENT = "element"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault as either engine tells it: ``code`` is AK304's or AK403's, ``related`` a syntax note's elements."""

    level: Level
    position: int
    segment: str
    code: str
    element: int = 0
    component: int = 0
    value: str = ""
    text: str = ""
    related: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A segment the other engine could not validate, and what it raised."""

    position: int
    segment: str
    text: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """All that the other engine found in a set; ``failures`` say where it could not validate, which is no pass."""

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One place where only one of the two found a fault, each found another one, or theirs could not validate."""

    ours: Finding | None
    theirs: Finding | None
    failure: Failure | None = None

    @property
    def position(self) -> int:
        """The segment it is about, ST = 1."""
        place = self.ours or self.theirs or self.failure
        return place.position if place else 0

    @property
    def segment(self) -> str:
        """The id of the segment it is about; of a missing one, what is missing."""
        place = self.ours or self.theirs or self.failure
        return place.segment if place else ""

    @property
    def level(self) -> Level:
        """What it is about; a failure is about a segment."""
        place = self.ours or self.theirs
        return place.level if place else Level.SEGMENT

    @property
    def element(self) -> int:
        """The element it is about, 0 for the segment as a whole."""
        place = self.ours or self.theirs
        return place.element if place else 0

    @property
    def component(self) -> int:
        """The component it is about, 0 for the element as a whole."""
        place = self.ours or self.theirs
        return place.component if place else 0

    @property
    def codes(self) -> tuple[str, str]:
        """Our code and theirs, empty where that side found nothing."""
        return self.ours.code if self.ours else "", self.theirs.code if self.theirs else ""


def findings(issues: Sequence[Issue]) -> list[Finding]:
    """Our own faults of segments and elements in the common form; those of the set as a whole are not compared."""
    return [
        Finding(
            Level.ELEMENT if isinstance(issue.fault, ElementFault) else Level.SEGMENT,
            issue.place.position, issue.place.segment, issue.fault.value, issue.place.element, issue.place.component,
            issue.value, issue.message,
        )
        for issue in issues
        if isinstance(issue.fault, ElementFault | SegmentFault)
    ]  # fmt: skip


def disagreements(ours: Sequence[Issue], theirs: Opinion) -> tuple[Disagreement, ...]:
    """Every place where the two differ, in file order; empty when they agree wholly and the other one did not fail."""
    mine = findings(ours)
    alone = [each for each in mine if not any(_same(each, other) for other in theirs.findings)]
    others = [each for each in theirs.findings if not any(_same(each, other) for other in mine)]
    found = [*_paired(alone, others), *(Disagreement(None, None, each) for each in theirs.failures)]
    return tuple(sorted(found, key=_order))


def _same(one: Finding, other: Finding) -> bool:
    if (one.level, one.position, one.segment, one.code) != (other.level, other.position, other.segment, other.code):
        return False
    # of a syntax note we name each element that is missing, pyx12 the note
    related = one.related or other.related
    if related and one.code in _RELATIONS:
        return (other.element if one.related else one.element) in related
    return (one.element, one.component) == (other.element, other.component)


def _paired(alone: list[Finding], others: list[Finding]) -> Iterator[Disagreement]:
    """Findings of both about one place make one disagreement."""
    left = list(others)
    for mine in alone:
        partner = next((each for each in left if _spot(each) == _spot(mine)), None)
        if partner is not None:
            left.remove(partner)
        yield Disagreement(mine, partner)
    yield from (Disagreement(None, each) for each in left)


def _spot(finding: Finding) -> tuple[Level, int, str, int, int]:
    return finding.level, finding.position, finding.segment, finding.element, finding.component


def _order(one: Disagreement) -> tuple[int, int, int]:
    return one.position, one.element, one.component
