"""The commands of ``gateway stock``: what stands in the warehouses, and how a person puts it right."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Now, Reason, Site, Who

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, count, move and block stock.")
ItemName = Annotated[str, typer.Argument(metavar="SKU", help="Our number of the item.")]
Warehouse = Annotated[str, typer.Option("--warehouse", help="The warehouse.")]
Quantity = Annotated[str, typer.Option("--quantity", help="How many, in the stock unit of the item.")]


@commands.command("list")
def list_all(
    site: Site = None,
    warehouse: Annotated[str, typer.Option("--warehouse", help="Only this warehouse.")] = "",
    as_json: Json = False,
) -> None:
    """List what stands where, what is promised of it and what comes. Example: gateway stock list --warehouse DAL."""
    from gateway.cli import stock_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(stock_work.list_all(site, warehouse, as_json=as_json))


@commands.command("show")
def show(sku: ItemName, site: Site = None, as_json: Json = False) -> None:
    """Show one item: every change of its stock, and who has it reserved. Example: gateway stock show TENT-2P."""
    from gateway.cli import stock_work  # noqa: PLC0415 - same

    raise typer.Exit(stock_work.show(sku, site, as_json=as_json))


@commands.command("backorders")
def backorders(site: Site = None, as_json: Json = False) -> None:
    """List the order lines that wait for goods, the oldest first. Example: gateway stock backorders."""
    from gateway.cli import stock_work  # noqa: PLC0415 - same

    raise typer.Exit(stock_work.backorders(site, as_json=as_json))


@commands.command("adjust")
def adjust(
    sku: ItemName,
    warehouse: Warehouse,
    quantity: Quantity,
    reason: Reason,
    site: Site = None,
    who: Who = "operator",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Put a counted difference right: -3 when three are missing, 2 when two more are there.

    Example: gateway stock adjust TENT-2P --warehouse DAL --quantity -3 --reason "broken on the shelf"
    """
    from gateway.cli import stock_work  # noqa: PLC0415 - same

    hand = stock_work.Hand(sku, quantity, reason, who, site, now, as_json)
    raise typer.Exit(stock_work.adjust(hand, warehouse))


@commands.command("move")
def move(
    sku: ItemName,
    origin: Annotated[str, typer.Option("--from", help="The warehouse that the goods leave.")],
    target: Annotated[str, typer.Option("--to", help="The warehouse that they go to.")],
    quantity: Quantity,
    reason: Reason,
    site: Site = None,
    who: Who = "operator",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Bring goods from one warehouse to another; what is promised to orders stays.

    Example: gateway stock move TENT-2P --from RNO --to DAL --quantity 10 --reason "Dallas runs out"
    """
    from gateway.cli import stock_work  # noqa: PLC0415 - same

    hand = stock_work.Hand(sku, quantity, reason, who, site, now, as_json)
    raise typer.Exit(stock_work.move(hand, origin, target))


@commands.command("block")
def block(
    sku: ItemName,
    warehouse: Warehouse,
    quantity: Quantity,
    reason: Reason,
    site: Site = None,
    who: Who = "operator",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Set goods aside so that nobody gets them; a negative quantity gives them back.

    Example: gateway stock block TENT-2P --warehouse DAL --quantity 5 --reason "wet cartons"
    """
    from gateway.cli import stock_work  # noqa: PLC0415 - same

    hand = stock_work.Hand(sku, quantity, reason, who, site, now, as_json)
    raise typer.Exit(stock_work.block(hand, warehouse))
