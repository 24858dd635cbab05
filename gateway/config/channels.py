"""The channels of a partner file: folders and SFTP servers that files come from and go to, and the login at ours."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, PrivateAttr, model_validator

from gateway.config.clocks import Expect
from gateway.config.located import Section
from gateway.config.marks import ByKind, OneOrMany
from gateway.config.partner_documents import FileName
from gateway.config.secrets import PasswordHash, PublicKey, Secret
from gateway.config.values import Duration, Host, Port, Size, Word, duration, size
from gateway.files.names import visible
from gateway.formats import trailer
from gateway.formats.trailer import Trailer
from gateway.kernel.ids import ChannelKey

FILE_NAME = "{document}_{number}_{control}.{ext}"
POLL_AT_MOST_EVERY = "30s"
"""Each poll is a unit of work: more often, and they would be most of what the database does."""


def _folder(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/"):
        raise ValueError(f"'{value}' must be a folder within the site")
    return value.rstrip("/")


def _remote(value: str) -> str:
    if not value.isprintable() or not value or ".." in value.split("/"):
        raise ValueError(f"'{value}' is not a folder of their server; write it like /outgoing")
    return str(PurePosixPath(value))


def _every(value: str) -> str:
    if duration(value) < duration(POLL_AT_MOST_EVERY):
        raise ValueError(f"'{value}' is too often; a server is asked every {POLL_AT_MOST_EVERY} at most")
    return value


def _after(value: str) -> str:
    if value in ("delete", "leave"):
        return value
    found = re.fullmatch(r"move +(\S.*)", value)
    if found is None:
        raise ValueError(
            f"'{value}' is nothing to do with a file that was taken; write delete, leave, or move archive/"
        )
    return f"move {_remote(found[1])}"


def _marker(value: str) -> str:
    unknown = [name for name in re.findall(r"\{(.*?)\}", value) if name not in ("name", "stem")]
    if unknown or "/" in value or not re.search(r"\{(name|stem)\}", value) or value == "{name}":
        raise ValueError(
            f"'{value}' does not name a marker; write it like {{name}}.done, or {{stem}}.ok without the ending"
        )
    return value


def _ready(value: str) -> str:
    if value in ("rename", "content"):
        return value
    word, _, rest = value.partition(" ")
    if word == "stable" and rest:
        duration(rest)
        return value
    if word == "marker" and rest:
        return f"marker {_marker(rest.strip(chr(34)))}"
    raise ValueError(
        f"'{value}' does not say when a file is ready; write rename, content, stable 20s or marker {{name}}.done"
    )


def _trailer(value: str) -> str:
    wrong = trailer.fault(value)
    if wrong:
        raise ValueError(f"'{visible(value)}' {wrong}")
    return value


Folder = Annotated[str, AfterValidator(_folder)]
RemoteFolder = Annotated[str, AfterValidator(_remote)]
PollInterval = Annotated[str, AfterValidator(_every)]
After = Annotated[str, AfterValidator(_after)]
Marker = Annotated[str, AfterValidator(_marker)]
Ready = Annotated[str, AfterValidator(_ready)]
LastRow = Annotated[str, AfterValidator(_trailer)]


class Retry(Section):
    """How a channel that fails is tried again: after ``first``, then ``factor`` times as long, until it is given up."""

    first: Duration = "30s"
    factor: Annotated[Decimal, Field(ge=1, le=100)] = Decimal(2)
    max: Duration = "1h"
    give_up: Duration = "3d"

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if not timedelta() < duration(self.first) <= duration(self.max) <= duration(self.give_up):
            raise ValueError("'first' is not longer than 'max', and 'max' not longer than 'give_up'")
        return self


class Channel(Section):
    """What all channels have; ``key`` names one in tables, alerts and commands."""

    _key: ChannelKey = PrivateAttr(ChannelKey(""))

    @property
    def key(self) -> ChannelKey:
        """Of a folder its path within the site, else ``sftp:PARTNER:NAME``; the same in every process and after a restart."""
        return self._key

    def keyed(self, key: ChannelKey) -> Self:
        """The same channel under its key."""
        found = self.model_copy()
        found._key = key  # noqa: SLF001 - a copy of our own
        return found


class Arriving(Channel):
    """What all channels that bring files have: which names are taken, and when a file is ready (all that is listed).

    ``trailer`` is how the last row of a text file looks that is complete; see ``formats.trailer``.
    """

    patterns: tuple[str, ...] = ("*",)
    ready: tuple[Ready, ...] = ("rename", "content")
    marker: Marker | None = None
    trailer: LastRow | None = None
    file_limit: Size | None = None

    @property
    def proves_content(self) -> bool:
        """Whether a visibly incomplete file waits for its end."""
        return "content" in self.ready

    @property
    def stable_for(self) -> timedelta | None:
        """How long a file must stay as it is before it is taken."""
        said = self._said("stable")
        return duration(said) if said else None

    @property
    def marker_name(self) -> str:
        """The pattern of the name of the marker a file waits for, with ``{name}`` or ``{stem}``; empty for none."""
        return self.marker or self._said("marker")

    @property
    def ending(self) -> Trailer | None:
        """The last row that was agreed."""
        return Trailer.of(self.trailer) if self.trailer is not None else None

    def _said(self, word: str) -> str:
        """What stands behind a word of ``ready``; empty where it is not listed."""
        return next((each.removeprefix(f"{word} ") for each in self.ready if each.startswith(f"{word} ")), "")

    def limit(self, of_site: int) -> int:
        """How many bytes a file may have; ``of_site`` where the channel says nothing."""
        return of_site if self.file_limit is None else size(self.file_limit)


class DirectoryIn(Arriving):
    """A folder the partner drops files into."""

    kind: Literal["directory"] = "directory"
    path: Folder


class Server(Section):
    """A server of the partner and how we log in there: whose server it is is proven by ``host_key`` before we do."""

    model_config = ConfigDict(populate_by_name=False)

    name: Word | None = None
    host: Host
    port: Port = 22
    user: Annotated[str, Field(min_length=1)]
    private_key: Secret | None = Field(None, alias="key")
    passphrase: Secret | None = None
    password: Secret | None = None
    host_key: Annotated[tuple[PublicKey, ...], OneOrMany()] = ()
    path: RemoteFolder
    timeout: Duration = "30s"


class SftpIn(Arriving, Server):
    """A folder on a server of the partner that is asked for files; ``after`` is what becomes there of one we have."""

    model_config = ConfigDict(populate_by_name=False)

    kind: Literal["sftp"]
    every: PollInterval = "5m"
    after: After = "delete"

    @property
    def moves_to(self) -> str:
        """The folder a file is moved to when we have it, seen from ``path``; empty when it is not moved."""
        return self.after.removeprefix("move ") if self.after.startswith("move ") else ""


class DirectoryOut(Channel):
    """A folder the partner takes files from; by its ``name`` documents say that they leave through it."""

    kind: Literal["directory"] = "directory"
    name: Word | None = None
    path: Folder
    file_name: FileName = FILE_NAME
    retry: Retry = Retry()


class SftpOut(Channel, Server):
    """A folder on a server of the partner that files are put into.

    ``staging: none`` is for a server that cannot rename: a file is written under its own name. ``hold_when_unsure`` holds
    a file of which nobody knows whether it arrived, instead of sending it once more.
    """

    model_config = ConfigDict(populate_by_name=False)

    kind: Literal["sftp"]
    file_name: FileName = FILE_NAME
    retry: Retry = Retry()
    staging: Literal["rename", "none"] = "rename"
    hold_when_unsure: bool = False


ChannelIn = DirectoryIn | SftpIn
ChannelOut = DirectoryOut | SftpOut
_IN: Mapping[str, type[Section]] = {"directory": DirectoryIn, "sftp": SftpIn}
_OUT: Mapping[str, type[Section]] = {"directory": DirectoryOut, "sftp": SftpOut}


class Receipts(Section):
    """Whoever sends without X12 gets readable answers: to files of which formats, and in which.

    To orders what becomes of them; with ``files`` also what was not taken of a file, and why.
    """

    for_: tuple[Literal["csv", "xml"], ...] = Field(("csv", "xml"), alias="for")
    format: Literal["csv", "xml", "json"] = "csv"
    files: bool = True


class Channels(Section):
    """Where files travel; without a section: inbox/<partner> and outbox/<partner>."""

    in_: tuple[Annotated[ChannelIn, ByKind(_IN)], ...] | None = Field(None, alias="in")
    out: tuple[Annotated[ChannelOut, ByKind(_OUT)], ...] | None = None
    receipts: Receipts | None = None
    expect: tuple[Expect, ...] = ()


class Login(Section):
    """How the partner logs in at our own SFTP server; without ``user`` under its own name."""

    user: Word | None = None
    keys: Annotated[tuple[PublicKey, ...], OneOrMany()] = ()
    password_hash: PasswordHash | None = None


def keyed_in(partner: str, channels: tuple[ChannelIn, ...]) -> tuple[ChannelIn, ...]:
    """The channels files come in through, each with its key."""
    return tuple(each.keyed(_key(partner, "in", number, each)) for number, each in enumerate(channels, start=1))


def keyed_out(partner: str, channels: tuple[ChannelOut, ...]) -> tuple[ChannelOut, ...]:
    """The channels files leave through, each with its key."""
    return tuple(each.keyed(_key(partner, "out", number, each)) for number, each in enumerate(channels, start=1))


def _key(partner: str, direction: str, number: int, channel: ChannelIn | ChannelOut) -> ChannelKey:
    """A server by its name in the partner file, else by its place there; a folder by itself."""
    if channel.kind == "directory":
        return ChannelKey(channel.path)
    return ChannelKey(f"sftp:{partner}:{channel.name or f'{direction}{number}'}")
