"""Which entries of a folder on a server are files to be taken, which wait for a marker, and which are never opened."""

import fnmatch
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from paramiko import SFTPAttributes

from gateway.exchange.receipt import Refusal
from gateway.exchange.remote import RemoteListing, RemoteLook, RemoteWait
from gateway.files.names import escaped
from gateway.transports.markers import Markers
from gateway.transports.readiness import HIDDEN, IGNORED

EVERYTHING = "*"
FILE_TYPE, NAME = "S-FILETYPE", "T-REMOTE-NAME"
Entry = tuple[bytes, SFTPAttributes]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which names of a folder are files to be taken.

    ``renamed``: names that senders give to unfinished files are left alone. With ``markers`` a file waits until one of
    them lies beside it, and no marker is ever taken as a file.
    """

    patterns: tuple[str, ...] = ()
    renamed: bool = True
    markers: Markers | None = None

    def fits(self, text: str) -> bool:
        """Whether a name is one of a file to be taken."""
        ignored = IGNORED if self.renamed else HIDDEN
        return ignored.search(text) is None and any(fnmatch.fnmatchcase(text, each) for each in self.patterns)

    def asks_for(self, text: str) -> bool:
        """Whether a pattern asks for this very name: servers have folders of their own beside the files."""
        return any(fnmatch.fnmatchcase(text, each) for each in self.patterns if each != EVERYTHING)


def sorted_out(entries: Iterable[Entry], wanted: Wanted) -> RemoteListing:
    """What the entries of a folder are to us."""
    found, markers = RemoteListing(), dict[str, RemoteLook]()
    for raw, attributes in entries:
        text, name, mode = os.fsdecode(raw), escaped(raw), attributes.st_mode or 0
        found.names.add(name)
        is_regular, is_name = stat.S_ISREG(mode), bool(raw) and b"/" not in raw and b"\0" not in raw
        if wanted.markers is not None and wanted.markers.is_marker(text) and is_regular and is_name:
            markers[text] = look_at(raw, attributes)
        elif not wanted.fits(text):
            continue
        elif not is_name:
            sentence = f"The server lists '{name}', which is no name of a file; it is not taken."
            found.refused.append(Refusal(name, NAME, sentence))
        elif is_regular:
            found.files.append(look_at(raw, attributes))
        elif not stat.S_ISDIR(mode):
            found.refused.append(_no_file(name, "a link" if stat.S_ISLNK(mode) else "no ordinary file"))
        elif wanted.asks_for(text):
            found.refused.append(_no_file(name, "a folder"))
    found.files.sort(key=lambda look: (look.changed, look.raw_name))
    if wanted.markers is not None:
        found.waiting = list(_alone(found.files, markers, wanted.markers))
        found.files = [each for each in found.files if marker_of(each, wanted.markers) in markers]
    return found


def look_at(raw: bytes, attributes: SFTPAttributes) -> RemoteLook:
    """A file as the server describes it."""
    return RemoteLook(escaped(raw), raw, attributes.st_size or 0, attributes.st_mtime or 0)


def marker_of(look: RemoteLook, markers: Markers) -> str:
    """The name of the marker of a file."""
    return markers.of_file(os.fsdecode(look.raw_name))


def _alone(
    files: Iterable[RemoteLook], markers: Mapping[str, RemoteLook], made: Markers
) -> Iterator[RemoteWait]:  # fmt: skip
    """Files without their marker, and markers without their file."""
    others = set[str]()
    for each in files:
        marker = marker_of(each, made)
        others.add(marker)
        if marker not in markers:
            why = f"{each.name} on the server waits for its marker {escaped(marker)}."
            yield RemoteWait(each.name, each.signature, why)
    for text, each in markers.items():
        if text not in others:
            why = f"{each.name} on the server is a marker, and the file that it stands for did not come."
            yield RemoteWait(each.name, each.signature, why)


def _no_file(name: str, kind: str) -> Refusal:
    return Refusal(name, FILE_TYPE, f"{name} on the server is {kind}; only ordinary files are taken.")
