"""What was received in one interchange, as facts to be judged: groups, sets, and their issues."""

from dataclasses import dataclass

from gateway.kernel.issue import Issue


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


@dataclass(frozen=True, slots=True)
class ReceivedGroup:
    """One GS..GE; ``included`` is GE01 as sent ("" when GE is missing), ``control_number`` GS06 as sent."""

    functional_id: str
    sender: str
    receiver: str
    control_number: str
    version: str
    included: str = ""
    sets: tuple[ReceivedSet, ...] = ()
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
