"""The commands of ``gateway sftp``: our own SFTP server, who may log in, and who is turned away."""

from typing import Annotated

import typer

from gateway.cli.options import Json, Note, Site, Who

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look after our own SFTP server.")


@commands.command("show")
def show(site: Site = None, as_json: Json = False) -> None:
    """Show where our SFTP server listens, its host key, who may log in, and which addresses are turned away.

    The host key is what a partner compares at the first connection; it is made when 'gateway run' starts first.

    Exit codes: 0 shown, 4 broken configuration, 5 no such site, 7 the database cannot be used.

    Example: gateway sftp show
    """
    from gateway.cli import sftp_work  # noqa: PLC0415 - --help must answer in 0.3 s

    raise typer.Exit(sftp_work.show(site, as_json=as_json))


@commands.command("hash-password")
def hash_password(as_json: Json = False) -> None:
    """Print the hash of a password for 'sftp.password_hash' of a partner file; asked twice, or read from stdin.

    Exit codes: 0 printed, 2 no password, two different ones, or one of less than 12 characters.

    Example: gateway sftp hash-password
    """
    from gateway.cli import sftp_work  # noqa: PLC0415 - same

    raise typer.Exit(sftp_work.hash_password(as_json=as_json))


@commands.command("unban")
def unban(
    address: Annotated[str, typer.Argument(help="The address as 'gateway sftp show' lists it.")],
    note: Note,
    site: Site = None,
    who: Who = "operator",
    as_json: Json = False,
) -> None:
    """Hear an address again that failed to log in too often.

    Exit codes: 0 it is heard, 2 wrong usage, 4 broken configuration, 5 no such site, or it did not fail.

    Example: gateway sftp unban 192.0.2.7 --note "they have a new password"
    """
    from gateway.cli import sftp_work  # noqa: PLC0415 - same

    raise typer.Exit(sftp_work.unban(address, note, site, who, as_json=as_json))
