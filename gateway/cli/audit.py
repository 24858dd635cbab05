"""The commands of ``gateway audit``: who did what, and whether that is still what was written."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Site

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Show who did what, and prove that it is whole."
)


@commands.command("list")
def list_all(
    site: Site = None,
    who: Annotated[str, typer.Option("--who", help="Only what this person did.")] = "",
    subject: Annotated[
        str,
        typer.Option("--subject", help="Only what was done to this: an order (SO or PO number), a file, a payment."),
    ] = "",
    last: Annotated[int, typer.Option("--last", min=1, help="Only so many, the latest.")] = 100,
    as_json: Json = False,
) -> None:
    """List what people did, and what touched the security of the site, oldest first.

    Exit codes: 0 listed, 4 broken configuration, 5 no such site, 7 the database cannot be used.

    Example: gateway audit list --who ann --last 20
    """
    from gateway.cli import audit_look  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(audit_look.list_all(site, who, subject, last, as_json=as_json))


@commands.command("verify")
def verify(site: Site = None, as_json: Json = False) -> None:
    """Prove that no entry was changed, removed or slipped in; else name the first one that is not as it was written.

    Exit codes: 0 all is as it was written, 1 an entry is not, 4 broken configuration, 5 no such site, 7 the database
    cannot be used.

    Example: gateway audit verify
    """
    from gateway.cli import audit_look  # noqa: PLC0415 - same

    raise typer.Exit(audit_look.verify(site, as_json=as_json))
