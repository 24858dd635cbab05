"""The commands of ``gateway invoices``: list, show and correct what was billed."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Now, PartnerName, Site

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, show and correct invoices.")

Number = Annotated[str, typer.Argument(help="The number of an invoice.")]
LineNumber = Annotated[
    str, typer.Option("--line", help="The line meant; all that is left of it when nothing more is said.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded and told to accounting.")]
OrderOf = Annotated[str, typer.Option("--order", help="The order meant, when the invoice bills several.")]
Who = Annotated[str, typer.Option("--who", help="Who does it.")]


@commands.command("list")
def list_all(
    site: Site = None,
    partner: PartnerName = "",
    open_only: Annotated[bool, typer.Option("--open", help="Only those with something open.")] = False,
    as_json: Json = False,
    now: Now = None,
) -> None:
    """List invoices and credit memos with what is open. Example: gateway invoices list --partner acme --open."""
    from gateway.cli import invoice_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(invoice_work.list_all(site, partner, now, open_only=open_only, as_json=as_json))


@commands.command("show")
def show(number: Number, site: Site = None, as_json: Json = False, now: Now = None) -> None:
    """Show one invoice or credit memo with its lines and what is left of them. Example: gateway invoices show INV0000001."""
    from gateway.cli import invoice_work  # noqa: PLC0415 - same

    raise typer.Exit(invoice_work.show(number, site, now, as_json=as_json))


@commands.command("credit")
def credit(
    number: Number,
    reason: Reason,
    line: LineNumber = "",
    quantity: Annotated[str, typer.Option("--quantity", help="So many units of the line.")] = "",
    price: Annotated[str, typer.Option("--price", help="The right price; the difference is credited.")] = "",
    freight: Annotated[str, typer.Option("--freight", help="So much of the freight.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All that is left of the invoice.")] = False,
    order: OrderOf = "",
    who: Who = "operator",
    site: Site = None,
    now: Now = None,
) -> None:
    """Issue a credit memo for a part of an invoice.

    Example: gateway invoices credit INV0000001 --line 1 --quantity 2 --reason "two were broken"
    """
    from gateway.cli import invoice_work  # noqa: PLC0415 - same

    said = invoice_work.Said(number, reason, line, quantity, price, freight, order, who, everything)
    raise typer.Exit(invoice_work.credit(said, site, now))


@commands.command("rebill")
def rebill(
    number: Number,
    reason: Reason,
    line: LineNumber = "",
    quantity: Annotated[str, typer.Option("--quantity", help="The right quantity.")] = "",
    price: Annotated[str, typer.Option("--price", help="The right price.")] = "",
    freight: Annotated[str, typer.Option("--freight", help="The right freight.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="The whole invoice, by the taxes as they are now.")] = False,
    order: OrderOf = "",
    who: Who = "operator",
    site: Site = None,
    now: Now = None,
) -> None:
    """Credit what is wrong on an invoice and bill it right, both at once.

    Example: gateway invoices rebill INV0000001 --line 1 --price 84.50 --reason "the contract price"
    """
    from gateway.cli import invoice_work  # noqa: PLC0415 - same

    said = invoice_work.Said(number, reason, line, quantity, price, freight, order, who, everything)
    raise typer.Exit(invoice_work.rebill(said, site, now))
