"""Results on stdout, talk on stderr: JSON, plain tables, and errors as sentences with a next step."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.kernel.errors import ConfigurationError, GatewayError


def data(value: object) -> None:
    """Print JSON for programs."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))  # noqa: T201 - stdout is the result


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
