"""The commands about partners."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Json, Site

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Draft, list and show partners.")


@commands.command("new")
def partner_new(
    name: Annotated[str, typer.Argument(help="The name of the partner: letters, digits, '.', '_', '-'.")],
    sample: Annotated[Path | None, typer.Option("--from", help="A file they sent: X12, XML or CSV.")] = None,
    site: Site = None,
) -> None:
    """Draft a partner file, from a sample where there is one. Nothing is overwritten.

    Example: gateway partner new bigmart --from order.edi
    """
    from gateway.cli import partners as command  # noqa: PLC0415 - same

    raise typer.Exit(command.new(name, sample, site))


@commands.command("list")
def partner_list(site: Site = None, as_json: Json = False) -> None:
    """List the partners with their mappings. Example: gateway partner list."""
    from gateway.cli import partners as command  # noqa: PLC0415 - same

    raise typer.Exit(command.list_all(site, as_json=as_json))


@commands.command("show")
def partner_show(
    name: Annotated[str, typer.Argument(help="The partner's name.")], site: Site = None, as_json: Json = False
) -> None:
    """Show what counts for a partner, defaults included. Example: gateway partner show acme."""
    from gateway.cli import partners as command  # noqa: PLC0415 - same

    raise typer.Exit(command.show(name, site, as_json=as_json))


@commands.command("check")
def partner_check(
    name: Annotated[str, typer.Argument(help="The partner's name.")], site: Site = None, as_json: Json = False
) -> None:
    """Check a partner file and the mappings of that owner. Example: gateway partner check acme."""
    from gateway.cli import partners as command  # noqa: PLC0415 - same

    raise typer.Exit(command.check_one(name, site, as_json=as_json))
