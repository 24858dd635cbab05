"""Results on stdout, talk on stderr: JSON, plain tables, and errors as sentences with a next step."""

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.kernel.errors import ConfigurationError, GatewayError


def data(value: object) -> None:
    """Print JSON for programs."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))  # noqa: T201 - stdout is the result


def stream(value: Mapping[str, Any], *, one_line: bool) -> None:
    """Print JSON in which iterators stand for lists, piece by piece: a list is never held in memory."""
    for piece in _pieces(value, None if one_line else 2, 0):
        sys.stdout.write(piece)
    sys.stdout.write("\n")


def never_fail() -> None:
    """Let a character that the terminal or file cannot take be written as its code, instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _pieces(value: object, indent: int | None, depth: int) -> Iterator[str]:
    inner, outer = ("\n" + " " * (indent * (depth + at)) for at in (1, 0)) if indent else (" ", "")
    if isinstance(value, Iterator):
        yield from _between("[]", (_pieces(each, indent, depth + 1) for each in value), inner if indent else "", outer)
    elif isinstance(value, dict) and any(isinstance(each, Iterator) for each in value.values()):
        members = (_member(name, each, indent, depth) for name, each in value.items())
        yield from _between("{}", members, inner if indent else "", outer)
    else:
        text = json.dumps(value, indent=indent, ensure_ascii=not _takes_everything(), default=str)
        yield text.replace("\n", outer) if indent else text


def _member(name: str, value: object, indent: int | None, depth: int) -> Iterator[str]:
    yield f"{json.dumps(name)}: "
    yield from _pieces(value, indent, depth + 1)


def _between(brackets: str, items: Iterator[Iterator[str]], inner: str, outer: str) -> Iterator[str]:
    before = brackets[0] + inner
    for item in items:
        yield before
        yield from item
        before = f",{inner or ' '}"
    yield brackets if before[0] == brackets[0] else outer + brackets[1]


def _takes_everything() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def line(text: str = "") -> None:
    """Print one line of a result."""
    print(text)  # noqa: T201 - stdout is the result


def talk(text: str) -> None:
    """Say something to the person; never part of a result."""
    print(text, file=sys.stderr)  # noqa: T201 - stderr is the talk


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows as aligned columns with their titles."""
    shown = [[_cell(row.get(column)) for column in columns] for row in rows]
    titles = [column.replace("_", " ") for column in columns]
    widths = [max(len(text) for text in texts) for texts in zip(titles, *shown, strict=True)]
    for texts in [titles, ["-" * width for width in widths], *shown]:
        line("  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip())


def error(problem: GatewayError) -> None:
    """Say what is wrong and what to do, on stderr; configuration problems each with their place."""
    if isinstance(problem, ConfigurationError):
        for each in problem.problems:
            talk(str(each))
    code = f" ({problem.code})" if problem.code else ""
    talk(f"gateway: {problem.sentence}{code}")
    if problem.next_step:
        talk(f"  {problem.next_step}")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return str(value)
