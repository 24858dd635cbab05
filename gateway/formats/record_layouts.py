"""Layouts of record files: which record a line is, and which positions or cells are which column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_RANGE = re.compile(r"(\d{1,6})(?:\s*-\s*(\d{1,6})?)?")
_VALUE = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([^|&'"]+?))\s*(?:\||$)""")
OPEN = 0
"""The last position of a column that goes on to the end of the line."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: 1-based positions, both inclusive; in CSV the number of its cell, twice."""

    name: str
    first: int
    last: int

    @property
    def label(self) -> str:
        """The positions as a guide writes them."""
        return _label(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Condition:
    """What stands at a place of a record; one of the values, compared without blanks around."""

    first: int
    last: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordLayout:
    """One type of record; without conditions every line is one."""

    name: str
    when: tuple[Condition, ...]
    columns: tuple[Column, ...]
    optional: bool = False

    def places(self) -> list[tuple[int, int]]:
        """Where its conditions look."""
        return [(each.first, each.last) for each in self.when]

    def end(self) -> int:
        """The last position that anything but an open column names."""
        columns = [each.last or each.first - 1 for each in self.columns]
        return max([*columns, *(last or first for first, last in self.places())], default=0)


@dataclass(frozen=True, slots=True)
class LayoutFault:
    """What is wrong with a layout: the record, the column if it is about one, and a sentence."""

    record: str
    column: str
    sentence: str


def column(name: str, text: str) -> Column | str:
    """A column of a fixed-width record by its range, or why the range is none.

    >>> column("po", "2-16"), column("kind", "1"), column("rest", "40-").label
    (Column(name='po', first=2, last=16), Column(name='kind', first=1, last=1), '40-')
    """
    found = _range(text)
    return found if isinstance(found, str) else Column(name, *found)


def cells(names: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a CSV record by their order; a name ``-`` or nothing passes a cell over."""
    return tuple(Column(name, at, at) for at, name in enumerate(names, start=1) if name not in ("", "-"))


def condition(text: str, *, of_cells: bool) -> tuple[Condition, ...] | str:
    """The conditions of ``when``, or why they are none: ``1-1 = H``, ``1-3 = HDR | HD2 & 9 = X``, in CSV ``1 = H``.

    >>> condition("1-2 = H | H1", of_cells=False)
    (Condition(first=1, last=2, values=('H', 'H1')),)
    """
    found: list[Condition] = []
    for part in text.split("&"):
        place, equals, said = part.partition("=")
        example = "1 = H" if of_cells else "1-1 = H"
        if not equals:
            return f"'{part.strip()}' is no condition; write it like {example}"
        at = _range(place.strip())
        if isinstance(at, str):
            return at
        if at[1] == OPEN:
            return f"'{place.strip()}' has no end; a condition looks at positions such as 1-3"
        if of_cells and at[0] != at[1]:
            return f"'{place.strip()}' is not the number of a column; write the condition like {example}"
        values = tuple(_values(said))
        if not values:
            return f"'{part.strip()}' does not say what stands there; write it like {example}"
        found.append(Condition(*at, values))
    return tuple(found)


def faults(
    layouts: Sequence[RecordLayout], document: str, *, record_length: int = 0, of_cells: bool = False
) -> Iterator[LayoutFault]:
    """Everything that keeps layouts from working together, before a file is read."""
    names = [layout.name for layout in layouts]
    if document and document not in names:
        yield LayoutFault(
            document, "", f"there is no record '{document}' for 'document'; there are {', '.join(names) or 'none'}"
        )
    for at, layout in enumerate(layouts):
        if not layout.when and len(layouts) > 1:
            yield LayoutFault(layout.name, "", f"record {layout.name} has no 'when', so it could be any line")
        same = next((other.name for other in layouts[:at] if layout.when and other.when == layout.when), None)
        if same is not None:
            yield LayoutFault(layout.name, "", f"record {layout.name} has the same 'when' as {same} and is never found")
        yield from _within(layout, record_length, of_cells=of_cells)
        yield from _overlaps(layout)


def gaps(layout: RecordLayout, length: int) -> tuple[tuple[int, int], ...]:
    """The positions up to a length that neither a column nor a condition covers."""
    covered = sorted([(each.first, each.last or length) for each in layout.columns] + layout.places())
    found: list[tuple[int, int]] = []
    next_free = 1
    for first, last in covered:
        if first > next_free:
            found.append((next_free, min(first - 1, length)))
        next_free = max(next_free, last + 1)
    if next_free <= length:
        found.append((next_free, length))
    return tuple(each for each in found if each[0] <= each[1])


def _within(layout: RecordLayout, length: int, *, of_cells: bool) -> Iterator[LayoutFault]:
    for each in layout.columns:
        if length and max(each.first, each.last) > length:
            sentence = f"column '{each.name}' ({each.label}) is outside of the {length} characters of a record"
            yield LayoutFault(layout.name, each.name, sentence)
    for place in layout.when:
        room = place.last - place.first + 1
        long = next((value for value in place.values if len(value) > room), None)
        if long is not None and place.last and not of_cells:
            where = _label(place.first, place.last)
            sentence = f"'{long}' can never stand in position {where}: it has {len(long)} characters"
            yield LayoutFault(layout.name, "", sentence)


def _overlaps(layout: RecordLayout) -> Iterator[LayoutFault]:
    ordered = sorted(layout.columns, key=lambda each: (each.first, _end(each.last)))
    widest: Column | None = None
    for each in ordered:
        if widest is not None and each.first <= _end(widest.last):
            sentence = f"columns '{widest.name}' ({widest.label}) and '{each.name}' ({each.label}) overlap"
            yield LayoutFault(layout.name, each.name, sentence)
        if widest is None or _end(each.last) > _end(widest.last):
            widest = each


def _end(last: int) -> int:
    return 10**9 if last == OPEN else last


def _label(first: int, last: int) -> str:
    return f"{first}-" if last == OPEN else str(first) if first == last else f"{first}-{last}"


def _range(text: str) -> tuple[int, int] | str:
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return f"'{text}' is no range of positions; write 2-16, 5 or 40-"
    first = int(match[1])
    last = int(match[2]) if match[2] else OPEN if "-" in text else first
    if first < 1:
        return f"'{text}': positions count from 1"
    if last != OPEN and last < first:
        return f"'{text}': the range ends before it begins"
    return first, last


def _values(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        match = _VALUE.match(text, at)
        if match is None:
            return
        yield next(part for part in match.groups() if part is not None).strip()
        at = match.end()
