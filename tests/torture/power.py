"""A model of a power cut: what was not brought to disk by then is there, or not, or half of it, as chance has it.

It watches the operations of one process. Of each name that a folder gained or lost since it was last brought to disk the
change may be undone; of the bytes of a file that were not brought to disk any number may be missing. The database counts
as safe with each commit.
"""

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path


class PowerCutError(BaseException):
    """The lights are out: nothing catches it."""


@dataclass(slots=True)
class _Change:
    """One change of names in a folder: which name it made, and what stood under the name that it took away."""

    made: Path | None
    gone: Path | None
    kept: Path | None
    folders: set[str]


@dataclass(slots=True)
class Power:
    """The watch of a process whose power goes at the ``last`` change; ``graveyard`` keeps what may come back."""

    graveyard: Path
    last: int
    changes: list[_Change] = field(default_factory=list)
    dirty: set[Path] = field(default_factory=set)
    count: int = 0

    def __call__(self, operation: str, path: str) -> None:
        """See an operation that is about to be done."""
        if operation not in ("create", "write", "fsync", "rename", "unlink"):
            return
        self.count += 1
        if self.count >= self.last:
            raise PowerCutError
        getattr(self, f"_{operation}")(path)

    def _create(self, path: str) -> None:
        made = Path(path)
        self.dirty.add(made)
        self.changes.append(_Change(made, None, None, {str(made.parent)}))

    def _write(self, path: str) -> None:
        self.dirty.add(Path(path))

    def _fsync(self, path: str) -> None:
        self.dirty.discard(Path(path))
        for each in self.changes:
            each.folders.discard(path)
        self.changes = [each for each in self.changes if each.folders]

    def _rename(self, path: str) -> None:
        source, target = (Path(each) for each in path.split("\0"))
        if source in self.dirty:
            self.dirty.discard(source)
            self.dirty.add(target)
        if not source.exists():
            return
        self.changes.append(_Change(target, source, self._bury(source), {str(source.parent), str(target.parent)}))

    def _unlink(self, path: str) -> None:
        gone = Path(path)
        self.dirty.discard(gone)
        if gone.exists():
            self.changes.append(_Change(None, gone, self._bury(gone), {str(gone.parent)}))

    def _bury(self, path: Path) -> Path:
        kept = self.graveyard / f"{len(list(self.graveyard.iterdir()))}"
        kept.write_bytes(path.read_bytes())
        return kept

    def cut(self, choice: random.Random) -> None:
        """Let chance decide what of it all was on disk: the last change first, and a rename as a whole."""
        for path in sorted(self.dirty):
            with suppress(FileNotFoundError):
                os.truncate(path, choice.randint(0, path.stat().st_size))
        for each in self._undone(choice):
            if each.made is not None:
                each.made.unlink(missing_ok=True)
            if each.gone is not None and each.kept is not None and not each.gone.exists():
                each.gone.write_bytes(each.kept.read_bytes())

    def _undone(self, choice: random.Random) -> Iterator[_Change]:
        """A file system brings the changes of one folder to disk in their order: from some moment on none of them was."""
        since = {folder: choice.randint(0, len(self.changes)) for each in self.changes for folder in each.folders}
        for at in range(len(self.changes) - 1, -1, -1):
            if all(at >= since[folder] for folder in self.changes[at].folders):
                yield self.changes[at]
