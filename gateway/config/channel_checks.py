"""What the channels of partner files say against themselves and against each other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from pathlib import PurePosixPath

from gateway.config.channels import ChannelIn, ChannelOut, SftpIn, SftpOut
from gateway.config.located import Path, Places
from gateway.config.partner import Partner
from gateway.config.problems import suggestion
from gateway.kernel.problem import Problem

IN, OUT = ("channels", "in"), ("channels", "out")


def channel_checks(partner: Partner, places: Places) -> Iterator[Problem]:
    """What one partner file says about its channels that cannot be meant."""
    yield from _names(partner, places)
    for path, channel in servers(partner):
        yield from _login(path, channel, places)
    for at, inlet in enumerate(partner.channels.in_ or ()):
        yield from _arriving((*IN, at), inlet, places)
    for at, expected in enumerate(partner.channels.expect):
        if not any(use.document == expected.document for use in partner.inputs()):
            sentence = f"nothing reads '{expected.document}' from this partner, so none can be expected"
            hint = f"add '{expected.document}: {{in: MAPPING}}' to 'documents', or remove the entry"
            yield places.problem(("channels", "expect", at, "document"), "P004", sentence, hint)
    if partner.sftp is not None and not partner.sftp.keys and not partner.sftp.password_hash:
        sentence = "a login needs 'keys' or a 'password_hash', or nobody can use it"
        yield places.problem(("sftp",), "P002", sentence, "write 'keys: [ssh-ed25519 AAAA...]' below it", at_key=True)


def secret_checks(
    partner: Partner, places: Places, directory: FilePath, environ: Mapping[str, str]
) -> Iterator[Problem]:
    """Secrets that cannot be read here and now: a warning, since another machine may be the one that has them."""
    if partner.x12 is not None and partner.x12.security is not None:
        separators = partner.x12.separators.all_of_them()
        for key, fault in partner.x12.security.faults(directory, environ, separators):
            found = places.problem(("x12", "security", key), "P003", f"'{key}': {fault}")
            yield found if fault.startswith("the value") else replace(found, level="warning")
    for path, channel in servers(partner):
        secrets = {"key": channel.private_key, "passphrase": channel.passphrase, "password": channel.password}
        for name, secret in secrets.items():
            if secret is not None and (fault := secret.fault(directory, environ)):
                yield replace(places.problem((*path, name), "P003", f"'{name}': {fault}"), level="warning")


def servers(partner: Partner) -> Iterator[tuple[Path, SftpIn | SftpOut]]:
    """Each channel on a server, with where it stands in the file."""
    written: list[tuple[Path, ChannelIn | ChannelOut]] = []
    written += [((*IN, at), each) for at, each in enumerate(partner.channels.in_ or ())]
    written += [((*OUT, at), each) for at, each in enumerate(partner.channels.out or ())]
    for path, each in written:
        if each.kind == "sftp":
            yield path, each


class Shared:
    """What belongs to one partner only, over all partner files in turn: folders, folders on servers, logins."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}
        self._remote: dict[tuple[str, int, str], str] = {}
        self._moved: dict[tuple[str, int, str], str] = {}
        self._logins: dict[str, str] = {}

    def checks(self, partner: Partner, places: Places) -> Iterator[Problem]:
        """What this partner has that another one, or another channel, has already."""
        for at, channel in enumerate(partner.inlets()):
            path = (*IN, at, "path")
            if channel.kind == "directory":
                if other := self._folders.get(channel.path):
                    sentence = (
                        f"{other} receives through the folder '{channel.path}' too; a folder belongs to one partner"
                    )
                    yield places.problem(path, "P004", sentence)
                self._folders.setdefault(channel.path, partner.partner)
                continue
            here = (channel.host.casefold(), channel.port, channel.path)
            there = (*here[:2], str(PurePosixPath(channel.path) / channel.moves_to))
            if other := self._remote.get(here):
                sentence = (
                    f"{other} takes files from '{channel.path}' on {channel.host} too; a folder is asked by one channel"
                )
                yield places.problem(path, "P004", sentence)
            elif other := self._moved.get(here):
                sentence = f"{other} moves files to '{channel.path}' on {channel.host} that it has taken; they would be taken again"
                yield places.problem(path, "P004", sentence)
            elif channel.moves_to and (other := self._remote.get(there)):
                sentence = (
                    f"{other} takes files from '{there[2]}' on {channel.host}; what is moved there would be taken again"
                )
                yield places.problem((*IN, at, "after"), "P004", sentence)
            self._remote.setdefault(here, partner.partner)
            if channel.moves_to:
                self._moved.setdefault(there, partner.partner)
        if partner.sftp is not None:
            user = partner.login_user()
            if other := self._logins.get(user):
                yield places.problem(
                    ("sftp", "user"), "P004", f"{other} logs in as '{user}' too; each has a login of its own"
                )
            self._logins.setdefault(user, partner.partner)


