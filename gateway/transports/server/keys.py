"""The host key of our server: made once, kept where only we can read it, shown so that partners can compare it.

Keys for those who log in are made in the same way where somebody is to try the server out.
"""

import base64
import hashlib
import os
import uuid
from contextlib import suppress
from pathlib import Path

NAME = "ssh_host_ed25519_key"
"""The private key below ``var/sftp``; beside it the public one, with ``.pub``."""


def private_key(folder: Path) -> Path:
    """The file of the private key, which is made where there is none; whoever starts at the same moment finds the same one."""
    path = folder / NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        _make(path)
    if not public_line(folder):
        _show(path)
    return path


def new_pair(path: Path) -> str:
    """Make a private key for somebody who logs in, with the public one beside it; gives the line of the public one."""
    _make(path)
    _show(path)
    return path.with_name(f"{path.name}.pub").read_text(encoding="ascii").strip()


def public_line(folder: Path) -> str:
    """The public key as ``known_hosts`` and partner files name it; empty before the first start."""
    try:
        return (folder / f"{NAME}.pub").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def fingerprint(line: str) -> str:
    """What people compare by telephone, as OpenSSH shows it.

    >>> fingerprint("ssh-ed25519 AAAA")
    'SHA256:cJ6AyISHokEeHuTfufIqhhSS0gxHZRUMDHlKvXD4FHw'
    """
    found = hashlib.sha256(base64.b64decode(line.split()[1])).digest()
    return f"SHA256:{base64.b64encode(found).decode().rstrip('=')}"


def _make(path: Path) -> None:
    import asyncssh  # noqa: PLC0415 - an extra, and 'gateway sftp show' needs none of it

    new = path.with_name(f".new-{uuid.uuid4().hex}")
    _write(new, asyncssh.generate_private_key("ssh-ed25519", comment="gateway").export_private_key(), 0o600)
    try:
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(new, path)
    finally:
        new.unlink()


def _show(path: Path) -> None:
    import asyncssh  # noqa: PLC0415 - same

    new = path.with_name(f".new-{uuid.uuid4().hex}")
    _write(new, asyncssh.read_private_key(path).export_public_key(), 0o644)
    new.rename(path.with_name(f"{path.name}.pub"))
    _sync(path.parent)


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
