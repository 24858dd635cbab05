"""What mends a channel that cannot be used: the command or the line of its partner file, by how far a test of it came."""

import os
import pwd
import shlex
from collections.abc import Sequence
from pathlib import Path

from gateway.config.channels import ChannelIn, ChannelOut, SftpIn, SftpOut
from gateway.config.load import Site
from gateway.config.partner import Partner
from gateway.config.secrets import SecretSource
from gateway.transports.sftp.server import STEPS

_SSH = 22


def of_channel(site: Site, partner: Partner, channel: ChannelIn | ChannelOut, passed: Sequence[str]) -> str:
    """What to do, a line for each; what is said in words stands behind three blanks."""
    if not isinstance(channel, SftpIn | SftpOut):
        return of_folder(site.directory / channel.path)
    at = next(
        (each.origin for each in site.channels if (each.partner, each.channel.key) == (partner.partner, channel.key)),
        None,
    )
    where = f"partners/{partner.partner}.yaml" + (f":{at.line}" if at is not None else "")
    lines = _of_secrets(site, channel, where) or _of_step(channel, passed, where)
    return "\n".join((*lines, f"gateway partner test {partner.partner} --channel {channel.key}"))


def of_folder(folder: Path) -> str:
    """What lets us use a folder of our own."""
    name = shlex.quote(str(folder))
    if folder.is_dir():
        return f"sudo chown -R {me()} {name} && chmod u+rwx {name}"
    if folder.exists():
        return f"mv {name} {name}.aside && mkdir -p {name}"
    above = next((each for each in folder.parents if each.exists()), folder.parent)
    if not above.is_dir():
        return f"mv {shlex.quote(str(above))} {shlex.quote(f'{above}.aside')} && mkdir -p {name}"
    return f"mkdir -p {name}" if os.access(above, os.W_OK | os.X_OK) else f"sudo install -d -o {me()} {name}"


def of_secret(source: SecretSource, owner: str, *, is_key: bool) -> str:
    """How a secret comes to be where it is looked for; it is never said on a command line."""
    if source.env is not None:
        return f"read -rs {source.env} && export {source.env}   (where the gateway is started; for a service in its EnvironmentFile)"
    path = Path(source.file or "")
    named = shlex.quote(str(path))
    folder = f"mkdir -p {shlex.quote(str(path.parent))} && "
    if is_key:
        return f"{folder}ssh-keygen -q -t ed25519 -N '' -f {named}   (and give {named}.pub to the partner), or correct the path in {owner}"
    return f"{folder}(umask 077 && cat > {named})   (type it, then Enter and Ctrl-D), or correct the path in {owner}"


def me() -> str:
    """Under which name this process works."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _of_secrets(site: Site, channel: SftpIn | SftpOut, where: str) -> tuple[str, ...]:
    named = ((channel.private_key, True), (channel.passphrase, False), (channel.password, False))
    return tuple(
        of_secret(each, where, is_key=is_key)
        for each, is_key in named
        if each is not None and each.fault(site.directory, os.environ)
    )


def _of_step(channel: SftpIn | SftpOut, passed: Sequence[str], where: str) -> tuple[str, ...]:
    """By the first step that did not go well."""
    step = next((each for each in STEPS if each not in passed), STEPS[-1])
    host, port = channel.host, "" if channel.port == _SSH else f" --port {channel.port}"
    match step:
        case "name":
            return (f"getent hosts {host}   (says nothing: write the right 'host' in {where})",)
        case "connection":
            return (
                f"nc -vz {host} {channel.port}   (refused or silent: ask them whether 'port' in {where} is right, and your network to let us out)",
            )
        case "host key":
            return (
                f"gateway partner scan-host-key {host}{port}   (compare the fingerprint with them by telephone; then put its first line into {where})",
            )
        case "login":
            return (_of_login(channel, where),)
        case "folder":
            return (
                f"sftp -P {channel.port} {channel.user}@{host}   (say: ls; then correct 'path' in {where}, or ask them for rights there)",
            )
        case _:
            return (
                f"sftp -P {channel.port} {channel.user}@{host}   (say: cd {channel.path}, put FILE; ask them to let our user write and rename there)",
            )


def _of_login(channel: SftpIn | SftpOut, where: str) -> str:
    key = channel.private_key
    if key is not None and key.file is not None:
        return f"ssh-keygen -y -f {shlex.quote(key.file)}   (shows our public key: they are to have it for '{channel.user}'; else correct 'user' in {where})"
    if key is not None:
        return f"correct 'user' in {where}, or the key in {key.env}; they are to have its public half"
    place = (channel.password.env or channel.password.file) if channel.password is not None else "its place"
    return f"ask them for the password of '{channel.user}' and put it into {place}, or correct 'user' in {where}"
