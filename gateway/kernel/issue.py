"""Wrong data from a partner as a value: one fault at one place, collected, never raised."""

from dataclasses import dataclass, field

from gateway.kernel.faults import Fault, Repair


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an X12 file something is.

    ``position`` counts segments within the set, ST = 1 (AK302); ``element`` and ``component`` are
    1-based, 0 means the segment as a whole; ``reference`` is the data element number (AK402);
    ``offset`` is the byte offset in the file, -1 when unknown; ``repetition`` is which repetition of
    the element is meant, 1-based, 0 when the element does not repeat.
    """

    segment: str = ""
    position: int = 0
    loop: str = ""
    element: int = 0
    component: int = 0
    reference: str = ""
    offset: int = -1
    repetition: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of the standard at one place, with the bad value and a sentence for people.

    ``noted``: it is told and answered, but harms nothing: it never rejects.
    """

    fault: Fault
    place: Place = field(default_factory=Place)
    value: str = ""
    message: str = ""
    noted: bool = False


@dataclass(frozen=True, slots=True)
class RepairDone:
    """One damage that was mended while reading; ``offset`` in bytes from the start of the file."""

    kind: Repair
    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class FileIssue:
    """A fault of a whole file or of bytes outside any transaction set, with a catalogue code."""

    code: str
    offset: int
    message: str
