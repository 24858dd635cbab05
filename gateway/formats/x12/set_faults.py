"""The faults of a set as a whole: its identifier, its control numbers, its trailer and its count (AK502)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.formats.x12 import guide
from gateway.formats.x12.places import TRAILER
from gateway.formats.x12.set_reading import SetReading, SetText
from gateway.kernel.faults import SetFault
from gateway.kernel.issue import Issue, Place
from gateway.kernel.words import counted

_MOST_DIGITS = 10
_NUMBER_LENGTHS = range(4, 10)
_ID_LENGTH = 3


@dataclass(frozen=True, slots=True)
class SetAsWhole:
    """What a set calls itself, and its own faults in the order of what they are about.

    ``convention`` is ST03, the implementation convention it says it follows; only 005010 and later have it.
    """

    set_id: str
    control_number: str
    issues: tuple[Issue, ...] = ()
    convention: str = ""


class SetFaults:
    """Judges the sets of one group one after the other; remembers which control numbers were used."""

    def __init__(self) -> None:
        self._used = _Used()

    def of(self, reading: SetReading, version: str | None, functional_id: str) -> SetAsWhole:
        """The id, the control number and the set faults of one set that was read."""
        separator = reading.separators.element
        text = reading.text
        first = text.texts[0].split(separator)
        convention = at(first, 3)
        if _agree(first, reading, functional_id) and self._used.is_new(first[2]):
            return SetAsWhole(first[1], first[2], (), convention)
        last = text.texts[-1].split(separator)
        if first[0] != "ST":
            set_id = guide.set_of(version, functional_id) if version else ""
            number = at(last, 2) if last[0] == TRAILER else ""
            place = Place("ST", 1, offset=text.offset(0))
            message = f"The set that begins with {first[0][:20]} has no header (ST)."
            return SetAsWhole(set_id, number, (Issue(SetFault.SET_ID, place, "", message),), convention)
        issues = (
            *_identifier(first, reading, version, functional_id),
            *self._number(first, text),
            *_trailer(first, last, reading),
        )
        return SetAsWhole(at(first, 1), at(first, 2), issues, convention)

    def _number(self, first: list[str], text: SetText) -> Iterator[Issue]:
        number = at(first, 2)
        if len(number) not in _NUMBER_LENGTHS or not number.strip():
            message = f"ST02, the control number of the set: '{number}' has not 4 to 9 characters."
            yield Issue(SetFault.CONTROL_NUMBER, _in_header(2, text), number, message)
        if number and not self._used.is_new(number):
            message = f"ST02: the control number {number} was used before in this group."
            yield Issue(SetFault.CONTROL_NUMBER_NOT_UNIQUE, _in_header(2, text), number, message)


class _Used:
    """The control numbers of one group; those that follow one another take no memory."""

    def __init__(self) -> None:
        self._low, self._high = 0, -1
        self._others: set[str] = set()

    def is_new(self, number: str) -> bool:
        """Whether a number was not asked about before; leading zeros do not count."""
        value = number_of(number)
        if value == self._high + 1 and value > 0 and not self._others:  # nearly always
            self._high = value
            return True
        if self._low <= value <= self._high or (key := number.lstrip("0")) in self._others:
            return False
        if value >= 0 and (value == self._high + 1 or self._high < 0):
            self._low = value if self._high < 0 else self._low
            self._high = value
        else:
            self._others.add(key)
        return True


def _agree(first: list[str], reading: SetReading, functional_id: str) -> bool:
    """Whether header and trailer are surely in order; what is not is judged part by part."""
    layout, texts, separator = reading.guide, reading.text.texts, reading.separators.element
    if layout is None or not reading.complete or len(first) <= 2:  # noqa: PLR2004 - ST02
        return False
    number = first[2]
    return (
        layout.functional_group == functional_id and first[0] == "ST" and first[1] == layout.set_id
        and len(number) in _NUMBER_LENGTHS and number.isdigit()
        and texts[-1] == f"{TRAILER}{separator}{len(texts)}{separator}{number}"
    )  # fmt: skip


def _in_header(element: int, text: SetText) -> Place:
    return Place("ST", 1, "", element, reference=("143", "329")[element - 1], offset=text.offset(0))


def _identifier(first: list[str], reading: SetReading, version: str | None, functional_id: str) -> Iterator[Issue]:
    set_id = at(first, 1)
    layout = reading.guide
    if len(set_id) != _ID_LENGTH or not set_id.isascii() or not set_id.isalnum():
        message = f"ST01 is '{set_id}', which is no set identifier."
        yield Issue(SetFault.SET_ID, _in_header(1, reading.text), set_id, message)
    elif layout is None and version is not None:
        message = f"Set '{set_id}' is not supported in version {version}."
        yield Issue(SetFault.NOT_SUPPORTED, _in_header(1, reading.text), set_id, message)
    elif layout is not None and layout.functional_group != functional_id:
        message = f"Set {set_id} does not belong into a group '{functional_id}' but into '{layout.functional_group}'."
        yield Issue(SetFault.SET_ID, _in_header(1, reading.text), set_id, message)


def _trailer(first: list[str], last: list[str], reading: SetReading) -> Iterator[Issue]:
    number, count = at(first, 2), len(reading.text.texts)
    if not reading.complete:
        message = f"Set {number} has no trailer (SE)."
        place = Place(TRAILER, count + 1, offset=reading.text.offset(count - 1))
        yield Issue(SetFault.TRAILER_MISSING, place, "", message)
        return
    wrong_number, wrong_count = at(last, 2) != number, number_of(at(last, 1)) != count
    if not wrong_number and not wrong_count:
        return
    place = Place(TRAILER, count, offset=reading.text.offset(count - 1))
    if wrong_number:
        message = f"SE02 is '{at(last, 2)}', ST02 is '{number}'; both must be the same."
        yield Issue(SetFault.CONTROL_NUMBER_MISMATCH, place, at(last, 2), message)
    if wrong_count:
        message = f"SE01 says {at(last, 1) or 'nothing'}, the set has {counted(count, 'segment')}."
        yield Issue(SetFault.SEGMENT_COUNT, place, at(last, 1), message)


def at(elements: Sequence[str], position: int) -> str:
    """Element ``position`` of a segment, empty when it is not there."""
    return elements[position] if position < len(elements) else ""


def number_of(text: str) -> int:
    """The whole number of a count or control number, -1 when it is none of 1 to 10 digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else -1
