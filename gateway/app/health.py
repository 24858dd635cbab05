"""Is the gateway alive, and is it ready to work: what is looked at, what is wrong, and what to do about it."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from gateway.app.pulse import RUNNING, STARTING, Beat, Noted
from gateway.config.load import Site

WAIT = 5.0
"""Seconds a look may take: a folder on a network that hangs is a fault, not a reason to hang as well."""
SMALL = 20
"""Of a disk that is not ours no more than this part of it is asked to stay free."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``says`` and ``next_step`` are for people and empty when it is in order."""

    name: str
    says: str = ""
    next_step: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is in order."""
        return not self.says


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; ``facts`` are figures for programs."""

    findings: tuple[Finding, ...]
    facts: dict[str, object]

    @property
    def ok(self) -> bool:
        """Whether everything is in order."""
        return all(each.ok for each in self.findings)

    def as_json(self) -> dict[str, object]:
        """For programs: the verdict, each finding, the figures."""
        checks = [{**asdict(each), "ok": each.ok} for each in self.findings]
        return {"status": "ok" if self.ok else "failing", "checks": checks, **self.facts}


def alive(beat: Beat, stuck_after: float) -> Health:
    """Whether the process that asks itself turns."""
    return Health((_turning(beat.stuck(stuck_after)),), facts(beat))


def facts(beat: Beat) -> dict[str, object]:
    """The figures of a pulse."""
    return {"executor": beat.executor, "host": beat.host, "pid": beat.pid, "state": beat.state, "up_seconds": beat.up,
            "last_turn_seconds": beat.turned, "units": beat.units, "last_unit_seconds": beat.last_unit}  # fmt: skip


def ready(site: Site, beat: Beat | None, watched: dict[str, Callable[[], str]] | None = None) -> Health:
    """Whether work can be done: database, folders, disk, and of a running gateway its engine and its lock."""
    looks: list[tuple[str, Callable[[], Finding]]] = [
        ("database", lambda: _database(site)),
        ("folders", lambda: _folders(site)),
        ("disk", lambda: disk(site)),
    ]
    for name, fault in (watched or {}).items():
        looks.append((name, _asked(name, fault)))
    findings = [in_time(name, look) for name, look in looks]
    if beat is not None:
        findings += [_engine(beat), _lock(beat)]
    return Health(tuple(findings), {} if beat is None else facts(beat))


def processes(noted: list[Noted], host: str = "") -> Health:
    """Whether the gateways that work here turn; that none works is a fault."""
    where = host or socket.gethostname()
    if not noted:
        says = f"No 'gateway run' is at work on {where}."
        return Health((Finding("process", says, "Start it with: gateway run"),), {"processes": []})
    findings = tuple(_turning(each.faults(), each.beat.executor) for each in noted)
    return Health(findings, {"processes": [facts(each.beat) for each in noted]})


def _turning(faults: list[str], who: str = "") -> Finding:
    says = " ".join(faults)
    name = f"process {who}" if who else "process"
    return Finding(name, says, "Look at its log; end it and start it again: nothing is lost." if says else "")


def _database(site: Site) -> Finding:
    from gateway.store.probe import fault  # noqa: PLC0415 - sqlalchemy takes 0.3 s to import

    found = fault(site.settings.database_url(site.directory))
    return Finding("database") if found is None else Finding("database", found.sentence, found.next_step)


def folders_of(site: Site) -> Iterator[Path]:
    """Every folder files are moved in: ours, and those of the partners whose channels are on."""
    for name in ("work", "archive"):
        yield site.directory / "var" / name
    for partner in site.partners.values():
        if partner.is_in_use:
            yield from (site.directory / each.path for each in partner.folders())
            yield from (site.directory / each.path for each in partner.folders_out())


