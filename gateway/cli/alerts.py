"""The commands of ``gateway alerts``: what somebody must be told, and whether it can be told."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Note, Now, Site, Who

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List, show and end what people are told; try the routes."
)
AlertId = Annotated[str, typer.Argument(help="The id of the alert.")]


@commands.command("list")
def list_all(
    site: Site = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: Json = False,
) -> None:
    """List what needs somebody, the worst first.

    Exit codes: 0 listed, 4 broken configuration, 5 no such site, 7 the database cannot be used.

    Example: gateway alerts list --json
    """
    from gateway.cli import alerts_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(alerts_work.list_all(site, every=every, as_json=as_json))


@commands.command("show")
def show(target: AlertId, site: Site = None, as_json: Json = False) -> None:
    """Show one alert: what it is about, what to do, and who was told when.

    Exit codes: 0 shown, 4 broken configuration, 5 no such site or alert, 7 the database cannot be used.

    Example: gateway alerts show A-1a2b3c4d
    """
    from gateway.cli import alerts_work  # noqa: PLC0415 - same

    raise typer.Exit(alerts_work.show(target, site, as_json=as_json))


@commands.command("close")
def close(
    target: AlertId, note: Note, site: Site = None, who: Who = "operator", as_json: Json = False, now: Now = None
) -> None:
    """End an alert by hand; who was told of it is told of its end. A hold it tells of stays.

    Exit codes: 0 it is over, 2 it is not said why, 5 no such alert, 8 it was over already.

    Example: gateway alerts close A-1a2b3c4d --note "the disk was cleared"
    """
    from gateway.cli import alerts_work  # noqa: PLC0415 - same

    raise typer.Exit(alerts_work.close(target, note, who, site, now, as_json=as_json))


@commands.command("test")
def try_route(
    route: Annotated[str, typer.Argument(help="The name of the route in gateway.yaml, or partner:NAME.")],
    site: Site = None,
    as_json: Json = False,
    now: Now = None,
) -> None:
    """Send one message over a route, to see that it arrives.

    Exit codes: 0 it was taken, 4 its secret cannot be read, 5 no such route, 6 it was not taken.

    Example: gateway alerts test office
    """
    from gateway.cli import alerts_work  # noqa: PLC0415 - same

    raise typer.Exit(alerts_work.try_route(route, site, now, as_json=as_json))


@commands.command("digest")
def digest(
    site: Site = None,
    send: Annotated[bool, typer.Option("--send", help="Send it now over the route of the digest.")] = False,
    as_json: Json = False,
    now: Now = None,
) -> None:
    """Print what the digest of this moment says: open alerts, holds, what is overdue, money at risk.

    Exit codes: 0 printed or sent, 2 no digest is asked for in gateway.yaml, 4 its secret cannot be read, 6 it was not taken.

    Example: gateway alerts digest
    """
    from gateway.cli import alerts_work  # noqa: PLC0415 - same

    raise typer.Exit(alerts_work.digest(site, now, send=send, as_json=as_json))
