"""Looks at folders and disks: can files be written and renamed in each, how are they claimed, what was left behind."""

import shlex
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from gateway.app import health, repairs
from gateway.app.examining.finding import Case, Finding, fine, problem, warning
from gateway.app.run import lock_holder
from gateway.config.load import Site
from gateway.files.disk import Disk
from gateway.transports.claims import CLAIM_PREFIX, NOTE

PROBE = ".gateway-probe-"
DRIFT = 5.0
"""Seconds by which the clock of a disk may differ from ours."""


def folders(case: Case) -> Iterator[Finding]:
    """Files can be written and renamed in each folder that files are moved in; one that is missing can be made."""
    site = case.site
    if site is None:
        return
    every = list(dict.fromkeys(health.folders_of(site)))
    wrong = [finding for each in every if (finding := _looked(each)) is not None]
    yield from wrong
    if not wrong:
        missing = [each for each in every if not each.is_dir()]
        more = f"; {_names(missing, site)} will be made when the gateway needs them" if missing else ""
        yield fine("folders", f"files can be written and renamed in {len(every) - len(missing)}{more}")


def claims(case: Case) -> Iterator[Finding]:
    """How files of each channel become ours: by renaming into our work folder, within their own folder, or by a row."""
    site = case.site
    if site is None:
        return
    ours = _device(case.var / "work")
    renamed: list[str] = []
    beside: list[str] = []
    leased: list[str] = []
    for partner in site.partners.values():
        if partner.is_in_use:
            leased += [each.key for each in partner.inlets() if each.kind != "directory"]
            for each in partner.folders():
                (renamed if _device(site.directory / each.path) == ours else beside).append(each.key)
    if renamed:
        yield fine("claims", f"renamed into var/work, on the same file system: {', '.join(renamed)}")
    if beside:
        says = f"renamed to {CLAIM_PREFIX}... within their folder, since it is on another file system than var/work"
        yield fine("claims", f"{says}: {', '.join(beside)}")
    if leased:
        yield fine("claims", f"noted in the database before they are fetched from a server: {', '.join(leased)}")


def disk(case: Case) -> Iterator[Finding]:
    """Whether the disks have the room that is to stay free."""
    site = case.site
    if site is None:
        return
    found = health.disk(site)
    if found.ok:
        yield fine("disk", f"more than the reserve of {site.settings.run.disk_reserve} is free")
        return
    what = shlex.quote(str(case.var))
    repair = f"make room (what is ours there: du -sh {what}/*), or write in gateway.yaml: run: {{disk_reserve: 50MB}}"
    yield problem("disk", found.says, repair)


def disk_clock(case: Case) -> Iterator[Finding]:
    """Whether the disk stamps files with the time that we have: a folder on a network has a clock of its own."""
    if case.directory is None or not case.var.is_dir():
        return
    path = case.var / f"{PROBE}{uuid.uuid4().hex}"
    try:
        path.touch(exist_ok=False)
        apart = abs(path.stat().st_mtime - time.time())
    except OSError:
        return  # that it cannot be written is told already
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    if apart > DRIFT:
        says = (
            f"The disk of {case.var} stamps files {apart:.0f} s off our clock; when a file is ready is judged by both."
        )
        yield warning("disk clock", says, "sudo timedatectl set-ntp true   (here, and on the server of that folder)")
    else:
        yield fine("disk clock", "agrees with ours")


def left(case: Case) -> Iterator[Finding]:
    """Files that a process claimed before it died: whoever runs next takes them."""
    work = case.var / "work"
    if case.directory is None or not work.is_dir():
        return
    count = sum(1 for path in work.rglob("*") if path.is_file() and path.suffix != NOTE)
    if not count:
        yield fine("work folder", "nothing is left over")
    elif lock_holder(case.place):
        yield fine("work folder", f"{count} files are being taken at this moment")
    else:
        says = f"{count} files lie in var/work, claimed by a process that is gone."
        yield warning("work folder", says, "gateway run --once")


def _looked(folder: Path) -> Finding | None:
    says = health.fault_of(folder)
    if says:
        return problem("folders", says, repairs.of_folder(folder))
    return _tried(folder) if folder.is_dir() else None


def _tried(folder: Path) -> Finding | None:
    """Only writing and renaming show that a folder takes it."""
    name = f"{PROBE}{uuid.uuid4().hex}"
    try:
        with Disk().folder(folder, follow=True) as held:
            try:
                held.write_new(name, b"a test\n")
                held.rename(name, held, f"{name}.renamed")
            finally:
                with suppress(OSError):
                    held.unlink(name)
                    held.unlink(f"{name}.renamed")
    except OSError as error:
        says = f"{folder} takes no file, or does not let us rename one: {error.strerror}."
        return problem("folders", says, f"{repairs.of_folder(folder)}   (or the disk is read-only: mount | grep ro,)")
    return None


def _device(path: Path) -> int:
    """The file system that a folder is on, or will be on when it is made."""
    there = next(each for each in (path, *path.parents) if each.exists())
    return there.stat().st_dev


def _names(paths: Iterable[Path], site: Site) -> str:
    return ", ".join(str(each.relative_to(site.directory)) for each in paths)
