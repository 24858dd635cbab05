"""The commands of ``gateway units``: what the gateway has still to do, and what it could not."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Site, Who

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List what is still to be done; try it again.")


@commands.command("list")
def list_all(
    site: Site = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that failed for good.")] = False,
    as_json: Json = False,
) -> None:
    """List the units of work that wait, run or failed: files to read, files to deliver, and what time brings.

    Example: gateway units list --failed
    """
    from gateway.cli import units_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(units_work.list_all(site, failed=failed, as_json=as_json))


@commands.command("retry")
def retry(
    unit: Annotated[str, typer.Argument(help="The unit as the list shows it, e.g. in:4f1c...")] = "",
    site: Site = None,
    every: Annotated[bool, typer.Option("--all", help="Every unit that failed for good.")] = False,
    who: Who = "operator",
    as_json: Json = False,
) -> None:
    """Try units again that failed for good, after what they failed of was put right.

    Exit codes: 0 they are tried again, 2 wrong usage, 5 no such unit, 8 it has not failed.

    Example: gateway units retry --all
    """
    from gateway.cli import units_work  # noqa: PLC0415 - same

    raise typer.Exit(units_work.retry(site, unit, who, every=every, as_json=as_json))
