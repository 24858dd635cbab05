"""Write interchanges: envelope, counts, control numbers and HL numbers are ours, the bodies are the mapping's.

A body is the segments between ST and SE, item 0 the id. Components and repetitions of an element are joined by the
markers ``COMPONENT`` and ``REPETITION``; the interchange's separators take their place, and never stand in data.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice

from gateway.formats.x12.charset import Characters, Cleaned, Cleaner, at_most_extended, only, separators_fault
from gateway.formats.x12.delimiters import ISA_LENGTHS, Separators
from gateway.formats.x12.levels import numbered
from gateway.kernel.issue import Place

COMPONENT = "\ufdd0"
"""Between the components of an element in a body; a noncharacter, so that no data holds it by accident."""

REPETITION = "\ufdd1"
"""Between the repetitions of an element in a body; allowed from version 00402 on."""

Check = Callable[[str], object]
"""Whether a text is made of certain characters alone."""
_VERSIONS_WITH_REPETITION = "00402"
_WITH_IDS = ("ISA", "GS")
_LARGEST_NUMBER = 999_999_999
NO_SECURITY = ("00", "", "00", "")
"""ISA01 to ISA04 where nothing was agreed."""
MOST_AT_ONCE = 4096
"""Segments of one set that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, in which version, with which separators; ``after_segment`` is decoration ("", LF or CRLF).

    ``security`` is ISA01 to ISA04 as it was agreed; it may be a password, and is written as it is.
    """

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    group_sender: str
    group_receiver: str
    version: str
    usage: str
    separators: Separators
    after_segment: str = ""
    characters: Characters = field(default_factory=Characters)
    security: tuple[str, str, str, str] = field(default=NO_SECURITY, repr=False)

    @property
    def repeats(self) -> bool:
        """Whether the version has repetitions (ISA11 names their separator)."""
        return self.version[:5] >= _VERSIONS_WITH_REPETITION


@dataclass(frozen=True, slots=True)
class OutSet:
    """One set to be written: its body, and the convention it follows (ST03, from 005010 on) where that is asked for."""

    set_id: str
    body: Iterable[Sequence[str]]
    convention: str = ""


@dataclass(frozen=True, slots=True)
class OutGroup:
    """One functional group to be written; the sets are taken one after the other."""

    functional_id: str
    control_number: int
    sets: Iterable[OutSet]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that could not leave as it was; ``set_number`` is ST02, empty in the envelope.

    With ``is_fault`` the file must not be sent. Without a message only small letters became capitals.
    """

    set_number: str
    place: Place
    before: str
    after: str
    message: str
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class Emitted:
    """The bytes, and every value that could not be written as it was."""

    content: bytes
    changes: tuple[Change, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """The changes that do no harm, in sentences."""
        return tuple(each.message for each in self.changes if each.message and not each.is_fault)

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the file must not be sent, in sentences; empty when it may."""
        return tuple(each.message for each in self.changes if each.is_fault)


def interchange(
    envelope: Envelope, *, functional_id: str, set_id: str, sets: Iterable[Iterable[Sequence[str]]], isa13: int,
    gs06: int, now: datetime,
) -> Emitted:  # fmt: skip
    """One interchange with one group of sets of one kind; ``sets`` are bodies, ``now`` is local time."""
    group = OutGroup(functional_id, gs06, (OutSet(set_id, body) for body in sets))
    changes: list[Change] = []
    return Emitted(b"".join(stream(envelope, [group], isa13=isa13, now=now, changes=changes)), tuple(changes))


def stream(
    envelope: Envelope, groups: Iterable[OutGroup], *, isa13: int, now: datetime, changes: list[Change]
) -> Iterator[bytes]:
    """One interchange piece by piece, a set at a time; what had to be changed is added to ``changes`` on the way.

    SE01, GE01, IEA01 and HL numbers are counted here, ST02 runs from 0001 in each group. Raises ValueError for
    separators or control numbers that cannot be used.
    """
    writer = _Writer(envelope, changes)
    yield writer.isa(isa13, now)
    for group in groups:
        yield from writer.group(group, now)
    yield writer.line(["IEA", str(writer.groups), number_text(isa13, "ISA13").zfill(9)])


def standalone_ta1(envelope: Envelope, ta1_segment: Sequence[str], *, isa13: int, now: datetime) -> bytes:
    """A TA1 alone in its interchange: IEA01 0, ISA14 0 (rulings 14)."""
    writer = _Writer(envelope, [])
    parts = [writer.isa(isa13, now), writer.line(ta1_segment), writer.line(["IEA", "0", f"{isa13:09d}"])]
    return b"".join(parts)


def number_text(number: int, what: str) -> str:
    """A control number as it is written; raises ValueError for one that has no place there."""
    if not 0 < number <= _LARGEST_NUMBER:
        raise ValueError(f"{what} cannot be {number}; control numbers have 1 to 9 digits")
    return str(number)


class _Writer:
    """Segments to bytes, with the separators kept out of the data."""

    def __init__(self, envelope: Envelope, changes: list[Change]) -> None:
        self.envelope = envelope
        self.changes = changes
        self.separators = separators = envelope.separators
        rules = _rules(separators, envelope.after_segment, envelope.characters, repeats=envelope.repeats)
        self.cleaner, self.ids, self.usual, self.usual_lines = rules
        self.end = separators.terminator + envelope.after_segment
        self.blank_at_end = f" {separators.element}"
        self.set_number = ""
        self.position = 0
        self.groups = 0

    def isa(self, control: int, now: datetime) -> bytes:
        """The ISA in its fixed width; ISA14 is 0: we ask for no TA1."""
        envelope, separators = self.envelope, self.separators
        day, minute = _day_and_minute(now)
        authorization, of_it, security, of_that = envelope.security
        fields = [
            "ISA", authorization, of_it.ljust(ISA_LENGTHS[2]), security, of_that.ljust(ISA_LENGTHS[4]),
            self._fixed(envelope.sender_qualifier, 5), self._fixed(envelope.sender, 6),
            self._fixed(envelope.receiver_qualifier, 7), self._fixed(envelope.receiver, 8),
            day[2:], minute, separators.repetition if envelope.repeats else "U",
            envelope.version[:5], number_text(control, "ISA13").zfill(9), "0", envelope.usage, separators.component,
        ]  # fmt: skip
        return self._ended(separators.element.join(fields))

    def group(self, group: OutGroup, now: datetime) -> Iterator[bytes]:
        """One group, a set at a time."""
        self.groups += 1
        envelope, number = self.envelope, number_text(group.control_number, "GS06")
        sender, receiver = envelope.group_sender, envelope.group_receiver
        yield self.line(
            ["GS", group.functional_id, sender, receiver, *_day_and_minute(now), number, "X", envelope.version]
        )
        count = 0
        for count, each in enumerate(group.sets, start=1):
            self.set_number = f"{count:04d}"
            yield self.set(each)
            self.set_number, self.position = "", 0
        yield self.line(["GE", str(count), number])

    def set(self, each: OutSet) -> bytes:
        """One set with its ST and SE."""
        header = ["ST", each.set_id, self.set_number, each.convention]
        segments = chain([header], numbered(each.body))
        parts: list[bytes] = []
        count = 0
        while True:
            some = list(islice(segments, MOST_AT_ONCE))
            is_last = len(some) < MOST_AT_ONCE
            if is_last:
                some.append(["SE", str(count + len(some) + 1), self.set_number])
            self.position = count
            parts.append(self._as_they_are(some) or b"".join([self.line(segment) for segment in some]))
            if is_last:
                return b"".join(parts)
            count += len(some)

    def _as_they_are(self, segments: list[Sequence[str]]) -> bytes:
        """All segments at once where none needs anything, as most do; nothing where a closer look is needed."""
        separator, terminator = self.separators.element, self.separators.terminator
        texts = [separator.join(segment) for segment in segments]
        lines = f"{terminator.join(texts)}{terminator}"
        if not self.usual_lines(lines) or f" {terminator}" in lines or self.blank_at_end in lines:
            return b""
        if lines.count(terminator) != len(texts) or lines.count(separator) != sum(map(len, segments)) - len(texts):
            return b""
        return (self.end.join([text.rstrip(separator) for text in texts]) + self.end).encode("ascii")

    def line(self, segment: Sequence[str]) -> bytes:
        """One segment without empty elements at its end."""
        if self.set_number:
            self.position += 1
        separator = self.separators.element
        text = separator.join(segment)
        # most segments need nothing: every character may leave, and no value holds a separator or ends with a blank
        if (
            self.usual(text)
            and text.count(separator) == len(segment) - 1
            and self.blank_at_end not in f"{text}{separator}"
        ):
            return self._ended(text.rstrip(separator))
        elements = [self._element(value, segment[0], at) for at, value in enumerate(segment)]
        while len(elements) > 1 and not elements[-1]:
            elements.pop()
        return self._ended(separator.join(elements))

    def _ended(self, text: str) -> bytes:
        return (text + self.end).encode("utf-8")

    def _fixed(self, value: str, at: int) -> str:
        """An element of the ISA in its width; a mirrored one may have come in any."""
        width = ISA_LENGTHS[at]
        return self._value(value, Place("ISA", element=at)).ljust(width)[:width]

    def _element(self, value: str, segment_id: str, at: int) -> str:
        if not value:
            return value
        if COMPONENT not in value and REPETITION not in value:
            return self._value(value, Place(segment_id, self.position, element=at))
        values = value.split(REPETITION)
        if len(values) > 1 and not self.envelope.repeats:
            self._told(Place(segment_id, self.position, element=at), value, "", "repetitions exist from 00402 on")
            values = values[:1]
        joined = [self._composite(one, segment_id, at) for one in values]
        return _without_end(joined, self.separators.repetition)

    def _composite(self, value: str, segment_id: str, at: int) -> str:
        if COMPONENT not in value:
            return self._value(value, Place(segment_id, self.position, element=at))
        parts = [
            self._value(part, Place(segment_id, self.position, element=at, component=number))
            for number, part in enumerate(value.split(COMPONENT), start=1)
        ]
        return _without_end(parts, self.separators.component)

    def _value(self, value: str, place: Place) -> str:
        cleaned = (self.ids if place.segment in _WITH_IDS else self.cleaner).clean(value)
        if cleaned is None:
            return value.rstrip(" ")
        self._changed(value, cleaned, place)
        return cleaned.text

    def _changed(self, value: str, cleaned: Cleaned, place: Place) -> None:
        if cleaned.is_capitals and place.segment not in _WITH_IDS:
            self.changes.append(Change(self.set_number, place, value, cleaned.text, ""))
            return
        rules = self.envelope.characters
        outside = f"{_listed(cleaned.others)} not in the character set '{rules.charset}'"
        between = f"{_listed(cleaned.separators)} used as separator here"
        if place.element == 0:
            self._told(place, value, cleaned.text, f"'{_short(value)}' is no segment id")
        elif not cleaned.text:
            self._told(place, value, "", f"{_short(value)!r} cannot be written; nothing of it would be left")
        elif cleaned.others and rules.on_bad == "error":
            self._told(place, value, cleaned.text, f"{_short(value)!r} cannot be written; {outside}")
        elif place.segment in _WITH_IDS:
            self._told(place, value, cleaned.text, f"the id {_short(value)!r} cannot be written as it is")
        else:
            why = " and ".join(([between] if cleaned.separators else []) + ([outside] if cleaned.others else []))
            words = f"'{_short(cleaned.text)}' was written instead of {_short(value)!r}; {why}"
            self._told(place, value, cleaned.text, words, is_fault=False)

    def _told(self, place: Place, before: str, after: str, words: str, *, is_fault: bool = True) -> None:
        component = f"-{place.component:02d}" if place.component else ""
        where = f"{place.segment}{place.element:02d}{component}"
        where += f" (segment {place.position} of set {self.set_number})" if self.set_number else ""
        self.changes.append(Change(self.set_number, place, before, after, f"{where}: {words}.", is_fault))


def _day_and_minute(now: datetime) -> tuple[str, str]:
    """CCYYMMDD and HHMM; a quarter of the time that strftime takes."""
    text = now.isoformat()
    return text[:10].replace("-", ""), text[11:16].replace(":", "")


@lru_cache(maxsize=256)
def _rules(
    separators: Separators, after_segment: str, characters: Characters, *, repeats: bool
) -> tuple[Cleaner, Cleaner, Check, Check]:
    """What cleans data and what cleans ids, and what tells that a segment or a whole set needs no cleaning.

    Raises ValueError for separators that cannot be used.
    """
    wrong = separators_fault(separators, after_segment, repeats=repeats)
    if wrong:
        raise ValueError(wrong)
    reserved = {separators.element, separators.component, separators.terminator}
    reserved |= {separators.repetition} if repeats else set()
    cleaner = Cleaner(characters, reserved)
    # ISA has its width in bytes, so nothing beyond ASCII stands in ids
    ids = Cleaner(replace(characters, charset=at_most_extended(characters.charset)), reserved)
    usual = cleaner.allowed | {separators.element}
    return cleaner, ids, only(usual), only(usual | {separators.terminator})


def _listed(characters: str) -> str:
    return f"{' '.join(repr(each) for each in characters)} {'is' if len(characters) == 1 else 'are'}"


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:57] + "..."  # noqa: PLR2004 - fits a line


def _without_end(parts: list[str], separator: str) -> str:
    """Joined, with nothing empty at the end."""
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return separator.join(parts)
