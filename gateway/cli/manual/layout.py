"""Lay out the help of a command: as wide as the terminal up to eighty columns, the same on paper and in a pipe."""

import re
import textwrap
from typing import Any

from gateway.cli.manual.exit_codes import ALWAYS
from gateway.cli.manual.page import Examples, Sheet
from gateway.cli.manual.sections import Section

INDENT = 2
_VALUES = {
    "--ack": "PATH", "--every": "SECONDS", "--field": "PATH", "--from": "FILE", "--html": "FILE", "--keep": "FOLDER",
    "--last": "N", "--lines": "N", "--orders": "N", "--out": "PATH", "--sample": "FILE", "--workers": "N",
}  # fmt: skip
"""What stands for the value of an option where its own name would not say it."""


def name_of(ctx: Any) -> str:
    """The name of a command without the program: ``orders show``."""
    names: list[str] = []
    while ctx.parent is not None:
        names.insert(0, ctx.info_name)
        ctx = ctx.parent
    return " ".join(names)


def command(self: Any, ctx: Any, formatter: Any, sheet: Sheet) -> None:
    """The page of a command: usage, what it does, arguments, options, examples, exit codes, what belongs to it."""
    formatter.write_usage(f"gateway {name_of(ctx)}", " ".join(usage(self)))
    _text(formatter, (sheet.summary, *sheet.about))
    for title, rows in (("Arguments", arguments(self, ctx)), ("Options", options(self, ctx))):
        _table(formatter, title, rows)
    _examples(formatter, "Examples", sheet)
    exits = [(str(code), means) for code, means in sheet.exits.items() if code not in ALWAYS]
    if exits:
        _titled(formatter, "Exit codes")
        for code, means in exits:
            _hanging(formatter, code.rjust(3), means, 7)
    _ends(formatter, sheet)


def group(self: Any, ctx: Any, formatter: Any, sheet: Sheet, sections: tuple[Section, ...]) -> None:
    """The page of a group: its commands by section, each with its first sentence."""
    formatter.write_usage(f"gateway {name_of(ctx)}".rstrip(), "COMMAND ...")
    _text(formatter, (sheet.summary, *sheet.about))
    width = max(len(name) for name in self.commands) + 4
    for title, names in sections or (("Commands", tuple(self.commands)),):
        _titled(formatter, title)
        for name in names:
            _hanging(formatter, name, short(self.commands[name].help or ""), width)
    _table(formatter, "Options", options(self, ctx))
    _examples(formatter, "Examples", sheet)
    _ends(formatter, sheet)
    of = name_of(ctx)
    _titled(formatter, "More")
    _hanging(
        formatter,
        f"gateway help {of + ' ' if of else ''}COMMAND",
        "everything about one command",
        30 if not of else 24 + len(of),
    )
    if not of:
        _hanging(formatter, "gateway help exit-codes", "what the codes mean that commands end with", 30)
        _hanging(formatter, "gateway help environment", "the variables and files that are looked at", 30)


def first_sentence(text: str) -> str:
    """What a list of commands says of one.

    >>> first_sentence("Check X12 files, without any effect; each is shown. And more. Example: gateway validate x")
    'Check X12 files, without any effect; each is shown.'
    """
    words = " ".join(text.partition("\n\n")[0].partition("Example: ")[0].split())
    return words if ". " not in words else words[: words.index(". ") + 1]


def short(text: str) -> str:
    """The same, up to where it goes into details.

    >>> short("Check X12 files, without any effect; each is shown. And more.")
    'Check X12 files, without any effect'
    """
    return re.split(r"[;:] ", first_sentence(text))[0].removesuffix(".")


def usage(command: Any) -> list[str]:
    """What comes behind the name of a command."""
    said = [_argument(each) for each in command.params if each.param_type_name == "argument"]
    return ["[OPTIONS]", *said]


def arguments(command: Any, ctx: Any) -> Examples:
    """The arguments of a command, each with what it means."""
    return tuple((_argument(each), _means(each, ctx)) for each in command.params if each.param_type_name == "argument")


