"""The commands of ``gateway returns``: what comes back, under which number, and what becomes of it."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Now, OrderName, PartnerName, Site

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Take goods back: ask, receive, close.")
Rma = Annotated[str, typer.Argument(help="Our number of the return, e.g. RMA-1.")]
Who = Annotated[str, typer.Option("--who", help="Who does it; it is recorded.")]


@commands.command("list")
def list_all(
    site: Site = None,
    partner: PartnerName = "",
    state: Annotated[str, typer.Option("--state", help="Only open, closed, cancelled or refused ones.")] = "",
    as_json: Json = False,
) -> None:
    """List returns. Example: gateway returns list --state open."""
    from gateway.cli import returns_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(returns_work.list_all(site, partner, state, as_json=as_json))


@commands.command("show")
def show(rma: Rma, site: Site = None, as_json: Json = False) -> None:
    """Show one return line by line. Example: gateway returns show RMA-1."""
    from gateway.cli import returns_work  # noqa: PLC0415 - same

    raise typer.Exit(returns_work.show(rma, site, as_json=as_json))


@commands.command("request")
def request(
    name: OrderName,
    line: Annotated[str, typer.Option("--line", help="The line of the order.")],
    quantity: Annotated[str, typer.Option("--quantity", help="How much of it is to come back, in the ordered unit.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, e.g. damaged.")],
    exchange: Annotated[bool, typer.Option("--exchange", help="The customer wants the goods again.")] = False,
    return_number: Annotated[str, typer.Option("--return-number", help="The customer's own number.")] = "",
    who: Who = "operator",
    site: Site = None,
    partner: PartnerName = "",
    now: Now = None,
) -> None:
    """Ask for a return as the customer would. Example: gateway returns request PO-4471 --line 1 --quantity 2 --reason damaged."""
    from gateway.cli import returns_work  # noqa: PLC0415 - same

    asked = returns_work.Asked(line, quantity, reason, return_number, who, exchange=exchange)
    raise typer.Exit(returns_work.request(name, asked, site, partner, now))


@commands.command("receive")
def receive(
    rma: Rma,
    line: Annotated[str, typer.Option("--line", help="The line that came back.")],
    quantity: Annotated[str, typer.Option("--quantity", help="How much of it, in the ordered unit.")],
    disposition: Annotated[str, typer.Option("--disposition", help="restock, scrap or refurbish.")],
    warehouse: Annotated[str, typer.Option("--warehouse", help="Where; default: where it was shipped from.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="What the inspection found; it is recorded.")] = "",
    no_credit: Annotated[
        bool, typer.Option("--no-credit", help="The customer is to blame: nothing is credited.")
    ] = False,
    who: Who = "operator",
    site: Site = None,
    now: Now = None,
) -> None:
    """Take goods back. Example: gateway returns receive RMA-1 --line 1 --quantity 2 --disposition restock."""
    from gateway.cli import returns_work  # noqa: PLC0415 - same

    came = returns_work.Came(line, quantity, disposition, warehouse, reason, who, no_credit=no_credit)
    raise typer.Exit(returns_work.receive(rma, came, site, now))


@commands.command("close")
def close(
    rma: Rma,
    reason: Annotated[str, typer.Option("--reason", help="Why nothing more comes; it is recorded.")],
    who: Who = "operator",
    site: Site = None,
    now: Now = None,
) -> None:
    """End a return with what came. Example: gateway returns close RMA-1 --reason "the rest was kept"."""
    from gateway.cli import returns_work  # noqa: PLC0415 - same

    raise typer.Exit(returns_work.end(rma, reason, who, site, now, cancels=False))


@commands.command("cancel")
def cancel(
    rma: Rma,
    reason: Annotated[str, typer.Option("--reason", help="Why nothing comes; it is recorded.")],
    who: Who = "operator",
    site: Site = None,
    now: Now = None,
) -> None:
    """Cancel a return of which nothing came. Example: gateway returns cancel RMA-1 --reason "sent in error"."""
    from gateway.cli import returns_work  # noqa: PLC0415 - same

    raise typer.Exit(returns_work.end(rma, reason, who, site, now, cancels=True))
