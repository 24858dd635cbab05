"""Straight-line checks, generated for one segment with so many elements: they accept what is surely right, and never reject.

What they do not accept is looked at again by ``elements.check``, which names every fault.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.elements import is_date, is_time
from gateway.formats.x12.guide import ElementSpec, SegmentSpec, SyntaxNote

Accept = Callable[[Sequence[str]], bool]
"""Whether the elements of one segment (item 0 its id) are surely right.

The caller vouches that the segment is printable ASCII, that no element begins with a blank, and that no
component or repetition separator stands in it.
"""

MOST_ELEMENTS = 100
_TWO = range(2)


class Checks(dict[int, Accept]):
    """The checks of one segment by the number of its items, each generated when first asked for."""

    __slots__ = ("spec",)

    def __init__(self, spec: SegmentSpec) -> None:
        super().__init__()
        self.spec = spec

    def __missing__(self, size: int) -> Accept:
        accept = _generate(self.spec, size)
        if size <= MOST_ELEMENTS:
            self[size] = accept
        return accept


def is_plain(segment: Sequence[str], separators: Separators) -> bool:
    """Whether a segment is what the caller of ``Accept`` vouches for."""
    text = "".join(segment)
    return (
        text.isascii()
        and text.isprintable()
        and not (separators.component and separators.component in text)
        and not (separators.repetition and separators.repetition in text)
        and not (" " in text and any(element.startswith(" ") for element in segment))
    )


def _unsure(_: Sequence[str]) -> bool:
    return False


def _generate(spec: SegmentSpec, size: int) -> Accept:
    present = size - 1
    if present > len(spec.elements) or any(element.required for element in spec.elements[present:]):
        return _unsure
    names: dict[str, Any] = {}
    tests = {at: _test(spec.elements[at - 1], f"e{at}", names) for at in range(1, present + 1)}
    notes = [note for note in spec.syntax if not _is_pair(note, spec, present)]
    conditions = [
        *_elements(spec, tests, [note for note in spec.syntax if _is_pair(note, spec, present)]),
        *(condition for note in notes if (condition := _note(note, present))),
    ]
    if "False" in conditions:
        return _unsure
    unpacked = ", ".join(f"e{at}" for at in range(1, present + 1))
    lines = [
        "def accept(elements):",
        f"    _, {unpacked} = elements" if present else "    pass",
        f"    return {' and '.join(conditions) or 'True'}",
    ]
    exec("\n".join(lines), names)  # noqa: S102 - the source is made of our own tables' numbers only
    accept: Accept = names["accept"]
    return accept


def _is_pair(note: SyntaxNote, spec: SegmentSpec, present: int) -> bool:
    """Whether a note says of two optional elements, both before the end, that they come together."""
    return (
        note.kind == "P"
        and len(note.positions) == len(_TWO)
        and all(at <= present and not spec.elements[at - 1].required for at in note.positions)
    )


def _elements(spec: SegmentSpec, tests: Mapping[int, str], pairs: Sequence[SyntaxNote]) -> Iterator[str]:
    """One condition for each element; two that come together are one condition."""
    partner: dict[int, int] = {}
    for note in pairs:
        first, second = note.positions
        if first not in partner and second not in partner:
            partner |= {first: second, second: first}
        else:
            yield f"(e{second} if e{first} else not e{second})"
    for at, test in tests.items():
        name = f"e{at}"
        other = partner.get(at)
        if other is not None and at < other:
            both = " and ".join(filter(None, (test, f"e{other}", tests[other])))
            yield f"({both} if {name} else not e{other})"
        elif other is None and spec.elements[at - 1].required:
            yield test if test.startswith(f"{name} in") else " and ".join(filter(None, (name, test)))
        elif other is None and test:
            yield f"(not {name} or {test})"


def _test(spec: ElementSpec, name: str, names: dict[str, Any]) -> str:
    low, high = spec.minimum, spec.maximum
    if spec.components:
        return "False"  # composites are always looked at again
    if spec.codes is not None:
        names[f"codes_{name}"] = _fitting(spec)
        return f"{name} in codes_{name}"
    if spec.type == "DT":
        names["is_date"] = is_date
        return f"len({name}) == {low} and is_date({name})" if low == high else "False"
    if spec.type == "TM":
        names["is_time"] = is_time
        return f"{low} <= len({name}) <= {high} and is_time({name})"
    if spec.type[0] in "NR":
        shape = _decimal(low, high) if spec.type == "R" else _whole(low, high)
        names[f"number_{name}"] = re.compile(shape).match
        digits = f"{name}.isdigit()"
        if spec.type == "R" and low <= 1:  # a point is not counted, so with one the length is judged too strictly
            digits = f"({digits} or {name}.replace('.', '', 1).isdigit())"
        return f"({digits} and {_sized(name, low, high)} or number_{name}({name}))"
    return _sized(name, low, high)


def _fitting(spec: ElementSpec) -> frozenset[str]:
    """The codes that also have a length the element allows."""
    codes = spec.codes or frozenset()
    if all(spec.minimum <= len(code) <= spec.maximum for code in codes):
        return codes
    return frozenset(code for code in codes if spec.minimum <= len(code) <= spec.maximum)


def _sized(name: str, low: int, high: int) -> str:
    if low == high:
        return f"len({name}) == {low}"
    return f"len({name}) <= {high}" if low <= 1 else f"{low} <= len({name}) <= {high}"


def _whole(low: int, high: int) -> str:
    return rf"-?[0-9]{{{max(low, 1)},{high}}}\Z"


def _decimal(low: int, high: int) -> str:
    """Digits with at most one point, which is not counted; exponents are left to the exact check."""
    low = max(low, 1)
    return rf"-?(?:[0-9]{{{low},{high}}}\.?|(?=[0-9.]{{{low + 1},{high + 1}}}\Z)[0-9]*\.[0-9]+)\Z"


def _note(note: SyntaxNote, present: int) -> str:
    """The condition of one syntax note, with the elements beyond the end known to be empty."""
    inside = [f"e{at}" for at in note.positions if at <= present]
    absent = len(note.positions) - len(inside)
    first = note.positions[0]
    if note.kind == "P":
        if not inside:
            return ""
        return f"not ({' or '.join(inside)})" if absent else _paired(inside)
    if note.kind == "R":
        return f"({' or '.join(inside)})" if inside else "False"
    if note.kind == "E":
        return _at_most_one(inside)
    if first > present:
        return ""
    others = [f"e{at}" for at in note.positions[1:] if at <= present]
    if note.kind == "C":
        return f"not e{first}" if len(others) < len(note.positions) - 1 else f"(not e{first} or {' and '.join(others)})"
    return f"(not e{first} or {' or '.join(others)})" if others else f"not e{first}"


def _paired(names: Sequence[str]) -> str:
    first, *rest = names
    return f"({' and '.join(rest)} if {first} else not ({' or '.join(rest)}))"


def _at_most_one(names: Sequence[str]) -> str:
    pairs = [f"not ({a} and {b})" for at, a in enumerate(names) for b in names[at + 1 :]]
    return " and ".join(pairs)
