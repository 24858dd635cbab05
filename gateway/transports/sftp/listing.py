"""Which entries of a folder on a server are files to be taken, and which are told and never opened."""

import fnmatch
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field

from paramiko import SFTPAttributes

from gateway.exchange.remote import RemoteLook
from gateway.files.names import escaped
from gateway.transports.readiness import HIDDEN, IGNORED

EVERYTHING = "*"
FILE_TYPE, NAME = "S-FILETYPE", "T-REMOTE-NAME"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What lies there and is never opened: its name, a code and the sentence."""

    name: str
    code: str
    sentence: str


@dataclass(slots=True)
class Listing:
    """What was found in a folder."""

    files: list[RemoteLook] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def sorted_out(
    entries: Iterable[tuple[bytes, SFTPAttributes]], patterns: tuple[str, ...], *, renamed: bool = True
) -> Listing:
    """The files that are to be taken, the oldest first, and what is none although its name says so.

    ``renamed``: names that senders give to unfinished files are left alone. A folder is only told of where a pattern asks for its name: servers have folders of their own beside the files.
    """
    found, ignored = Listing(), IGNORED if renamed else HIDDEN
    for raw, attributes in entries:
        text = os.fsdecode(raw)
        if ignored.search(text) or not any(fnmatch.fnmatchcase(text, each) for each in patterns):
            continue
        name, mode = escaped(raw), attributes.st_mode or 0
        if b"/" in raw or b"\0" in raw or not raw:
            sentence = f"The server lists '{name}', which is no name of a file; it is not taken."
            found.refused.append(Refusal(name, NAME, sentence))
        elif stat.S_ISREG(mode):
            found.files.append(look_at(raw, attributes))
        elif not stat.S_ISDIR(mode):
            kind = "a link" if stat.S_ISLNK(mode) else "no ordinary file"
            found.refused.append(_no_file(name, kind))
        elif not any(fnmatch.fnmatchcase(text, each) for each in patterns if each == EVERYTHING):
            found.refused.append(_no_file(name, "a folder"))
    found.files.sort(key=lambda look: (look.changed, look.raw_name))
    return found


def look_at(raw: bytes, attributes: SFTPAttributes) -> RemoteLook:
    """A file as the server describes it."""
    return RemoteLook(escaped(raw), raw, attributes.st_size or 0, attributes.st_mtime or 0)


def _no_file(name: str, kind: str) -> Refusal:
    return Refusal(name, FILE_TYPE, f"{name} on the server is {kind}; only ordinary files are taken.")
