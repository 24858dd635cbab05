"""Our own SFTP server on a site of its own, and the clients that partners have: OpenSSH's, and asyncssh for what that cannot do."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import yaml

from gateway.app.build import load, workbench
from gateway.app.pulse import Pulse
from gateway.app.sftp_host import SftpHost
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.store.unit_of_work import SqlStore
from gateway.transports.server.login import hash_password
from tests import database as databases
from tests.servers.sshd import NOT_TESTED, new_key

PATIENCE = 10.0
PASSWORD = "correct horse battery"  # noqa: S105 - of a test
PARTNERS = ("acme", "beta")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Said:
    """What a client said at its end."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Client:
    """OpenSSH's programs in the hands of a partner of the site in a folder, with one key, or a password in its place."""

    folder: Path
    port: int
    key: Path
    user: str = "acme"
    password: str = ""

    def sftp(self, *commands: str) -> Said:
        """What OpenSSH's client says to a batch of commands; it ends at the first one that fails."""
        return self.run("sftp", ["-b", "-", f"{self.user}@127.0.0.1"], "\n".join(commands))

    def run(self, program: str, arguments: list[str], said: str = "") -> Said:
        """Run one of OpenSSH's programs; it knows our host key and asks nothing."""
        found = shutil.which(program)
        if found is None:
            pytest.skip(f"{NOT_TESTED}: there is no {program} here; install openssh-client")
        known = self.folder / "known_hosts"
        known.write_text(f"[127.0.0.1]:{self.port} {host_key(self.folder)}\n")
        options = [
            "-F", "none", "-o", "StrictHostKeyChecking=yes", "-o", f"UserKnownHostsFile={known}", "-o", "IdentitiesOnly=yes",
            "-o", "IdentityAgent=none", "-o", f"Port={self.port}", *self._proof(),
        ]  # fmt: skip
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        if self.password:
            environ |= {"SSH_ASKPASS": str(self._teller()), "SSH_ASKPASS_REQUIRE": "force", "ANSWER": self.password}
        done = subprocess.run(
            [found, *options, *arguments],
            input=said,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environ,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def _proof(self) -> list[str]:
        if not self.password:
            return ["-o", "BatchMode=yes", "-o", f"IdentityFile={self.key}"]
        return [
            "-o", "BatchMode=no", "-o", "PubkeyAuthentication=no", "-o", "PreferredAuthentications=password",
            "-o", "NumberOfPasswordPrompts=1",
        ]  # fmt: skip

    def _teller(self) -> Path:
        """A program that says the password to whoever asks for one: nobody types here."""
        path = self.folder / "tells-the-password"
        path.write_text('#!/bin/sh\nprintf "%s\\n" "$ANSWER"\n')
        path.chmod(0o700)
        return path


def host_key(folder: Path) -> str:
    """The public key of the server of a site."""
    return (folder / "var" / "sftp" / "ssh_host_ed25519_key.pub").read_text().strip()


@dataclass(slots=True)
class Own:
    """One running server with the partners acme and beta; each has a key, acme a password as well."""

    folder: Path
    port: int
    bench: Workbench
    host: SftpHost
    arrived: threading.Event = field(default_factory=threading.Event)

    def key(self, partner: str = "acme") -> Path:
        """The private key of a partner."""
        return self.folder / "keys" / partner

    def inbox(self, partner: str = "acme") -> list[str]:
        """The names in an inbox, all of them."""
        return _names(self.folder / "inbox" / partner)

    def outbox(self, partner: str = "acme") -> list[str]:
        """The names in an outbox, all of them."""
        return _names(self.folder / "outbox" / partner)

    def lay_out(self, partner: str, name: str, content: bytes) -> Path:
        """A file that waits for a partner."""
        path = self.folder / "outbox" / partner / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def client(self, partner: str = "acme", password: str = "") -> Client:
        """OpenSSH's programs in the hands of a partner."""
        return Client(self.folder, self.port, self.key(partner), partner, password)

    def sftp(self, *commands: str, partner: str = "acme") -> Said:
        """What OpenSSH's client says to a batch of commands."""
        return self.client(partner).sftp(*commands)

    def connect(self, partner: str = "acme", **settings: Any) -> Any:
        """A connection of asyncssh's client, to be entered."""
        known = asyncssh.import_known_hosts(f"[127.0.0.1]:{self.port} {host_key(self.folder)}\n")
        wanted = {
            "username": partner,
            "client_keys": [str(self.key(partner))],
            "known_hosts": known,
            "agent_path": None,
        }
        return asyncssh.connect("127.0.0.1", self.port, **{**wanted, **settings}, config=None)

    def clear(self) -> None:
        """Nothing lies there, nothing came."""
        for each in (*self.folder.glob("inbox/*/*"), *self.folder.glob("outbox/*/*")):
            each.unlink()
        self.arrived.clear()

    def audit(self) -> list[tuple[str, str]]:
        """Who did what, in its order."""
        with self.bench.store.unit() as work:
            return [(each.who, each.action) for each in work.audit.listed()]


@contextmanager
def serving(folder: Path, *, hashed: str = "", **server: object) -> Iterator[Own]:
    """A running server; ``server`` are keys of ``sftp_server``, ``hashed`` what is known of the password of ACME."""
    port = free_port()
    make_site(folder, {"listen": f"127.0.0.1:{port}", **server}, hashed or hash_password(PASSWORD))
    databases.place(databases.SQLITE, folder)
    environ: dict[str, str] = {}
    bench = workbench(load(folder, environ), system_clock, environ)
    arrived = threading.Event()
    host = SftpHost(bench, Pulse("test"), arrived.set)
    host.start()
    own = Own(folder, port, bench, host, arrived)
    try:
        wait_until(lambda: answers(port))
        yield own
    finally:
        own.host.stop()
        assert isinstance(bench.store, SqlStore)
        bench.store.engine.dispose()


def make_site(folder: Path, server: dict[str, object], hashed: str) -> None:
    """A site with two partners that may log in."""
    (folder / "partners").mkdir(parents=True)
    said = {"gateway": 1, "us": {"qualifier": "ZZ", "id": "NORTHWIND"}, "sftp_server": server}
    (folder / "gateway.yaml").write_text(yaml.safe_dump(said))
    for name in PARTNERS:
        key = new_key(folder / "keys" / name)
        login: dict[str, object] = {"keys": [key.with_name(f"{name}.pub").read_text().strip()]}
        if name == "acme":
            login["password_hash"] = hashed
        (folder / "partners" / f"{name}.yaml").write_text(
            yaml.safe_dump({"gateway": 1, "partner": name, "sftp": login})
        )


def answers(port: int) -> bool:
    """Whether somebody says who he is there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def wait_until(true: "Any", seconds: float = PATIENCE) -> None:
    """Until something is so; fails when it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
