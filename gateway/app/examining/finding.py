"""What a look found, and what all looks are given: the site as far as it could be read, the moment, the environment."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from gateway.app import build, health
from gateway.config.load import Site, load_site
from gateway.kernel.clock import Clock
from gateway.kernel.errors import ConfigurationError, GatewayError
from gateway.kernel.problem import Problem

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what is so, and the command or the line of YAML that repairs it, if it is not well."""

    name: str
    level: Level
    says: str
    repair: str = ""

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return {**asdict(self)}


def fine(name: str, says: str) -> Finding:
    """It is in order."""
    return Finding(name, "ok", says)


def warning(name: str, says: str, repair: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(name, "warning", says, repair)


def problem(name: str, says: str, repair: str) -> Finding:
    """It keeps files or people waiting."""
    return Finding(name, "problem", says, repair)


@dataclass(frozen=True)
class Case:
    """What is examined; without a ``directory`` there is no site. ``root`` holds ``proc``, where the machine tells of itself."""

    directory: Path | None
    environ: Mapping[str, str]
    clock: Clock
    root: Path = field(default=Path("/"))

    @property
    def var(self) -> Path:
        """Where the site keeps its own files; asked of a site only."""
        return self.place / "var"

    @property
    def place(self) -> Path:
        """The folder of the site; asked of a site only."""
        return self.directory if self.directory is not None else Path()

    @property
    def now(self) -> datetime:
        """The moment of the look."""
        return self.clock()

    @cached_property
    def read(self) -> tuple[Site | None, tuple[Problem, ...], int]:
        """The site where its own files are in order, every problem, and how many mappings could be prepared."""
        try:
            loaded = build.load(self.place, dict(self.environ))
        except ConfigurationError as broken:
            return load_site(self.place, self.environ)[0], broken.problems, 0
        return loaded.site, loaded.warnings, len(loaded.mappings)

    @property
    def site(self) -> Site | None:
        """The site, as far as its own files are in order."""
        return self.read[0] if self.directory is not None else None


Look = Callable[[Case], Iterator[Finding]]
"""One look; it changes nothing, and what it raises becomes a finding."""


def found_by(name: str, look: Look, case: Case) -> list[Finding]:
    """What a look finds; that it failed or hung is a finding too."""
    found: list[Finding] = []

    def act() -> health.Finding:
        try:
            found.extend(look(case))
        except GatewayError as error:
            found.append(problem(name, error.sentence, error.next_step or "gateway config check"))
        return health.Finding(name)

    failed = health.in_time(name, act)
    return [*found, *([] if failed.ok else [problem(name, failed.says, failed.next_step)])]
