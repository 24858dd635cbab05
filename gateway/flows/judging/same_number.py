"""Two interchanges under one control number: what the second has that the first had not, for whoever must choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import differences
from gateway.flows.differences import Difference
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats.x12 import reader
from gateway.formats.x12.parts import InterchangeStarted, SetRead
from gateway.kernel.errors import StoreError
from gateway.kernel.ids import ReceiptId

MOST_BYTES = 4 << 20
"""Larger files are compared by their sizes only."""
MOST_SETS, MOST_SEGMENTS = 2_000, 2_000
"""Sets beyond are not compared, and longer sets not segment by segment."""
BEHIND_ST = 2
"""The position of the first segment behind ST."""
MOST_TOLD, MOST_NAMED = 100, 3
ABOUT = {"850": 3, "860": 3, "875": 3}
"""Where the second segment of a set names the purchase order."""


@dataclass(frozen=True, slots=True)
class _Set:
    """One set: its id, its number, the purchase order it names, its segments without ST and SE."""

    kind: str
    number: str
    po_number: str
    segments: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        return f"{self.kind} {self.number}"


@dataclass(frozen=True, slots=True)
class Told:
    """Where a number came before and what differs, in a sentence; ``figures`` is what a hold keeps of all that differs."""

    reason: str
    figures: str = ""


def told(
    bench: Workbench, work: UnitOfWork, receipt: Receipt, number: str, reason: str, earlier: ReceiptId
) -> Told:  # fmt: skip
    """A ``reason`` without its end, gone on with what the second interchange has that the first had not."""
    before = work.exchange.receipt(earlier)
    found = list(_compared(bench, before, receipt, number)) if before is not None else []
    if not found:
        return Told(f"{reason}.")
    more = len(found) - MOST_NAMED
    rest = f"; and {more} more" if more > 0 else ""
    said = f"{reason}: {'; '.join(map(_sentence, found[:MOST_NAMED]))}{rest}."
    return Told(said, differences.as_figures(found[:MOST_TOLD]))


def held(bench: Workbench, receipt: Receipt, number: str, what: Told) -> FileHold:
    """The hold of a file whose interchange number came before with other content, with the difference."""
    return replace(hold(bench, receipt, "X-DUP-ICN", what.reason, reference=number), figures=what.figures)


def _sentence(what: Difference) -> str:
    return f"{what.place}: {what.before or 'nothing'}, now {what.after or 'nothing'}"


def _compared(bench: Workbench, before: Receipt, now: Receipt, number: str) -> Iterator[Difference]:
    """Sets, purchase orders, then segments; of large files only their sizes."""
    if before.id == now.id:
        yield Difference("place", "the first of this file", "a later one of this file")
        return
    if max(before.size, now.size) > MOST_BYTES:
        yield Difference("size in bytes", f"{before.size:,}", f"{now.size:,}")
        return
    try:
        was, is_now = _sets(bench, before, number), _sets(bench, now, number)
    except StoreError:  # what was received so long ago that it was not kept
        return
    yield from _changed("sets", _listed(each.name for each in was), _listed(each.name for each in is_now))
    yield from _changed(
        "PO numbers", _listed(each.po_number for each in was), _listed(each.po_number for each in is_now)
    )
    for one, other in zip(was, is_now, strict=False):
        if one.kind == other.kind:
            yield from _segments(other.name, one.segments, other.segments)


def _changed(place: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(place, before or None, after or None)


def _listed(names: Iterator[str]) -> str:
    told = [each for each in names if each]
    more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    return ", ".join(told[:MOST_TOLD]) + more


def _segments(name: str, before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> Iterator[Difference]:
    """Segments that are new, gone or changed; where as many are changed as there were, element by element."""
    if before == after:
        return
    if max(len(before), len(after)) > MOST_SEGMENTS:
        yield Difference(f"{name} segments", f"{len(before):,}", f"{len(after):,}")
        return
    for what, start, end, from_, until in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if what == "replace" and end - start == until - from_:
            pairs = zip(before[start:end], after[from_:until], strict=True)
            for position, (old, new) in enumerate(pairs, start=from_ + BEHIND_ST):
                for each in differences.segments([old], [new]):
                    yield replace(each, place=f"{name}, {each.place.replace('segment 1', f'segment {position}', 1)}")
        elif what != "equal":
            for at in range(start, end):
                yield Difference(f"{name}, segment {at + BEHIND_ST}", _said(before[at]), None)
            for at in range(from_, until):
                yield Difference(f"{name}, segment {at + BEHIND_ST}", None, _said(after[at]))


def _said(segment: tuple[str, ...]) -> str:
    return "*".join(segment)


def _sets(bench: Workbench, receipt: Receipt, number: str) -> list[_Set]:
    """The sets of the interchange of a number in a file."""
    found: list[_Set] = []
    inside = False
    with bench.archive.opened(receipt.sha256) as file:
        for part in reader.read(file):
            if isinstance(part, InterchangeStarted):
                inside = part.elements[13].strip() == number
            elif isinstance(part, SetRead) and inside and len(found) < MOST_SETS:
                found.append(_set(part))
    return found


def _set(part: SetRead) -> _Set:
    segments = tuple(tuple(each) for each in part.segments[1:] if each[0] != "SE")
    at = ABOUT.get(part.set_id, 0)
    first = segments[0] if segments else ()
    return _Set(part.set_id, part.control_number, first[at] if 0 < at < len(first) else "", segments)
