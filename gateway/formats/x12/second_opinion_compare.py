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
class Opinion:
    """All that the other engine found in a set; ``failed`` says where it could not validate, which is no pass."""

    findings: tuple[Finding, ...]
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One place where only one of the two found a fault, or each found another one."""

    ours: Finding | None
    theirs: Finding | None
    failed: str = ""

    @property
    def place(self) -> Finding | None:
        """Whatever says where it is; None when the other engine could not validate."""
        return self.ours or self.theirs


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
    found = [*_paired(alone, others), *(Disagreement(None, None, each) for each in theirs.failed)]
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
    place = one.place
    return (place.position, place.element, place.component) if place is not None else (1 << 30, 0, 0)
