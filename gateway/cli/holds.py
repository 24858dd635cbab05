"""The commands of ``gateway holds``: what waits for somebody, and how it ends."""

from typing import Annotated

import typer

from gateway.cli.options import (
    CorrectAddress,
    CorrectCancel,
    CorrectCurrency,
    CorrectFirst,
    CorrectLast,
    CorrectLine,
    CorrectPrice,
    CorrectQuantity,
    CorrectShipTo,
    CorrectSku,
    CorrectUom,
    Json,
    Note,
    Now,
    PartnerName,
    Site,
    Who,
)

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, show and end what waits for somebody.")
HoldId = Annotated[str, typer.Argument(help="The id of the hold, or the number of an order that has one.")]
Target = Annotated[str, typer.Argument(help="A hold id, a PO number, or all (documents of --partner and --code).")]
Code = Annotated[str, typer.Option("--code", help="Only holds of this code.")]


@commands.command("list")
def list_all(site: Site = None, partner: PartnerName = "", code: Code = "", as_json: Json = False) -> None:
    """List everything that waits, what has one cause together: since when, why, who must act, and the next step.

    Example: gateway holds list --partner acme
    """
    from gateway.cli import hold_list  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(hold_list.holds_list(site, partner, code, as_json=as_json))


@commands.command("show")
def show(target: HoldId, site: Site = None, now: Now = None, as_json: Json = False) -> None:
    """Show one hold: figures, whose it is, how it ends, what waits. Example: gateway holds show H-1a2b3c4d."""
    from gateway.cli import look  # noqa: PLC0415 - same

    raise typer.Exit(look.holds_show(target, site, now, as_json=as_json))


@commands.command("release")
def release(
    target: Target,
    note: Note,
    site: Site = None,
    partner: PartnerName = "",
    code: Code = "",
    accept: Annotated[str, typer.Option("--accept", help="For prices: ours or theirs.")] = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """End a hold and go on. Example: gateway holds release H-1a2b3c4d --accept theirs --note "agreed by phone"."""
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.release(target, note, partner, code, accept, site, now, who))


@commands.command("accept")
def accept(
    target: Target,
    note: Note,
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Let the partner's value count: a price, an instruction, or a shipment as it left.

    Example: gateway holds accept H-1a2b3c4d --note "agreed by phone"
    """
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.release(target, note, partner, "", "theirs", site, now, who, only_asked=True))


@commands.command("correct")
def correct(
    target: HoldId,
    note: Note,
    site: Site = None,
    line: CorrectLine = "",
    sku: CorrectSku = None,
    quantity: CorrectQuantity = None,
    uom: CorrectUom = None,
    price: CorrectPrice = None,
    ship_to: CorrectShipTo = None,
    address: CorrectAddress = None,
    ship_not_before: CorrectFirst = None,
    ship_no_later: CorrectLast = None,
    cancel_after: CorrectCancel = None,
    currency: CorrectCurrency = None,
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Correct the order of a hold and check it again; as 'gateway orders correct'.

    Example: gateway holds correct H-1a2b3c4d --line 2 --price 64.50 --note "typing error"
    """
    from gateway.cli import order_work  # noqa: PLC0415 - same

    values = order_work.corrections(
        line, {"sku": sku, "quantity": quantity, "uom": uom, "price": price}, ship_to, address or [],
        {"ship_not_before": ship_not_before, "ship_no_later": ship_no_later, "cancel_after": cancel_after,
         "currency": currency},
    )  # fmt: skip
    raise typer.Exit(order_work.correct_hold(target, values, note, who, site, now))


@commands.command("reject")
def reject(
    target: HoldId,
    note: Note,
    site: Site = None,
    who: Who = "operator",
    now: Now = None,
) -> None:
    """End a hold without taking what it holds; an order is rejected and the partner told.

    Example: gateway holds reject H-1a2b3c4d --note "they sent a new file"
    """
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.reject_hold(target, note, site, now, who))
