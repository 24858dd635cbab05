"""Cut the accepted sets of a large X12 file into slices, and read the sets of a slice again from their bytes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from gateway.exchange.acknowledgment import SetVerdict, Verdict
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange
from gateway.exchange.slices import Slice, SlicePart
from gateway.flows.judging.examine import (
    ExaminedInterchange,
    ExaminedSet,
    GroupPlaces,
    Keep,
    group_of,
    interchange_of,
    set_of,
)
from gateway.formats.x12 import reader
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide_overlay import PartnerGuides
from gateway.formats.x12.parts import GroupStarted, InterchangeStarted, SetRead
from gateway.kernel.errors import StoreError
from gateway.kernel.ids import ReceiptId

MOST_BYTES = 8 << 20
"""A slice is closed before it would be larger, however few sets it has."""


@dataclass(slots=True)
class _Open:
    """The part of the last slice to which sets are added."""

    header: InterchangeStarted
    group: GroupStarted
    starts: list[int] = field(default_factory=list)
    end: int = 0

    def part(self) -> SlicePart:
        of = self.header.separators
        separators = (of.element, of.component, of.repetition, of.terminator)
        return SlicePart(
            self.header.elements, separators, self.header.line_end, self.group.elements, tuple(self.starts), self.end
        )


class Cut:
    """Accepted sets in the order of the file, cut where a slice has as much as is taken at once."""

    def __init__(self, keep: Keep) -> None:
        self.keep = keep
        self.taken = 0
        self._slices: list[tuple[int, list[_Open]]] = []
        self._sets = 0

    def add(self, header: InterchangeStarted, group: GroupStarted, start: int, end: int) -> None:
        """One more set, with the interchange and the group it stands in."""
        is_full = not self._slices or self._sets >= self.keep.sets or end - self._begin() > self.keep.size
        if is_full:
            self._slices.append((self.taken, []))
            self._sets = 0
        parts = self._slices[-1][1]
        if not parts or parts[-1].group is not group:
            parts.append(_Open(header, group))
        parts[-1].starts.append(start)
        parts[-1].end = end
        self._sets += 1
        self.taken += 1

    def slices(self, receipt: ReceiptId, content: BinaryIO) -> Iterator[Slice]:
        """The slices, numbered from 1, each with the digest of its bytes."""
        for number, (before, found) in enumerate(self._slices, start=1):
            parts = tuple(each.part() for each in found)
            start, end = parts[0].starts[0], parts[-1].end
            content.seek(start)
            digest = hashlib.sha256(content.read(end - start)).hexdigest()
            yield Slice(receipt, number, start, end, digest, before, parts)

    def _begin(self) -> int:
        return self._slices[-1][1][0].starts[0]


def accepted(verdict: SetVerdict) -> bool:
    """Whether a set is to be taken."""
    return verdict.verdict is not Verdict.REJECTED


def sets_of(one: Slice, content: bytes, guides: PartnerGuides) -> Iterator[tuple[ReceivedInterchange, ExaminedSet]]:
    """The sets of a slice, read again from its bytes, each with the facts of its interchange.

    Raises StoreError when they are not found as they were judged.
    """
    for part in one.parts:
        start = InterchangeStarted(part.header, Separators(*part.separators), 0, part.line_end)
        group = GroupStarted(part.group, 0)
        received, facts = interchange_of(start), group_of(group)
        wanted = set(part.starts)
        first = part.starts[0]
        for read in reader.sets(content[first - one.start : part.end - one.start], first, start, group, guides):
            if read.span[0] in wanted:
                wanted.discard(read.span[0])
                yield received, _examined(read, facts)
        if wanted:
            raise StoreError(f"Slice {one.id} has not the sets that were judged; nothing of it was taken.")


def again(content: BinaryIO, seen: ExaminedInterchange, places: GroupPlaces, at: int, guides: PartnerGuides) -> SetRead:
    """One set of a large file, read again; raises StoreError when it is not there."""
    start, end = places.span(at)
    content.seek(start)
    if seen.header is not None:
        for read in reader.sets(content.read(end - start), start, seen.header, places.start, guides):
            return read
    raise StoreError(f"There is no set at byte {start} where one was judged.")


def accepted_sets(
    content: BinaryIO, seen: ExaminedInterchange, guides: PartnerGuides
) -> Iterator[tuple[int, int, ExaminedSet]]:
    """The accepted sets of a large interchange with the indices of their group and of themselves, one at a time."""
    for of_group, (group, places) in enumerate(zip(seen.verdict.groups, seen.places, strict=True)):
        for at, verdict in enumerate(group.sets):
            if accepted(verdict):
                read = again(content, seen, places, at, guides)
                yield of_group, at, ExaminedSet(verdict.received, read, verdict, group.group)


def _examined(read: SetRead, group: ReceivedGroup) -> ExaminedSet:
    """A set that was accepted; what it breaks that only its neighbours show was judged with the whole file."""
    received = set_of(read)
    return ExaminedSet(received, read, SetVerdict(received, Verdict.ACCEPTED), group)
