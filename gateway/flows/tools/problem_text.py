"""What went wrong while a document was mapped, for clerks: where, what, what they sent, which rule, what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from gateway.kernel.words import counted
from gateway.mapping.problem import MappingProblem

_FIELD, _SENT, _WHERE = 22, 30, 20
_INDENT = " " * (_FIELD + 4)
UNMAPPED = "C-UNMAPPED"
"""The code of data that no rule reads."""


def lines(title: str, problems: Iterable[MappingProblem]) -> Iterator[str]:
    """The problems of one document below a line that says how many there are."""
    told = list(problems)
    held = sum(1 for each in told if each.level != "warn")
    counts = [counted(held, "problem")] if held else []
    counts += [f"{len(told) - held} to look at"] if len(told) > held else []
    yield f"{title}: {', '.join(counts)}"
    unread = [each for each in told if each.code == UNMAPPED]
    for each in told:
        if each.code != UNMAPPED:
            yield from problem(each)
    for each in unread:
        yield f"  {'not read'.ljust(_FIELD)}  {_sent(each)} {each.where}".rstrip()
    if unread:
        yield f"{_INDENT}-> {unread[0].hint}"


def problem(each: MappingProblem) -> Iterator[str]:
    """One problem over two or three lines."""
    what = ", ".join(filter(None, (each.label, each.field if each.path or not each.label else "")))
    yield f"  {what.ljust(_FIELD)}  {_sentence(each.sentence or each.message)}"
    yield f"{_INDENT}{_sent(each)} {each.where.ljust(_WHERE)} {each.rule}".rstrip()
    if each.hint:
        yield f"{_INDENT}-> {each.hint}"


def _sent(each: MappingProblem) -> str:
    said = f"{each.source} = {each.value}" if each.source and each.value else each.source
    return (said if each.sentence else each.source).ljust(_SENT)


def view(each: MappingProblem) -> dict[str, Any]:
    """The same for programs."""
    left_out = ("place", "step", "given")
    return {part.name: getattr(each, part.name) for part in fields(each) if part.name not in left_out}


def _sentence(text: str) -> str:
    begun = text[:1].upper() + text[1:]
    return begun if begun.endswith((".", "?", "!")) else f"{begun}."
