"""Where the demo is played: a copy of a site, its open workbench, and the moment that it is there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from importlib import resources
from itertools import count
from pathlib import Path

from gateway.app.build import load, workbench
from gateway.app.demo import acme_sftp
from gateway.app.demo.acme_sftp import Acme, ByFolder
from gateway.app.run import run_once, site_lock
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import fixed_clock

PLAYERS = ("acme", "bergwelt", "polku", "warehouse", "accounting", "erp")
"""A site whose partners these are may be played with; what else it has does not matter."""
COPIED = ("gateway.yaml", "partners", "mappings")
SAMPLES = "samples"
"""In the folder of the demo: a copy of every file that somebody brings."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The site that is played with, what it works with, and how ACME comes to it."""

    folder: Path
    bench: Workbench
    acme: Acme | ByFolder
    packed: dict[str, str] = field(default_factory=dict)
    """Of each pick list that the warehouse packed, what it made of it."""
    cartons: Iterator[int] = field(default_factory=partial(count, 1))
    """The numbers on the warehouse's cartons."""

    def at(self, moment: str) -> "Stage":
        """The same at another moment."""
        return replace(self, bench=replace(self.bench, clock=fixed_clock(datetime.fromisoformat(moment))))

    def bring(self, partner: str, name: str, content: bytes) -> None:
        """Put a file where a partner puts its files, as careful senders do: under another name first."""
        samples = self.folder / SAMPLES
        samples.mkdir(exist_ok=True)
        (samples / name).write_bytes(content)
        if partner == acme_sftp.PARTNER and isinstance(self.acme, Acme):
            self.acme.put(name, content)
            return
        target = self.folder / "inbox" / partner / name
        part = target.with_name(f"{name}.part")
        part.write_bytes(content)
        part.rename(target)

    def outbox(self, partner: str, pattern: str) -> list[Path]:
        """What lies there for a partner, by name."""
        return sorted((self.folder / "outbox" / partner).glob(pattern))

    def work(self) -> None:
        """Let the gateway do all that there is to do."""
        run_once(self.bench)


@contextmanager
def staged(origin: Path, folder: Path, moment: str) -> Iterator[Stage]:
    """A copy of a site in a folder, nobody else at work on it, with a server for ACME where one can be."""
    _copy(origin, folder)
    with site_lock(folder), acme_sftp.served(folder, dict(os.environ)) as acme:
        environ = dict(os.environ)
        bench = workbench(load(folder, environ), fixed_clock(datetime.fromisoformat(moment)), environ)
        for partner in bench.site.partners.values():
            for each in partner.folders():
                (folder / each.path).mkdir(parents=True, exist_ok=True)
        yield Stage(folder, bench, acme)


def has_players(site: Path) -> bool:
    """Whether all who have a part in the demo are partners of a site."""
    return all((site / "partners" / f"{name}.yaml").is_file() for name in PLAYERS)


def our_site() -> Path:
    """The site that comes with the program."""
    return Path(str(resources.files("gateway.demo") / "site"))


def content(name: str) -> bytes:
    """A file of the demo."""
    return resources.files("gateway.demo").joinpath(name).read_bytes()


def _copy(origin: Path, folder: Path) -> None:
    for name in COPIED:
        source = origin / name
        if source.is_dir():
            shutil.copytree(source, folder / name, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy(source, folder / name)
