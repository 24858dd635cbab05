"""What went wrong while a document was mapped, for clerks: where, what, what they sent, which rule, what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from gateway.mapping.problem import MappingProblem

_FIELD, _SENT, _WHERE = 22, 30, 20


def lines(title: str, problems: Iterable[MappingProblem]) -> Iterator[str]:
    """The problems of one document below a line that says how many there are."""
    told = list(problems)
    held = sum(1 for each in told if each.level != "warn")
    counts = [f"{held} problem{'' if held == 1 else 's'}"] if held else []
    counts += [f"{len(told) - held} to look at"] if len(told) > held else []
    yield f"{title}: {', '.join(counts)}"
    for each in told:
        yield from problem(each)


def problem(each: MappingProblem) -> Iterator[str]:
    """One problem over two or three lines."""
    what = ", ".join(filter(None, (each.label, each.field)))
    indent = " " * (_FIELD + 4)
    yield f"  {what.ljust(_FIELD)}  {_sentence(each.sentence or each.message)}"
    sent = f"{each.source} = {each.value}" if each.source and each.value else each.source
    places = f"{sent.ljust(_SENT)} {each.where.ljust(_WHERE)} {each.rule}"
    if each.sentence:
        yield f"{indent}{places}".rstrip()
    else:
        yield f"{indent}{each.rule}"
    if each.hint:
        yield f"{indent}-> {each.hint}"


def view(each: MappingProblem) -> dict[str, Any]:
    """The same for programs."""
    left_out = ("place", "step", "given")
    return {part.name: getattr(each, part.name) for part in fields(each) if part.name not in left_out}


def _sentence(text: str) -> str:
    begun = text[:1].upper() + text[1:]
    return begun if begun.endswith((".", "?", "!")) else f"{begun}."
