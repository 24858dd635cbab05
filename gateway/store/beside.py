"""What is noted beside a database about itself, so that a copy of yesterday that was put in its place is found out.

``high-water`` says how far each counter got, ``audit-head`` which entry of the audit trail was the last, and
``journal/<day>.jsonl`` which files came and left. All are written by whoever commits and read when a process starts.
Nothing waits for the disk here: after a power cut the database itself is ahead of what is noted, which harms nothing.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gateway.exchange.audit import AuditHead

HIGH_WATER, AUDIT_HEAD, JOURNAL = "high-water", "audit-head", "journal"
LAST = "last receipt"
"""Under which name the claim of the last receipt stands among the counters."""
_WIDTH = 40
_MODE = 0o640
Line = Mapping[str, object]


class Beside:
    """The notes in one folder; several processes and threads may write them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._places: dict[str, int] = {}

    def before_commit(self, lines: Sequence[Line]) -> None:
        """Add to the journal what a transaction is about to make so; a line too many is told from the database."""
        days: dict[str, list[str]] = {}
        for line in lines:
            days.setdefault(str(line["at"])[:10], []).append(json.dumps(line, ensure_ascii=True))
        for day, told in days.items():
            with suppress(OSError):  # what cannot be noted must not keep orders from being taken
                self._append(day, "\n".join(told) + "\n")

    def after_commit(self, counters: Mapping[str, int], head: AuditHead | None, last: str | None) -> None:
        """Note how far counters got; what is committed is so, whether it can be noted or not."""
        with suppress(OSError):
            if counters or last:
                self._note(counters, last)
            if head is not None:
                self.note_head(head)

    def known(self) -> dict[str, int]:
        """How far each counter got."""
        return {name: int(value) for name, value in self._said().items() if name != LAST and value.isdecimal()}

    def last_receipt(self) -> str:
        """The claim of the last receipt; empty where none is noted."""
        return self._said().get(LAST, "")

    def forget_last_receipt(self) -> None:
        """The last receipt is not in the database any more, and that is known."""
        with self._own(self._folder / HIGH_WATER) as handle:
            self._learn(handle)
            self._put(handle, LAST, "")

    def head(self) -> AuditHead | None:
        """The last entry of the audit trail as it was noted."""
        try:
            number, _, digest = (self._folder / AUDIT_HEAD).read_text(encoding="ascii").strip().partition(" ")
        except (OSError, UnicodeDecodeError):
            return None
        return AuditHead(int(number), digest) if number.isdecimal() and digest else None

    def note_head(self, head: AuditHead, *, backwards: bool = False) -> None:
        """Note the last entry; one that is not later than the noted one only where the trail is known to be cut."""
        with self._own(self._folder / AUDIT_HEAD) as handle:
            known = os.pread(handle, 20, 0).decode("ascii", "replace")
            if backwards or not known.isdecimal() or int(known) < head.sequence:
                os.pwrite(handle, f"{head.sequence:020d} {head.hash}\n".encode(), 0)

    def journal(self, since: str = "") -> Iterator[dict[str, Any]]:
        """What was noted from a day on, oldest first; a line that was cut off is left out."""
        for path in self.journals():
            if path.stem >= since:
                yield from _lines(path)

    def journals(self) -> list[Path]:
        """The file of each day, oldest first."""
        return sorted((self._folder / JOURNAL).glob("*.jsonl"))

    def forget_before(self, day: str) -> None:
        """Remove the journal of earlier days."""
        for path in self.journals():
            if path.stem < day:
                path.unlink(missing_ok=True)

    def _append(self, day: str, text: str) -> None:
        path = self._folder / JOURNAL / f"{day}.jsonl"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            handle = os.open(path, flags, _MODE)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, flags, _MODE)
        try:
            os.write(handle, text.encode("ascii"))
        finally:
            os.close(handle)

    def _note(self, counters: Mapping[str, int], last: str | None) -> None:
        with self._own(self._folder / HIGH_WATER) as handle:
            if counters.keys() - self._places.keys() or (last and LAST not in self._places):
                self._learn(handle)
            for name, value in counters.items():
                place = self._places.get(name)
                known = os.pread(handle, _WIDTH, place).strip() if place is not None else b""
                if not known.isdigit() or int(known) < value:
                    self._put(handle, name, str(value))
            if last:
                self._put(handle, LAST, last)

    def _put(self, handle: int, name: str, value: str) -> None:
        """Write a value in its place; a new one at the end."""
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = os.lseek(handle, 0, os.SEEK_END)
            os.pwrite(handle, f"{value:<{_WIDTH}} {name}\n".encode(), place)
        else:
            os.pwrite(handle, f"{value:<{_WIDTH}}".encode(), place)

    def _learn(self, handle: int) -> None:
        """Where the value of each name stands; other processes add names too."""
        self._places.clear()
        at = 0
        for line in os.pread(handle, os.fstat(handle).st_size, 0).splitlines(keepends=True):
            self._places[line[_WIDTH + 1 :].rstrip(b"\n").decode("utf-8", "replace")] = at
            at += len(line)

    def _said(self) -> dict[str, str]:
        try:
            with (self._folder / HIGH_WATER).open(encoding="utf-8", errors="replace") as handle:
                fcntl.flock(handle, fcntl.LOCK_SH)  # a number that is half written is none that was given
                text = handle.read()
        except OSError:
            return {}
        return {line[_WIDTH + 1 :]: line[:_WIDTH].strip() for line in text.split("\n") if line}

    @contextmanager
    def _own(self, path: Path) -> Iterator[int]:
        """A file of the notes, held against other threads and processes."""
        with self._lock:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, _MODE)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield handle
            finally:
                os.close(handle)


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    with suppress(OSError), path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            with suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict):
                    yield found
