"""The commands about files that came in."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Last, PartnerName, Since, Site

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List the files that came in.")


@commands.command("list")
def files_list(
    site: Site = None,
    partner: PartnerName = "",
    state: Annotated[
        str, typer.Option("--state", help="Only files that are received, sliced, processed, held or duplicate.")
    ] = "",
    code: Annotated[str, typer.Option("--code", help="Only files with an open hold of this code.")] = "",
    name: Annotated[str, typer.Option("--name", help="Only files with this in their name.")] = "",
    since: Since = "",
    last: Last = None,
    as_json: Json = False,
) -> None:
    """List received files with what became of them, the newest last; then those that wait to be taken.

    Example: gateway files list --partner acme --since 2026-11-20
    """
    from gateway.cli import lists  # noqa: PLC0415 - --help must answer in 0.3 s

    wanted = lists.Wanted(partner, state, code, name, since, last)
    raise typer.Exit(lists.files_list(site, wanted, as_json=as_json))
