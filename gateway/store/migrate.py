"""Bring a database to the schema of this version; alembic does the work and is imported only when there is some."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from gateway.kernel.errors import StoreError
from gateway.store import months
from gateway.store.failures import address, explained
from gateway.store.schema import VERSION
from gateway.store.unit_of_work import engine_for

MIGRATIONS = Path(__file__).parent / "migrations"
OLDEST = 140000
"""The oldest PostgreSQL we work with, as its server says it."""
UPGRADE = 0x45444947
"""The advisory lock of an upgrade."""


def upgrade(url: str, *, to: str = VERSION) -> None:
    """Create or upgrade the tables up to a version; raises StoreError for a database of a later version or one that is not ours."""
    found = current(url)
    if found == to:
        return _months(url)
    from alembic import command  # noqa: PLC0415 - 0.2 s that only an upgrade needs
    from alembic.config import Config  # noqa: PLC0415 - same
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - same

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"The database has schema {found}, which this version of the gateway does not know.",
            next_step="Install the version that made it; a database is never taken back.",
        )
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            _alone(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            connection.commit()
    except DBAPIError as error:
        raise explained(error, url) from error
    finally:
        engine.dispose()
    return _months(url) if to == VERSION else None


def _months(url: str) -> None:
    """Make the months of a PostgreSQL database ahead."""
    if url.startswith("sqlite"):
        return
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            if months.make_ahead(connection):
                connection.commit()
    except DBAPIError as error:
        raise explained(error, url) from error
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The schema version a database has, None for an empty one; raises StoreError for one that we cannot work with."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                _fit(connection, url)
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found) if found is not None else None
    except DBAPIError as error:
        if url.startswith("sqlite"):
            raise StoreError(
                f"The database cannot be opened: {error.orig}.", next_step=_opened(str(error.orig))
            ) from error
        raise explained(error, url) from error
    finally:
        engine.dispose()


def _opened(said: str) -> str:
    """What helps who cannot open an SQLite database."""
    if "locked" in said:
        return "Another program has it and lets nobody else in: 'gateway doctor' says how to find it."
    if "malformed" in said or "not a database" in said:
        return "The file is damaged: keep it as it is, and bring back a copy; 'gateway doctor' says how."
    return "Look at 'database' in gateway.yaml and at the rights of its folder; 'gateway doctor' looks at both."


def _fit(connection: Connection, url: str) -> None:
    """Raise StoreError for a server that is too old, or a database that cannot hold every character."""
    row = connection.execute(
        text("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
    )
    version, encoding = row.one()
    if version < OLDEST:
        raise StoreError(
            f"The server of the database {address(url)} is PostgreSQL {version // 10000}, which is too old.",
            next_step=f"Use PostgreSQL {OLDEST // 10000} or newer.",
        )
    if encoding != "UTF8":
        raise StoreError(
            f"The database {address(url)} keeps text as {encoding}, which has not every character.",
            next_step="Make another one: CREATE DATABASE gateway ENCODING 'UTF8' TEMPLATE template0",
        )


def _alone(connection: Connection) -> None:
    """Wait until no other process upgrades this database; large tables may take their time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = '5min'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:upgrade)"), {"upgrade": UPGRADE})
