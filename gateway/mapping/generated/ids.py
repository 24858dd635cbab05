"""What generated source calls for the ids of a segment: qualifiers and values that follow each other, by the fields they fill."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.mapping.generated.runtime import MOST_REMEMBERED, pairs_of
from gateway.mapping.language.typed import clean_text

MOST_ITEMS = 100
"""Of a segment that a reader is kept for."""
Filled = tuple[dict[str, object], set[str]]
"""All fields of the part that holds some ids, and which of them are set."""


class Layouts(dict[tuple[str, ...], tuple[tuple[str, ...], set[str]]]):
    """Qualifiers as they follow each other in a segment, with the fields of their ids; none where it takes a closer look.

    ``orders`` are the qualifiers of each field, preferred in their order. ``empty`` are all fields of the part that holds
    the ids, without a value. The set of the fields is shared by all parts that have them: models are frozen.
    """

    __slots__ = ("empty", "orders")

    def __init__(self, orders: Mapping[str, Sequence[str]], empty: dict[str, object]) -> None:
        super().__init__()
        self.orders = orders
        self.empty = empty

    def __missing__(self, keys: tuple[str, ...]) -> tuple[tuple[str, ...], set[str]]:
        fields = {code: field for field, codes in self.orders.items() for code in codes}
        found = tuple(fields.get(key, "") for key in keys)
        if "" in found or len(set(found)) < len(found):
            found = ()
        layout = found, set(found)
        if len(self) < MOST_REMEMBERED:
            self[keys] = layout
        return layout


def ids_of(segment: Sequence[str], first: int, layouts: Layouts) -> dict[str, str]:
    """The ids of a segment by their fields."""
    fields, _ = layouts[tuple(segment[first::2])]
    values = segment[first + 1 :: 2]
    if len(fields) == len(values) and "" not in values:
        text = "".join(values)
        if text.isascii() and text.isprintable() and " " not in text:
            # counting by hand takes half as long as zip or enumerate
            found: dict[str, str] = {}
            at = 0
            for field in fields:
                found[field] = values[at]
                at += 1  # noqa: SIM113
            return found
    ids = pairs_of(segment, first)
    firsts = {field: next((ids[code] for code in codes if code in ids), "") for field, codes in layouts.orders.items()}
    return {field: clean_text(text) for field, text in firsts.items() if text}


def filled_ids(segment: Sequence[str], first: int, layouts: Layouts) -> Filled:
    """The part that holds the ids of a segment."""
    found = ids_of(segment, first, layouts)
    return {**layouts.empty, **found}, set(found)


class TidyIds(dict[int, Callable[[Sequence[str]], Filled]]):
    """The same of segments whose texts need no cleaning: a reader for each number of items, made when first asked for.

    In straight lines it takes half as long as a loop over slices does.
    """

    __slots__ = ("first", "layouts")

    def __init__(self, first: int, layouts: Layouts) -> None:
        super().__init__()
        self.first = first
        self.layouts = layouts

    def __missing__(self, size: int) -> Callable[[Sequence[str]], Filled]:
        read = self._unrolled(size)
        if size <= MOST_ITEMS:
            self[size] = read
        return read

    def _unrolled(self, size: int) -> Callable[[Sequence[str]], Filled]:
        pairs = range(1, (size - self.first) // 2 + 1)
        space: dict[str, Any] = {"layouts": self.layouts, "copy": self.layouts.empty.copy, "closer": self._closer}
        if not pairs or (size - self.first) % 2:
            return self._closer
        items = ["_"] * self.first + [name for at in pairs for name in (f"key{at}", f"value{at}")]
        lines = [
            "def read(segment):",
            f"    {', '.join(items)} = segment",
            f"    fields, names = layouts[{''.join(f'key{at}, ' for at in pairs)}]",
            f"    if not (fields and {' and '.join(f'value{at}' for at in pairs)}):",
            "        return closer(segment)",
            f"    {''.join(f'field{at}, ' for at in pairs)} = fields",
            "    found = copy()",
            *(f"    found[field{at}] = value{at}" for at in pairs),
            "    return found, names",
        ]
        exec("\n".join(lines), space)  # noqa: S102 - the source is made of numbers only
        read: Callable[[Sequence[str]], Filled] = space["read"]
        return read

    def _closer(self, segment: Sequence[str]) -> Filled:
        return filled_ids(segment, self.first, self.layouts)
