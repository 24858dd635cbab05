"""The path language for X12: parsed once, then checked against a guide or followed in the tree of a set."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gateway.formats.record import Record
from gateway.formats.x12.codes import QUALIFIER

_STEP = re.compile(
    r"(?P<segment>[A-Z][A-Z0-9]{1,2})(?:\((?P<conditions>(?:[^()']|'[^']*')*)\))?"
    r"(?:(?P<element>\d\d)(?:-(?P<component>\d))?|\.(?P<pairs>\*|[A-Z0-9]+(?:\|[A-Z0-9]+)*))?"
)
_CONDITION = re.compile(r"(?:(?P<element>\d\d)=)?(?P<values>.+)", re.DOTALL)
PAIR_KEY, PAIR_VALUE = "$key", "$value"


@dataclass(frozen=True, slots=True)
class Condition:
    """An element must have one of the values."""

    element: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A segment with conditions; the last step of a value path also names an element or qualifiers."""

    segment: str
    conditions: tuple[Condition, ...] = ()
    occurrence: int = 0
    every: bool = False
    element: int = 0
    component: int = 0
    pairs: tuple[str, ...] = ()

    def fits(self, segment: Sequence[str]) -> bool:
        """Whether a segment meets every condition."""
        for condition in self.conditions:
            value = segment[condition.element] if condition.element < len(segment) else ""
            if value.strip() not in condition.values:
                return False
        return True

    @property
    def selector(self) -> "Step":
        """The step without what it reads: which segment is meant."""
        return Step(self.segment, self.conditions)


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path; ``absolute`` starts at the transaction set instead of the current loop."""

    text: str
    steps: tuple[Step, ...]
    absolute: bool = False

    @property
    def last(self) -> Step:
        """The step that reads."""
        return self.steps[-1]


@lru_cache(maxsize=4_096)
def parse(text: str) -> Path | str:
    """The path of a text, or the sentence that says why it is none.

    >>> parse("N1(ST)/N401").steps[1].element
    1
    """
    steps: list[Step] = []
    for part in parts(text.removeprefix("/")):
        step = _step(part)
        if isinstance(step, str):
            return step
        steps.append(step)
    if any(step.element or step.pairs for step in steps[:-1]):
        return f"only the last step of a path names an element (path '{text}')"
    return Path(text, tuple(steps), absolute=text.startswith("/"))


def parts(text: str) -> list[str]:
    """The steps of a path as they are written: parts between slashes that stand outside of parentheses."""
    return [part for part, _ in _divided(text, "/", brackets=True)]


def _divided(text: str, sign: str, *, brackets: bool = False) -> Iterator[tuple[str, int]]:
    """Parts between a sign that stands outside of quotes (and of parentheses), each with its place."""
    depth, quoted, start = 0, False, 0
    for at, character in enumerate(text):
        quoted ^= character == "'"
        if brackets and not quoted:
            depth += (character == "(") - (character == ")")
        if character == sign and not quoted and depth == 0:
            yield text[start:at], start
            start = at + 1
    yield text[start:], start


def _step(text: str) -> Step | str:
    # greedy, so that 4 characters are a segment of two and an element, 5 a segment of three and an element
    match = _STEP.fullmatch(text)
    if match is None:
        return f"'{text}' is not a segment, element or id-pair"
    if match["element"] == "00" or match["component"] == "0":
        return f"'{text}': elements are counted from 01, components from 1"
    segment = match["segment"]
    conditions: list[Condition] = []
    occurrence, every = 0, False
    written = match["conditions"]
    for part in [each.strip() for each, _ in _divided(written, "&")] if written is not None else ():
        if part == "#*":
            every = True
        elif part.startswith("#"):
            if not (part[1:].isascii() and part[1:].isdigit()) or int(part[1:]) == 0:
                return f"'{part}' is not an occurrence; write #2 or #*"
            occurrence = int(part[1:])
        elif (condition := _condition(part, segment)) is not None:
            conditions.append(condition)
        else:
            return f"'{part}' is not a condition; write (DP), (02=73), (A|C) or ('a & b') (path '{text}')"
    pairs = tuple(match["pairs"].split("|")) if match["pairs"] else ()
    return Step(
        segment, tuple(conditions), occurrence, every, int(match["element"] or 0), int(match["component"] or 0), pairs
    )


def _condition(text: str, segment: str) -> Condition | None:
    """``DP``, ``02=73``, ``A|C``, ``'a & b'``; None when it is none of these."""
    match = _CONDITION.fullmatch(text)
    if match is None or match["element"] == "00":
        return None
    element = int(match["element"]) if match["element"] else QUALIFIER.get(segment, 1)
    values = [_unquoted(each.strip()) for each, _ in _divided(match["values"], "|")]
    return Condition(element, tuple(values)) if all(values) else None


def _unquoted(text: str) -> str:
    """A value without its quotes; nothing when a sign that needs them stands in it."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].strip()
    return "" if "=" in text or "'" in text else text


def segments(path: Path, root: Record) -> list[tuple[Record, list[list[str]]]]:
    """The segments that a path from the set names, by the set or loop instance they belong to; also where there are none."""
    return [(parent, list(_segments(path.last, parent))) for parent in _parents(path, root)]


def _parents(path: Path, root: Record) -> list[Record]:
    places = [root]
    for step in path.steps[:-1]:
        places = [child for each in places for child in each.children.get(step.segment, ()) if _opens(step, child)]
    return places


def _opens(step: Step, child: Record) -> bool:
    return child.head is not None and step.fits(child.head)


def _segments(step: Step, record: Record) -> Iterator[list[str]]:
    if record.head is not None and record.name == step.segment and step.fits(record.head):
        yield record.head
    for segment in record.segments.get(step.segment, ()):
        if step.fits(segment):
            yield segment
    for child in record.children.get(step.segment, ()):
        if child.head is not None and step.fits(child.head):
            yield child.head
