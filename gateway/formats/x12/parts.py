"""What reading an X12 file yields, part by part in file order."""

from dataclasses import dataclass
from functools import cached_property

from gateway.formats.record import Record, Segment
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.set_reading import SetText, tree
from gateway.formats.x12.walk import Walked
from gateway.kernel.issue import FileIssue, Issue, RepairDone


@dataclass(frozen=True, slots=True)
class InterchangeStarted:
    """An ISA that could be read: its elements as sent and the separators in force."""

    elements: tuple[str, ...]
    separators: Separators
    offset: int


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


@dataclass(frozen=True, eq=False)
class SetRead:
    """One ST..SE with all its faults in file order.

    ``guide`` is the standard's, None when there is none. The tree and the segments are made when first asked for.
    """

    set_id: str
    control_number: str
    issues: tuple[Issue, ...]
    guide: Guide | None
    separators: Separators
    text: SetText
    walked: Walked | None = None

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """ST to SE as they stand in the file."""
        return self.text.segments(self.separators.element)

    @cached_property
    def record(self) -> Record:
        """The set as a tree; without a guide everything is kept under ``?``."""
        if self.walked is not None:
            return self.walked.record
        return tree(self.segments, self.guide, self.separators)


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
