"""Webhooks: a signed message posted by HTTPS, only to an address that was looked at, never where an answer leads to."""

import base64
import binascii
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from gateway.exchange.alerts import Message
from gateway.kernel.errors import ChannelDownError, TransportError, UnsureError

CODE = "S-WEBHOOK"
PATIENCE, AT_MOST = 10.0, 30.0
"""Seconds for one step of a connection, and for all of it."""
MOST_READ = 64 * 1024
"""Of an answer no more is read."""
PORT = 443
TAKEN = range(200, 300)
LEADS_AWAY = range(300, 400)
BUSY = frozenset({408, 425, 429})
BROKEN = range(500, 600)
SECRET = "whsec_"  # noqa: S105 - what the text of a secret begins with
"""A secret that begins so is base64, as the Standard Webhooks write it."""
Addresses = Callable[[str, int], Sequence[str]]
IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_EMBEDDING = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"), ipaddress.ip_network("2002::/16"),
              ipaddress.ip_network("2001::/32"))  # fmt: skip
"""Addresses of IPv6 that lead on to one of IPv4."""


def resolved(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, as the machine knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """Posts to one address; ``allow_hosts`` are the names that may lead into private networks."""

    url: str
    secret: str
    clock: Callable[[], datetime]
    allow_hosts: Collection[str] = ()
    addresses: Addresses = resolved

    def __repr__(self) -> str:
        return f"WebhookSender({self.url})"

    def send(self, message: Message) -> None:
        """Post a message; raises ChannelDownError where nothing can be posted, UnsureError where that broke off, TransportError where this one is refused."""
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or PORT
        if parts.scheme != "https" or not host:
            raise ChannelDownError("A webhook is only told by https.", code=CODE)
        body, headers = self._said(message)
        kind = ChannelDownError
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        try:
            with _connected(host, port, self._safe(host, port)) as connection:
                kind = UnsureError
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                answer.read(MOST_READ)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise kind(f"{host} took no message: {_why(error)}") from error
        _judged(host, answer.status)

    def _safe(self, host: str, port: int) -> str:
        """The address to connect to; the name is asked once, and every address it has must be one of the public network."""
        try:
            found = self.addresses(host, port)
        except (OSError, UnicodeError) as error:
            raise ChannelDownError(f"{host} has no address: {_why(error)}") from error
        if not found:
            raise ChannelDownError(f"{host} has no address.")
        if host not in {each.lower() for each in self.allow_hosts} and (
            inside := [each for each in found if not is_public(each)]
        ):
            raise ChannelDownError(
                f"{host} leads to {inside[0]}, which is not an address of the public network; nothing was sent.", code=CODE,
                next_step=f"If that is meant, write '{host}' under 'alerts.allow_hosts' of gateway.yaml.",
            )  # fmt: skip
        return found[0]

    def _said(self, message: Message) -> tuple[bytes, dict[str, str]]:
        at = self.clock()
        said = {
            "type": "gateway.alert", "timestamp": at.isoformat(),
            "data": {"id": message.id, "subject": message.subject, "text": message.text},
        }  # fmt: skip
        body = json.dumps(said, ensure_ascii=True).encode()
        moment = str(int(at.timestamp()))
        return body, {
            "Content-Type": "application/json", "User-Agent": "edi-gateway", "Connection": "close", "webhook-id": message.id,
            "webhook-timestamp": moment, "webhook-signature": signature(self.secret, message.id, moment, body),
        }  # fmt: skip


def signature(secret: str, identity: str, moment: str, body: bytes) -> str:
    """What proves who sent a message: HMAC-SHA256 over its id, its moment and its body.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = hmac.digest(_key(secret), f"{identity}.{moment}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def _key(secret: str) -> bytes:
    if secret.startswith(SECRET):
        try:
            return base64.b64decode(secret.removeprefix(SECRET), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def is_public(address: str) -> bool:
    """Whether an address is one of the public network, and leads to no other.

    >>> [is_public(each) for each in ("93.184.216.34", "127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1")]
    [True, False, False, False, False, False]
    """
    try:
        ip: IP = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _EMBEDDING):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


@contextmanager
def _connected(host: str, port: int, address: str) -> Iterator[http.client.HTTPConnection]:
    """A connection to that address and no other, safe under the name; it is cut when it takes too long."""
    context = ssl.create_default_context()
    plain = socket.create_connection((address, port), timeout=PATIENCE)
    try:
        safe = context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
    cut = threading.Timer(AT_MOST, _cut, (safe,))
    cut.daemon = True
    cut.start()
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    connection.sock = safe
    try:
        yield connection
    finally:
        cut.cancel()
        connection.close()
        safe.close()


def _cut(safe: socket.socket) -> None:
    try:
        safe.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _judged(host: str, status: int) -> None:
    if status in TAKEN:
        return
    if status in LEADS_AWAY:
        raise ChannelDownError(
            f"{host} answered {status}, which leads elsewhere; that is never followed.", code=CODE,
            next_step="Write the address it leads to in 'webhook.url' of gateway.yaml, if it is the right one.",
        )  # fmt: skip
    if status in BUSY or status in BROKEN:
        raise ChannelDownError(f"{host} answered {status}.")
    raise TransportError(f"{host} refused the message: it answered {status}.")


def _why(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted: {error.verify_message}."
        case TimeoutError():
            return "it did not answer in time."
        case OSError() if error.strerror:
            return f"{error.strerror}."
    return f"{type(error).__name__}."
