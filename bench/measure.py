"""Measure whole processes, in turn: CPU, peak memory and wall time as the kernel counts them for each.

A process that is started inherits its starter's peak as the least it can show, so whoever measures memory stays small:
this module and ``bench.run`` import nothing of the product.
"""

import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1_000_000
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in
MEMORY_LIMIT = 4_000 * MEGABYTE
TIME_LIMIT = 300.0


class NotMeasuredError(Exception):
    """A program that could not be run, or that did not do its work; the message is the last it said."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is started: ``{file}`` in its arguments stands for the input; ``environment`` is added to ours.

    One that ``tells`` prints the figure it measured itself as the last line of its output. It is stopped after
    ``limit`` seconds.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    tells: bool = False
    limit: float = TIME_LIMIT

    def on(self, file: Path | None) -> list[str]:
        """The command line for one input."""
        return [each.replace("{file}", str(file)) for each in self.arguments]


@dataclass(frozen=True, slots=True)
class Usage:
    """One process: CPU seconds (user and system, its children included), peak bytes, wall seconds; stopped at a limit.

    ``told`` is the figure that the program printed, where it is one that tells.
    """

    cpu: float
    peak: float
    wall: float
    stopped: str = ""
    told: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A program on a file, and on the base file whose cost is taken off; ``units`` is what the file has more than the base.

    ``repeat`` short runs make one round: their mean counts, so that a small cost stands out of the noise. ``words`` says
    what the file is.
    """

    name: str
    program: Program
    file: Path | None = None
    base: Path | None = None
    units: int = 1
    repeat: int = 1
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of a case: CPU seconds per unit without the base, the whole run, and the base run."""

    each: float
    whole: Usage
    base: Usage | None


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of several rounds with the lowest and the highest."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        """The spread of at least one value."""
        known = sorted(values)
        return cls(known[0], statistics.median(known), known[-1])


def run(program: Program, file: Path | None = None) -> Usage:
    """Start a process, wait for it, and read what it used; its output is thrown away."""
    with tempfile.TemporaryFile() as complaints, tempfile.TemporaryFile() as words:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            program.on(file), cwd=ROOT, env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL, stdout=words if program.tells else subprocess.DEVNULL, stderr=complaints,
        )  # fmt: skip
        _limit_memory(process.pid)
        timer = threading.Timer(program.limit, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        stopped = _stopped(program, process.returncode, _last_line(complaints))
        told = _told(program, _last_line(words)) if program.tells and not stopped else 0.0
    return Usage(used.ru_utime + used.ru_stime, float(used.ru_maxrss * PEAK_UNIT), wall, stopped, told)


def rounds(cases: Sequence[Case], number: int) -> dict[str, list[Sample]]:
    """Every case once per round, one after the other, so that a slow minute of the machine meets all of them."""
    for case in cases:
        run(case.program, case.base or case.file)  # files in the cache, modules compiled
    found: dict[str, list[Sample]] = {case.name: [] for case in cases}
    for _ in range(number):
        for case in cases:
            found[case.name].append(_sample(case))
    return found


def ratios(above: Sequence[Sample], below: Sequence[Sample]) -> Spread:
    """How many times ``below`` fits into ``above``, round by round."""
    if any(each.each <= 0 for each in (*above, *below)):
        raise NotMeasuredError("the cost could not be told from the start of the program")
    return Spread.of(a.each / b.each for a, b in zip(above, below, strict=True))


def _sample(case: Case) -> Sample:
    whole = _mean([run(case.program, case.file) for _ in range(case.repeat)])
    if case.base is None:
        return Sample(whole.cpu / case.units, whole, None)
    base = _mean([run(case.program, case.base) for _ in range(case.repeat)])
    return Sample((whole.cpu - base.cpu) / case.units, whole, base)


def _mean(used: Sequence[Usage]) -> Usage:
    stopped = next((each.stopped for each in used if each.stopped), "")
    mean = statistics.fmean
    return Usage(
        mean(u.cpu for u in used), max(u.peak for u in used), mean(u.wall for u in used), stopped,
        mean(u.told for u in used),
    )  # fmt: skip


def _limit_memory(process: int) -> None:
    if hasattr(resource, "prlimit"):
        resource.prlimit(process, resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def _stopped(program: Program, code: int, said: str) -> str:
    """Why a process did not come to its end; empty when it did its work."""
    if code == -signal.SIGKILL:
        return f"stopped after {program.limit:.0f} s"
    if code and "MemoryError" in said:
        return f"stopped at {MEMORY_LIMIT / MEGABYTE:,.0f} MB"
    if code:
        raise NotMeasuredError(f"{program.name} ended with {code}: {said or 'it said nothing'}")
    return ""


def _told(program: Program, said: str) -> float:
    try:
        return float(said)
    except ValueError:
        raise NotMeasuredError(f"{program.name} told no figure: {said or 'it said nothing'}") from None


def _last_line(file: IO[bytes]) -> str:
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
