"""The commands of ``gateway dispatch`` and ``gateway channels``: what leaves, what could not, and through what."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Note, Now, PartnerName, Site, Who

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="List files that left or are to leave; send, try or cancel them."
)
channels = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List channels: which fail, and since when.")
FileName = Annotated[str, typer.Argument(help="The id of the file as 'gateway dispatch list' shows it, or its name.")]


@commands.command("list")
def list_all(
    site: Site = None,
    partner: PartnerName = "",
    state: Annotated[str, typer.Option("--state", help="ready, waiting, held, given-up, delivered or cancelled.")] = "",
    document: Annotated[str, typer.Option("--document", help="997, 855, 856, 810 or another name.")] = "",
    last: Annotated[int, typer.Option("--last", min=1, help="So many of the newest.")] = 50,
    as_json: Json = False,
) -> None:
    """List the files that left or are to leave, how often each was tried and why it did not leave.

    Exit codes: 0 listed, 2 wrong usage.

    Example: gateway dispatch list --state waiting
    """
    from gateway.cli import dispatch_look  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(dispatch_look.list_all(site, partner, state, document, last, as_json=as_json))


@commands.command("show")
def show(name: FileName, site: Site = None, as_json: Json = False) -> None:
    """Show one file: each try, its channel, what it was sent again as, what the partner answered.

    Exit codes: 0 shown, 5 no such file.

    Example: gateway dispatch show 856_S1_000000012.edi
    """
    from gateway.cli import dispatch_look  # noqa: PLC0415 - same

    raise typer.Exit(dispatch_look.show(name, site, as_json=as_json))


@commands.command("resend")
def resend(
    name: FileName,
    note: Note,
    site: Site = None,
    new_number: Annotated[
        bool, typer.Option("--new-number", help="As another file: new control numbers, a new name, the same content.")
    ] = False,
    who: Who = "operator",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would leave.")] = False,
    as_json: Json = False,
    now: Now = None,
) -> None:
    """Send a file again: the same bytes under the same name, or under a new control number.

    Exit codes: 0 it is to leave, 2 wrong usage, 5 no such file, 6 the partner could not be reached, 8 it was not delivered yet.

    Example: gateway dispatch resend 856_S1_000000012.edi --note "they lost it"
    """
    from gateway.cli import dispatch_work  # noqa: PLC0415 - same
    from gateway.flows.by_hand.resending import Resend  # noqa: PLC0415 - same

    what = Resend(name, note, who, new_number, dry_run)
    raise typer.Exit(dispatch_work.resend(what, site, now, as_json=as_json))


@commands.command("retry")
def retry(
    name: Annotated[str, typer.Argument(help="The id or name of a file.")] = "",
    site: Site = None,
    partner: PartnerName = "",
    who: Who = "operator",
    as_json: Json = False,
    now: Now = None,
) -> None:
    """Try again at once what could not leave: one file, or the channels of a partner and all files given up.

    Exit codes: 0 it is tried, 2 wrong usage, 5 no such file or partner, 6 it could not be reached again, 8 it was delivered,
    or leaves by itself.

    Example: gateway dispatch retry --partner acme
    """
    from gateway.cli import dispatch_work  # noqa: PLC0415 - same

    raise typer.Exit(dispatch_work.retry(name, partner, who, site, now, as_json=as_json))


@commands.command("cancel")
def cancel(
    name: FileName, note: Note, site: Site = None, who: Who = "operator", as_json: Json = False, now: Now = None
) -> None:
    """Let a file not leave that has not left; its bytes are kept.

    One that waits at its channel already, where the partner does not see it, is taken back.

    Exit codes: 0 it does not leave, 2 wrong usage, 5 no such file, 8 it was delivered, or may be by now.

    Example: gateway dispatch cancel 856_S1_000000012.edi --note "sent by mail"
    """
    from gateway.cli import dispatch_work  # noqa: PLC0415 - same

    raise typer.Exit(dispatch_work.cancel(name, note, who, site, now, as_json=as_json))


@channels.command("list")
def channels_list(site: Site = None, as_json: Json = False) -> None:
    """List the channels that were used: state, failures, next try, how much is to leave through each.

    Exit codes: 0 listed, 4 broken configuration, 5 no such site, 7 the database cannot be used.

    Example: gateway channels list
    """
    from gateway.cli import dispatch_look  # noqa: PLC0415 - same

    raise typer.Exit(dispatch_look.channels_list(site, as_json=as_json))
