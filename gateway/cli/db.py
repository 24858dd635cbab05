"""The commands of ``gateway db``: upgrade, copy, keep and bring back the database of a site."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import Json, Note, Now, Site, Who

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look after the database.")


@commands.command("upgrade")
def upgrade(site: Site = None, as_json: Json = False, who: Who = "operator") -> None:
    """Bring the database to this version's schema.

    Exit codes: 0 it has it, 4 broken configuration, 5 no such site, 7 the database cannot be used, 8 a process of another
    version works on it.

    Example: gateway db upgrade
    """
    from gateway.cli import work  # noqa: PLC0415 - same

    raise typer.Exit(work.db_upgrade(site, who, as_json=as_json))


@commands.command("copy")
def copy(
    to: Annotated[
        str,
        typer.Option("--to", help="Where to: postgresql://user:${DB_PASSWORD}@host:5432/gateway, an empty database."),
    ],
    site: Site = None,
    as_json: Json = False,
    who: Who = "operator",
) -> None:
    """Copy a site's database to PostgreSQL: every table, proven by counts and checksums; the site itself is not changed.

    Exit codes: 0 copied, 2 wrong usage, 4 broken configuration, 7 a database cannot be used, 8 something is unfinished,
    another gateway is at work, or the target is not empty.

    Example: gateway db copy --to 'postgresql://gateway:${DB_PASSWORD}@db/gateway'
    """
    from gateway.cli import databases  # noqa: PLC0415 - same

    raise typer.Exit(databases.copy(to, site, who, as_json=as_json))


@commands.command("partitions")
def partitions(
    site: Site = None,
    detach_before: Annotated[
        str, typer.Option("--detach-before", help="Take the months before this one out of their tables, e.g. 2025-01.")
    ] = "",
    as_json: Json = False,
    who: Who = "operator",
) -> None:
    """List the months in which PostgreSQL keeps events and stock moves; take old ones out. They make themselves.

    Exit codes: 0 done, 2 not on PostgreSQL, 8 an order that lives on began in such a month.

    Example: gateway db partitions --detach-before 2025-01
    """
    from gateway.cli import databases  # noqa: PLC0415 - same

    raise typer.Exit(databases.partitions(detach_before, site, who, as_json=as_json))


@commands.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy is written; no file of that name yet.")],
    site: Site = None,
    who: Who = "operator",
    as_json: Json = False,
) -> None:
    """Write a copy of a SQLite database to a file while the site works. On PostgreSQL use pg_dump.

    Exit codes: 0 written and read back, 2 wrong usage, 4 broken configuration, 5 no such site, 7 the database or the
    file cannot be used, 8 there is such a file already.

    Example: gateway db backup monday.db
    """
    from gateway.cli import database_copies  # noqa: PLC0415 - same

    raise typer.Exit(database_copies.backup(file, site, who, as_json=as_json))


@commands.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that 'gateway db backup' wrote.")],
    note: Note,
    site: Site = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it is only told what would be done.")] = False,
    who: Who = "operator",
    as_json: Json = False,
) -> None:
    """Put a copy in the place of a SQLite database; the present one is kept beside it. Nothing may work on the site.

    Numbers go on after the last one that was given, files that came after the copy are listed as holds (F-GAP).

    Exit codes: 0 done, 2 wrong usage, 4 broken configuration, 5 no such site or file, 7 the copy cannot be used, 8 a
    process works on the site, or --yes is missing.

    Example: gateway db restore monday.db --note "the disk broke" --yes
    """
    from gateway.cli import database_copies  # noqa: PLC0415 - same

    raise typer.Exit(database_copies.restore(file, note, site, who, yes=yes, as_json=as_json))


@commands.command("prune")
def prune(
    site: Site = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be removed.")] = False,
    as_json: Json = False,
    now: Now = None,
    who: Who = "operator",
) -> None:
    """Remove what 'retention' of gateway.yaml says is old: bytes of files, tries to deliver, closed alerts, notices.

    It is also done once a day by itself. Orders, invoices, events and the audit trail stay, and so does every file that
    an open hold or order needs; of a file that is removed its entry stays.

    Exit codes: 0 done, 4 broken configuration, 5 no such site, 7 the database cannot be used.

    Example: gateway db prune --dry-run
    """
    from gateway.cli import database_copies  # noqa: PLC0415 - same

    raise typer.Exit(database_copies.prune(site, now, who, dry_run=dry_run, as_json=as_json))


@commands.command("check")
def check(site: Site = None, as_json: Json = False) -> None:
    """Look whether the database is whole, the archive has what it should, and no counter is behind. Exit 1 when not.

    Exit codes: 0 all is well, 1 something is wrong, 4 broken configuration, 5 no such site, 7 the database cannot be used.

    Example: gateway db check
    """
    from gateway.cli import database_copies  # noqa: PLC0415 - same

    raise typer.Exit(database_copies.check(site, as_json=as_json))
