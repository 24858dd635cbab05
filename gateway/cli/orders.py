"""The commands of ``gateway orders``: what a person may ask of an order and do to it."""

from pathlib import Path
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
    Last,
    Note,
    Now,
    OrderName,
    PartnerName,
    Reason,
    Since,
    Site,
    Who,
)

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, show and change orders.")


@commands.command("list")
def list_all(
    site: Site = None,
    partner: PartnerName = "",
    status: Annotated[str, typer.Option("--status", help="Only orders in this status.")] = "",
    po: Annotated[str, typer.Option("--po", help="Only orders of this PO number.")] = "",
    code: Annotated[str, typer.Option("--code", help="Only orders with an open hold of this code.")] = "",
    test: Annotated[bool, typer.Option("--test", help="The orders of the test stream instead.")] = False,
    since: Since = "",
    last: Last = None,
    as_json: Json = False,
) -> None:
    """List orders, the newest last. Example: gateway orders list --partner acme --status on_hold."""
    from gateway.cli import lists  # noqa: PLC0415 - --help must answer in 0.3 s

    wanted = lists.Wanted(partner, status, code, po, since, last)
    raise typer.Exit(lists.orders_list(site, wanted, test=test, as_json=as_json))


@commands.command("show")
def show(
    name: OrderName,
    site: Site = None,
    partner: PartnerName = "",
    as_json: Json = False,
    now: Now = None,
) -> None:
    """Show one order: lines, holds, shipments, money, changes, returns, documents and events.

    Example: gateway orders show PO-4471
    """
    from gateway.cli import look  # noqa: PLC0415 - same

    raise typer.Exit(look.orders_show(name, site, partner, now, as_json=as_json))


@commands.command("new")
def new(
    file: Annotated[Path | None, typer.Argument(help="A YAML or JSON file of the canonical order.")] = None,
    site: Site = None,
    partner: PartnerName = "",
    po: Annotated[str, typer.Option("--po", help="The partner's PO number.")] = "",
    line: Annotated[
        list[str] | None, typer.Option("--line", help="SKU:QUANTITY[:UNIT[:PRICE]]; several times.")
    ] = None,
    ship_to: Annotated[str, typer.Option("--ship-to", help="The partner's code of the place to ship to.")] = "",
    address: CorrectAddress = None,
    po_date: Annotated[str, typer.Option("--po-date", help="The date of the order; today by default.")] = "",
    ship_not_before: CorrectFirst = None,
    ship_no_later: CorrectLast = None,
    cancel_after: CorrectCancel = None,
    currency: CorrectCurrency = None,
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Place an order by hand; it is checked and answered like one that the partner sent.

    Example: gateway orders new --partner acme --po PO-4471 --line TENT-2P:24:EA:89.95 --ship-to 0003
    """
    from gateway.cli import order_work  # noqa: PLC0415 - same

    said = {
        "po_date": po_date, "currency": currency, "dates.ship_not_before": ship_not_before,
        "dates.ship_no_later": ship_no_later, "dates.cancel_after": cancel_after, "ship_to.id": ship_to,
    }  # fmt: skip
    wanted = order_work.wanted(po, line or [], said, address or [])
    raise typer.Exit(order_work.new(file, wanted, partner, who, site, now))


@commands.command("hold")
def hold(
    name: OrderName,
    reason: Reason,
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Let nothing more of an order go on. Example: gateway orders hold PO-4471 --reason "the buyer called"."""
    from gateway.cli import order_work  # noqa: PLC0415 - same

    raise typer.Exit(order_work.hold(name, reason, partner, who, site, now))


@commands.command("release")
def release(
    name: OrderName,
    note: Note,
    site: Site = None,
    partner: PartnerName = "",
    code: Annotated[str, typer.Option("--code", help="Only holds of this code.")] = "",
    accept: Annotated[str, typer.Option("--accept", help="For prices: ours or theirs.")] = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """End the holds of an order. Example: gateway orders release PO-4471 --note "checked with the buyer"."""
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.release(name, note, partner, code, accept, site, now, who))


@commands.command("accept")
def accept(
    name: OrderName, note: Note, site: Site = None, partner: PartnerName = "", who: Who = "operator", now: Now = None
) -> None:
    """Take the partner's prices. Example: gateway orders accept PO-4471 --note "agreed by phone"."""
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.release(name, note, partner, "", "theirs", site, now, who, only_asked=True))


