"""Ask whether the database answers and has this version's schema, without waiting long and without any effect."""

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from gateway.kernel.errors import StoreError
from gateway.store.failures import existing, explained, readable
from gateway.store.schema import VERSION

SECONDS = 3
_ONE_VERSION = "Bring both to one version: gateway db upgrade, with the newer program."


def fault(url: str) -> StoreError | None:
    """What keeps the gateway from working with this database, with the next step; None when nothing does."""
    try:
        with _engine(url).connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            standby = not _is_sqlite(url) and connection.execute(text("SELECT pg_is_in_recovery()")).scalar()
    except DBAPIError as error:
        if _lacks_tables(error):
            return StoreError("The database has no tables yet.", next_step=_ONE_VERSION)
        return explained(error, url)
    except StoreError as error:
        return error
    if found != VERSION:
        said = f"The database has schema {found}, and this program needs {VERSION}."
        return StoreError(said, next_step=_ONE_VERSION)
    if standby:
        return StoreError(
            "The database is a standby, which only reads.", next_step="Name the server that takes changes."
        )
    return None


def _engine(url: str) -> Engine:
    """Connections that wait for nobody: a reader of SQLite does not need to, a dead server is not to hold us up."""
    if _is_sqlite(url):
        path = make_url(url).database
        return create_engine(existing(path or ""), poolclass=NullPool)
    address = readable(url, make_url)
    return create_engine(
        address.set(drivername="postgresql+psycopg"), poolclass=NullPool, connect_args={"connect_timeout": SECONDS}
    )


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def _lacks_tables(error: DBAPIError) -> bool:
    said = str(error.orig).lower()
    return "alembic_version" in said and ("no such table" in said or "does not exist" in said)
