"""What the database refused, as a sentence for who runs the site: never a traceback, never a password."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from gateway.kernel.errors import ConflictError, StoreError, UnavailableError

AT_ONCE = frozenset({"40001", "40P01", "55P03", "23505"})
"""SQLSTATEs that another attempt may not meet: somebody else was at the same rows."""
ENDED = frozenset({"57P01", "57P02", "57P03", "25P03"})
"""The server goes down, comes up, or was told to end this connection."""
_ADDRESS = "Look at 'database' in gateway.yaml, or at GATEWAY_DATABASE__URL."

_STATES = {
    "28P01": ("refuses the name or the password", "Look at the user and the password in 'database.url' of gateway.yaml."),
    "28000": ("lets this user in from nowhere here", "Ask who runs the server to allow it in pg_hba.conf."),
    "3D000": ("has no database of this name", "Make it: CREATE DATABASE {database} ENCODING 'UTF8'"),
    "53300": ("has no connection left", "Raise max_connections of the server, or run fewer workers."),
    "53100": ("has no room left on its disk", "Make room; everything goes on by itself then."),
    "42501": ("forbids that to this user", "Make the user the owner of the database: ALTER DATABASE {database} OWNER TO {user}"),
    "25006": ("takes no changes: it is a copy, or is set to be read only", "Name the server that takes changes."),
    "57014": ("stopped a statement that took too long", "Look for what else works on that server; then try again."),
}  # fmt: skip
"""What the states of the server mean, and the next step."""
_OF_THE_STATEMENT = frozenset({"42501", "57014"})
"""Those that a statement met which another would not meet."""
_SQL_ERROR = 1
"""What SQLite calls a statement that is wrong; whatever else stops one is of the file, its disk or who else has it."""
_OF_THE_SERVER = ("08", "53", "58")
"""Classes of states in which the server takes nothing: its connection, its room, its machine."""

_WORDS = (
    ("the database system is ", "57P03"), ("password authentication failed", "28P01"), ("no password supplied", "28P01"), ("pg_hba.conf", "28000"),
    ("role ", "28P01"), ("database ", "3D000"), ("too many clients", "53300"), ("remaining connection slots", "53300"),
)  # fmt: skip
"""A connection that fails has words only."""


def explained(error: DBAPIError, url: str) -> StoreError:
    """The sentence for an error of either database."""
    if not url.startswith("postgres"):
        is_of_statement = getattr(error.orig, "sqlite_errorcode", _SQL_ERROR) & 0xFF == _SQL_ERROR
        kind = StoreError if is_of_statement or not isinstance(error, OperationalError) else UnavailableError
        return kind(
            f"The database could not be used: {error.orig}.",
            next_step="If another program has it open, close that first; else look at the disk and its rights.",
        )
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in AT_ONCE:
        return conflict()
    if (state or _state_of(str(error.orig))) in ENDED or (error.connection_invalidated and not state):
        return UnavailableError(
            f"The server of the database {address(url)} ended the connection, or takes none yet.",
            next_step="Look whether it was done, then try again.",
        )
    return _of_server(state or _state_of(str(error.orig)), str(error.orig), url)


@contextmanager
def explaining(url: str) -> Iterator[None]:
    """What the database refuses inside is raised as a sentence."""
    try:
        yield
    except DBAPIError as error:
        raise explained(error, url) from error
    except NoConnectionError as error:
        raise exhausted() from error


def exhausted() -> UnavailableError:
    """All connections of this process were in use for too long."""
    return UnavailableError(
        "Every connection of this process to the database is in use.", next_step="Look for what holds them up."
    )


def conflict() -> ConflictError:
    """Two were at the same at the same moment; nothing was done."""
    return ConflictError(
        "Somebody else worked on the same at the same moment; nothing was done.", next_step="Try again."
    )


def address(url: str) -> str:
    """Where a database is, without its password."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return parsed.database or ""
    host = parsed.host or parsed.query.get("host", "this machine")
    return f"{parsed.database} at {host}{f':{parsed.port}' if parsed.port else ''}"


def existing(file: str | Path) -> URL:
    """Where a SQLite file is that is there already: opened by this, none is made, whatever its folder is called."""
    return URL.create("sqlite", database=Path(file).absolute().as_uri(), query={"mode": "rw", "uri": "true"})


def readable(url: str, read: Callable[[str], Any]) -> Any:
    """What ``read`` makes of a URL; raises StoreError for a text that is no URL of a database."""
    try:
        return read(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "'database.url' is not the address of a database.",
            next_step="Write it like postgresql://user:password@host:5432/gateway or sqlite:///var/gateway.db.",
        ) from error


def _state_of(words: str) -> str:
    return next((state for start, state in _WORDS if start in words), "")


def _of_server(state: str, words: str, url: str) -> StoreError:
    parsed = make_url(url)
    where = f"The database {address(url)}"
    if state in _STATES:
        said, step = _STATES[state]
        server = f"The server of the database {address(url)}"
        kind = StoreError if state in _OF_THE_STATEMENT else UnavailableError
        return kind(
            f"{server} {said}.", next_step=step.format(database=parsed.database, user=parsed.username or "gateway")
        )
    lines = [line for line in words.strip().splitlines() if not line.startswith("\t")]  # a tab begins what may help
    told = _without(lines[-1] if lines else "no reason given", parsed.password)
    if not state or state.startswith(_OF_THE_SERVER):
        return UnavailableError(
            f"{where} cannot be reached: {told}.", next_step=f"See that the server runs and is reachable. {_ADDRESS}"
        )
    return StoreError(f"{where} could not be used: {told} ({state}).", next_step=_ADDRESS)


def _without(text: str, password: object) -> str:
    return text.replace(str(password), "***") if password else text
