"""A connection to a server of a partner: proven by its host key before we say who we are, and every error a sentence."""

import io
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import paramiko

from gateway.kernel.errors import ChannelDownError, ChannelStoppedError, StoppingError, TransportError
from gateway.transports.sftp.client import Client
from gateway.transports.sftp.server import Server, fingerprint
from gateway.transports.sftp.watching import Watch, ended, reach

KEEP_ALIVE = 15
"""Seconds after which a silent connection is asked whether it is still there."""
DOWN, HOST_KEY, LOGIN = "T-CHANNEL", "S-HOST-KEY", "S-LOGIN"
Passed = Callable[[str], None]
"""Told each of the STEPS when it went well."""
Stopping = Callable[[], bool]
"""Whether this process is to end, so that nothing more is to be begun and nobody waits for a server."""
_RSA = ("rsa-sha2-512", "rsa-sha2-256")
"""How a server signs with an RSA key today; its key is still called ssh-rsa."""
_NO_COMMON_KEY = "no acceptable host key"
_AGAIN = "It is tried again by itself."

_log = logging.getLogger("paramiko")
_log.addHandler(logging.NullHandler())
_log.propagate = False  # what it has to say, we say ourselves, in sentences


class NotDoneError(TransportError):
    """A server did not do what it was asked about one file; the connection and the channel are well."""


class MissingError(NotDoneError):
    """There is no such file or folder on the server."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection that is logged in; ``close`` ends it and its threads, and so does it that the process is to end."""

    server: Server
    client: Client
    transport: paramiko.Transport
    watch: Watch

    @property
    def is_lost(self) -> bool:
        """Whether nothing more can be asked of it."""
        return not self.transport.is_active() or bool(self.client.get_channel().closed)

    @contextmanager
    def asking(self, what: str) -> Iterator[None]:
        """Say in a sentence what could not be done: NotDoneError where the server refused that, else the channel is down.

        Raises StoppingError where the process is to end, whatever the server says meanwhile.
        """
        if self.watch.stopping():
            raise stopped(self.server)
        try:
            yield
        except TimeoutError as error:
            raise self._down(what, f"did not answer for {self.server.timeout:.0f} seconds") from error
        except (paramiko.SSHException, paramiko.SFTPError, EOFError, ConnectionError, ValueError) as error:
            raise self._down(what, f"broke the connection ({_said(error)})") from error
        except OSError as error:
            if self.is_lost or self.watch.stopping():
                raise self._down(what, f"broke the connection ({_said(error)})") from error
            kind = MissingError if isinstance(error, FileNotFoundError) else NotDoneError
            raise kind(f"{what} on {self.server.shown}: the server says '{_said(error)}'.", code=DOWN) from error

    def close(self) -> None:
        """End it, whatever state it is in; a server that does not listen is not waited for."""
        self.watch.end()
        with suppress(Exception):  # a connection that is lost cannot be ended well
            self.client.close()

    def _down(self, what: str, why: str) -> TransportError:
        """What was not answered may be answered later, to somebody who asked something else: nothing more is asked here."""
        self.watch.end()
        if self.watch.stopping():
            return stopped(self.server)
        return ChannelDownError(f"{what}: {self.server.shown} {why}.", code=DOWN, next_step=_AGAIN)


def never() -> bool:
    """Of who is not ended by anybody."""
    return False


def stopped(server: Server) -> StoppingError:
    """Why nothing more is asked of a server."""
    return StoppingError(f"What was on its way with {server.shown} waits: this process ends.", code=DOWN)


def connect(server: Server, passed: Passed = lambda _step: None, stopping: Stopping = never) -> Connection:
    """Connect, prove whose server it is, log in; raises ChannelDownError, or ChannelStoppedError where a person must act.

    Nothing that is secret is sent to a server that shows another key than those that are pinned. Raises StoppingError
    when the process is to end.
    """
    try:
        return _connect(server, passed, stopping)
    except ChannelStoppedError:
        raise
    except ChannelDownError as error:
        if stopping():
            raise stopped(server) from error
        raise


def _connect(server: Server, passed: Passed, stopping: Stopping) -> Connection:
    key = _private_key(server) if server.key else None
    sock = _socket(server, passed, stopping)
    transport = _transport(server, sock)
    watch = Watch(transport, sock, stopping)
    watch.start()
    try:
        _prove(server, transport)
        passed("host key")
        _log_in(server, transport, key)
        passed("login")
        transport.set_keepalive(KEEP_ALIVE)
        return Connection(server, _sftp(server, transport, watch), transport, watch)
    except BaseException:
        watch.end()
        raise


def shown_key(host: str, port: int, timeout: float) -> str:
    """The host key that a server shows at this moment, as a partner file names it; nobody logs in."""
    server = Server(host, port, "", (), "", timeout)
    sock = _socket(server, lambda _step: None, never)
    transport = _transport(server, sock)
    try:
        with _negotiating(server):
            transport.start_client(timeout=timeout)
            return _line(transport.get_remote_server_key())
    finally:
        ended(transport, sock)


def _socket(server: Server, passed: Passed, stopping: Stopping) -> socket.socket:
    try:
        places = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ChannelDownError(
            f"The name {server.host} is not known: {_said(error)}.", code=DOWN,
            next_step="Compare 'host' in the partner file with what the partner told you; else it is the network here.",
        ) from error  # fmt: skip
    passed("name")
    fault: OSError | None = None
    for family, kind, protocol, _, address in places:
        sock = socket.socket(family, kind, protocol)
        try:
            reach(sock, address, server.timeout, stopping)
        except OSError as error:
            sock.close()
            fault = error
        else:
            passed("connection")
            return sock
    why = "it did not answer" if isinstance(fault, TimeoutError) else _said(fault)
    raise ChannelDownError(f"{server.shown} cannot be reached: {why}.", code=DOWN, next_step=_AGAIN) from fault