def options(command: Any, ctx: Any) -> Examples:
    """The options of a command, each with what it means and its default."""
    return tuple(
        (_option(each), _means(each, ctx))
        for each in command.get_params(ctx)
        if each.param_type_name == "option" and not each.hidden
    )


def _argument(param: Any) -> str:
    name = (param.metavar or param.name.upper()).removeprefix("[").removesuffix("...").removesuffix("]")
    return (name if param.required else f"[{name}]") + ("..." if param.nargs == -1 else "")


def _option(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=lambda each: each.startswith("--")))
    if param.is_flag or param.count:
        return names
    long = max(param.opts, key=len)
    return f"{names} {param.metavar or _VALUES.get(long) or long.rpartition('-')[2].upper()}"


def _means(param: Any, ctx: Any) -> str:
    found = param.get_help_record(ctx)
    return " ".join(found[1].split()) if found is not None else ""


def _examples(formatter: Any, title: str, sheet: Sheet) -> None:
    if sheet.examples:
        _titled(formatter, title)
    for line, does in sheet.examples:
        formatter.write("".join(f"{each}\n" for each in _lines(f"gateway {line}", formatter.width)))
        for each in textwrap.wrap(does, formatter.width - 6) if does else []:
            formatter.write(f"      {each}\n")


def _lines(command: str, width: int) -> list[str]:
    r"""A command as it may be copied: broken before an option, where it is too long.

    >>> _lines('gateway orders hold PO-1 --reason "they called"', 40)
    ['  gateway orders hold PO-1 \\', '      --reason "they called"']
    """
    found = ["  " + (parts := command.split(" --"))[0]]
    for each in parts[1:]:
        longer = f"{found[-1]} --{each}"
        found = [*found[:-1], longer] if len(longer) + 2 <= width else [*found, f"      --{each}"]
    return [*(f"{each} \\" for each in found[:-1]), found[-1]]


def _ends(formatter: Any, sheet: Sheet) -> None:
    if sheet.files:
        _titled(formatter, "Files and environment")
        for name, means in sheet.files:
            _hanging(formatter, name, means, max(len(each) for each, _ in sheet.files) + 4)
    if sheet.see:
        _titled(formatter, "See also")
        _text(formatter, (", ".join(f"gateway {each}" for each in sheet.see),), gap=False)


def _table(formatter: Any, title: str, rows: Examples) -> None:
    if rows:
        _titled(formatter, title)
    width = min(max((len(left) for left, _ in rows), default=0) + 4, 32)
    for left, right in rows:
        _hanging(formatter, left, right, width)


def _titled(formatter: Any, title: str) -> None:
    formatter.write(f"\n{title}:\n")


def _text(formatter: Any, paragraphs: tuple[str, ...], *, gap: bool = True) -> None:
    for each in paragraphs:
        formatter.write("\n" if gap else "")
        for line in textwrap.wrap(each, formatter.width - INDENT, break_on_hyphens=False, break_long_words=False):
            formatter.write(f"{' ' * INDENT}{line}\n")


def _hanging(formatter: Any, left: str, right: str, width: int) -> None:
    first, *more = textwrap.wrap(right, max(formatter.width - width, 20), break_on_hyphens=False) or [""]
    head = f"{' ' * INDENT}{left}"
    if len(head) + 2 > width:
        formatter.write(f"{head}\n")
        head = ""
    formatter.write(head.ljust(width) + first + "\n")
    for line in more:
        formatter.write(f"{' ' * width}{line}\n")


class _Paper:
    """What is written on, where no command gives a formatter."""

    width = 80

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def topic(about: str, rows: Examples) -> str:
    """A page that is of no single command: a paragraph, and a table."""
    paper = _Paper()
    _text(paper, (about,), gap=False)
    paper.write("\n")
    for left, right in rows:
        _hanging(paper, left, right, max(len(each) for each, _ in rows) + 4)
    return paper.text.rstrip("\n")
