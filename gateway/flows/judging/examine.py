"""Examine an X12 file: read, walked and judged under an agreement, without any effect."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import BinaryIO

from gateway.exchange.acknowledgment import AckRules, InterchangeVerdict, SetVerdict, judge, tolerated
from gateway.exchange.interchange import ManySets, ReceivedGroup, ReceivedInterchange, ReceivedSet
from gateway.flows.judging.excerpts import Excerpts
from gateway.formats.record import Record
from gateway.formats.x12 import reader
from gateway.formats.x12.guide_overlay import NO_GUIDES, PartnerGuides
from gateway.formats.x12.parts import (
    GroupEnded,
    GroupStarted,
    InterchangeEnded,
    InterchangeStarted,
    Part,
    SetRead,
    Ta1Read,
)
from gateway.kernel.faults import ElementFault, Fault, Repair, SegmentFault, SetFault
from gateway.kernel.issue import FileIssue, Issue, RepairDone

ALL_REPAIRS = frozenset(Repair)
ACKNOWLEDGMENTS = "FA"
"""GS01 of groups that answer; they are never answered."""
MOST_FAULTS = 50_000
"""In one interchange; of the sets beyond, only what decides is kept."""
_BEHIND = (Repair.GARBAGE, Repair.EXTRA_BLANKS)
"""Damages that, between two interchanges, belong to the one before."""
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of a file is kept to be taken at once: so many sets, of so many bytes.

    Of a file that has more only the places of its sets are kept.
    """

    sets: int
    size: int = 1 << 40


EVERYTHING = Keep(1 << 40)
PLACES = Keep(1, 0)
"""Only where each set stands."""
NOTHING = Keep(0, 0)
"""Not even places: the file is only judged."""


@dataclass(frozen=True, slots=True)
class GroupPlaces:
    """Where the sets of one group stand in the file: the start and the end of each, one after the other."""

    start: GroupStarted
    spans: "array[int]"

    def span(self, at: int) -> tuple[int, int]:
        """The byte offsets of one set and of what follows it."""
        return self.spans[2 * at], self.spans[2 * at + 1]


@dataclass(frozen=True, slots=True)
class ExaminedSet:
    """One set that may be mapped or must be refused, as its verdict says."""

    received: ReceivedSet
    source: SetRead
    verdict: SetVerdict
    group: ReceivedGroup

    @property
    def record(self) -> Record:
        """The set as a tree."""
        return self.source.record


@dataclass(frozen=True, slots=True)
class ExaminedInterchange:
    """One judged interchange; ``sets`` are those of groups in a version we have.

    Where ``complete`` is false its end or its separators are missing, and an issue of the file says so.
    ``excerpts`` is what a report quotes.
    ``ta1s`` are its TA1 segments and ``answers`` the sets of its groups FA in any version: what they answer to us.
    Of a large file (``is_large``) ``sets`` is empty; ``header`` and ``places`` say where the sets of each group are found again.
    """

    received: ReceivedInterchange
    verdict: InterchangeVerdict
    sets: tuple[ExaminedSet, ...]
    complete: bool = True
    excerpts: Excerpts = field(default_factory=Excerpts, compare=False)
    ta1s: tuple[tuple[str, ...], ...] = ()
    answers: tuple[SetRead, ...] = ()
    header: InterchangeStarted | None = field(default=None, compare=False)
    places: tuple[GroupPlaces, ...] = field(default=(), compare=False)
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Examination:
    """What a file holds: judged interchanges, repairs made, and what could not be read at all.

    ``is_large``: it has more sets than were to be kept, so that only their places are known.
    """

    interchanges: tuple[ExaminedInterchange, ...]
    repairs: tuple[RepairDone, ...]
    issues: tuple[FileIssue, ...]
    is_large: bool = False


def examine(
    content: bytes | BinaryIO, rules: AckRules, *, repairs: frozenset[Repair] = ALL_REPAIRS, keep: Keep = EVERYTHING,
    guides: PartnerGuides = NO_GUIDES,
) -> Examination:  # fmt: skip
    """Judge every interchange of a file; one that needed a repair that was not agreed is refused (X-REPAIR).

    A binary file is read as a stream. A set with one of the partner ``guides`` is judged by both, the faults apart.
    Where there is more than is to be kept, the sets are judged and let go: ``sets`` is empty everywhere, and memory does
    not grow with the size of the file beyond a few bytes for each set.
    """
    interchanges: list[ExaminedInterchange] = []
    done: list[RepairDone] = []
    forbidden: list[tuple[RepairDone, int]] = []
    last: Part | None = None
    issues: list[FileIssue] = []
    stock = _Stock(keep)
    gathered = _Gathered(rules, stock)
    for part in reader.read(content, guides):
        if isinstance(part, SetRead):
            gathered.take_set(part)
        elif isinstance(part, RepairDone):
            done.append(part)
            if part.kind not in repairs:
                forbidden.append((part, _owner(part, last, len(interchanges), is_open=gathered.start is not None)))
        elif isinstance(part, FileIssue):
            issues.append(part)
        elif isinstance(part, InterchangeEnded):
            interchanges.append(_judged(gathered, part, rules))
            gathered = _Gathered(rules, stock)
        else:
            gathered.take(part)
        last = part
    taken, refusals = _taken(interchanges, forbidden)
    if stock.is_over and keep.sets:
        taken = tuple(replace(each, sets=(), is_large=True) for each in taken)
    return Examination(taken, tuple(done), (*issues, *refusals), stock.is_over)


