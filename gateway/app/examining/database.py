"""Looks at the database without changing it: can it be used, is it of this version, what waits in it, is its clock ours."""

import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from gateway.app.examining.finding import Case, Finding, fine, problem, warning
from gateway.config.load import database_url
from gateway.exchange.channels import ChannelHealth, ChannelState
from gateway.kernel.errors import StoreError
from gateway.store.inspected import Inspected, Waiting, file_of, inspected
from gateway.store.schema import VERSION

OLD_HOLD = timedelta(days=3)
OLD_DISPATCH = timedelta(hours=1)
BEHIND = timedelta(minutes=2)
"""So much may the newest row lie in the future before the clock is wrong."""
NETWORKS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs", "fuse.glusterfs"}
)
"""File systems on which the locks of SQLite are not to be relied on."""
RESTORE = 'gateway db restore COPY --note "why" --yes'
CLOCK = "sudo timedatectl set-ntp true"


def database(case: Case) -> Iterator[Finding]:
    """Everything about the database."""
    if case.directory is None:
        return

    url = database_url(case.place, case.environ)
    file = file_of(url)
    if file is not None:
        yield from _disk_of(file, case)
        if not file.exists():
            yield _missing(file, case)
            return
    found = inspected(url, case.now - OLD_HOLD, case.now - OLD_DISPATCH)
    if isinstance(found, StoreError):
        yield problem("database", found.sentence, _repair_of(found, file))
        return
    yield from _state(found, file)
    yield from _clock(found, case)
    if found.is_ours:
        yield from _waiting(found.waiting)


def network_of(file: Path, mounts: str) -> str:
    r"""The kind of the network file system that a file is on; empty for a disk of this machine.

    >>> network_of(Path("/srv/edi/var/gateway.db"), "/dev/sda1 / ext4 rw 0 0\nnas:/edi /srv/edi nfs4 rw 0 0\n")
    'nfs4'
    """
    best, kind = "", ""
    for line in mounts.splitlines():
        words = line.split()
        point = words[1].replace("\\040", " ") if len(words) > 2 else ""  # noqa: PLR2004 - device, place, kind
        if point and file.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, words[2]
    return kind if kind in NETWORKS else ""


def _disk_of(file: Path, case: Case) -> Iterator[Finding]:
    try:
        mounts = (case.root / "proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    kind = network_of(file, mounts)
    if kind:
        yield problem(
            "database disk", f"The SQLite database {file} is on a network ({kind}), where its locks cannot be relied on.",
            "in gateway.yaml, a disk of this machine: database: {url: sqlite:////var/lib/gateway/gateway.db}   (move the file there first), or PostgreSQL",
        )  # fmt: skip


def _missing(file: Path, case: Case) -> Finding:
    archive = case.var / "archive"
    if archive.is_dir() and any(archive.iterdir()):
        says = (
            f"The database {file} is gone, although files were taken before; the next command would begin an empty one."
        )
        return problem("database", says, RESTORE)
    return fine("database", "there is none yet; the first 'gateway run' makes it")


def _repair_of(error: StoreError, file: Path | None) -> str:
    if file is None:
        return error.next_step
    said = error.sentence.lower()
    if "not a database" in said or "malformed" in said:
        return RESTORE
    if "locked" in said:
        return f"fuser -v {shlex.quote(str(file))}   (shows who has it; end that)"
    return error.next_step


def _state(found: Inspected, file: Path | None) -> Iterator[Finding]:
    if found.is_newer:
        says = f"The database has schema {found.schema}, which a newer gateway made; this one knows {VERSION}."
        yield problem("database", says, "pip install --upgrade gateway-edi   (a database is never taken back)")
    elif not found.is_ours:
        has = f"schema {found.schema}" if found.schema else "no tables yet"
        yield warning("database", f"The database has {has}, and this gateway needs {VERSION}.", "gateway db upgrade")
    elif not found.writes and file is None:
        yield problem(
            "database",
            "The database is a copy that only reads.",
            "in gateway.yaml: database.url of the server that takes changes",
        )
    else:
        yield fine("database", f"it answers and has schema {VERSION}")
    if not found.writes and file is not None:
        says = "Somebody has the database and lets nobody write."
        yield warning(
            "database lock", says, f"fuser -v {shlex.quote(str(file))}   (shows who; a 'gateway run' lets go by itself)"
        )
    if file is not None and found.schema and found.journal != "wal":
        says = f"The database keeps its journal as '{found.journal}', so that readers keep writers waiting."
        yield warning("database journal", says, "gateway db check")


def _clock(found: Inspected, case: Case) -> Iterator[Finding]:
    now = case.now
    if found.newest is not None and found.newest - now > BEHIND:
        says = f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, but there is an entry of {found.newest:%Y-%m-%d %H:%M}."
        yield problem("clock", says, CLOCK)
    elif found.now is not None and abs(found.now - now) > BEHIND:
        says = f"Our clock and that of the database's server are {abs(found.now - now).total_seconds():.0f} s apart."
        yield warning("clock", says, f"{CLOCK}   (here and on the server)")
    else:
        yield fine("clock", f"{now:%Y-%m-%d %H:%M} UTC, nothing in the database is newer")


def _waiting(waiting: Waiting) -> Iterator[Finding]:
    yield from (_channel(each) for each in waiting.unwell)
    if not waiting.unwell:
        yield fine("channels", "each worked when it was last used")
    more = f", and {_orders(waiting.held_orders)}" if waiting.held_orders else ""
    if waiting.old_holds:
        files = _counted(waiting.holds, "file waits", "files wait")
        says = f"{files} for somebody, {waiting.old_holds} of them for more than {OLD_HOLD.days} days{more}."
        yield warning("holds", says, "gateway holds list   (each says how it ends)")
    else:
        yield fine(
            "holds", f"{_counted(waiting.holds, 'file waits', 'files wait')} for somebody{more}, no file for long"
        )
    if waiting.old_undelivered:
        says = f"{_counted(waiting.old_undelivered, 'file')} should have left more than an hour ago."
        yield warning("dispatches", says, "gateway run --once")
    else:
        yield fine("dispatches", f"{waiting.undelivered} are to leave, none is late")
    if waiting.serious_alerts:
        yield warning(
            "alerts",
            f"{_counted(waiting.serious_alerts, 'serious alert is', 'serious alerts are')} open.",
            "gateway alerts list",
        )
    if waiting.untold:
        says = f"{_counted(waiting.untold, 'message')} about alerts could not be sent."
        yield problem(
            "alert messages", says, "gateway alerts test ROUTE   (says what the mail server or address answers)"
        )


def _orders(number: int) -> str:
    return _counted(number, "order is on hold", "orders are on hold")


def _counted(number: int, one: str, many: str = "") -> str:
    """So many of something, in words."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _channel(state: ChannelState) -> Finding:
    channel = state.channel
    repair = (
        f"gateway partner test {channel.partner} --channel {channel.key}   (when all is well there, it is used again)"
    )
    if state.health is ChannelHealth.STOPPED:
        return problem("channels", f"{channel.key} is stopped: {state.reason}", repair)
    return warning("channels", f"{channel.key} failed {state.failures} times in a row: {state.reason}", repair)