@commands.command("correct")
def correct(
    name: OrderName,
    note: Note,
    site: Site = None,
    partner: PartnerName = "",
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
    """Correct an order that is on hold before its decision, and check it again.

    Example: gateway orders correct PO-4471 --line 2 --sku BAG-20F --note "they meant the bag"
    """
    from gateway.cli import order_work  # noqa: PLC0415 - same

    values = order_work.corrections(
        line, {"sku": sku, "quantity": quantity, "uom": uom, "price": price}, ship_to, address or [],
        {"ship_not_before": ship_not_before, "ship_no_later": ship_no_later, "cancel_after": cancel_after,
         "currency": currency},
    )  # fmt: skip
    raise typer.Exit(order_work.correct(name, values, note, partner, who, site, now))


@commands.command("reject")
def reject(
    name: OrderName,
    reason: Reason,
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Reject what is not shipped of an order. Example: gateway orders reject SO-7 --reason "credit refused"."""
    from gateway.cli import order_work  # noqa: PLC0415 - same

    raise typer.Exit(order_work.reject(name, reason, partner, who, site, now))


@commands.command("cancel")
def cancel(
    name: OrderName,
    reason: Reason,
    site: Site = None,
    partner: PartnerName = "",
    line: Annotated[str, typer.Option("--line", help="Only this line.")] = "",
    quantity: Annotated[str, typer.Option("--quantity", help="Only so much of the line, in its unit.")] = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Cancel what of an order did not leave the house; its stock is free again.

    Example: gateway orders cancel PO-4471 --line 2 --quantity 6 --reason "the buyer called"
    """
    from gateway.cli import order_work  # noqa: PLC0415 - same

    raise typer.Exit(order_work.cancel(name, line, quantity, reason, partner, who, site, now))


@commands.command("close")
def close(
    name: OrderName,
    reason: Reason,
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Close a paid order, of which nothing more is expected. Example: gateway orders close PO-4471 --reason "filed"."""
    from gateway.cli import order_work  # noqa: PLC0415 - same

    raise typer.Exit(order_work.close(name, reason, partner, who, site, now))


@commands.command("change")
def change(
    name: OrderName,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is recorded.")],
    line: Annotated[str, typer.Option("--line", help="The line; without it the order as a whole.")] = "",
    quantity: Annotated[str, typer.Option("--quantity", help="The new total of the line.")] = "",
    price: Annotated[str, typer.Option("--price", help="The new price per ordered unit.")] = "",
    date: Annotated[str, typer.Option("--date", help="When delivery is wanted, e.g. 2026-12-01.")] = "",
    delete: Annotated[bool, typer.Option("--delete", help="Delete the line; without --line cancel the order.")] = False,
    who: Annotated[str, typer.Option("--who", help="Who asks for it; it is recorded.")] = "operator",
    site: Site = None,
    partner: PartnerName = "",
    now: Now = None,
) -> None:
    """Change an order as the buyer would. Example: gateway orders change PO-4471 --line 1 --quantity 6 --reason "by phone"."""
    from gateway.cli import returns_work  # noqa: PLC0415 - same

    wanted = returns_work.Wanted(line, quantity, price, date, reason, who, delete=delete)
    raise typer.Exit(returns_work.change(name, wanted, site, partner, now))


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
    from gateway.flows.by_hand.ship_by_hand import Left  # noqa: PLC0415 - same

    left = Left(
        lines=shipping.quantities(line or []), shipment=shipment, warehouse=warehouse, store=store,
        shipped_on=shipping.day("--date", shipped_on), carrier=carrier, service=service, tracking=tracking, bol=bol,
        pro=pro, freight_charge=shipping.amount("--freight-charge", freight), note=note,
    )  # fmt: skip
    raise typer.Exit(shipping.ship(name, partner, left, who, site, now))


@commands.command("labels")
def labels(
    name: Annotated[str, typer.Argument(help="A shipment number, or an order: then of all its shipments.")],
    site: Site = None,
    partner: PartnerName = "",
    out: Annotated[Path | None, typer.Option("--out", help="The file to write; else it is printed.")] = None,
) -> None:
    """Print the GS1-128 labels of cartons that left, in ZPL. Example: gateway orders labels DAL-9001 --out labels.zpl."""
    from gateway.cli import shipping  # noqa: PLC0415 - same

    raise typer.Exit(shipping.papers(name, partner, "labels", out, site))


@commands.command("packing-slip")
def packing_slip(
    name: Annotated[str, typer.Argument(help="A shipment number, or an order: then of all its shipments.")],
    site: Site = None,
    partner: PartnerName = "",
    out: Annotated[Path | None, typer.Option("--out", help="The file to write; else it is printed.")] = None,
) -> None:
    """Print what is in which carton. Example: gateway orders packing-slip DAL-9001."""
    from gateway.cli import shipping  # noqa: PLC0415 - same

    raise typer.Exit(shipping.papers(name, partner, "packing slip", out, site))