def _names(partner: Partner, places: Places) -> Iterator[Problem]:
    """Names twice, and names of channels that are not there."""
    named = [channel.name for channel in partner.channels.out or () if channel.name is not None]
    twice = {name for name, count in Counter(named).items() if count > 1}
    for at, channel in enumerate(partner.channels.out or ()):
        if channel.name in twice:
            twice.discard(channel.name)
            sentence = f"two channels are called '{channel.name}'; a document could not say which one it means"
            yield places.problem((*OUT, at, "name"), "P004", sentence)
    for use in partner.uses():
        if use.channel and use.channel not in named:
            own = (*use.path, "channel")
            path = own if places.are_written(own) else (*use.path[:3], "channel")
            hint = suggestion(use.channel, named) or f"give a channel of 'channels.out' the 'name: {use.channel}'"
            yield places.problem(path, "P004", f"there is no outbound channel '{use.channel}'", hint)
    keys: set[str] = set()
    for at, inlet in enumerate(partner.inlets()):
        if inlet.key in keys and inlet.kind == "sftp":
            yield _same_key((*IN, at, "name"), inlet.key, places)
        keys.add(inlet.key)
    for at, outlet in enumerate(partner.outlets()):
        if outlet.key in keys and outlet.kind == "sftp":
            yield _same_key((*OUT, at, "name"), outlet.key, places)


def _same_key(path: Path, key: str, places: Places) -> Problem:
    name = key.rpartition(":")[2]
    sentence = f"two channels to servers are called '{name}'; tables and alerts could not tell them apart"
    return places.problem(path, "P004", sentence, "give one of them another 'name'")


def _login(path: Path, channel: SftpIn | SftpOut, places: Places) -> Iterator[Problem]:
    """A server must be proven to be theirs, and we need one way to log in."""
    if not channel.host_key:
        sentence = "the key 'host_key' is missing: without it nobody knows whose server answers"
        port = f" --port {channel.port}" if channel.port != 22 else ""  # noqa: PLR2004 - the port of SSH
        hint = (
            f"the partner knows it; 'gateway partner scan-host-key {channel.host}{port}' shows what answers there now"
        )
        yield places.problem(path, "P002", sentence, hint)
    if (channel.private_key is None) == (channel.password is None):
        sentence = "we log in with a key or with a password: write one of 'key' and 'password'"
        yield places.problem(path, "P002", sentence, "write it like key: {file: secrets/acme_ed25519}")
    if channel.passphrase is not None and channel.private_key is None:
        sentence = "'passphrase' opens a key, and there is no 'key' here"
        yield places.problem((*path, "passphrase"), "P004", sentence, "remove it", at_key=True)


def _arriving(path: Path, channel: ChannelIn, places: Places) -> Iterator[Problem]:
    said = [each for each in channel.ready if each.startswith("marker ")]
    if said and channel.marker is not None:
        sentence = "the marker is said in 'ready' and in 'marker'; one of them is enough"
        yield places.problem((*path, "marker"), "P004", sentence, "remove it", at_key=True)
    if channel.kind == "sftp" and channel.moves_to:
        target = PurePosixPath(channel.path) / channel.moves_to
        if target == PurePosixPath(channel.path):
            sentence = "'after' moves a file to where it is taken from; it would be taken again"
            yield places.problem((*path, "after"), "P004", sentence, "write a folder beside or below it: move archive/")
