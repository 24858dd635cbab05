"""Element rules: types, lengths, dates, times, code lists, composites, repetitions and syntax notes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import ElementSpec, SegmentSpec, SyntaxNote
from gateway.kernel.faults import ElementFault
from gateway.kernel.issue import Issue, Place

_WHOLE = re.compile(r"-?\d+", re.ASCII)
_REAL = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:E-?\d{1,3})?", re.ASCII)
_DIGITS = re.compile(r"[0-9]")
_COMPOSITE = "COMPOSITE"
_LENGTH_OF_DATE, _LENGTH_OF_SHORT_DATE = 8, 6


@lru_cache(maxsize=4096)
def is_date(value: str) -> bool:
    """Whether the text is a real date, CCYYMMDD or YYMMDD.

    >>> is_date("20260229"), is_date("20280229"), is_date("261231")
    (False, True, True)
    """
    if not value.isascii() or not value.isdigit() or len(value) not in (_LENGTH_OF_DATE, _LENGTH_OF_SHORT_DATE):
        return False
    year = value[:-4] if len(value) == _LENGTH_OF_DATE else "20" + value[:-4]
    try:
        date(int(year), int(value[-4:-2]), int(value[-2:]))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_time(value: str) -> bool:
    """Whether the text is a real time: HHMM, HHMMSS or with decimals of a second.

    >>> is_time("2359"), is_time("2460"), is_time("12305999")
    (True, False, True)
    """
    if not value.isascii() or not value.isdigit() or len(value) not in (4, 6, 7, 8):
        return False
    return int(value[:2]) < 24 and int(value[2:4]) < 60 and int(value[4:6] or 0) < 60  # noqa: PLR2004 - the clock


def faults_of(value: str, spec: ElementSpec) -> tuple[ElementFault, ...]:
    """Everything that is wrong with one value that is not empty, in the order of the codes."""
    kind = spec.type
    if kind in ("AN", "ID"):
        found = [*_length(len(value), spec)]
        if spec.codes is not None and value not in spec.codes:
            found.append(ElementFault.INVALID_CODE)
        elif not value.isprintable() or not value.strip():
            found.append(ElementFault.INVALID_CHARACTER)
    elif kind == "DT":
        found = [*_length(len(value), spec), *(() if is_date(value) else (ElementFault.INVALID_DATE,))]
    elif kind == "TM":
        found = [*_length(len(value), spec), *(() if is_time(value) else (ElementFault.INVALID_TIME,))]
    elif (_REAL if kind == "R" else _WHOLE).fullmatch(value):
        # X12.6: sign, decimal point and exponent are not counted
        found = [*_length(len(_DIGITS.findall(value.split("E", maxsplit=1)[0])), spec)]
    else:
        found = [ElementFault.INVALID_CHARACTER]
    return tuple(found)


def _length(length: int, spec: ElementSpec) -> tuple[ElementFault, ...]:
    if length < spec.minimum:
        return (ElementFault.TOO_SHORT,)
    return (ElementFault.TOO_LONG,) if length > spec.maximum else ()


def check(segment: Sequence[str], spec: SegmentSpec, place: Place, separators: Separators) -> Iterator[Issue]:
    """Every element fault of one segment, in order of position."""
    found: list[Issue] = []
    present = len(segment)
    segment = _without_empty(segment, spec, separators)
    for position, element in enumerate(spec.elements, start=1):
        value = segment[position] if position < present else ""
        if not value:
            if element.required:
                found.append(_issue(ElementFault.MANDATORY_MISSING, _at(place, element, position), "", element))
        elif element.type == _COMPOSITE or separators.repetition:
            found.extend(_repeated(value, element, _at(place, element, position), separators, spec))
        elif separators.component and separators.component in value:
            found.extend(_simple(value, element, _at(place, element, position), separators, spec))
        elif faults := faults_of(value, element):
            at = _at(place, element, position)
            found.extend(_issue(fault, at, value, element) for fault in faults)
    if present > len(spec.elements) + 1:
        extra = replace(place, element=len(spec.elements) + 1)
        value = next((value for value in segment[len(spec.elements) + 1 :] if value), "")
        found.append(
            Issue(
                ElementFault.TOO_MANY_ELEMENTS,
                extra,
                value,
                f"{place.segment} has {present - 1} elements; at most {len(spec.elements)} are allowed.",
            )
        )
    for note in spec.syntax:
        found.extend(_relation(note, segment, spec.elements, place))
    return iter(
        sorted(found, key=lambda issue: (issue.place.element, issue.place.repetition, issue.place.component))
        if len(found) > 1
        else found
    )


def _without_empty(segment: Sequence[str], spec: SegmentSpec, separators: Separators) -> Sequence[str]:
    """The segment with every value that is nothing but separators made empty: such an element is absent."""
    inner = separators.component + separators.repetition
    if not inner or not any(value and value[0] in inner for value in segment):
        return segment
    kept = list(segment)
    for position, element in enumerate(spec.elements[: len(segment) - 1], start=1):
        own = inner if element.type == _COMPOSITE else separators.repetition
        if own and not kept[position].strip(own):
            kept[position] = ""
    return kept


def _at(place: Place, element: ElementSpec, position: int) -> Place:
    return replace(place, element=position, reference=element.reference)


def _repeated(
    value: str, spec: ElementSpec, place: Place, separators: Separators, segment: SegmentSpec
) -> Iterator[Issue]:
    """One element of a version with repetitions, or a composite."""
    values = value.split(separators.repetition) if separators.repetition else [value]
    if len(values) > spec.repeat:
        message = f"{label(place, spec)}: {len(values)} values stand here; at most {spec.repeat} {'is' if spec.repeat == 1 else 'are'} allowed."
        yield Issue(ElementFault.TOO_MANY_REPETITIONS, place, value, message)
    repeats = spec.repeat > 1 or len(values) > 1
    for number, one in enumerate(values, start=1):
        at = replace(place, repetition=number) if repeats else place
        if spec.type == _COMPOSITE:
            yield from _composite(one, spec, at, separators, segment)
        elif one:
            yield from _simple(one, spec, at, separators, segment)


def _simple(
    value: str, spec: ElementSpec, place: Place, separators: Separators, segment: SegmentSpec
) -> Iterator[Issue]:
    """One value of an element that has no components."""
    if separators.component and separators.component in value:
        message = f"{label(place, spec)}: '{_shown(value)}' contains the component separator; it has no components."
        yield Issue(_too_many_components(segment), place, value, message)
        return
    yield from (_issue(fault, place, value, spec) for fault in faults_of(value, spec))


def _too_many_components(segment: SegmentSpec) -> ElementFault:
    # AK403 13 came with 004020; before, DE 723 has only "too many elements"
    return ElementFault.TOO_MANY_COMPONENTS if segment.counts_components else ElementFault.TOO_MANY_ELEMENTS


def _shown(value: str) -> str:
    return value if len(value) <= 60 else value[:57] + "..."  # noqa: PLR2004 - fits a line


def _composite(
    value: str, spec: ElementSpec, place: Place, separators: Separators, segment: SegmentSpec
) -> Iterator[Issue]:
    parts = value.split(separators.component) if separators.component else [value]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    for number, component in enumerate(spec.components, start=1):
        one = parts[number - 1] if number <= len(parts) else ""
        at = replace(place, component=number, reference=component.reference)
        if one:
            yield from (_issue(fault, at, one, component) for fault in faults_of(one, component))
        elif component.required:
            yield _issue(ElementFault.MANDATORY_MISSING, at, "", component)
    if len(parts) > len(spec.components):
        fault = _too_many_components(segment)
        at = replace(place, component=len(spec.components) + 1)
        yield Issue(
            fault,
            at,
            parts[len(spec.components)],
            f"{label(place, spec)}: too many components; at most {len(spec.components)} are allowed.",
        )
    for note in spec.syntax:
        yield from _relation(note, ["", *parts], spec.components, place, inside=True)


def _relation(
    note: SyntaxNote, values: Sequence[str], specs: Sequence[ElementSpec], place: Place, *, inside: bool = False
) -> Iterator[Issue]:
    """The faults of one syntax note."""
    count = len(values)
    present = [at for at in note.positions if at < count and values[at]]
    first, others = note.positions[0], note.positions[1:]
    missing: Sequence[int] = ()
    if note.kind == "E":
        if len(present) > 1:
            yield _related(ElementFault.EXCLUSION_VIOLATED, present[1], note, values, specs, place, inside=inside)
        return
    if note.kind == "P" and present:
        missing = [at for at in note.positions if at not in present]
    elif note.kind == "R" and not present:
        missing = note.positions[:1]
    elif note.kind == "C" and first in present:
        missing = [at for at in others if at not in present]
    elif note.kind == "L" and present == [first]:
        missing = others[:1]
    for at in missing:
        yield _related(ElementFault.CONDITIONAL_MISSING, at, note, values, specs, place, inside=inside)


def _related(
    fault: ElementFault,
    at: int,
    note: SyntaxNote,
    values: Sequence[str],
    specs: Sequence[ElementSpec],
    place: Place,
    *,
    inside: bool,
) -> Issue:
    spec = specs[at - 1]
    where = replace(place, component=at, reference=spec.reference) if inside else _at(place, spec, at)
    value = values[at] if at < len(values) else ""
    prefix = f"{place.segment}{place.element:02d}-" if inside else place.segment
    others = [f"{prefix}{other:02d}" for other in note.positions if other != at]
    joined = " and ".join(others) if len(others) < 3 else ", ".join(others[:-1]) + " and " + others[-1]  # noqa: PLR2004 - two need no comma
    sentences = {
        "P": f"is missing; it must come together with {joined}.",
        "R": f"is missing; it or {' or '.join(others)} must be there.",
        "E": f"must not come together with {joined}.",
        "C": f"is missing; {prefix}{note.positions[0]:02d} requires it.",
        "L": f"is missing; {prefix}{note.positions[0]:02d} requires it or another of {joined}.",
    }
    return Issue(fault, where, value, f"{label(where, spec)} {sentences[note.kind]}")


def label(place: Place, spec: ElementSpec) -> str:
    """How people name an element: ``PO102 (quantity ordered)``."""
    component = f"-{place.component:02d}" if place.component else ""
    return f"{place.segment}{place.element:02d}{component} ({spec.name.lower()})"


def _issue(fault: ElementFault, place: Place, value: str, spec: ElementSpec) -> Issue:
    shown = _shown(value)
    bounds = f"exactly {spec.minimum}" if spec.minimum == spec.maximum else f"{spec.minimum} to {spec.maximum}"
    unit = "digits" if spec.type[0] in "NR" else "characters"
    length = f"'{shown}' has the wrong length; {bounds} {unit} are allowed."
    sentences = {
        ElementFault.MANDATORY_MISSING: "is missing.",
        ElementFault.TOO_SHORT: f"{length[:-1]} (too short).",
        ElementFault.TOO_LONG: f"{length[:-1]} (too long).",
        ElementFault.INVALID_CHARACTER: _character_sentence(shown, spec),
        ElementFault.INVALID_CODE: f"'{shown}' is not in the list of codes.",
        ElementFault.INVALID_DATE: f"'{shown}' is not a date.",
        ElementFault.INVALID_TIME: f"'{shown}' is not a time.",
    }
    colon = "" if fault is ElementFault.MANDATORY_MISSING else ":"
    return Issue(fault, place, value, f"{label(place, spec)}{colon} {sentences[fault]}")


def _character_sentence(shown: str, spec: ElementSpec) -> str:
    if spec.type == "R":
        return f"'{shown}' is not a number."
    if spec.type[0] == "N":
        return f"'{shown}' is not a whole number (no decimal point is written here)."
    return "only blanks stand here." if not shown.strip() else f"{shown!r} contains a character that is not allowed."
