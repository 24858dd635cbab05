"""The commands about files that came in."""

import typer

from gateway.cli.options import Json, PartnerName, Site

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List the files that came in.")


@commands.command("list")
def files_list(site: Site = None, partner: PartnerName = "", as_json: Json = False) -> None:
    """List received files with what became of them. Example: gateway files list --partner acme."""
    from gateway.cli import lists  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(lists.files_list(site, partner, as_json=as_json))
