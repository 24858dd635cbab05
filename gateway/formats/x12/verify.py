"""Check what was written: it is read again, must have no fault, and must say what was meant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from gateway.formats.x12 import readback, reader
from gateway.formats.x12.emit import COMPONENT, REPETITION, Change
from gateway.formats.x12.guide_overlay import NO_GUIDES, PartnerGuides
from gateway.formats.x12.levels import numbered
from gateway.formats.x12.parts import GroupEnded, InterchangeEnded, SetRead
from gateway.kernel.faults import ElementFault
from gateway.kernel.issue import FileIssue, Issue, Place, RepairDone

Body = Iterable[Sequence[str]]
Told = Mapping[tuple[str, Place, str], str]
"""What a value became, by ST02, place and the value as it was meant."""


def faults(
    content: bytes, meant: Iterable[Body] | None = None, changes: Iterable[Change] = (),
    guides: PartnerGuides = NO_GUIDES,
) -> list[str]:  # fmt: skip
    """What is wrong with a file of ours, in sentences that begin with M080 or M081; empty when it may be sent.

    ``meant`` are the bodies in the order of the file; what differs from them must be one of ``changes``, the told
    ones. None: content is not compared. What breaks one of the partner ``guides`` is wrong as well.
    """
    bodies = list(meant) if meant is not None else None
    told = tuple(changes)
    if bodies is not None and not told and not guides and readback.surely_says(content, bodies):
        return []
    found: list[str] = []
    sets: list[SetRead] = []
    for part in reader.read(content, guides):
        if isinstance(part, FileIssue | RepairDone):
            found.append(f"M080: {part.message}")
        elif isinstance(part, SetRead | GroupEnded | InterchangeEnded):
            found.extend(_sentence(issue) for issue in part.issues)
            if isinstance(part, SetRead):
                found.extend(f"{_sentence(issue)} (partner guide {part.guide_name})" for issue in part.guide_issues)
                sets.append(part)
    if bodies is not None:
        found.extend(_differences(sets, bodies, told))
    return found


def _sentence(issue: Issue) -> str:
    return f"{'M081' if isinstance(issue.fault, ElementFault) else 'M080'}: {issue.message}"


def _differences(sets: list[SetRead], meant: list[Body], changes: Iterable[Change]) -> Iterator[str]:
    if len(sets) != len(meant):
        yield f"M080: {len(meant)} sets were to be written, {len(sets)} can be read."
        return
    told = {(each.set_number, each.place, each.before): each.after for each in changes}
    for read, body in zip(sets, meant, strict=True):
        pairs = zip_longest(read.segments[1:-1], numbered(body))
        for at, (found, wanted) in enumerate(pairs, start=2):
            if found is None or wanted is None or not _says(found, wanted, read, at, told):
                name = (wanted or found or [""])[0]
                yield f"M080: segment {at} of set {read.control_number} ({name}) does not say what was meant."


def _says(found: Sequence[str], wanted: Sequence[str], read: SetRead, at: int, told: Told) -> bool:
    """Whether a segment says what was meant; most do so letter by letter."""
    repetition, component = read.separators.repetition, read.separators.component
    if found == [each.replace(REPETITION, repetition).replace(COMPONENT, component) for each in wanted]:
        return True
    return _trimmed(_read(found, read)) == _trimmed(_meant(wanted, at, read.control_number, told))


Element = list[list[str]]
"""One element: its repetitions, each with its components."""


def _read(segment: Sequence[str], read: SetRead) -> list[Element]:
    repetition, component = read.separators.repetition, read.separators.component
    return [[one.split(component) for one in (value.split(repetition) if repetition else [value])] for value in segment]


def _meant(segment: Sequence[str], position: int, set_number: str, told: Told) -> list[Element]:
    def of(text: str, element: int, component: int) -> str:
        place = Place(segment[0], position, element=element, component=component)
        return told.get((set_number, place, text), text.rstrip(" "))

    return [
        [
            [of(part, at, number) for number, part in enumerate(one.split(COMPONENT), start=COMPONENT in one)]
            for one in value.split(REPETITION)
        ]
        for at, value in enumerate(segment)
    ]


def _trimmed(elements: list[Element]) -> list[Element]:
    """Nothing empty at an end, of the segment or of its elements."""
    for element in elements:
        for components in element:
            _cut(components, "")
        _cut(element, [""])
    _cut(elements, [[""]])
    return elements


def _cut(items: list[Any], empty: object) -> None:
    while len(items) > 1 and items[-1] == empty:
        items.pop()