def _taken(
    interchanges: list[ExaminedInterchange], forbidden: list[tuple[RepairDone, int]]
) -> tuple[tuple[ExaminedInterchange, ...], list[FileIssue]]:
    """The interchanges that needed no forbidden repair, and what is said of the others."""
    end = len(interchanges) - 1
    owners = [(repair, min(owner, end)) for repair, owner in forbidden]  # what stands behind the last belongs to it
    refused = {owner for _, owner in owners}
    taken = tuple(each for at, each in enumerate(interchanges) if at not in refused)
    return taken, [_refused(repair, interchanges[owner] if owner >= 0 else None) for repair, owner in owners]


def _owner(repair: RepairDone, last: Part | None, ended: int, *, is_open: bool) -> int:
    """Which interchange a repair belongs to, counted from 0; ``ended`` is how many came before this place."""
    if is_open or repair.kind not in _BEHIND:
        return ended
    if isinstance(last, FileIssue):  # the rest of what could not be read at all
        return _NOBODY
    return max(ended - 1, 0)


def _refused(repair: RepairDone, owner: ExaminedInterchange | None) -> FileIssue:
    which = f"Interchange {owner.received.control_number} was not taken. " if owner is not None else ""
    said = f"{repair.message[:1].lower()}{repair.message[1:]}"
    message = f"{which}It is damaged, and the partner file does not agree to its repair (x12.repairs: {repair.kind.value}): {said}"
    return FileIssue("X-REPAIR", repair.offset, message)


def judged_again(seen: ExaminedInterchange, received: ReceivedInterchange, rules: AckRules) -> ExaminedInterchange:
    """The same interchange with what is known only beside the file, such as a control number used before."""
    verdict = judge(received, rules)
    known = {id(each.received): each for each in seen.sets}
    sets = tuple(
        replace(known[id(each.received)], verdict=each, group=group.group)
        for group in verdict.groups for each in group.sets if id(each.received) in known
    )  # fmt: skip
    return replace(seen, received=received, verdict=verdict, sets=sets)


class _Stock:
    """How many sets of the file were kept, and whether there are too many to keep any."""

    def __init__(self, keep: Keep) -> None:
        self.keep = keep
        self.sets = 0
        self.size = 0
        self.is_over = not keep.sets
        self.notes_places = bool(keep.sets)

    def add(self, size: int) -> None:
        """One more set."""
        self.sets += 1
        self.size += size
        self.is_over = self.is_over or self.sets > self.keep.sets or self.size > self.keep.size


