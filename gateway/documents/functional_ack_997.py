"""The 997: AK1 to AK9 for one judged functional group, each fault at its segment and element."""

from collections.abc import Iterator
from itertools import groupby

from gateway.exchange.acknowledgment import GroupVerdict, SetVerdict
from gateway.formats.x12.emit import COMPONENT
from gateway.kernel.faults import ElementFault, SegmentFault
from gateway.kernel.issue import Issue

_MOST_CODES = 5
_MOST_AK4 = 99
_BAD_DATA = 99
_LARGEST_COUNT = 999_999
_LOOP_ID = 4


def body(judged: GroupVerdict) -> list[list[str]]:
    """The segments between ST and SE; one AK2 loop for each listed set."""
    group = judged.group
    segments = [["AK1", group.functional_id, _digits(group.control_number)]]
    for each in judged.listed:
        segments.extend(_set(each))
    counts = (judged.included, judged.received, judged.accepted)
    numbers = [str(min(count, _LARGEST_COUNT)) for count in counts]
    segments.append(["AK9", judged.verdict.value, *numbers, *judged.codes[:_MOST_CODES]])
    return segments


def _set(judged: SetVerdict) -> Iterator[list[str]]:
    # AK201 and AK202 have fixed lengths; a number sent too short is filled with zeros: it is compared as a number
    yield ["AK2", judged.received.set_id[:3].ljust(3, "?"), judged.received.control_number.strip()[:9].zfill(4)]
    for _, issues in groupby(judged.faults, key=_segment_of):
        yield from _segment(list(issues))
    yield ["AK5", judged.verdict.value, *judged.codes[:_MOST_CODES]]


def _segment_of(issue: Issue) -> tuple[int, str]:
    return issue.place.position, issue.place.segment


def _segment(issues: list[Issue]) -> Iterator[list[str]]:
    elements = [issue for issue in issues if isinstance(issue.fault, ElementFault)]
    codes = {str(issue.fault.value) for issue in issues if isinstance(issue.fault, SegmentFault)}
    if elements:
        codes.add(SegmentFault.ELEMENT_ERRORS.value)
    place = issues[0].place
    for code in sorted(codes, key=int):
        position = str(min(place.position, _LARGEST_COUNT))
        yield ["AK3", _segment_id(place.segment), position, place.loop[:_LOOP_ID], code]
        if code == SegmentFault.ELEMENT_ERRORS.value:
            yield from (_element(issue) for issue in elements[:_MOST_AK4])


def _element(issue: Issue) -> list[str]:
    place = issue.place
    position = f"{place.element}{COMPONENT}{place.component}" if place.component else str(place.element)
    return [
        "AK4",
        position,
        place.reference if place.reference.isdigit() else "",
        str(issue.fault.value),
        _copied(issue.value),
    ]


def _copied(value: str) -> str:
    """AK404: printable, within its length."""
    return "".join(character if character.isprintable() else " " for character in value).strip()[:_BAD_DATA].strip()


def _segment_id(text: str) -> str:
    """AK301 has two or three characters, also when what was received has not."""
    return "".join(character for character in text if character.isalnum())[:3].ljust(2, "?")


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 9 else "0"  # noqa: PLR2004 - GS06 is N0 1/9
