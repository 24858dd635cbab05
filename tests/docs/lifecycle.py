"""The tables of the page about orders, drawn from the tables of the program."""

import inspect
import re
from collections.abc import Iterable
from typing import get_args

from gateway.documents.registry import OWED
from gateway.orders.events import Event
from gateway.orders.lifecycle import ALLOWED, LADDER, MOVES, Status


def drawing() -> str:
    """How quantities go between the buckets, as a Mermaid diagram; each arrow is an event."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for event, origin, target in MOVES:
        arrows.setdefault((origin, target), []).append(spoken(event))
    lines = [f"    {origin} --> {target}: {', '.join(names)}" for (origin, target), names in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> pending: placed", *lines, "```", ""])


def moves() -> str:
    """Every way a quantity can go, as a table."""
    rows = ((f"`{event.__name__}`", origin, target, _first_sentence(event)) for event, origin, target in MOVES)
    return _table("event | from | to | means", rows)


def statuses() -> str:
    """The statuses in the order in which they are tried."""
    return _table("status | when", ((f"`{status.value}`", words) for status, words, _ in LADDER))


def commands() -> str:
    """In which status each command may be given."""
    every = frozenset(Status)

    def shown(allowed: frozenset[Status]) -> str:
        return "any" if allowed == every else ", ".join(f"`{each.value}`" for each in Status if each in allowed)

    rows = ((f"`{command.__name__}`", words, shown(allowed)) for command, (words, allowed) in ALLOWED.items())
    return _table("command | is | possible while the order is", rows)


def events() -> str:
    """Every event, what it says, and which documents it owes."""
    rows = (
        (f"`{event.__name__}`", _first_sentence(event), ", ".join(f"`{owed.document}`" for owed in OWED.get(event, ())))
        for event in get_args(Event)
    )
    return _table("event | says | owes", rows)


def spoken(event: type) -> str:
    """The name of an event in words: LineShortPicked is 'short picked'."""
    return " ".join(re.findall(r"[A-Z][a-z]+", event.__name__)[1:]).lower()


def _first_sentence(event: type) -> str:
    said = " ".join((inspect.getdoc(event) or "").split()).replace("``", "`").replace("|", "\\|")
    without = re.sub(r" \([^)]*\)", "", said)
    return re.split(r"(?<=[.;])\s", without, maxsplit=1)[0].rstrip(".;")


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    titles = [each.strip() for each in head.split("|")]
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"
