"""Random values that fit an element, and random segments that obey every note of their specification."""

import string
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from gateway.formats.x12.emit import COMPONENT, REPETITION
from gateway.formats.x12.guide import ElementSpec, SegmentSpec, SyntaxNote

BASIC = string.ascii_uppercase + string.digits
INNER = BASIC + " .-/&'()+,=?"
"""What stands inside of generated text; every other sign is free to be a delimiter."""

_LONGEST = 40
_FIRST_DAY = date(2001, 1, 1)
_TRIES = 60


class Impossible(Exception):  # noqa: N818 - a random choice that led nowhere, made again
    """The choices made so far leave no valid continuation."""


def segment(spec: SegmentSpec, rng: Random, density: float) -> list[str]:
    """One segment with values for a valid choice of its elements; never without any element."""
    present = _choice(spec.elements, spec.syntax, rng, density)
    return [spec.id, *_written(spec.elements, present, rng, density)]


def value(spec: ElementSpec, rng: Random, density: float) -> str:
    """A value for one element; repetitions and components are joined by the markers of the writer."""
    if spec.type == "COMPOSITE":
        times = rng.randint(1, min(spec.repeat, 3)) if spec.repeat > 1 else 1
        return REPETITION.join(_composite(spec, rng, density) for _ in range(times))
    return _simple(spec, rng)


def _composite(spec: ElementSpec, rng: Random, density: float) -> str:
    present = _choice(spec.components, spec.syntax, rng, density)
    return COMPONENT.join(_written(spec.components, present, rng, density))


def _written(specs: Sequence[ElementSpec], present: set[int], rng: Random, density: float) -> list[str]:
    last = max(present)
    return [value(specs[at - 1], rng, density) if at in present else "" for at in range(1, last + 1)]


def _choice(specs: Sequence[ElementSpec], notes: Sequence[SyntaxNote], rng: Random, density: float) -> set[int]:
    """Positions that may stand together: what is required, some of the rest, and what the notes demand."""
    required = {at for at, each in enumerate(specs, start=1) if each.required}
    for attempt in range(_TRIES):
        likely = density * (1 - attempt / _TRIES)
        chosen = required | {at for at in range(1, len(specs) + 1) if rng.random() < likely}
        if not chosen:
            chosen = {rng.randint(1, len(specs))}
        for _ in range(12):
            changed = [note for note in notes if _mended(note, chosen, required, rng)]
            if not changed and chosen:
                return chosen
    raise Impossible("no choice of elements obeys all notes")


def _mended(note: SyntaxNote, chosen: set[int], required: set[int], rng: Random) -> bool:
    """Make the choice obey one note (X12.6, 3.8.3); whether it had to be changed."""
    here = [at for at in note.positions if at in chosen]
    first, others = note.positions[0], note.positions[1:]
    if note.kind == "E" and len(here) > 1:
        kept = next((at for at in here if at in required), rng.choice(here))
        chosen.difference_update(at for at in here if at != kept)
        return True
    missing: Sequence[int] = ()
    if note.kind == "P" and here:
        missing = [at for at in note.positions if at not in chosen]
    elif note.kind == "R" and not here:
        missing = [rng.choice(note.positions)]
    elif note.kind == "C" and first in chosen:
        missing = [at for at in others if at not in chosen]
    elif note.kind == "L" and here == [first]:
        missing = [rng.choice(others)]
    chosen.update(missing)
    return bool(missing)


def _simple(spec: ElementSpec, rng: Random) -> str:
    kind = spec.type
    if kind == "ID" and spec.codes is not None:
        fitting = sorted(code for code in spec.codes if spec.minimum <= len(code) <= spec.maximum)
        return rng.choice(fitting or sorted(spec.codes))
    if kind == "DT":
        day = _FIRST_DAY + timedelta(days=rng.randrange(36000))
        return f"{day:%Y%m%d}" if spec.maximum >= 8 and (spec.minimum > 6 or rng.random() < 0.8) else f"{day:%y%m%d}"
    if kind == "TM":
        lengths = [length for length in (4, 6, 7, 8) if spec.minimum <= length <= spec.maximum]
        text = f"{rng.randrange(24):02d}{rng.randrange(60):02d}{rng.randrange(60):02d}{rng.randrange(100):02d}"
        return text[: rng.choice(lengths)]
    if kind == "R" or kind[0] == "N":
        return _number(spec, rng)
    return _text(_length(spec, rng), rng, BASIC if kind == "ID" else INNER)


def _length(spec: ElementSpec, rng: Random) -> int:
    if spec.maximum <= _LONGEST and rng.random() < 0.1:
        return spec.maximum
    return rng.randint(spec.minimum, max(spec.minimum, min(spec.maximum, rng.choice((3, 8, 20, _LONGEST)))))


def _text(length: int, rng: Random, inner: str) -> str:
    """Text that begins and ends with a letter or digit: blanks at an end would not survive."""
    text = "".join(rng.choice(inner) for _ in range(length))
    return f"{rng.choice(BASIC)}{text[1:-1]}{rng.choice(BASIC)}"[:length]


def _number(spec: ElementSpec, rng: Random) -> str:
    """Digits, now and then with a sign and, for R, a point: neither counts for the length (X12.6, 3.5.1)."""
    count = rng.randint(spec.minimum, max(spec.minimum, min(spec.maximum, rng.choice((2, 5, 9)))))
    digits = rng.choice("123456789") + "".join(rng.choice(string.digits) for _ in range(count - 1))
    sign = "-" if rng.random() < 0.15 else ""
    if spec.type != "R" or rng.random() < 0.5:
        return sign + digits
    point = rng.randint(0, count - 1)
    return f"{sign}{digits[:point]}.{digits[point:]}"
