"""The commands of ``gateway acks``: which of our documents wait for an acknowledgment, and for which it is late."""

import typer

from gateway.cli.options import Json, Now, PartnerName, Site

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Show what partners have not acknowledged (997, 999)."
)


@commands.command("due")
def due(site: Site = None, partner: PartnerName = "", now: Now = None, as_json: Json = False) -> None:
    """List the files of ours to which an answer is awaited, the first to be due first; then those with no time agreed.

    Exit codes: 0 listed, 4 broken configuration, 5 no such site or partner, 7 the database cannot be used.

    Example: gateway acks due --partner acme
    """
    from gateway.cli import acks_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(acks_work.due(site, partner, now, as_json=as_json))


@commands.command("overdue")
def overdue(site: Site = None, partner: PartnerName = "", now: Now = None, as_json: Json = False) -> None:
    """List the files of ours that should be acknowledged by now.

    Exit codes: 0 there is none, 1 there is one, 4 broken configuration, 5 no such site or partner, 7 the database cannot be
    used.

    Example: gateway acks overdue --json
    """
    from gateway.cli import acks_work  # noqa: PLC0415 - same

    raise typer.Exit(acks_work.overdue(site, partner, now, as_json=as_json))