def _folders(site: Site) -> Finding:
    """Files can be made and moved in each folder; one that is not there yet is made when it is needed."""
    faults = [fault for folder in dict.fromkeys(folders_of(site)) if (fault := fault_of(folder))]
    faults += [fault] if (fault := _cannot_write(site.directory / "var" / "work")) else []
    if not faults:
        return Finding("folders")
    return Finding("folders", " ".join(faults), "Look at the rights of the folder, and whether its disk is there.")


def fault_of(folder: Path) -> str:
    """Why files cannot be made and moved in a folder as it looks; empty when they can, or it can be made."""
    try:
        if folder.is_dir():
            return "" if os.access(folder, os.R_OK | os.W_OK | os.X_OK) else f"{folder} cannot be read and written."
        if folder.exists():
            return f"{folder} is not a folder."
        above = next(each for each in folder.parents if each.exists())
        return "" if above.is_dir() and os.access(above, os.W_OK | os.X_OK) else f"{folder} cannot be made."
    except OSError as error:
        return f"{folder} cannot be looked at: {error.strerror}."


def _cannot_write(folder: Path) -> str:
    """Only writing shows that a disk takes something."""
    if not folder.is_dir():
        return ""
    try:
        with NamedTemporaryFile(dir=folder, prefix=".health-") as file:
            file.write(b"\n")
    except OSError as error:
        return f"{folder} cannot be written: {error.strerror}."
    return ""


def room(site: Site) -> Finding:
    """Whether our own disk has more left than is to stay free: with less no new file is taken."""
    return _room(site.directory / "var", site.settings.run.reserve())


def no_room(site: Site, more: int) -> str:
    """Why our own disk takes not so many bytes more; empty when it does."""
    found = _room(site.directory / "var", site.settings.run.reserve() + more)
    return f"{found.says} {found.next_step}" if found.says else ""


def disk(site: Site) -> Finding:
    """Our own disk has the reserve; others that files are written to have it too, or a twentieth if they are small."""
    found = room(site)
    seen = {(site.directory / "var").stat().st_dev} if (site.directory / "var").is_dir() else set()
    for folder in folders_of(site):
        if found.ok and folder.is_dir() and (device := folder.stat().st_dev) not in seen:
            seen.add(device)
            found = _room(folder, min(site.settings.run.reserve(), shutil.disk_usage(folder).total // SMALL))
    return found


def _room(folder: Path, reserve: int) -> Finding:
    if not folder.is_dir() or (free := shutil.disk_usage(folder).free) >= reserve:
        return Finding("disk")
    says = f"The disk of {folder} has {_megabytes(free)} left, and {_megabytes(reserve)} are to stay free."
    return Finding("disk", says, "Make room; the reserve is 'run.disk_reserve' in gateway.yaml.")


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000} MB"


def _engine(beat: Beat) -> Finding:
    if beat.state == RUNNING:
        return Finding("engine")
    if beat.state == STARTING:
        return Finding("engine", "The gateway is starting.", "Wait; if it lasts, look at its log.")
    return Finding(
        "engine", "The gateway is ending: it finishes what it began and takes nothing new.", "Start it again."
    )


def _lock(beat: Beat) -> Finding:
    if beat.holds_lock:
        return Finding("lock")
    return Finding("lock", "The gateway does not have its lock.", "Wait; if it lasts, end it and start it again.")


def _asked(name: str, fault: Callable[[], str]) -> Callable[[], Finding]:
    def look() -> Finding:
        says = fault()
        return Finding(name, says, "Look at its log." if says else "")

    return look


def in_time(name: str, look: Callable[[], Finding]) -> Finding:
    """What a look finds, or that it did not end."""
    found: list[Finding] = []

    def act() -> None:
        try:
            found.append(look())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            found.append(Finding(name, f"It could not be looked at: {error}.", "Look at the log of the gateway."))

    thread = threading.Thread(target=act, name=f"health-{name}", daemon=True)
    thread.start()
    thread.join(WAIT)
    if found:
        return found[0]
    return Finding(name, f"It did not answer within {WAIT:.0f} s.", "Look whether its disk or server hangs.")
