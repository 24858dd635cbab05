"""The commands for codes nobody knew yet: what they are called, what they take, and an example of each."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Note, Site, Who

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Say once what new codes of partners mean."
)  # fmt: skip

Id = Annotated[str, typer.Argument(metavar="ID", help="The id that 'gateway values list' shows, e.g. V-3.")]


@commands.command("list")
def list_(
    site: Site = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were decided.")] = False,
    as_json: Json = False,
) -> None:
    """List codes that no list of a mapping knows and data that no rule reads, those seen most often first.

    Example: gateway values list
    """
    from gateway.cli import values_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(values_work.list_(site, everything=everything, as_json=as_json))


@commands.command("set")
def set_(
    name: Id,
    value: Annotated[str, typer.Argument(metavar="[VALUE]", help="What it means, in our words.")] = "",
    as_is: Annotated[bool, typer.Option("--as-is", help="It means what it says.")] = False,
    note: Note = "",
    site: Site = None,
    who: Who = "operator",
    as_json: Json = False,
) -> None:
    """Say what a new code means: into the list or table of the mapping that met it, after the check has passed.

    A built-in mapping is not changed: the partner gets a mapping of its own that extends it.

    Example: gateway values set V-3 CA --note "BigMart writes CS for a case"
    """
    from gateway.cli import values_work  # noqa: PLC0415 - same

    raise typer.Exit(values_work.set_(name, value, note, site, who, as_is=as_is, as_json=as_json))


@commands.command("ignore")
def ignore(name: Id, note: Note = "", site: Site = None, who: Who = "operator", as_json: Json = False) -> None:
    """Say that data is knowingly not read, or that a code shall stay unknown.

    Example: gateway values ignore V-4 --note "retail price, not needed"
    """
    from gateway.cli import values_work  # noqa: PLC0415 - same

    raise typer.Exit(values_work.ignore(name, note, site, who, as_json=as_json))
