"""The commands about partners."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Json, Site

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Draft, list, show and test partners.")


@commands.command("new")
def partner_new(
    name: Annotated[str, typer.Argument(help="The name of the partner: letters, digits, '.', '_', '-'.")],
    sample: Annotated[Path | None, typer.Option("--from", help="A file they sent: X12, XML or CSV.")] = None,
    site: Site = None,
) -> None:
    """Draft a partner file, from a sample where there is one. Nothing is overwritten.

    Example: gateway partner new bigmart --from order.edi
    """
    from gateway.cli import partner_new as command  # noqa: PLC0415 - same

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


@commands.command("test")
def partner_test(
    name: Annotated[str, typer.Argument(help="The partner's name.")],
    channel: Annotated[str, typer.Option("--channel", help="Only the channel of this key or name.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Put a small file into it, and remove it again.")] = False,
    site: Site = None,
    as_json: Json = False,
) -> None:
    """Try the channels of a partner without taking or sending anything; one that was stopped is used again if all is well.

    Exit codes: 0 all can be used, 4 wrong configuration, 5 no such partner or channel, 6 one cannot be used.

    Example: gateway partner test acme --write
    """
    from gateway.cli import partner_probe as command  # noqa: PLC0415 - same

    raise typer.Exit(command.test(name, channel, site, write=write, as_json=as_json))


@commands.command("scan-host-key")
def partner_scan_host_key(
    host: Annotated[str, typer.Argument(help="The server of the partner.")],
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Where it listens.")] = 22,
    as_json: Json = False,
) -> None:
    """Show the host key of a server as the partner file names it, with the fingerprint to compare by telephone.

    Nobody logs in.

    Exit codes: 0 shown, 6 the server cannot be reached.

    Example: gateway partner scan-host-key sftp.example.com --port 2222
    """
    from gateway.cli import partner_probe as command  # noqa: PLC0415 - same

    raise typer.Exit(command.scan(host, port, as_json=as_json))
