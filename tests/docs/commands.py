"""The reference of all commands, made of the tree of commands and of the manual they show as their help."""

from collections.abc import Iterator
from typing import Any

import typer

from gateway.cli.main import tree
from gateway.cli.manual import layout
from gateway.cli.manual.exit_codes import ALWAYS, EXIT_CODES
from gateway.cli.manual.page import Examples, Sheet
from gateway.cli.manual.pages import sheet_of
from gateway.cli.manual.sections import SECTIONS
from gateway.cli.manual.topics import TOPICS


def overview() -> str:
    """The commands by when they are needed, each with a link."""
    root = tree()
    rows = [(title, ", ".join(_link(name) for name in names if name in root.commands)) for title, names in SECTIONS]
    return _table("when", "commands", tuple(rows), code=False)


def exit_codes() -> str:
    """Every exit code with what it means."""
    return _table("code", "means", tuple((str(code), means) for code, means in EXIT_CODES.items()))


def environment() -> str:
    """What is looked at besides options."""
    return _table("name", "is", TOPICS["environment"][1])


def commands() -> str:
    """Every group and command."""
    root = tree().make_context("gateway", [], resilient_parsing=True)
    return "\n".join(
        part
        for _, names in SECTIONS
        for name in names
        if name in root.command.commands
        for part in _command(typer.Context(root.command.commands[name], parent=root, info_name=name), name)
    )


def _command(context: Any, name: str) -> Iterator[str]:
    command = context.command
    found = sheet_of(name, command.help or "")
    yield f"{'##' if ' ' not in name else '###'} gateway {name}\n"
    inner = getattr(command, "commands", {})
    if not inner:
        yield f"```text\ngateway {' '.join((name, *layout.usage(command)))}\n```\n"
    yield from (f"{_escaped(each)}\n" for each in (found.summary, *found.about))
    if not inner:
        yield from _tables(command, context, found)
    yield from _ends(found)
    for key, each in inner.items():
        yield from _command(typer.Context(each, parent=context, info_name=key), f"{name} {key}")


def _tables(command: Any, context: Any, found: Sheet) -> Iterator[str]:
    rows = (*layout.arguments(command, context), *layout.options(command, context))
    yield _table("argument or option", "means", rows)
    exits = [f"{code} {means}" for code, means in found.exits.items() if code not in ALWAYS]
    yield f"Exit codes: {_escaped('; '.join(exits))}.\n"


def _ends(found: Sheet) -> Iterator[str]:
    lines = (line for command, does in found.examples for line in (f"# {does}", f"gateway {command}"))
    yield "```sh\n" + "\n".join(lines) + "\n```\n"
    if found.files:
        yield _table("file or variable", "is", found.files)
    if found.see:
        yield f"See also: {', '.join(_link(each) for each in found.see)}.\n"


def _link(name: str) -> str:
    anchor = name.replace(" ", "-")
    return f"[`{name}`](#gateway-{anchor})"


def _table(left: str, right: str, rows: Examples, *, code: bool = True) -> str:
    found = (f"| {_code(each) if code else each} | {_escaped(means)} |" for each, means in rows)
    return "\n".join((f"| {left} | {right} |", "|---|---|", *found)) + "\n"


def _code(text: str) -> str:
    return f"`{text}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("$", "\\$")
