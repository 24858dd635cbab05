"""Copies of a whole SQLite database as one file: written while others work, looked through before they are used."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from gateway.kernel.errors import RefusedError, StoreError

BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database while it is open."""


def file_of(url: str) -> Path:
    """The file of a SQLite database."""
    return Path(make_url(url).database or "")


def write(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment; the copy is on disk and was read through before it has its name.

    Raises RefusedError when the target is there already, StoreError when it cannot be written or is not whole.
    """
    if target.exists():
        raise RefusedError(f"There is a file {target} already.", next_step="Name another one, or remove it first.")
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as giver, closing(sqlite3.connect(part)) as taker:
            giver.execute("PRAGMA busy_timeout=30000")
            giver.backup(
                taker
            )  # in one go: in pieces it would begin anew with each change, and nobody waits for a reader
            taker.execute("PRAGMA journal_mode=DELETE")
        for fault in faults(part):
            raise StoreError(f"The copy is not whole: {fault}.", next_step="Look at the disk, and copy again.")
        _sync(part)
        part.rename(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The copy {target} cannot be written: {error}.", next_step="Look at the folder and its disk.") from error  # fmt: skip
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def put_in_place(copy: Path, database: Path, kept: Path) -> None:
    """Let a copy be the database; what was there is kept, with what SQLite had not written into it yet.

    The copy is there as a whole before anything is moved, so that a crash leaves one of the two.
    """
    ready = database.with_name(f".{database.name}.new")
    try:
        ready.unlink(missing_ok=True)
        with closing(sqlite3.connect(copy)) as giver, closing(sqlite3.connect(ready)) as taker:
            giver.backup(taker)
        _sync(ready)
        if database.exists():
            with closing(sqlite3.connect(database)) as open_one, suppress(sqlite3.Error):
                open_one.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            os.link(database, kept)
            for end in BESIDE:
                left = database.with_name(database.name + end)
                if left.exists():
                    left.rename(kept.with_name(kept.name + end))
        ready.rename(database)
        _sync(database.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The copy cannot be put in place: {error}.", next_step=f"Look at the folder {database.parent} and its disk.") from error  # fmt: skip


def faults(database: Path) -> list[str]:
    """What is wrong with a database file, in words; empty when it is whole."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
    except sqlite3.Error as error:
        return [str(error)]
    return [each for each in found if each != "ok"] + [
        f"a row of {row[0]} points to nothing in {row[2]}" for row in broken
    ]


def version_of(database: Path) -> str | None:
    """The schema that a database file has; None where it is none of ours."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
