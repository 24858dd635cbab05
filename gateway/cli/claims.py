"""The commands of ``gateway claims``: what partners do not mean to pay, and what we say to it."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Now, PartnerName, Site
from gateway.cli.payments import Amount, Note, Who

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Judge deductions and disputed amounts.")

Number = Annotated[str, typer.Argument(help="The number of the claim, like CL-1.")]


@commands.command("list")
def list_all(
    site: Site = None,
    partner: PartnerName = "",
    state: Annotated[str, typer.Option("--state", help="Only open, accepted, rejected, withdrawn or noted ones.")] = "",
    as_json: Json = False,
) -> None:
    """List claims. Example: gateway claims list --state open."""
    from gateway.cli import accounts_look  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(accounts_look.claims_list(site, partner, state, as_json=as_json))


@commands.command("show")
def show(number: Number, site: Site = None, as_json: Json = False) -> None:
    """Show one claim with every entry. Example: gateway claims show CL-1."""
    from gateway.cli import accounts_look  # noqa: PLC0415 - same

    raise typer.Exit(accounts_look.claim_show(number, site, as_json=as_json))


@commands.command("accept")
def accept(
    number: Number,
    note: Note,
    amount: Amount = "",
    site: Site = None,
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Give up what is claimed, or part of it. Example: gateway claims accept CL-1 --note "goods were damaged"."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    raise typer.Exit(accounts_work.accept(number, amount, note, who, site, now))


@commands.command("reject")
def reject(number: Number, note: Note, site: Site = None, who: Who = "operator", now: Now = None) -> None:
    """The claim does not stand; the amount is owed. Example: gateway claims reject CL-1 --note "delivered in full"."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    raise typer.Exit(accounts_work.reject(number, note, who, site, now))
