"""Secrets and keys in configuration files: a secret is only ever named there, a key of others is shown in full."""

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, model_serializer, model_validator

from gateway.config.located import Section
from gateway.kernel.errors import ConfigurationError
from gateway.kernel.problem import Problem

ELSEWHERE = "a secret stands in a file or in the environment, never here; write {file: PATH} or {env: NAME}"
KEY_TYPES = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_MOST_MEMORY = 128 << 20
_HASH = re.compile(r"scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$[A-Za-z0-9+/=_-]{16,200}\$[A-Za-z0-9+/=_-]{20,200}")


def no_secret(value: Any) -> Any:
    """A text would be the secret itself; it is not repeated in what is said about it."""
    if isinstance(value, str):
        raise ValueError(ELSEWHERE)  # noqa: TRY004 - it is told like every other wrong value
    return value


def _variable(value: str) -> str:
    if not _VARIABLE.fullmatch(value):  # it may be the secret itself: not repeated either
        raise ValueError("the environment has no such names; write one like ACME_PASSWORD, in capitals")
    return value


class SecretSource(Section):
    """Where a secret stands: in a variable of the environment, or in a file, meant from the site's folder on."""

    env: Annotated[str, AfterValidator(_variable)] | None = None
    file: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "SecretSource":
        if (self.env is None) == (not self.file):
            raise ValueError("a secret stands in one place: write {file: PATH} or {env: NAME}")
        return self

    @model_serializer(when_used="json")
    def _hidden(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "SecretSource(***)"

    __str__ = __repr__

    def fault(self, directory: Path, environ: Mapping[str, str]) -> str:
        """Why the secret cannot be read; empty when it can."""
        if self.env is not None:
            return "" if environ.get(self.env) else f"the environment has no {self.env}"
        try:
            return "" if self.path(directory).read_text(encoding="utf-8").strip() else f"{self.file} is empty"
        except UnicodeDecodeError:
            return f"{self.file} is not text"
        except OSError as error:
            return f"{self.file} cannot be read: {error.strerror}"

    def value(self, directory: Path, environ: Mapping[str, str]) -> str:
        """The secret, without a line end behind it; raises ConfigurationError when there is none."""
        if fault := self.fault(directory, environ):
            raise ConfigurationError((Problem(self.file or "environment", 1, 1, "P003", fault),))
        if self.env is not None:
            return environ[self.env]
        return self.path(directory).read_text(encoding="utf-8").rstrip("\r\n")

    def path(self, directory: Path) -> Path:
        """The file of a secret that stands in one."""
        return directory / (self.file or "")


def _public_key(value: str) -> str:
    """A public key as OpenSSH writes it; what stands behind it is dropped."""
    kind, _, rest = value.strip().partition(" ")
    encoded = rest.strip().partition(" ")[0]
    try:
        blob = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    named = len(kind).to_bytes(4, "big") + kind.encode()
    if kind not in KEY_TYPES or not blob.startswith(named) or len(blob) == len(named):
        raise ValueError(f"this is not a public key; write the whole line, like '{KEY_TYPES[0]} AAAA...'")
    return f"{kind} {encoded}"


def _password_hash(value: str) -> str:
    found = _HASH.fullmatch(value)
    if found is None:  # it may be a password in clear: not repeated
        raise ValueError("this is not the hash of a password, which looks like scrypt$16384$8$1$SALT$HASH")
    cost, block, lanes = (int(each) for each in found.groups())
    if cost < 2 or cost & (cost - 1) or not 0 < 128 * cost * block * lanes <= _MOST_MEMORY:  # noqa: PLR2004 - scrypt's own
        raise ValueError("this hash costs too much, or cannot be; 'gateway sftp hash-password' makes one")
    return value


Secret = Annotated[SecretSource, BeforeValidator(no_secret)]
PublicKey = Annotated[str, AfterValidator(_public_key)]
PasswordHash = Annotated[str, AfterValidator(_password_hash)]
