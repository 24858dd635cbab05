"""Results on stdout, talk on stderr: JSON, plain tables, and errors as sentences with a next step."""

import io
import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from gateway.cli.terminal.cells import cells, filled
from gateway.cli.terminal.columns import MOMENTS, titled
from gateway.cli.terminal.drawing import shown
from gateway.cli.terminal.moments import short
from gateway.cli.terminal.progress import Progress
from gateway.cli.terminal.screen import LEAST, is_watched, width
from gateway.cli.terminal.steps import Steps
from gateway.files.names import visible
from gateway.kernel.errors import ConfigurationError, DiskError, GatewayError
from gateway.kernel.hiding import redacted

_PAINT = re.compile(r"(\x1b\[[0-9;]{0,8}m)")
_BEYOND = re.compile(r"[^ -~\n]")
_LAST_OF_FOUR_DIGITS = 0xFFFF
TOLD = "the person was told what is done"
"""Noted at a Ctrl-C that has been answered."""


def data(value: object) -> None:
    """Print JSON for programs."""
    print(_quoted(json.dumps(value, indent=2, ensure_ascii=False, default=str)))  # noqa: T201 - stdout is the result


def stream(value: Mapping[str, Any], *, one_line: bool) -> None:
    """Print JSON in which iterators stand for lists, piece by piece: a list is never held in memory.

    Without ``one_line`` what holds iterators is indented; everything else is a line of its own.
    """
    encode = json.JSONEncoder(ensure_ascii=not _takes_everything(), default=str).encode
    for piece in _pieces(value, encode, None if one_line else 0):
        sys.stdout.write(_quoted(piece))
    sys.stdout.write("\n")


def never_fail() -> None:
    """Let a character that the terminal or file cannot take be written as its code, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def ended(code: int) -> int:
    """Bring out what was printed last; the exit code, another one where nobody can read it.

    Who stops reading, as ``head`` does, has what he wanted. A full disk is told.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
    except OSError as error:
        _let_go_of_stdout()
        return unwritten(error)
    return code


def unwritten(error: OSError) -> int:
    """Say that the result could not be written; the exit code."""
    problem = DiskError(
        f"The result cannot be written: {error.strerror}.", next_step="Make room there, or write it somewhere else."
    )
    _spoken(f"gateway: {problem.sentence}", "")
    _spoken(str(problem.next_step), "  ")
    return problem.exit_code


