"""The commands of ``gateway payments``: money received, what it settles, what is owed and since when."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Now, PartnerName, Site

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Book and apply payments; ageing and reminders."
)

Number = Annotated[str, typer.Argument(help="The number of the payment.")]
Note = Annotated[str, typer.Option("--note", help="Why; it is recorded.")]
Who = Annotated[str, typer.Option("--who", help="Who does it; it is recorded.")]
Amount = Annotated[str, typer.Option("--amount", help="So much; default: all that fits.")]


@commands.command("list")
def list_all(
    site: Site = None,
    partner: PartnerName = "",
    unapplied: Annotated[bool, typer.Option("--unapplied", help="Only those with money that settles nothing.")] = False,
    as_json: Json = False,
) -> None:
    """List payments with what is not applied, and why. Example: gateway payments list --unapplied."""
    from gateway.cli import accounts_look  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(accounts_look.payments_list(site, partner, unapplied=unapplied, as_json=as_json))


@commands.command("show")
def show(number: Number, site: Site = None, partner: PartnerName = "", as_json: Json = False) -> None:
    """Show one payment with the invoices it settled and every entry. Example: gateway payments show P-1001."""
    from gateway.cli import accounts_look  # noqa: PLC0415 - same

    raise typer.Exit(accounts_look.payment_show(number, site, partner, as_json=as_json))


@commands.command("new")
def new(
    number: Number,
    partner: Annotated[str, typer.Option("--partner", help="Who paid.")],
    amount: Annotated[str, typer.Option("--amount", help="How much came in; negative when it was taken back.")],
    note: Note,
    paid_on: Annotated[
        str, typer.Option("--date", help="The day of the payment, like 2026-12-01; default: today.")
    ] = "",
    currency: Annotated[str, typer.Option("--currency", help="Its currency; default: the partner's.")] = "",
    invoice: Annotated[
        list[str] | None, typer.Option("--invoice", help="What it is for: INV0000001, or INV0000001=100.00; repeat it.")
    ] = None,
    site: Site = None,
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Book a payment by hand. Example: gateway payments new CHK-77 --partner acme --amount 899.50 --note "cheque"."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    money = accounts_work.Typed(number, partner, amount, paid_on, currency, tuple(invoice or ()))
    raise typer.Exit(accounts_work.new(money, note, who, site, now))


@commands.command("apply")
def apply(
    number: Number,
    note: Note,
    invoice: Annotated[str, typer.Option("--invoice", help="The invoice that it settles.")] = "",
    oldest: Annotated[bool, typer.Option("--oldest", help="The oldest open invoices instead.")] = False,
    amount: Amount = "",
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Apply unapplied money. Example: gateway payments apply P-1001 --invoice INV0000001 --note "buyer called"."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    raise typer.Exit(accounts_work.apply(number, invoice, amount, note, who, partner, site, now, oldest=oldest))


@commands.command("apply-credit")
def apply_credit(
    number: Annotated[str, typer.Argument(help="The number of the credit.")],
    invoice: Annotated[str, typer.Option("--invoice", help="The invoice that it settles.")],
    note: Note,
    amount: Amount = "",
    site: Site = None,
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Settle an invoice with a credit. Example: gateway payments apply-credit CM0000001 --invoice INV0000002 --note "agreed"."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    raise typer.Exit(accounts_work.apply_credit(number, invoice, amount, note, who, site, now))


@commands.command("unapply")
def unapply(
    number: Number,
    note: Note,
    invoice: Annotated[str, typer.Option("--invoice", help="Only from this invoice; default: from all.")] = "",
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Take a payment off its invoices; they are open again. Example: gateway payments unapply P-1001 --note "wrong one"."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    raise typer.Exit(accounts_work.unapply(number, invoice, note, who, partner, site, now))


@commands.command("refund")
def refund(
    number: Number,
    note: Note,
    amount: Amount = "",
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Note that unapplied money was given back. Example: gateway payments refund P-1001 --amount 12.50 --note "paid twice"."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    raise typer.Exit(accounts_work.refund(number, amount, note, who, partner, site, now))


@commands.command("move")
def move(
    number: Number,
    target: Annotated[str, typer.Option("--to", help="The partner whose money it is.")],
    note: Note,
    amount: Amount = "",
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    now: Now = None,
) -> None:
    """Bring unapplied money to another partner's account. Example: gateway payments move P-9 --to acme --note "their bank"."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    raise typer.Exit(accounts_work.move(number, target, amount, note, who, partner, site, now))


@commands.command("ageing")
def ageing(site: Site = None, partner: PartnerName = "", as_json: Json = False, now: Now = None) -> None:
    """Show what is owed by how long it is overdue. Example: gateway payments ageing --now 2026-12-31T12:00:00Z."""
    from gateway.cli import accounts_look  # noqa: PLC0415 - same

    raise typer.Exit(accounts_look.ageing(site, partner, now, as_json=as_json))


@commands.command("dun")
def dun(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the letters that are due.")] = False,
    site: Site = None,
    as_json: Json = False,
    now: Now = None,
    who: Who = "operator",
) -> None:
    """Send the reminders that are due, as a run does too. Example: gateway payments dun --dry-run."""
    from gateway.cli import accounts_work  # noqa: PLC0415 - same

    raise typer.Exit(accounts_work.dun(site, now, who, dry_run=dry_run, as_json=as_json))
