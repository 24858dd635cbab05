"""Remove once a day what is only looked at and old enough, as 'retention' of gateway.yaml says; nothing that is still needed.

It goes on piece by piece, each in a transaction of its own, and says in the database where it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from types import MappingProxyType

from gateway.config.settings import Retention
from gateway.config.values import duration
from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.audit import BEGINNING, AuditHead, Broken
from gateway.exchange.retention import Piece
from gateway.flows import auditing
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import AlertId, Sha256

DONE = "pruned"
"""Under which name the site knows its last day; where that is not done, with the round and the place it is at."""
BROKEN = "audit.broken"
AT = time(3, 30)
"""By the clock of the site, from when on a day's work of this kind is done."""
AT_ONCE = 500
"""Old things that one transaction looks at."""
TRAIL = "trail"


@dataclass(slots=True)
class Pruned:
    """How much was removed, or would be."""

    files: int = 0
    file_bytes: int = 0
    dispatches: int = 0
    dispatch_bytes: int = 0
    rows: dict[str, int] = field(default_factory=lambda: {"attempts": 0, "notices": 0, "alerts": 0})


@dataclass(frozen=True, slots=True)
class Place:
    """Where it goes on: at one of the steps, after what was looked at of it last."""

    step: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """One go at some things: what is old, and whether it is removed or only told."""

    bench: Workbench
    work: UnitOfWork
    done: Pruned
    remove: bool = True

    def before(self, kept: str) -> datetime:
        """The moment before which something is old that is kept for so long."""
        return self.bench.clock() - duration(kept)

    @property
    def keep(self) -> Retention:
        """What gateway.yaml says."""
        return self.bench.site.settings.retention


def due(bench: Workbench, work: UnitOfWork) -> list[str]:
    """The day whose work is to be done, with the round."""
    local = bench.clock().astimezone(bench.site.settings.zone())
    if local.time() < AT:
        return []
    day = local.date().isoformat()
    known, turn, _ = _said(work)
    if known > day or (known == day and not turn):
        return []
    return [f"{day}+{turn if known == day else 1}"]


def act(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """One round of a day; the last one ends it. The first steps look whether the audit trail is whole."""
    day, _, turn = key.partition("+")
    known, before, place = _said(work)
    if turn == "1":
        bench.archive.clear_unfinished()
    begun = known == day and before == turn and turn != "1"
    going = go_on(Round(bench, work, Pruned()), place if begun else Place(TRAIL))
    work.site.put(DONE, day if going is None else f"{day}+{int(turn) + 1} {going.step} {going.after}".rstrip())


def _said(work: UnitOfWork) -> tuple[str, str, Place]:
    """The last day, its round where it is not done, and the place of that."""
    head, _, place = (work.site.get(DONE) or "").partition(" ")
    day, _, turn = head.partition("+")
    step, _, after = place.partition(" ")
    return day, turn, Place(step if step in STEPS else TRAIL, after)


def go_on(this: Round, place: Place) -> Place | None:
    """Do as much as one transaction does, from a place on; where it goes on then, None at the end."""
    left = AT_ONCE
    while left > 0:
        piece = STEPS[place.step](this, place.after, left)
        left -= piece.looked
        if piece.after:
            place = Place(place.step, piece.after)
        elif (following := _FOLLOWING[place.step]) is not None:
            place = Place(following)
        else:
            return None
    return place


def begin() -> Place:
    """Where it begins for whoever does not ask for the trail."""
    return Place("files")


def _look_at_trail(this: Round, after: str, _most: int) -> Piece:
    """Tell somebody when an entry is not as it was written; it stays told until a person closes it."""
    number, _, digest = after.partition(" ")
    last = AuditHead(int(number), digest) if digest else BEGINNING
    looked = this.work.audit.look(last, this.work.audit.noted(), auditing.ENTRIES_AT_ONCE)
    if looked.broken is not None:
        _tell(this, looked.broken)
    is_over = looked.is_end or looked.broken is not None
    return Piece((), 0 if is_over else AT_ONCE, "" if is_over else f"{looked.last.sequence} {looked.last.hash}")


def _tell(this: Round, broken: Broken) -> None:
    reason = f"The audit trail is broken. {broken.reason} 'gateway audit verify' says what to do."
    this.work.alerts.open(
        Alert(
            id=AlertId(this.bench.new_id()), key=BROKEN, kind=BROKEN, severity=Severity.CRITICAL, reason=reason,
            opened_at=this.bench.clock(), cause=BROKEN,
        )
    )  # fmt: skip


def _files(this: Round, after: str, most: int) -> Piece:
    """Files of the archive go first and their rows say so then: a crash between both is mended by the next night."""
    before = this.before(this.keep.archive)
    piece = this.work.pruning.files(before, after, most)
    if this.remove:
        gone = [name for name, _ in piece.free if this.bench.archive.remove(Sha256(name))]
        this.work.pruning.files_gone(gone, before, this.bench.clock())
    this.done.files += len(piece.free)
    this.done.file_bytes += sum(size for _, size in piece.free)
    return piece


def _dispatches(this: Round, after: str, most: int) -> Piece:
    piece = this.work.pruning.dispatches(this.before(this.keep.dispatches), after, most)
    if this.remove:
        this.work.pruning.dispatches_gone([name for name, _ in piece.free], this.bench.clock())
    this.done.dispatches += len(piece.free)
    this.done.dispatch_bytes += sum(size for _, size in piece.free)
    return piece


def _attempts(this: Round, after: str, most: int) -> Piece:
    before = this.before(this.keep.attempts)
    return _counted(this, "attempts", this.work.pruning.attempts(before, after, most, remove=this.remove))


def _notices(this: Round, after: str, most: int) -> Piece:
    before = this.before(this.keep.notices)
    return _counted(this, "notices", this.work.pruning.notices(before, after, most, remove=this.remove))


def _alerts(this: Round, after: str, most: int) -> Piece:
    before = this.before(this.keep.alerts)
    return _counted(this, "alerts", this.work.pruning.alerts(before, after, most, remove=this.remove))


def _counted(this: Round, name: str, piece: Piece) -> Piece:
    this.done.rows[name] += len(piece.free)
    return piece


STEPS: Mapping[str, Callable[[Round, str, int], Piece]] = MappingProxyType(
    {
        TRAIL: _look_at_trail,
        "files": _files,
        "dispatches": _dispatches,
        "attempts": _attempts,
        "notices": _notices,
        "alerts": _alerts,
    }
)
"""What is looked at, in this order: an alert goes after its notices."""
_FOLLOWING = dict(zip(STEPS, [*list(STEPS)[1:], None], strict=True))
