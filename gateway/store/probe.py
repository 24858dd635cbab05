"""Ask whether the database answers and has this version's schema, without waiting long and without any effect."""

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from gateway.store.schema import VERSION

SECONDS = 3


def fault(url: str) -> str:
    """What keeps the gateway from working with this database; empty when nothing does."""
    try:
        engine = _engine(url)
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            standby = not _is_sqlite(url) and connection.execute(text("SELECT pg_is_in_recovery()")).scalar()
    except DatabaseError as error:
        if _lacks_tables(error):
            return "has no tables yet"
        return f"does not answer: {_first_line(str(error.orig))}"
    except (SQLAlchemyError, ImportError) as error:
        return f"cannot be used: {_first_line(str(error))}"
    if found != VERSION:
        return f"has schema {found}, and this program needs {VERSION}"
    return "is a standby, which only reads" if standby else ""


def _engine(url: str) -> Engine:
    """Connections that wait for nobody: a reader of SQLite does not need to, a dead server is not to hold us up."""
    if _is_sqlite(url):
        path = make_url(url).database
        return create_engine(f"sqlite:///file:{path}?mode=rw&uri=true", poolclass=NullPool)
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": SECONDS})


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def _lacks_tables(error: DatabaseError) -> bool:
    said = str(error.orig).lower()
    return "alembic_version" in said and ("no such table" in said or "does not exist" in said)


def _first_line(said: str) -> str:
    return said.strip().partition("\n")[0].rstrip(".")
