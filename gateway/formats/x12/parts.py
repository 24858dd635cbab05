"""What reading an X12 file yields, part by part in file order."""

from copy import copy
from dataclasses import dataclass
from functools import cached_property

from gateway.formats.record import Segment, SetRecord
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.set_faults import SetAsWhole
from gateway.formats.x12.set_reading import SetReading, tree
from gateway.formats.x12.walk import Walked
from gateway.kernel.issue import FileIssue, Issue, RepairDone


@dataclass(frozen=True, slots=True)
class InterchangeStarted:
    """An ISA that could be read: its elements as sent, the separators in force, the line end behind each segment."""

    elements: tuple[str, ...]
    separators: Separators
    offset: int
    line_end: str = ""


@dataclass(frozen=True, slots=True)
class Ta1Read:
    """A TA1 that stands between ISA and the first group: an answer to an interchange of ours."""

    elements: tuple[str, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class GroupStarted:
    """A GS: its elements as sent; missing ones are empty."""

    elements: tuple[str, ...]
    offset: int

    def element(self, at: int) -> str:
        """GS element ``at``, empty when it is not there."""
        return self.elements[at] if at < len(self.elements) else ""


class SetRead:
    """One ST..SE with all its faults in file order; ``convention`` is ST03.

    ``guide`` is what it was read along: the standard's, or what was agreed with the partner; None when there is none.
    ``guide_issues`` are the faults against the partner guide ``guide_name``, apart from the others. The tree is made
    whenever it is asked for and not kept: a file of many sets would fill the memory with them.
    """

    def __init__(
        self, whole: SetAsWhole, issues: tuple[Issue, ...], reading: SetReading, walked: Walked | None
    ) -> None:
        self.set_id = whole.set_id
        self.control_number = whole.control_number
        self.convention = whole.convention
        self.issues = issues
        self.guide: Guide | None = reading.guide
        self.separators: Separators = reading.separators
        self.walked = walked
        self.guide_name = ""
        self.guide_issues: tuple[Issue, ...] = ()
        self._text = reading.text

    def under(self, guide_name: str, issues: tuple[Issue, ...], guide_issues: tuple[Issue, ...]) -> "SetRead":
        """The same set with its faults told apart by a partner guide."""
        other = copy(self)
        other.guide_name, other.issues, other.guide_issues = guide_name, issues, guide_issues
        return other

    @property
    def span(self) -> tuple[int, int]:
        """The byte offsets of its first segment and behind its last one."""
        return self._text.start(), self._text.end()

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """ST to SE as they stand in the file."""
        return self._text.segments(self.separators.element)

    @property
    def record(self) -> SetRecord:
        """The set as a tree, made anew; without a guide everything is kept under ``?``."""
        if self.walked is not None:
            return self.walked.record
        return tree(self._text, self.guide, self.separators)

    def segment(self, position: int) -> Segment | None:
        """One segment (ST is 1), None where the set has none."""
        if not 0 < position <= len(self._text.texts):
            return None
        return self._text.segment(position - 1, self.separators.element)


@dataclass(frozen=True, slots=True)
class GroupEnded:
    """The end of a group; ``included`` is GE01 as sent, empty when GE is missing."""

    included: str
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class InterchangeEnded:
    """The end of an interchange; ``complete`` is false when the file ended before its IEA or cannot be separated."""

    issues: tuple[Issue, ...]
    complete: bool


Part = (
    InterchangeStarted | Ta1Read | GroupStarted | SetRead | GroupEnded | InterchangeEnded | RepairDone | FileIssue
)  # fmt: skip
