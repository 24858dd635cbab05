"""Where a server of a partner is, whose it must be, and how we log in there."""

import base64
import hashlib
from dataclasses import dataclass, field

STEPS = ("name", "connection", "host key", "login", "folder", "writing")
"""What has to go well before files travel, in this order."""
_PORT = 22


@dataclass(frozen=True, slots=True)
class Server:
    """A folder on a server; we log in with a private key where there is one, else with a password."""

    host: str
    port: int
    user: str
    host_keys: tuple[str, ...]
    path: str
    timeout: float
    key: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """How it is called in sentences."""
        return self.host if self.port == _PORT else f"{self.host}:{self.port}"


def fingerprint(line: str) -> str:
    """The fingerprint of a public key, as OpenSSH shows it and people compare it by telephone.

    >>> fingerprint("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl")
    'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'
    """
    digest = hashlib.sha256(base64.b64decode(line.split()[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")
