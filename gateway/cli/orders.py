"""The commands of ``gateway orders``: what a person may ask of an order and do to it."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Now, OrderName, PartnerName, Site

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, show and change orders.")


@commands.command("list")
def list_all(
    site: Site = None,
    partner: PartnerName = "",
    status: Annotated[str, typer.Option("--status", help="Only orders in this status.")] = "",
    test: Annotated[bool, typer.Option("--test", help="The orders of the test stream instead.")] = False,
    as_json: Json = False,
) -> None:
    """List orders. Example: gateway orders list --partner acme --status on_hold."""
    from gateway.cli import look  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(look.orders_list(site, partner, status, test=test, as_json=as_json))


@commands.command("show")
def show(
    name: OrderName,
    site: Site = None,
    partner: PartnerName = "",
    as_json: Json = False,
) -> None:
    """Show one order with its lines, holds, documents and events. Example: gateway orders show PO-4471."""
    from gateway.cli import look  # noqa: PLC0415 - same

    raise typer.Exit(look.orders_show(name, site, partner, as_json=as_json))


@commands.command("reject")
def reject(
    name: OrderName,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is recorded.")],
    site: Site = None,
    partner: PartnerName = "",
    now: Now = None,
) -> None:
    """Reject what is not shipped of an order. Example: gateway orders reject SO-7 --reason "credit refused"."""
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.reject(name, reason, site, partner, now))


@commands.command("ship")
def ship(
    name: OrderName,
    site: Site = None,
    partner: PartnerName = "",
    line: Annotated[
        list[str] | None, typer.Option("--line", help="N=QTY, what of line N left; several times. Default: everything.")
    ] = None,
    shipment: Annotated[str, typer.Option("--shipment", help="Its number; ours by default.")] = "",
    shipped_on: Annotated[str, typer.Option("--date", help="The day it left; today by default.")] = "",
    warehouse: Annotated[str, typer.Option("--warehouse", help="Which warehouse, when several pick.")] = "",
    store: Annotated[str, typer.Option("--store", help="For which store of the buyer, when there are several.")] = "",
    carrier: Annotated[str, typer.Option("--carrier", help="The carrier's SCAC.")] = "",
    service: Annotated[str, typer.Option("--service", help="The carrier's service.")] = "",
    tracking: Annotated[str, typer.Option("--tracking", help="The tracking number.")] = "",
    bol: Annotated[str, typer.Option("--bol", help="The bill of lading.")] = "",
    pro: Annotated[str, typer.Option("--pro", help="The carrier's PRO number.")] = "",
    freight: Annotated[str, typer.Option("--freight-charge", help="What the carrier takes.")] = "",
    note: Annotated[str, typer.Option("--note", help="Why it is taken although more left or the order was stopped.")] = "",
    who: Annotated[str, typer.Option("--who", help="Who does it; it is recorded.")] = "operator",
    now: Now = None,
) -> None:  # fmt: skip
    """Say what left the house. Example: gateway orders ship PO-4471 --line 1=20 --carrier UPGN --bol BOL9001."""
    from gateway.cli import shipping  # noqa: PLC0415 - same
    from gateway.flows.ship_by_hand import Left  # noqa: PLC0415 - same

    left = Left(
        lines=shipping.quantities(line or []), shipment=shipment, warehouse=warehouse, store=store,
        shipped_on=shipping.day("--date", shipped_on), carrier=carrier, service=service, tracking=tracking, bol=bol,
        pro=pro, freight_charge=shipping.amount("--freight-charge", freight), note=note,
    )  # fmt: skip
    raise typer.Exit(shipping.ship(name, partner, left, who, site, now))
