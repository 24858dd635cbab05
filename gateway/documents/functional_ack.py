"""What the 997 and the 999 share: one judged group told segment by segment, within the lengths of its version."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from gateway.exchange.acknowledgment import GroupVerdict, SetVerdict
from gateway.formats.x12 import guide
from gateway.formats.x12.charset import fitting
from gateway.formats.x12.emit import COMPONENT
from gateway.formats.x12.guide import ElementSpec, Guide
from gateway.kernel.faults import ElementFault, SegmentFault
from gateway.kernel.issue import Issue, Place

_MOST_CODES = 5
_BAD_DATA = 99
_VERSION = 12
_CONVENTION = 35
_SHORTEST_NUMBER = 4
_LONGEST_NUMBER = 9
_OLDER = {ElementFault.TOO_MANY_REPETITIONS: "3", ElementFault.TOO_MANY_COMPONENTS: "3"}
"""Where a version has no code of its own for it, this is too many elements (rulings 16)."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a set names its notes: on a segment, on an element, and the set's trailer; AK4 stands at most so often."""

    set_id: str
    note: str
    element: str
    trailer: str
    most_elements: int | None


@dataclass(frozen=True, slots=True)
class Body:
    """The segments between ST and SE, made whenever they are gone through: a group may have very many sets."""

    judged: GroupVerdict
    form: Form
    layout: Guide

    def __iter__(self) -> Iterator[list[str]]:
        """One segment after the other."""
        return _Writer(self.form, self.layout).body(self.judged)


def body(judged: GroupVerdict, form: Form, version: str) -> Body:
    """The segments between ST and SE, in the version of the answer; one AK2 loop for each listed set.

    Raises ValueError for a version that has no such set.
    """
    layout = guide.load(version, form.set_id)
    if layout is None:
        raise ValueError(f"set {form.set_id} does not exist in version {version}")
    return Body(judged, form, layout)


class _Writer:
    """One answer being written: what its version allows decides how much is told."""

    def __init__(self, form: Form, layout: Guide) -> None:
        self.form = form
        self.layout = layout
        self.largest_count = _largest(self._spec("AK9", 2))
        self.largest_position = _largest(self._spec(form.note, 2))
        self.loop_length = self._spec(form.note, 3).maximum
        self.codes = self._spec(form.element, 3).codes or frozenset()
        self.components = len(self._spec(form.element, 1).components)

    def _spec(self, segment_id: str, element: int) -> ElementSpec:
        return self.layout.segments[segment_id].elements[element - 1]

    def _has(self, segment_id: str, element: int) -> bool:
        return len(self.layout.segments[segment_id].elements) >= element

    def body(self, judged: GroupVerdict) -> Iterator[list[str]]:
        group = judged.group
        # AK103 and AK203 say GS08 and ST03 as they came, from the version on that has them
        header = ["AK1", _padded(group.functional_id, 2), _digits(group.control_number)]
        yield [*header, _clean(group.version)[:_VERSION]] if self._has("AK1", 3) else header
        for each in judged.listed:
            yield from self._set(each)
        counts = (judged.included, judged.received, judged.accepted)
        numbers = [str(min(count, self.largest_count)) for count in counts]
        yield ["AK9", judged.verdict.value, *numbers, *judged.codes[:_MOST_CODES]]

    def _set(self, judged: SetVerdict) -> Iterator[list[str]]:
        received = judged.received
        header = ["AK2", _padded(received.set_id, 3), _set_number(received.control_number)]
        yield [*header, _clean(received.convention)[:_CONVENTION]] if self._has("AK2", 3) else header
        for _, issues in groupby(judged.faults, key=_segment_of):
            yield from self._segment(list(issues))
        yield [self.form.trailer, judged.verdict.value, *judged.codes[:_MOST_CODES]]

    def _segment(self, issues: list[Issue]) -> Iterator[list[str]]:
        elements = [issue for issue in issues if isinstance(issue.fault, ElementFault)]
        codes = {str(issue.fault.value) for issue in issues if isinstance(issue.fault, SegmentFault)}
        if elements:
            codes.add(SegmentFault.ELEMENT_ERRORS.value)
        place = issues[0].place
        for code in sorted(codes, key=int):
            position = str(min(place.position, self.largest_position))
            yield [
                self.form.note, _padded(place.segment, 2, longest=3), position, place.loop[: self.loop_length], code
            ]  # fmt: skip
            if code == SegmentFault.ELEMENT_ERRORS.value:
                # two rules of a segment may miss the same element: it is told once
                told = dict.fromkeys(tuple(self._element(issue)) for issue in elements)
                yield from (list(each) for each in list(told)[: self.form.most_elements])

    def _element(self, issue: Issue) -> list[str]:
        place = issue.place
        code = str(issue.fault.value)
        if code not in self.codes and isinstance(issue.fault, ElementFault):
            code = _OLDER.get(issue.fault, code)
        reference = place.reference if place.reference.isdigit() else ""
        copy = fitting(_clean(issue.value), _BAD_DATA).strip()
        return [self.form.element, self._position(place), reference, code, copy]

    def _position(self, place: Place) -> str:
        """C030: element, component and, in versions that have repetitions, which of them."""
        component = str(place.component) if place.component else ""
        repetition = str(place.repetition) if place.repetition else ""
        parts = [str(place.element), component, repetition][: self.components]
        while not parts[-1]:
            parts.pop()
        return COMPONENT.join(parts)


def _segment_of(issue: Issue) -> tuple[int, str]:
    return issue.place.position, issue.place.segment


def _largest(spec: ElementSpec) -> int:
    return int("9" * spec.maximum)


def _clean(value: str) -> str:
    """Printable and without blanks around it."""
    return "".join(character if character.isprintable() else " " for character in value).strip()


def _padded(text: str, shortest: int, *, longest: int = 0) -> str:
    """An id of fixed length, also when what was received has not; what cannot be an id becomes question marks."""
    bare = text
    if not (text.isascii() and text.isalnum()):
        bare = "".join(character for character in text if character.isascii() and character.isalnum())
    return bare[: longest or shortest].ljust(shortest, "?")


def _set_number(text: str) -> str:
    """AK202 repeats ST02 in its four to nine characters; one too short is filled with zeros, being compared as a number.

    What may separate is replaced when it leaves; where fewer than four characters would be left, zeros stand for it.

    >>> _set_number("ab c"), _set_number("A-12/9"), _set_number("7"), _set_number("12**")
    ('ab c', 'A-12/9', '0007', '1200')
    """
    if text.isascii() and text.isalnum() and _SHORTEST_NUMBER <= len(text) <= _LONGEST_NUMBER:  # nearly all
        return text
    plain = "".join(each if each.isascii() and each.isprintable() else " " for each in text)
    shown = plain.strip()[:_LONGEST_NUMBER].rstrip()
    if len("".join(each if _never_separates(each) else " " for each in shown).strip()) >= _SHORTEST_NUMBER:
        return shown
    zeroed = "".join(each if each == " " or _never_separates(each) else "0" for each in shown)
    return zeroed.rjust(_SHORTEST_NUMBER, "0")


def _never_separates(character: str) -> bool:
    return character.isalnum() or character in "-."


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 9 else "0"  # noqa: PLR2004 - GS06 is N0 1/9
