"""A PostgreSQL of one test alone, that may be ended at any moment and started again on the same data."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from gateway.store.migrate import upgrade
from tests import database

KEEPS = {"synchronous_commit": "on"}
"""What was committed is written to the log before anybody hears of it: the server may crash, the machine may not."""


class Server:
    """One cluster in a folder; a short path, since its socket lies there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._programs = database._programs(folder)
        somebody = database._somebody()
        self._as = {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": ()} if somebody else {}
        self._process: subprocess.Popen[bytes] | None = None
        self._data.mkdir(mode=0o700)
        if somebody:
            for each in (folder, self._data):
                os.chown(each, somebody.pw_uid, somebody.pw_gid)
        subprocess.run(
            [self._programs / "initdb", "-D", self._data, "-U", "gateway", "--auth=trust", "-E", "UTF8", "--no-locale", "--no-sync"],
            capture_output=True, check=True, cwd="/", **self._as,  # type: ignore[call-overload]
        )  # fmt: skip
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"\nunix_socket_directories = '{folder}'\n")
            settings.writelines(f"{name} = {value}\n" for name, value in {**database.SETTINGS, **KEEPS}.items())

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://gateway@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it answers; what it has to recover it recovers."""
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                start_new_session=True, **self._as,  # type: ignore[call-overload]
            )  # fmt: skip
        for _ in range(600):
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url).close()
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def end(self) -> None:
        """Let nobody in any more; it ends when everybody has gone who is connected."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        for _ in range(600):
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                return
            time.sleep(0.05)
        raise AssertionError("it still lets people in")

    def crash(self) -> None:
        """End it as a crash of the server does: nobody is asked, nothing is written first."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)


@contextmanager
def own_server() -> Iterator[Server]:
    """A server of one's own with the tables of the gateway; the test is skipped, loudly, where there can be none."""
    database.server()
    folder = Path(tempfile.mkdtemp(prefix="gwpg-", dir=tempfile.gettempdir()))
    folder.chmod(0o755)
    try:
        server = Server(folder)
    except database.Unavailable as error:
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {error}")
    try:
        server.start()
        upgrade(server.url)
        yield server
    finally:
        server.crash()
        shutil.rmtree(folder, ignore_errors=True)
