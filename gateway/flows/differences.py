"""Where two results differ: canonical documents value by value, X12 by segment and element, rows by row and column."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
_ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two results differ, each shown as it is written; None is what is not there."""

    place: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """``lines[2].uom: EA -> CA``."""
        return f"{self.place}: {self._shown(self.before)} -> {self._shown(self.after)}"

    def expectation(self) -> str:
        """``lines[2].uom: expected EA, got CA``."""
        return f"{self.place}: expected {self._shown(self.before)}, got {self._shown(self.after)}"

    @staticmethod
    def _shown(value: str | None) -> str:
        return _ABSENT if value is None else value if value.strip() == value and value else repr(value)


Row = dict[str, str | None]
"""One field with what it was and what it is now; None is what is not there."""


def table(found: Iterable[Difference]) -> list[Row]:
    """Differences as people compare them: field, earlier, now."""
    return [{"field": each.place, "earlier": each.before, "now": each.after} for each in found]


def as_figures(found: Iterable[Difference]) -> str:
    """What a hold keeps of them."""
    return json.dumps({"difference": table(found)}, ensure_ascii=False)


def of_figures(figures: str) -> list[Row]:
    """The differences that a hold has kept; none where it has none."""
    rows: list[Row] = json.loads(figures).get("difference", []) if figures else []
    return rows


def values(before: object, after: object, place: str = "") -> Iterator[Difference]:
    """The values of two nested structures that differ, in the order of the first; list items by number from 1."""
    if before == after and type(before) is type(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*before, *(key for key in after if key not in before)):
            yield from values(before.get(key), after.get(key), f"{place}.{key}" if place else str(key))
    elif isinstance(before, list) and isinstance(after, list):
        for at in range(max(len(before), len(after))):
            yield from values(_item(before, at), _item(after, at), f"{place}[{at + 1}]")
    elif isinstance(before, Mapping | list) or isinstance(after, Mapping | list):
        yield from _one_sided(before, after, place)
    elif before != after:
        yield Difference(place or "value", _text(before), _text(after))


def segments(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> Iterator[Difference]:
    """The segments of two sets that differ, numbered from ST = 1; from the first of another kind on nothing lines up."""
    for number in range(1, max(len(before), len(after)) + 1):
        wanted, got = _item(before, number - 1), _item(after, number - 1)
        if wanted is None or got is None or wanted[0] != got[0]:
            yield Difference(f"segment {number}", _segment(wanted), _segment(got))
            return
        for element in range(1, max(len(wanted), len(got))):
            one, other = _item(wanted, element) or "", _item(got, element) or ""
            if one != other:
                yield Difference(f"segment {number} {wanted[0]}{element:02d}", one or None, other or None)


def rows(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> Iterator[Difference]:
    """The cells of two files that differ; columns by the title of the first row."""
    titles = before[0] if before else ()
    for number in range(1, max(len(before), len(after)) + 1):
        wanted, got = _item(before, number - 1), _item(after, number - 1)
        if wanted is None or got is None:
            yield Difference(f"row {number}", _row(wanted), _row(got))
            continue
        for at in range(max(len(wanted), len(got))):
            if _item(wanted, at) != _item(got, at):
                column = _item(titles, at) or f"column {at + 1}"
                yield Difference(f"row {number}, {column}", _item(wanted, at), _item(got, at))


def lines(before: str, after: str) -> Iterator[Difference]:
    """The lines of two texts that differ."""
    wanted, got = before.splitlines(), after.splitlines()
    for at in range(max(len(wanted), len(got))):
        if _item(wanted, at) != _item(got, at):
            yield Difference(f"line {at + 1}", _item(wanted, at), _item(got, at))


def _one_sided(before: object, after: object, place: str) -> Iterator[Difference]:
    """A whole branch that only one of them has, value by value; or two of different shapes."""
    if before is None:
        yield from (Difference(where, None, text) for where, text in _leaves(after, place))
    elif after is None:
        yield from (Difference(where, text, None) for where, text in _leaves(before, place))
    else:
        yield Difference(place, _shape(before), _shape(after))


def _leaves(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for at, inner in enumerate(value, start=1):
            yield from _leaves(inner, f"{place}[{at}]")
    elif value is not None:
        yield place, _text(value) or ""


def _shape(value: object) -> str:
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, Mapping) else str(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _segment(elements: Sequence[str] | None) -> str | None:
    return None if elements is None else "*".join(elements)


def _row(cells: Sequence[str] | None) -> str | None:
    return None if cells is None else "; ".join(cells)


def _item(items: Sequence[T], at: int) -> T | None:
    return items[at] if at < len(items) else None
