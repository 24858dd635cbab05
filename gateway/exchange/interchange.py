"""What was received in one interchange, as facts to be judged: groups, sets, and their issues."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.kernel.issue import Issue
from gateway.kernel.sparse import Sparse


@dataclass(frozen=True, slots=True)
class ReceivedSet:
    """One ST..SE; ``issues`` holds set, segment and element faults together, in file order.

    ``convention`` is ST03, the implementation convention that the set says it follows (005010 and later).
    ``guide_issues`` are those against the partner guide ``guide_name`` only, apart from the standard's.
    """

    set_id: str
    control_number: str
    issues: tuple[Issue, ...] = ()
    convention: str = ""
    guide_name: str = ""
    guide_issues: tuple[Issue, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to tell of it."""
        return not self.issues and not self.guide_issues


class ManySets:
    """The sets of a group while they are read: one without any fault takes a few bytes, so that many may come."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str, str], int] = {}
        self._kind_of = array("I")
        self._numbers = bytearray()
        self._ends = array("Q")
        self._faulty: dict[int, ReceivedSet] = {}

    def append(self, one: ReceivedSet) -> None:
        """One more set."""
        if not one.is_clean:
            self._faulty[len(self._ends)] = one
        kind = one.set_id, one.convention, one.guide_name
        self._kind_of.append(self._kinds.setdefault(kind, len(self._kinds)))
        self._numbers += one.control_number.encode()
        self._ends.append(len(self._numbers))

    def sets(self) -> Sequence[ReceivedSet]:
        """The sets; nothing may be added any more."""
        kinds = tuple(self._kinds)

        def usual(at: int) -> ReceivedSet:
            set_id, convention, guide_name = kinds[self._kind_of[at]]
            start = self._ends[at - 1] if at else 0
            number = self._numbers[start : self._ends[at]].decode()
            return ReceivedSet(set_id, number, (), convention, guide_name)

        return Sparse(len(self._ends), usual, self._faulty)


@dataclass(frozen=True, slots=True)
class ReceivedGroup:
    """One GS..GE; ``included`` is GE01 as sent ("" when GE is missing), ``control_number`` GS06 as sent."""

    functional_id: str
    sender: str
    receiver: str
    control_number: str
    version: str
    included: str = ""
    sets: Sequence[ReceivedSet] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceivedInterchange:
    """One ISA..IEA; ids without padding, other ISA elements as sent (``date`` YYMMDD, ``time`` HHMM).

    ``ta1_alone``: it carries a TA1 and no group, so it is an answer itself.
    """

    control_number: str
    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str
    time: str
    version: str
    acknowledgment_requested: bool
    usage: str
    groups: tuple[ReceivedGroup, ...] = ()
    issues: tuple[Issue, ...] = ()
    ta1_alone: bool = False
