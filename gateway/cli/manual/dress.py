"""Give every command and group the help of the manual, whoever declared it."""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from gateway.cli.manual import layout
from gateway.cli.manual.sections import SECTIONS, Section


class Command(TyperCommand):
    """A command whose help is a page of the manual."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: D102 - of the class above
        from gateway.cli.manual.pages import sheet_of  # noqa: PLC0415 - only who asks for help reads the manual

        layout.command(self, ctx, formatter, sheet_of(layout.name_of(ctx), self.help or ""))


class Group(TyperGroup):
    """A group whose help lists its commands by what they are for, each with its whole first sentence."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: D102 - of the class above
        from gateway.cli.manual.pages import sheet_of  # noqa: PLC0415 - same

        name = layout.name_of(ctx)
        found = sheet_of(name, self.help or "")
        layout.group(self, ctx, formatter, found, _sections(self) if not name else ())


def _sections(group: TyperGroup) -> tuple[Section, ...]:
    """The sections with the commands there are; what stands in none comes last."""
    named = {name for _, names in SECTIONS for name in names}
    others = tuple(name for name in group.commands if name not in named)
    found = [(title, tuple(name for name in names if name in group.commands)) for title, names in SECTIONS]
    return (*found, ("More", others)) if others else tuple(found)


def dress(app: typer.Typer) -> typer.Typer:
    """The same application; its commands and groups, and those within, show themselves as the manual does."""
    app.info.cls = Group
    for each in app.registered_commands:
        each.cls = Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            dress(group.typer_instance)
    return app
