"""The commands about the configuration of a site."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Site

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Check and show the site's configuration.")


@commands.command("check")
def config_check(site: Site = None, as_json: Json = False) -> None:
    """Check gateway.yaml, partners and mappings; all problems at once. Exit 1 when there is one.

    Example: gateway config check
    """
    from gateway.cli import check  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(check.config_check(site, as_json=as_json))


@commands.command("show")
def config_show(
    site: Site = None,
    partner: Annotated[str, typer.Option("--partner", help="The values of this partner instead.")] = "",
    all_values: Annotated[bool, typer.Option("--all", help="Also those that nothing is said about.")] = False,
    as_json: Json = False,
) -> None:
    """Show each setting of gateway.yaml, or of a partner, with where it comes from: the file, the environment, the gateway.

    Secrets are shown as ***. What is empty is left out without --all.

    Exit codes: 0 shown, 4 broken configuration, 5 no such site or partner.

    Example: gateway config show --partner acme
    """
    from gateway.cli import showing_config  # noqa: PLC0415 - same

    raise typer.Exit(showing_config.show(site, partner, everything=all_values, as_json=as_json))


@commands.command("plan")
def config_plan(
    site: Site = None,
    against: Annotated[
        str, typer.Option("--against", metavar="DIR|REVISION", help="Compare with this folder, or revision of git.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show what a change of the site's files affects before it counts: compared with what 'gateway run' used last.

    Settings old and new, partners that begin or end, channels and files that wait in their folders, mappings that read or
    write otherwise, and what is open of each partner, with the commands that come next. Nothing is changed.

    Exit codes: 0 shown, 1 the files have an error, 5 no such site, folder or revision.

    Example: gateway config plan --against HEAD
    """
    from gateway.cli import planning  # noqa: PLC0415 - same

    raise typer.Exit(planning.plan(site, against, as_json=as_json))


@commands.command("reload")
def config_reload(site: Site = None, as_json: Json = False) -> None:
    """Let 'gateway run' on this machine work with the files as they are now, without ending it.

    Everything is checked first; with a mistake nobody is told and the settings of before count on. What is begun is
    finished, then the folders, servers and mappings of now are used. A sender who is logged in at our SFTP server has to
    log in again. Another 'database.url' or 'run.health' counts only at the next start.

    Exit codes: 0 every process works with it, 4 broken configuration, 5 no such site or no process at work, 6 a process
    does not work with it yet.

    Example: gateway config reload
    """
    from gateway.cli import config_reload as command  # noqa: PLC0415 - same

    raise typer.Exit(command.reload(site, as_json=as_json))
