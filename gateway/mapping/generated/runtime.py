"""What generated source calls: texts read once, values of several segments or rows, names over lists."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.canonical.base import Canonical
from gateway.formats.markup_paths import CompiledPath
from gateway.formats.record import Record
from gateway.formats.x12.path import PAIR_KEY, PAIR_VALUE
from gateway.mapping.language.numerals import QUICK
from gateway.mapping.notations.notation import ItemPath, Node, ValuePath
from gateway.mapping.notations.x12_reading import Pair

MOST_REMEMBERED = 10_000


class GiveUpError(Exception):
    """Something that the exact interpreter has to judge."""


class Memo(dict[str, object]):
    """Texts with the values they were read as: documents repeat their numbers and dates."""

    __slots__ = ("read",)

    def __init__(self, read: Callable[[object], object]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, text: str) -> object:
        value = self.read(text)
        if len(self) < MOST_REMEMBERED:
            self[text] = value
        return value


class Numbers(Memo):
    """The same for numbers with a decimal point, of which most are new."""

    __slots__ = ()

    def __missing__(self, text: str) -> object:
        # as numerals.with_point does
        plain = len(text) < QUICK and text.isascii() and text.replace(".", "", 1).isdigit()
        value = Decimal(text) if plain else self.read(text)
        if len(self) < MOST_REMEMBERED:
            self[text] = value
        return value


class Kinds(dict[str, int | None]):
    """What a level of a set holds, by its shape: a bit for each id that is there, None where one stands as nothing expects it.

    ``places`` says of the ids whether they are those of loops.
    """

    __slots__ = ("places",)

    def __init__(self, places: Mapping[str, bool]) -> None:
        super().__init__()
        self.places = places

    def __missing__(self, shape: str) -> int | None:
        segments, loops = (half.split() for half in shape.split("/"))
        kind: int | None = sum(1 << at for at, each in enumerate(self.places) if each in (*segments, *loops))
        if any(self.places.get(each) for each in segments) or not all(self.places.get(each, True) for each in loops):
            kind = None
        if len(self) < MOST_REMEMBERED:
            self[shape] = kind
        return kind


def pairs_of(segment: Sequence[str], first: int) -> dict[str, str]:
    """The ids of a segment by their qualifiers; of two with the same qualifier the first."""
    found: dict[str, str] = {}
    for at in range(first, len(segment) - 1, 2):
        value = segment[at + 1].strip()
        if value:
            key = segment[at].strip()
            if key not in found:
                found[key] = value
    return found


def component_of(value: str, number: int, separator: str) -> str:
    """A component of an element."""
    if not separator or separator not in value:
        return value if number == 1 else ""
    parts = value.split(separator)
    return parts[number - 1] if number <= len(parts) else ""


def first_value(path: ValuePath, node: Node, root: Node) -> str:
    """The first value that a path reads, empty when there is none."""
    found = path.read(node, root)
    if len(found) > 1 and path.agrees:
        raise GiveUpError
    return found[0].value if found else ""


def first_of_rows(path: ValuePath, node: Node, root: Node) -> str:
    """The first value that a path reads, whatever others say."""
    found = path.read(node, root)
    return found[0].value if found else ""


def first_text(path: CompiledPath, element: Node) -> str:
    """The first text that a path finds in an element, white space around it cut off."""
    for each in path.texts(element):
        if text := each.strip():
            return text
    return ""


def half_of(node: Node, half: str) -> object:
    """``$key`` or ``$value`` of a pair."""
    return getattr(node, "fields", {}).get(half)


def every_value(path: ValuePath, node: Node, root: Node) -> list[str]:
    """All values that a path reads."""
    return [each.value for each in path.read(node, root)]


def items_of(path: ItemPath, node: Node, root: Node) -> Sequence[Node]:
    """The items that an ``each`` names."""
    return path.items(node, root)


def first_shared(rows: Sequence[Record], title: str) -> str:
    """The first value of a cell in any row."""
    return next((text for row in rows if (text := row.fields.get(title, "").strip())), "")


def shared(rows: Sequence[Record], title: str) -> str:
    """The value of a cell that all rows must share."""
    found = {row.fields.get(title, "").strip() for row in rows}
    found.discard("")
    if len(found) > 1:
        raise GiveUpError
    return found.pop() if found else ""


def over(items: Sequence[object] | None, name: str) -> list[object] | None:
    """The values of a field of all items of a list, None for an item without."""
    if items is None:
        return None
    head, _, rest = name.partition(".")
    found: list[object] = []
    for item in items:
        value = _part(item, head)
        while rest and value is not None and not isinstance(value, list | tuple):
            first, _, rest_of_it = rest.partition(".")
            value, rest = _part(value, first), rest_of_it
        rest = name.partition(".")[2]
        if isinstance(value, list | tuple):
            found.extend(value)
        else:
            found.append(value)
    return found


def _part(item: Any, name: str) -> object:
    if isinstance(item, Canonical):
        return getattr(item, name) if name in item.model_fields_set else None
    return item.get(name) if isinstance(item, Mapping) else None


def pair(segment: list[str], at: int, key: str, value: str) -> Pair:
    """A qualifier and its id as an item of its own."""
    return Pair(segment, at, {PAIR_KEY: key, PAIR_VALUE: value})
