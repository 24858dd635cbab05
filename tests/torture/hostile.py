"""Somebody hostile at the folders files come in through: drops, renames, cuts, links, swaps whatever can be, while good files come."""

import json
import os
import random
import shutil
import socket
import stat
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.crowd import WAITING, Crowd
from tests.torture.scene import Customer, Scene
from tests.torture.workers import SCALE, wait_until

GROWS = 0.05
GROWING = "evil-grows.edi"
"""Nothing is put in its place: what is appended to it would go through a link."""
READY = {"content": "rename, content", "trailer": "rename, content", "stable": "stable 2s", "marker": "rename, content"}
MORE = {"trailer": ", trailer: 'END,{count}'", "marker": ", marker: '{name}.done'"}
"""What a channel says that knows in each of these ways that a file is complete."""
OFTEN = 0.5
PATIENCE = 90.0 if SCALE == 1 else 900.0
AT_ONCE = 60
"""A hostile hand puts no more into a folder before it takes something away."""
LARGE = 10_000_000_000
Turn = AbstractContextManager[object]
"""Whoever has it may count on every folder being in its place."""


@dataclass(slots=True)
class Hostile:
    """One hostile hand; ``secret`` is a folder of somebody else, which nobody may touch. ``acts`` counts what was done."""

    scene: Scene
    partners: tuple[str, ...]
    secret: Path
    seed: int
    whole_folders: Turn = field(default_factory=threading.RLock)
    acts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    longest: float = 0.3
    may_mount: bool = False
    _choice: random.Random = field(init=False)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self._choice = random.Random(self.seed)
        self.secret.mkdir()
        for at in range(3):
            (self.secret / f"po-{at}.edi").write_bytes(
                Customer("acme", 900 + at).file().content.replace(b"acme-", b"SECRET-")
            )

    def begin(self, pause: float) -> None:
        """Start; and let a file grow for ever."""
        self._start(self._grow)
        self._start(lambda: self._act_on(pause))

    def end(self) -> None:
        """Stop, with every folder in its place."""
        self._stop.set()
        for each in self._threads:
            each.join()

    def _start(self, act: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                act()
            except Exception as error:  # noqa: BLE001 - who falls over tests nothing any more
                self.faults.append(f"{type(error).__name__}: {error}")

        thread = threading.Thread(target=guarded, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _act_on(self, pause: float) -> None:
        acts = (
            self._junk, self._junk, self._odd_name, self._link, self._unfit, self._work_name, self._large, self._change, self._change,
            self._rename, self._rename, self._folder_within, self._foreign, self._folder_away, self._folder_made_anew,
            self._folder_is_a_link, self._folder_is_a_file, self._parent_is_a_link, self._mounted,
        )  # fmt: skip
        while not self._stop.wait(pause):
            act = self._choice.choice(acts)
            inbox = self.scene.folder / "inbox" / self._choice.choice(self.partners)
            with self.whole_folders, suppress(FileNotFoundError):
                self._tidy(inbox)
                act(inbox)
                self.acts[act.__name__.strip("_")] += 1

    def _name(self, ending: str = ".edi") -> str:
        self._count += 1
        return f"evil-{self._count}{ending}"

    def _bytes(self) -> bytes:
        return self._choice.choice((
            b"", b"\0\xff" * self._choice.randint(1, 4000), b"PK\x03\x04" + self._choice.randbytes(500), b"ISA*cut", b"<a><b>",
            Customer("acme", self._count + 1000).file().content[: self._choice.randint(1, 300)],
        ))  # fmt: skip

    def _junk(self, inbox: Path) -> None:
        (inbox / self._name(self._choice.choice((".edi", ".csv", ".EDI", "", ".zip", ".part", "~")))).write_bytes(
            self._bytes()
        )

    def _odd_name(self, inbox: Path) -> None:
        name = bytes(byte for byte in self._choice.randbytes(255) if byte not in b"/\0")
        if self._choice.random() < 0.5:
            name = (b"evil-" + name)[: self._choice.randint(6, 255)]
        with open(os.fsencode(inbox) + b"/" + name, "wb") as file:  # noqa: PTH123 - bytes
            file.write(b"\0junk")

    def _link(self, inbox: Path) -> None:
        path = inbox / self._name()
        targets = (self.secret / "po-0.edi", self.secret, Path("/nowhere"), path, Path("/dev/zero"), inbox)
        path.symlink_to(self._choice.choice(targets))
        self.told.add(path.name)

    def _unfit(self, inbox: Path) -> None:
        path = inbox / self._name()
        match self._choice.randrange(4):
            case 0:
                os.mkfifo(path)
            case 1:
                path.hardlink_to(self.secret / f"po-{self._choice.randrange(3)}.edi")
            case 2:
                with socket.socket(socket.AF_UNIX) as made, held(inbox) as folder:
                    made.bind(f"/proc/self/fd/{folder}/{path.name}")
            case _:
                if os.geteuid() == 0:
                    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))
                else:
                    path.mkdir()
        self.told.add(path.name)

    def _folder_within(self, inbox: Path) -> None:
        path = inbox / self._name()
        path.mkdir()
        (path / "po.edi").write_bytes(Customer("acme", 800).file().content)
        self.told.add(path.name)

    def _work_name(self, inbox: Path) -> None:
        """Names that are ours, with what could be a note of ours in them."""
        claim = f"{self._choice.getrandbits(128):032x}"
        name = self._choice.choice((
            f"{claim}.json", claim, f".gateway-{claim}", f".refused-{claim}", f"{claim}.marker", f".tmp-{claim}", ".gateway-probe",
        ))  # fmt: skip
        note = {"partner": "acme", "channel": "inbox/acme", "inbox": str(self.secret), "files": {claim: "po-0.edi"}}
        (inbox / name).write_text(json.dumps(note))

    def _large(self, inbox: Path) -> None:
        path = inbox / self._name()
        with path.open("wb") as file:
            file.truncate(LARGE)
        self.told.add(path.name)

    def _mine(self, inbox: Path) -> list[Path]:
        return sorted(path for path in inbox.iterdir() if not path.name.startswith((".", "good-", GROWING)))

    def _change(self, inbox: Path) -> None:
        """Cut, lengthen, or write anew what lies there, give it an odd time, or other rights."""
        files = [
            path for path in self._mine(inbox) if path.is_file() and not path.is_symlink() and path.stat().st_nlink == 1
        ]
        if not files or (path := self._choice.choice(files)).stat().st_size >= LARGE:
            return
        match self._choice.randrange(5):
            case 0:
                os.truncate(path, self._choice.randint(0, path.stat().st_size))
            case 1:
                with path.open("ab") as file:
                    file.write(self._bytes())
            case 2:
                path.with_name(f"{path.name}.new").write_bytes(self._bytes())
                path.with_name(f"{path.name}.new").replace(path)
            case 3:
                moment = self._choice.choice((0, 4_000_000_000, 60))
                os.utime(path, (moment, moment))
            case _:
                path.chmod(self._choice.choice((0, 0o200, 0o7777)))

    def _foreign(self, inbox: Path) -> None:
        path = inbox / self._name()
        path.write_bytes(b"\0foreign")
        with suppress(PermissionError):
            os.chown(path, 65534, 65534)

    def _rename(self, inbox: Path) -> None:
        """One onto another, or away and back."""
        mine = self._mine(inbox)
        if len(mine) < 2:
            return
        one, other = self._choice.sample(mine, 2)
        self.told -= {one.name, other.name}
        with suppress(OSError):  # a folder onto a file
            one.rename(other)

    def _tidy(self, inbox: Path) -> None:
        mine = self._mine(inbox)
        for path in mine[: max(0, len(mine) - AT_ONCE)]:
            self.told.discard(path.name)
            with suppress(FileNotFoundError):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def _folder_away(self, inbox: Path) -> None:
        self._swapped(inbox, lambda: None)

    def _folder_is_a_link(self, inbox: Path) -> None:
        self._swapped(inbox, lambda: inbox.symlink_to(self.secret), inbox.unlink)

    def _folder_is_a_file(self, inbox: Path) -> None:
        self._swapped(inbox, lambda: inbox.write_text("a file"), inbox.unlink)

    def _folder_made_anew(self, inbox: Path) -> None:
        """Another folder stands there, and what was in the first is moved over."""
        away = inbox.with_name(f".{inbox.name}-away")
        inbox.rename(away)
        inbox.mkdir()
        time.sleep(self._choice.uniform(0, self.longest))
        for path in list(away.iterdir()):
            with suppress(FileNotFoundError):
                path.rename(inbox / path.name)
        shutil.rmtree(away)

    def _parent_is_a_link(self, inbox: Path) -> None:
        there = self.secret / inbox.name
        there.symlink_to(self.secret)
        self._swapped(inbox.parent, lambda: inbox.parent.symlink_to(self.secret), inbox.parent.unlink)
        there.unlink()

    def _swapped(self, path: Path, there: Callable[[], object], gone: Callable[[], object] = lambda: None) -> None:
        """Something else stands in the place of a folder for a moment."""
        away = path.with_name(f".{path.name}-away")
        path.rename(away)
        there()
        time.sleep(self._choice.uniform(0, self.longest))
        gone()
        away.rename(path)

    def _mounted(self, inbox: Path) -> None:
        """The folder can only be read for a moment."""
        if not self.may_mount or os.system(f"mount --bind {inbox} {inbox} 2>/dev/null") != 0:  # noqa: S605 - a path of our own
            return
        try:
            os.system(f"mount -o remount,bind,ro {inbox}")  # noqa: S605 - same
            time.sleep(1)
        finally:
            while os.system(f"umount {inbox} 2>/dev/null") != 0:  # noqa: S605 - same
                time.sleep(0.05)

    def _grow(self) -> None:
        path = self.scene.folder / "inbox" / self.partners[0] / GROWING
        while not self._stop.wait(GROWS):
            with self.whole_folders, path.open("ab") as file:
                file.write(b"REF*AA*MORE~" * 10)


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """A folder by its descriptor: names of sockets are short."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def state_of(folder: Path) -> list[tuple[str, int, int, bytes]]:
    """Everything of a folder that others must leave alone."""
    return [
        (path.name, path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()
    ]  # fmt: skip


def channels(partner: str, way: str) -> str:
    """The channels of a partner whose files are complete in one of the ways."""
    return f"channels: {{in: [{{path: inbox/{partner}, ready: [{READY[way]}]{MORE.get(way, '')}}}]}}\n"


@dataclass(frozen=True, slots=True)
class Guarded(Scene):
    """A house whose partners bring nothing while a folder is swapped: they would bring it somewhere else."""

    whole_folders: Turn = field(default_factory=threading.RLock)

    def drop(self, partner: str, name: str, content: bytes) -> None:
        """Bring a file when the folders are in their places."""
        with self.whole_folders:
            self.site.drop(partner, name, content)


@dataclass(slots=True)
class Manners:
    """Customers with manners: each brings its files as its channel agreed, however the folders are swapped meanwhile."""

    scene: Guarded
    crowd: Crowd
    ways: dict[str, str]
    choice: random.Random
    faults: list[str] = field(default_factory=list)

    def begin(self, partner: str, enough: Callable[[], bool]) -> threading.Thread:
        """Let one of them bring files until there are enough."""
        choice = random.Random(self.choice.random())

        def bring() -> None:
            try:
                while not enough():
                    self.bring(partner, choice)
                    time.sleep(choice.uniform(0.1, 0.5))
                    self._wait_for_others(partner, enough)
            except Exception as error:  # noqa: BLE001 - a partner that falls over must be seen
                self.faults.append(f"{partner}: {type(error).__name__}: {error}")

        thread = threading.Thread(target=bring, daemon=True)
        thread.start()
        return thread

    def bring(self, partner: str, choice: random.Random) -> None:
        """One file, slowly where the channel sees by its end whether it is whole."""
        made, way = self.crowd.customers[partner].file(), self.ways[partner]
        name, content = f"good-{made.name}", made.content
        if way == "trailer":
            content += f"END,{len(content.splitlines()) - 1}\n".encode()
        self.crowd.sent.append(made)
        if way in ("content", "trailer") and choice.random() < OFTEN:
            self._slowly(partner, name, content, choice)
        else:
            self.at_once(partner, name, content, choice)

    def at_once(self, partner: str, name: str, content: bytes, choice: random.Random) -> None:
        """Written under another name, and renamed; with its marker before or after."""
        inbox, early = self.scene.folder / "inbox" / partner, choice.random() < OFTEN
        with self.scene.whole_folders:
            if self.ways[partner] == "marker" and early:
                (inbox / f"{name}.done").touch()
            (inbox / f".{name}").write_bytes(content)
            if choice.random() < OFTEN:
                moment = choice.choice((0, 4_000_000_000))
                os.utime(inbox / f".{name}", (moment, moment))
            (inbox / f".{name}").rename(inbox / name)
            if self.ways[partner] == "marker" and not early:
                (inbox / f"{name}.done").touch()

    def _wait_for_others(self, partner: str, enough: Callable[[], bool]) -> None:
        """Nobody brings more while a few of its files are not taken."""
        inbox = self.scene.folder / "inbox" / partner
        while not enough():
            with self.scene.whole_folders:
                if sum(path.name.startswith("good-") for path in inbox.iterdir()) < WAITING:
                    return
            time.sleep(0.2)

    def settle(self) -> None:
        """Bring one file to each folder and wait until it is taken: from then on the process knows where the folders are."""
        with self.scene.whole_folders:
            for partner in self.ways:
                made = self.crowd.customers[partner].file()
                self.crowd.sent.append(made)
                end = f"END,{len(made.content.splitlines()) - 1}\n".encode() if self.ways[partner] == "trailer" else b""
                self.at_once(partner, f"good-{made.name}", made.content + end, self.choice)
                path = self.scene.folder / "inbox" / partner / f"good-{made.name}"
                wait_until(lambda path=path: not path.exists(), PATIENCE, f"{path.name} is not taken")

    def _slowly(self, partner: str, name: str, content: bytes, choice: random.Random) -> None:
        """Written under its own name, with pauses in which anything may be swapped: the same file stays open."""
        with self.scene.whole_folders:
            file = (self.scene.folder / "inbox" / partner / name).open("wb", buffering=0)
        with file:
            at = 0
            while at < len(content):
                step = choice.randint(1, len(content))
                at += file.write(content[at : at + step])
                time.sleep(choice.uniform(0, 0.3))