def _let_go_of_stdout() -> None:
    """What is left in it goes nowhere, so that the end of the process is not disturbed by it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _pieces(value: object, encode: Callable[[object], str], depth: int | None) -> Iterator[str]:
    deeper = None if depth is None else depth + 1
    if isinstance(value, Iterator):
        yield from _between("[]", (_pieces(each, encode, deeper) for each in value), depth)
    elif isinstance(value, dict) and any(isinstance(each, Iterator) for each in value.values()):
        members = (_member(encode(name), _pieces(each, encode, deeper)) for name, each in value.items())
        yield from _between("{}", members, depth)
    else:
        yield encode(value)


def _member(name: str, pieces: Iterator[str]) -> Iterator[str]:
    yield f"{name}: "
    yield from pieces


def _between(brackets: str, items: Iterator[Iterator[str]], depth: int | None) -> Iterator[str]:
    inner, outer = ("", "") if depth is None else ("\n" + "  " * (depth + 1), "\n" + "  " * depth)
    first = True
    for item in items:
        yield brackets[0] + inner if first else f",{inner or ' '}"
        yield from item
        first = False
    yield brackets if first else outer + brackets[1]


def _takes_everything() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _quoted(text: str) -> str:
    """JSON in which what moves the cursor or cannot be seen is written as its code, which means the same."""
    return _BEYOND.sub(lambda found: found[0] if visible(found[0]) == found[0] else _code(found[0]), redacted(text))


def _code(character: str) -> str:
    code = ord(character)
    return rf"\u{code:04x}" if code <= _LAST_OF_FOUR_DIGITS else json.dumps(character)[1:-1]


def line(text: str = "") -> None:
    """Print one line of a result; whatever partners sent in it, it stays one line and moves no cursor."""
    print(visible(redacted(text)))  # noqa: T201 - stdout is the result


def block(text: str) -> None:
    """Print a text of several lines that we have put together ourselves."""
    for each in text.split("\n"):
        line(each)


def painted(text: str) -> None:
    """Print one line with the colours in it; nothing else of it is obeyed by a terminal."""
    print("".join(each if _PAINT.fullmatch(each) else visible(each) for each in _PAINT.split(text)))  # noqa: T201 - same


def talk(text: str) -> None:
    """Say something to the person; never part of a result."""
    print(visible(redacted(text)), file=sys.stderr)  # noqa: T201 - stderr is the talk


def table(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, indent: str = "", may_go: Sequence[str] = ()
) -> None:
    """Print rows as aligned columns with their titles; moments are shown in the time of the site.

    At a terminal too narrow for them the columns that ``may_go`` go in their order, long texts are wrapped, and at last
    each row becomes a block; nothing is cut. What is no terminal gets all columns, each row a line.
    """
    shown = [{name: _cell(name, row.get(name)) for name in columns} for row in rows]
    wide = width()
    if wide is None:
        _plain(shown, columns, indent)
        return
    from gateway.cli.terminal import tables  # noqa: PLC0415 - rich takes 0.1 s to import, and programs never need it

    gone = tables.show(shown, columns, wide, len(indent), may_go)
    if gone:
        talk(f"{indent}({', '.join(map(titled, gone))}: not shown at this width; --json has everything)")


def _plain(rows: Sequence[Mapping[str, str]], columns: Sequence[str], indent: str) -> None:
    wide = {name: max([cells(titled(name)), *(cells(row[name]) for row in rows)]) for name in columns}
    head = {name: titled(name) for name in columns}
    for row in (head, {name: "-" * wide[name] for name in columns}, *rows):
        line((indent + "  ".join(filled(row[name], wide[name]) for name in columns)).rstrip())


def listed(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    nothing: str,
    *,
    as_json: bool,
    may_go: Sequence[str] = (),
) -> None:
    """Print rows as JSON or as a table; ``nothing`` is said where there are none."""
    if as_json:
        data(rows)
    elif rows:
        table(rows, columns, may_go=may_go)
    else:
        line(nothing)


def suggest(command: str) -> None:
    """Say which command helps next; only to somebody at a terminal, never beside results that a program reads."""
    if is_watched():
        talk(f"-> {command}")


@contextmanager
def progress(what: str, total: int | None = None, unit: str = "", *, drawn: bool = True) -> Iterator[Progress]:
    """Show how far some work is, to somebody at a terminal and only when it lasts: ``step()`` or ``at(done)`` say it.

    Ctrl-C ends it with a sentence that says what was done. It is not ``drawn`` where results are printed meanwhile.
    """
    work = Progress(what, total, unit)
    try:
        with shown(work) if drawn else nullcontext(work):
            yield work
    except KeyboardInterrupt as stopped:
        talk(f"gateway: stopped; {work.told()}.")
        stopped.add_note(TOLD)
        raise


def waiting(what: str, *, drawn: bool = True) -> AbstractContextManager[object]:
    """Show that something is done that cannot be counted and is a part of what ``progress`` counts."""
    return shown(Progress(what)) if drawn else nullcontext()


def steps(total: int | None = None) -> Steps:
    """Tell work step by step: ``with steps.doing("the warehouse picks") as step: ... step.says("3 files")``."""
    return Steps(line, total)


def told(text: str, *, indent: str = "", hanging: str = "    ") -> None:
    """Print a sentence, wrapped to the terminal; what goes on is indented by ``hanging`` more."""
    most = width()
    if most is None:
        line(indent + text)
        return
    wrapped = textwrap.wrap(
        visible(text), max(most, LEAST), initial_indent=indent, subsequent_indent=indent + hanging, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    for each in wrapped or [""]:
        line(each)


def error(problem: GatewayError) -> None:
    """Say what is wrong and what to do, on stderr; configuration problems each with their place."""
    if isinstance(problem, ConfigurationError):
        for each in problem.problems:
            for part in str(each).split("\n"):
                talk(part)
    code = f" ({problem.code})" if problem.code else ""
    _spoken(f"gateway: {problem.sentence}{code}", "")
    if problem.next_step:
        _spoken(problem.next_step, "  ")


def _spoken(text: str, indent: str) -> None:
    """Say a sentence, at a terminal wrapped to it; a word that is longer than a line stays whole, to be copied."""
    whole = visible(redacted(text))
    if not sys.stderr.isatty():
        talk(indent + whole)
        return
    most = max(shutil.get_terminal_size().columns, LEAST)
    for each in textwrap.wrap(
        whole,
        most,
        initial_indent=indent,
        subsequent_indent=indent or "  ",
        break_long_words=False,
        break_on_hyphens=False,
    ):
        talk(each)


def _cell(name: str, value: object) -> str:
    """A value as it stands in a table: visible, without secrets, a moment in the time of the site."""
    if value is None:
        return ""
    each = value if isinstance(value, list | tuple) else (value,)
    text = ", ".join(visible(redacted(str(one))) for one in each)
    return short(text) if name in MOMENTS else text
