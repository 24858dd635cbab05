"""The command that runs a mapping on a file: results on stdout, what is wrong on stderr."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.cli import output
from gateway.cli.desk import desk_of, params_of
from gateway.flows.tools import problem_text, running
from gateway.flows.tools.running import Ran, Wrote
from gateway.kernel.errors import NotFoundError
from gateway.mapping import dump
from gateway.mapping.language.values import as_text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for besides mapping and file."""

    site: Path | None = None
    partner: str = ""
    params: list[str] | None = None
    today: str | None = None
    as_json: bool = False


def run(name: str, file: Path, wanted: Wanted) -> int:
    """0 when everything can be taken or sent, else 1."""
    if not file.is_file():
        raise NotFoundError(f"There is no file {file}.")
    desk = desk_of(wanted.site, wanted.today)
    prepared = desk.prepared(name)
    env = desk.environment(wanted.partner, params_of(wanted.params), file.name)
    running.needed(prepared, env)
    output.never_fail()
    if prepared.direction == "out":
        return _show_written(running.write(prepared, running.canonical(prepared, file), env), as_json=wanted.as_json)
    partner = desk.partner(wanted.partner) if wanted.partner else None
    with output.progress(f"reading {file.name}"):
        ran = running.read(prepared, file.read_bytes(), env, partner)
    return _show_read(prepared.document, ran, as_json=wanted.as_json)


def _show_read(document: str, ran: Ran, *, as_json: bool) -> int:
    code = 0 if ran.is_clean else 1
    if as_json:
        output.data({"faults": list(ran.faults), "documents": [_result(each) for each in ran.results]})
        return code
    for fault in ran.faults:
        output.talk(fault)
    for each in ran.results:
        if each.problems:
            for line in problem_text.lines(f"{document} {each.title}", each.problems):
                output.talk(line)
    sys.stdout.write(f"{dump.SEPARATOR}\n".join(dump.text(each.values) for each in ran.results))
    return code


def _show_written(wrote: Wrote, *, as_json: bool) -> int:
    code = 0 if wrote.is_clean else 1
    if as_json:
        problems = [problem_text.view(each) for each in wrote.problems]
        content = wrote.content.decode("utf-8", "backslashreplace")
        output.data(
            {"content": content, "faults": list(wrote.faults), "notes": list(wrote.notes), "problems": problems}
        )
        return code
    for sentence in (*wrote.faults, *wrote.notes):
        output.talk(sentence)
    if wrote.problems:
        for line in problem_text.lines("the document", wrote.problems):
            output.talk(line)
    sys.stdout.flush()
    sys.stdout.buffer.write(wrote.content)
    sys.stdout.buffer.flush()
    return code


def _result(each: running.Result) -> dict[str, Any]:
    return {
        "name": each.name, "reference": each.reference, "taken": each.document is not None,
        "values": _plain(each.values), "problems": [problem_text.view(one) for one in each.problems],
    }  # fmt: skip


def _plain(value: object) -> object:
    """Values as JSON has them: what has decimals or is a date as text."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | str) else as_text(value)
