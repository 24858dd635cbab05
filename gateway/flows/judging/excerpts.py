"""What a report needs to quote: the segments in which a file is faulty, and only those."""

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from gateway.formats.record import Segment
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.parts import GroupEnded, GroupStarted, InterchangeStarted, SetRead, Ta1Read
from gateway.kernel.faults import Fault, SegmentFault, SetFault
from gateway.kernel.issue import Issue

OF_A_KIND = 5
"""How many faults of one kind are shown; the others are counted."""
IN_ALL = 200
"""How many faults of one file are shown, whatever their kinds."""
MISSING_SEGMENT: tuple[Fault, ...] = (SegmentFault.MANDATORY_MISSING, SetFault.TRAILER_MISSING)
"""Faults whose place is between two segments: it is the position the missing one would have."""

Kind = tuple[Fault, str, int, int]
Quoted = Mapping[int, Segment]
"""Segments of one set by their position, ST = 1."""
_NOTHING: Quoted = MappingProxyType({})


def kind_of(issue: Issue) -> Kind:
    """What makes two faults the same for a reader: the same fault at the same element."""
    return issue.fault, issue.place.segment, issue.place.element, issue.place.component


class Sparing:
    """Lets the first faults of each kind through; memory stays small whatever the file holds."""

    def __init__(self) -> None:
        self.first: dict[Kind, Issue] = {}
        self.counts: Counter[Kind] = Counter()
        self.taken: Counter[Kind] = Counter()
        self.shown = 0
        self.uncounted = 0

    def takes(self, issue: Issue) -> bool:
        """Count one fault; whether it is among the first of its kind and of the file."""
        kind = kind_of(issue)
        if self.shown >= IN_ALL and kind not in self.counts:
            self.uncounted += 1
            return False
        self.counts[kind] += 1
        if self.counts[kind] > OF_A_KIND or self.shown >= IN_ALL:
            return False
        self.first.setdefault(kind, issue)
        self.taken[kind] += 1
        self.shown += 1
        return True

    def more(self) -> Iterator[tuple[Issue, int, int]]:
        """Of each kind that was not shown whole: its first fault, how many there are, how many were shown."""
        for kind, first in self.first.items():
            if self.counts[kind] > self.taken[kind]:
                yield first, self.counts[kind], self.taken[kind]


class Excerpts:
    """The quotable parts of one interchange: its header, the headers of its groups, the faulty segments of its sets."""

    def __init__(self) -> None:
        self.separators = Separators("*", ":", "", "~")
        self.header: tuple[str, ...] = ()
        self.groups: list[tuple[str, ...]] = []
        self._sets: dict[tuple[int, int], Quoted] = {}
        self._number = 0
        self._sparing = Sparing()

    def take(self, part: InterchangeStarted | Ta1Read | GroupStarted | SetRead | GroupEnded) -> None:
        """Keep of one part what a report may quote; of a set without a fault that is nothing."""
        if isinstance(part, SetRead):
            if part.issues or part.guide_issues:
                self._keep(part)
            self._number += 1
        elif isinstance(part, InterchangeStarted):
            self.header, self.separators = part.elements, part.separators
        elif isinstance(part, GroupStarted):
            self.groups.append(part.elements)
            self._number = 0

    def of(self, group: int, number: int) -> Quoted:
        """The faulty segments of one set; both numbers count from 0."""
        return self._sets.get((group, number), _NOTHING)

    def _keep(self, part: SetRead) -> None:
        issues = (*part.issues, *part.guide_issues)
        wanted = {at for issue in issues if self._sparing.takes(issue) for at in _positions(issue)}
        if wanted:
            quoted = {at: segment for at in wanted if (segment := part.segment(at)) is not None}
            self._sets[len(self.groups) - 1, self._number] = quoted


def _positions(issue: Issue) -> tuple[int, ...]:
    """A missing segment has no text of its own: its neighbours are quoted."""
    at = issue.place.position
    return (at - 1, at) if issue.fault in MISSING_SEGMENT else (at,)