class _Gathered:
    """The parts of the interchange being read."""

    def __init__(self, rules: AckRules, stock: _Stock) -> None:
        self.rules = rules
        self.stock = stock
        self.faults = 0
        self.start: InterchangeStarted | None = None
        self.group: GroupStarted | None = None
        self.groups: list[ReceivedGroup] = []
        self.sets: list[ReceivedSet] | ManySets = []
        self.sources: list[list[SetRead]] = []
        self.places: list[GroupPlaces] = []
        self.answered: list[SetRead] = []
        self.excerpts = Excerpts()
        self.ta1s: list[tuple[str, ...]] = []
        self.has_ta1 = False

    def take_set(self, part: SetRead) -> None:
        """Keep what is judged of a set, and the set itself where it is kept."""
        self.excerpts.take(part)
        if part.issues or part.guide_issues:
            issues = self._kept(part.issues)
            guide_issues = part.guide_issues if self.faults <= MOST_FAULTS else part.guide_issues[:1]
            self.sets.append(set_of(part, issues, guide_issues))
        else:
            self.sets.append(ReceivedSet(part.set_id, part.control_number, (), part.convention, part.guide_name))
        if self.stock.notes_places:
            self._keep(part)

    def take(self, part: InterchangeStarted | Ta1Read | GroupStarted | GroupEnded) -> None:
        """Keep one part that is no set."""
        self.excerpts.take(part)
        if isinstance(part, InterchangeStarted):
            self.start = part
        elif isinstance(part, Ta1Read):
            self.has_ta1 = True
            if self.stock.keep.sets:
                self.ta1s.append(part.elements)
        elif isinstance(part, GroupStarted):
            self.group, self.sets = part, ManySets() if self.stock.is_over else []
            self.sources.append([])
            if self.stock.notes_places:
                self.places.append(GroupPlaces(part, array("Q")))
        elif self.group is not None:
            issues = self._kept(part.issues)
            self.groups.append(
                replace(group_of(self.group), included=part.included, sets=_whole(self.sets), issues=issues)
            )

    def _keep(self, part: SetRead) -> None:
        """Keep a set as long as there are not too many, its place in any case, and what answers us in any case."""
        start, end = part.span
        place = self.places[-1]
        place.spans.append(start)
        place.spans.append(end)
        if place.start.element(1) == ACKNOWLEDGMENTS:
            self.answered.append(part)
        if self.stock.is_over:
            return
        self.stock.add(end - start)
        self.sources[-1].append(part)
        if self.stock.is_over:
            self.sources = [[] for _ in self.sources]
            self.sets = _many(self.sets)

    def _kept(self, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
        """All faults of a set; after very many in the file only what decides and answers, without places."""
        self.faults += len(issues)
        return issues if self.faults <= MOST_FAULTS else tuple(_terse(issues, self.rules))

    def interchange(self, end: InterchangeEnded) -> ReceivedInterchange:
        """The interchange as facts to be judged."""
        groups = tuple(self.groups)
        return replace(
            interchange_of(self.start), groups=groups, issues=end.issues, ta1_alone=self.has_ta1 and not groups
        )


def _many(sets: list[ReceivedSet] | ManySets) -> ManySets:
    if isinstance(sets, ManySets):
        return sets
    many = ManySets()
    for each in sets:
        many.append(each)
    return many


def _whole(sets: list[ReceivedSet] | ManySets) -> Sequence[ReceivedSet]:
    return sets.sets() if isinstance(sets, ManySets) else tuple(sets)


def _terse(issues: Iterable[Issue], rules: AckRules) -> Iterator[Issue]:
    inner = [issue for issue in issues if isinstance(issue.fault, SegmentFault | ElementFault)]
    kinds = {issue.fault for issue in inner}
    yield from {issue.fault: _bare(issue.fault) for issue in issues if issue.fault not in kinds}.values()
    if any(not tolerated(issue, rules) for issue in inner):
        yield _bare(SetFault.SEGMENTS_IN_ERROR)
    else:
        yield from inner[:1]


@cache
def _bare(fault: Fault) -> Issue:
    """A fault beyond those that are told: one object, however often it stands in a file."""
    return Issue(fault, message="The file has too many faults to tell each; correct the first ones and send it again.")


def interchange_of(start: InterchangeStarted | None) -> ReceivedInterchange:
    """What the header of an interchange says, before anything of what follows is known."""
    elements = start.elements if start else ()
    fields = [*elements, *[""] * (17 - len(elements))]
    return ReceivedInterchange(
        control_number=fields[13].strip(), sender_qualifier=fields[5].strip(), sender=fields[6].strip(),
        receiver_qualifier=fields[7].strip(), receiver=fields[8].strip(), date=fields[9], time=fields[10],
        version=fields[12], acknowledgment_requested=fields[14] == "1", usage=fields[15],
    )  # fmt: skip


def group_of(start: GroupStarted) -> ReceivedGroup:
    """What the header of a group says, before anything of what follows is known."""
    return ReceivedGroup(
        functional_id=start.element(1), sender=start.element(2), receiver=start.element(3),
        control_number=start.element(6), version=start.element(8),
    )  # fmt: skip


def set_of(
    read: SetRead, issues: tuple[Issue, ...] | None = None, guide_issues: tuple[Issue, ...] | None = None
) -> ReceivedSet:
    """The facts of a set that are judged; with fewer faults than were found where these are given."""
    return ReceivedSet(
        read.set_id, read.control_number, read.issues if issues is None else issues, read.convention, read.guide_name,
        read.guide_issues if guide_issues is None else guide_issues,
    )  # fmt: skip


def _judged(gathered: _Gathered, end: InterchangeEnded, rules: AckRules) -> ExaminedInterchange:
    received = gathered.interchange(end)
    verdict = judge(received, rules)
    is_over = gathered.stock.is_over
    return ExaminedInterchange(
        received, verdict, () if is_over else tuple(_sets(verdict, gathered.sources)), end.complete, gathered.excerpts,
        tuple(gathered.ta1s), tuple(gathered.answered), gathered.start, tuple(gathered.places),
    )  # fmt: skip


def _sets(verdict: InterchangeVerdict, sources: list[list[SetRead]]) -> Iterator[ExaminedSet]:
    for judged, read in zip(verdict.groups, sources, strict=True):
        for each, source in zip(judged.sets, read, strict=False):  # no sets are judged in an unsupported version
            yield ExaminedSet(each.received, source, each, judged.group)
