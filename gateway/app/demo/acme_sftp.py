"""ACME of the demo at our own SFTP server: it logs in with a key that was made for it, brings its files and fetches ours."""

import io
import shlex
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from gateway.app.build import load, workbench
from gateway.app.pulse import Pulse
from gateway.app.sftp_host import SftpHost, key_folder
from gateway.config import sftp_server
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import ChannelDownError, ConfigurationError, TransportError
from gateway.kernel.ids import PartnerId
from gateway.store.unit_of_work import SqlStore
from gateway.transports.server import keys
from gateway.transports.sftp.connection import Connection, connect
from gateway.transports.sftp.listing import Wanted
from gateway.transports.sftp.remote import SftpRemote
from gateway.transports.sftp.server import Server

HOST = "127.0.0.1"
PARTNER = PartnerId("acme")
KEY = "acme-key"
"""In the folder of the demo: what ACME logs in with; beside it the public one, with ``.pub``."""
PATIENCE = 10.0
"""Seconds within which the server answers."""
_NOT_INSTALLED = (
    "ACME's files came and went through folders; with our SFTP server they do over SFTP. "
    "Install it with: pip install 'gateway-edi[sftp-server]'"
)


@dataclass(frozen=True, slots=True)
class ByFolder:
    """There is no server: ACME's files are dropped into its folder; ``why`` says so in a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Acme:
    """ACME, logged in."""

    port: int
    user: str
    key: Path
    connection: Connection

    def put(self, name: str, content: bytes) -> None:
        """Bring a file as a careful partner does: under another name first. Raises TransportError."""
        inbox = SftpRemote(self.connection, "/inbox")
        inbox.put(f"{name}.part", content)
        inbox.rename(f"{name}.part", name)

    def fetched(self) -> dict[str, bytes]:
        """What lies in its outbox; it stays there. Raises TransportError."""
        outbox = SftpRemote(self.connection, "/outbox", Wanted(("*",)))
        found: dict[str, bytes] = {}
        for look in outbox.listing().files:
            content = io.BytesIO()
            outbox.fetch(look, content)
            found[look.name] = content.getvalue()
        return found

    def command(self) -> str:
        """How a person logs in as ACME."""
        return f"sftp -i {shlex.quote(str(self.key))} -P {self.port} {self.user}@{HOST}"


@contextmanager
def served(folder: Path, environ: dict[str, str]) -> Iterator[Acme | ByFolder]:
    """Let ACME log in at a site while inside, and ever after while 'gateway run' runs; where that cannot be, say why."""
    if find_spec(sftp_server.LIBRARY) is None:
        yield ByFolder(_NOT_INSTALLED)
        return
    before = _texts(folder)
    with ExitStack() as opened:
        try:
            found: Acme | ByFolder = _begun(folder, environ, opened)
        except (OSError, ConfigurationError, TransportError) as error:
            opened.close()
            _undo(folder, before)
            found = ByFolder(_cannot(error))
        yield found


def _begun(folder: Path, environ: dict[str, str], opened: ExitStack) -> Acme:
    """Start the server and log in; what is to be ended at the end is in ``opened``."""
    port = _free_port()
    _let_in(folder, port)
    bench = workbench(load(folder, {**environ, "GATEWAY_SFTP_SERVER__LISTEN": f"{HOST}:{port}"}), system_clock, {})
    if isinstance(bench.store, SqlStore):
        opened.callback(bench.store.engine.dispose)
    keys.private_key(key_folder(bench.site))
    host = SftpHost(bench, Pulse("demo"), lambda: None)
    host.start()
    opened.callback(host.stop)
    user = bench.site.partners[PARTNER].login_user()
    known = " ".join(keys.public_line(key_folder(bench.site)).split()[:2])
    server = Server(HOST, port, user, (known,), "/", PATIENCE, (folder / KEY).read_text(encoding="ascii"))
    return Acme(port, user, folder / KEY, opened.enter_context(closing(_connected(host, server))))


def _cannot(error: OSError | ConfigurationError | TransportError) -> str:
    if isinstance(error, ConfigurationError):
        why = "the site has settings of its own for it"
    else:
        why = (error.strerror or "the system does not allow it") if isinstance(error, OSError) else error.sentence
    return f"ACME's files came and went through folders, since our SFTP server could not be used: {why.rstrip('.')}."


def _free_port() -> int:
    """A port that nobody listens on; raises OSError where nobody may listen, or come there."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        found.listen()
        port: int = found.getsockname()[1]
        socket.create_connection((HOST, port), PATIENCE).close()
        return port


def _places(folder: Path) -> tuple[Path, Path]:
    return folder / "gateway.yaml", folder / "partners" / f"{PARTNER}.yaml"


def _texts(folder: Path) -> tuple[str, ...]:
    return tuple(each.read_text(encoding="utf-8") for each in _places(folder))


def _let_in(folder: Path, port: int) -> None:
    """Say in the files of the site where its server listens, and which key ACME has."""
    settings, partner = _places(folder)
    line = keys.new_pair(folder / KEY)
    _add(settings, f'sftp_server: {{listen: "{HOST}:{port}"}}\n')
    _add(partner, f'sftp: {{keys: ["{line}"]}}\n')


def _add(path: Path, text: str) -> None:
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}{'' if before.endswith(chr(10)) else chr(10)}{text}", encoding="utf-8")


def _undo(folder: Path, texts: tuple[str, ...]) -> None:
    for path, text in zip(_places(folder), texts, strict=True):
        path.write_text(text, encoding="utf-8")
    for name in (KEY, f"{KEY}.pub"):
        (folder / name).unlink(missing_ok=True)


def _connected(host: SftpHost, server: Server) -> Connection:
    """The first connection, as soon as the server answers; raises TransportError where it never does."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return connect(server)
        except ChannelDownError as error:
            if host.fault():
                raise TransportError(host.fault()) from error
            if not error.retryable or time.monotonic() > end:
                raise
            time.sleep(0.05)
