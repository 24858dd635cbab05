"""Who may log in at our server: a key, or a password of which only a hash is known; a stranger costs as much as a partner."""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.kernel.ids import PartnerId

COST, BLOCK, LANES = 16384, 8, 1
"""What a new hash costs: 16 MB and some 50 ms for each guess."""
_MEMORY = 256 << 20
_SALT, _LENGTH = 16, 32


@dataclass(frozen=True, slots=True)
class Login:
    """How one partner logs in; ``keys`` are public keys as they travel, without their kind in front."""

    user: str
    partner: PartnerId
    keys: frozenset[bytes]
    password_hash: str = ""


def key_of(line: str) -> bytes:
    r"""The public key in a line as OpenSSH writes it.

    >>> key_of("ssh-ed25519 AAAA")
    b'\x00\x00\x00'
    """
    return base64.b64decode(line.split()[1])


def hash_password(password: str) -> str:
    """What a partner file may know of a password."""
    salt = os.urandom(_SALT)
    found = _scrypt(password, salt, COST, BLOCK, LANES)
    return f"scrypt${COST}${BLOCK}${LANES}${base64.b64encode(salt).decode()}${base64.b64encode(found).decode()}"


def matches(hashed: str, password: str) -> bool:
    """Whether a password is the one of a hash; a hash that cannot be computed fits none."""
    try:
        _, cost, block, lanes, salt, known = hashed.split("$")
        found = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(lanes))
        return hmac.compare_digest(found, base64.b64decode(known))
    except (ValueError, binascii.Error, MemoryError, OverflowError):
        return False


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    """A password is the same whichever way its accents were typed."""
    plain = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(plain, salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=_LENGTH)


class Logins:
    """All logins of a site."""

    def __init__(self, logins: Iterable[Login]) -> None:
        self._known = {each.user: each for each in logins}
        hashes = [each.password_hash for each in self._known.values() if each.password_hash]
        self._nobody = _of_nobody(hashes[0] if hashes else "")
        self.take_passwords = bool(hashes)

    def of(self, user: str) -> Login | None:
        """The login of a user."""
        return self._known.get(user)

    def by_key(self, user: str, key: bytes) -> bool:
        """Whether a key is one of this user; whose it is must be proven besides."""
        found = self._known.get(user)
        return found is not None and key in found.keys

    def by_password(self, user: str, password: str) -> bool:
        """Whether a password is that of this user; it takes as long for a user that has none, or that is not known."""
        found = self._known.get(user)
        hashed = found.password_hash if found is not None else ""
        return matches(hashed or self._nobody, password) and bool(hashed)

    def all(self) -> list[Login]:
        """Every login, by its name."""
        return [self._known[user] for user in sorted(self._known)]


def _of_nobody(like: str) -> str:
    """A hash that nobody knows the password of and that costs what the others cost."""
    cost = like.split("$")[1:4] or [str(COST), str(BLOCK), str(LANES)]
    salt, unknown = (base64.b64encode(os.urandom(size)).decode() for size in (_SALT, _LENGTH))
    return "$".join(["scrypt", *cost, salt, unknown])
