"""What the pages about the corpus share: the surroundings of a mapping, and text that fits into a table."""

from collections.abc import Iterator
from datetime import date

from gateway.mapping.environment import Environment

ENV = Environment(params={"id": "partner"}, today=date(2026, 11, 20))
_SHORT = 160


def first(sentences: Iterator[str]) -> str:
    """The first sentence, as short as a table wants it."""
    told = safe(next(sentences, "its group was rejected"))
    return told if len(told) <= _SHORT else told[: _SHORT - 1] + "…"


def safe(text: str) -> str:
    """Text without what a table or a terminal would take for its own."""
    printable = "".join(character if character.isprintable() else "·" for character in text)
    return printable.replace("|", "¦").replace("`", "'")
