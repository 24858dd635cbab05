"""The files a command was given: paths, folders and standard input, each opened without ever waiting for nobody."""

import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from gateway.kernel.errors import NotFoundError
from gateway.kernel.issue import FileIssue

STDIN = "-"
_IN_MEMORY = 8 << 20


@dataclass(frozen=True, slots=True)
class Input:
    """One file to be read; ``name`` is what people call it."""

    name: str

    @property
    def path(self) -> Path | None:
        """Where it lies; None for standard input."""
        return None if self.name == STDIN else Path(self.name)


def listed(words: list[str]) -> tuple[list[Input], bool]:
    """The files meant, and whether they are several: a folder stands for its files, sorted, none hidden.

    Raises NotFoundError for the only file when it is not there, and for folders without a file.
    """
    folders = [word for word in words if word not in ("", STDIN) and Path(word).is_dir()]
    several = len(words) > 1 or bool(folders)
    found = [each for word in words for each in (_inside(word) if word in folders else [Input(word)])]
    if not found:
        raise NotFoundError(f"There is no file in {', '.join(folders)}.")
    only = found[0].name
    if not several and only != STDIN and not os.path.lexists(only):
        raise NotFoundError(f"There is no file {only or repr(only)}.")
    return found, several


def _inside(folder: str) -> list[Input]:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file() and entry.name[0] != ".")
    except OSError:
        return [Input(folder)]  # it is told when it is opened
    return [Input(str(Path(folder) / name)) for name in names]


def opened(one: Input) -> BinaryIO | FileIssue:
    """The file, to be read from its start as often as needed; or why it cannot be read."""
    try:
        if one.path is None:
            return _kept(cast("BinaryIO", sys.stdin.buffer)) if sys.stdin else _unreadable("it is closed")
        # a pipe that nobody writes to is empty, it is not waited for
        descriptor = os.open(one.name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        return _file(descriptor)
    except OSError as error:
        return _unreadable(error.strerror or str(error))


def _file(descriptor: int) -> BinaryIO | FileIssue:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    if stat.S_ISFIFO(mode):
        os.set_blocking(descriptor, True)
        with os.fdopen(descriptor, "rb") as pipe:
            return _kept(pipe)
    os.close(descriptor)
    what = "folder" if stat.S_ISDIR(mode) else "device"
    return FileIssue("S-FILETYPE", 0, f"This is a {what}, not a file.")


def _kept(pipe: BinaryIO) -> BinaryIO:
    """What comes through a pipe, on disk when it is much, so that it can be read again."""
    kept = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    shutil.copyfileobj(pipe, kept)
    kept.seek(0)
    return cast("BinaryIO", kept)


def unreadable(error: OSError) -> FileIssue:
    """The issue of a file that was opened but could not be read to its end."""
    return _unreadable(error.strerror or str(error))


def _unreadable(reason: str) -> FileIssue:
    return FileIssue("F-UNREADABLE", 0, f"The file cannot be read: {reason[:1].lower()}{reason[1:]}.")
