"""Bring a database to the schema of this version; alembic does the work and is imported only when there is some."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from gateway.kernel.errors import StoreError
from gateway.store.schema import VERSION
from gateway.store.unit_of_work import engine_for

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Create or upgrade the tables; raises StoreError for a database of a later version or one that is not ours."""
    found = current(url)
    if found == VERSION:
        return
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
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()


def current(url: str) -> str | None:
    """The schema version a database has, None for an empty one."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            if "alembic_version" not in tables:
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found) if found is not None else None
    except DatabaseError as error:
        raise StoreError(
            f"The database cannot be opened: {error.orig}.",
            next_step="Look at 'database' in gateway.yaml and at the rights of its folder.",
        ) from error
    finally:
        engine.dispose()