def _transport(server: Server, sock: socket.socket) -> paramiko.Transport:
    try:
        with _negotiating(server):
            transport = paramiko.Transport(sock)
    except ChannelDownError:
        sock.close()
        raise
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = server.timeout
    transport.channel_timeout = server.timeout
    return transport


@contextmanager
def _negotiating(server: Server) -> Iterator[None]:
    try:
        yield
    except (paramiko.SSHException, EOFError, OSError, ValueError) as error:
        raise ChannelDownError(
            f"{server.shown} answers, but does not speak SSH with us: {_said(error)}.", code=DOWN, next_step=_AGAIN
        ) from error


def _prove(server: Server, transport: paramiko.Transport) -> None:
    """Compare the key that the server shows, before anything of ours is sent."""
    wanted = {line.split()[0] for line in server.host_keys}
    options = transport.get_security_options()
    kinds = tuple(each for each in options.key_types if (_KIND.get(each, each)) in wanted)
    if kinds:
        options.key_types = kinds
    try:
        with _negotiating(server):
            transport.start_client(timeout=server.timeout)
            shown = _line(transport.get_remote_server_key())  # an error when time was up before
    except ChannelDownError as error:
        if _NO_COMMON_KEY in str(error.__cause__):
            raise _stranger(server, "shows no host key of the kind that is pinned") from error
        raise
    if shown not in server.host_keys:
        raise _stranger(server, f"shows the host key {fingerprint(shown)}, which is not pinned")


_KIND = dict.fromkeys(_RSA, "ssh-rsa")


def _stranger(server: Server, what: str) -> ChannelStoppedError:
    known = ", ".join(fingerprint(each) for each in server.host_keys) or "none"
    return ChannelStoppedError(
        f"{server.shown} {what} (pinned: {known}). It may be another server that pretends to be theirs: we did not log in.",
        code=HOST_KEY,
        next_step="Ask the partner by telephone whether their host key changed; if so, put the new one into 'host_key' "
        "of the partner file and ask with 'gateway partner test'.",
    )


def _private_key(server: Server) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            found: paramiko.PKey = kind.from_private_key(io.StringIO(f"{server.key}\n"), server.passphrase or None)
        except paramiko.PasswordRequiredException as error:
            raise _no_login("The private key has a passphrase, and 'passphrase' does not name it.") from error
        except (paramiko.SSHException, ValueError, TypeError, IndexError):
            continue
        return found
    says = "or its passphrase is another one" if server.passphrase else "of the kinds ed25519, ecdsa and rsa"
    raise _no_login(f"'key' does not name a private key that can be read, {says}.")


def _no_login(sentence: str) -> ChannelStoppedError:
    return ChannelStoppedError(
        sentence, code=LOGIN, next_step="Correct it in the partner file and ask with 'gateway partner test'."
    )


def _log_in(server: Server, transport: paramiko.Transport, key: paramiko.PKey | None) -> None:
    try:
        if key is not None:
            left = transport.auth_publickey(server.user, key)
        else:
            left = transport.auth_password(server.user, server.password)
    except paramiko.AuthenticationException as error:
        if not transport.is_active() or "timeout" in str(error).casefold():
            raise _lost_at_login(server, error) from error
        raise _refused_login(server, error) from error
    except (paramiko.SSHException, EOFError, OSError, ValueError) as error:
        raise _lost_at_login(server, error) from error
    if left:
        raise _no_login(f"{server.shown} wants more than one proof of who we are: {', '.join(left)}.")


def _lost_at_login(server: Server, error: Exception) -> ChannelDownError:
    sentence = f"{server.shown} ended the connection while we logged in: {_said(error)}."
    return ChannelDownError(sentence, code=DOWN, next_step=_AGAIN)


def _refused_login(server: Server, error: paramiko.AuthenticationException) -> ChannelStoppedError:
    proof = "the private key" if server.key else "the password"
    more = ""
    if isinstance(error, paramiko.BadAuthenticationType) and error.allowed_types:
        more = f" It takes: {', '.join(error.allowed_types)}."
    return ChannelStoppedError(
        f"{server.shown} does not let '{server.user}' in with {proof}.{more}",
        code=LOGIN,
        next_step="Ask the partner whether the user is right and our public key or password is known there; then ask "
        "with 'gateway partner test'. It is not tried again until then, so that no account is locked.",
    )


def _sftp(server: Server, transport: paramiko.Transport, watch: Watch) -> Client:
    try:
        channel = transport.open_session(timeout=server.timeout)
        channel.settimeout(server.timeout)
        with watch.within(server.timeout):  # the library waits for this answer for ever
            channel.invoke_subsystem("sftp")
        return Client(channel)
    except (paramiko.SSHException, paramiko.SFTPError, EOFError, OSError, ValueError) as error:
        raise ChannelDownError(
            f"{server.shown} lets us in, but offers no SFTP: {_said(error)}.", code=DOWN,
            next_step="Ask the partner whether SFTP is switched on for our user.",
        ) from error  # fmt: skip


def _line(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


def _said(error: BaseException | None) -> str:
    """What an error says, without its number, fit for a sentence."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).strip().rstrip(".") or (type(error).__name__ if error is not None else "nothing")
