"""Find out that a database is a copy of earlier days, and see that nothing is given twice and nobody forgets what came since."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.dispatch import DispatchState
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.kernel.clock import Clock
from gateway.kernel.ids import AlertId, ChannelKey, ClaimId, DispatchId, HoldId, PartnerId, ReceiptId, Sha256
from gateway.kernel.words import counted
from gateway.store.beside import Beside
from gateway.store.unit_of_work import SqlStore, SqlUnitOfWork

CODE, KIND, WHO = "F-GAP", "database.restored", "gateway"
JUMP = 1_000
"""So many numbers are left out after the last one that is noted: one more may have been given and not noted."""
_DAYS_BEFORE = 2
"""The journal is read from so many days before the newest file the database knows: clocks differ."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done with a database that is a copy of earlier days."""

    counters: Mapping[str, tuple[int, int]]
    files: int
    left: int
    cut: str = ""

    def sentence(self) -> str:
        """What somebody must be told."""
        return (
            "The database is a copy of earlier days that was put in place. "
            f"So that no number is given twice, {counted(len(self.counters), 'counter')} of ours went on by {JUMP}; "
            f"{counted(self.files, 'file')} taken after the copy {_are(self.files)} on hold ({CODE}); "
            f"{counted(self.left, 'file')} that had left {_are(self.left)} not sent again.{self.cut}"
        )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def looked_after(store: SqlStore, clock: Clock) -> Restored | None:
    """Compare a database with what is noted beside it; what was done where it is behind, else None."""
    beside = store.beside
    if beside is None:
        return None
    with store.unit() as work:
        if _is_on(work, beside):
            _note_trail(work, beside, clock())
            return None
        work.copies.alone()
        behind = _behind(work, beside)
        if not behind and not _lacks_last(work, beside):
            return None  # another process did it meanwhile
        done = _bring_on(work, beside, behind, clock())
        work.commit()
        beside.note_head(work.audit.head(), backwards=True)
        beside.forget_last_receipt()
        beside.after_commit({name: to for name, (_, to) in done.counters.items()}, None, None)
    import structlog  # noqa: PLC0415 - takes as long as reading a small file, and this hardly ever happens

    if structlog.is_configured():  # else a command of its own talks, and its output is read by programs
        structlog.get_logger().error(KIND, counters=len(done.counters), files=done.files, left=done.left)
    return done


def _is_on(work: SqlUnitOfWork, beside: Beside) -> bool:
    """Whether a database is as far as is noted; where it is further, that is noted."""
    known = beside.known()  # first: others may commit meanwhile, and note it only then
    found = work.copies.counters()
    if any(found.get(name, 0) < mark for name, mark in known.items()) or _lacks_last(work, beside):
        return False
    further = {
        name: value for name, value in found.items() if known.get(name, -1) < value and work.copies.is_exact(name)
    }
    beside.after_commit(further, None, None)
    return True


def _note_trail(work: SqlUnitOfWork, beside: Beside, now: datetime) -> None:
    """Where nothing is noted of a trail that has entries, somebody may have seen to that: its first note is an entry of it."""
    if beside.head() is None and (head := work.audit.head()).sequence:
        work.audit.note(WHO, "audit.noted", "audit-head", at=now, detail={"entries": str(head.sequence)})
        work.commit()


def _behind(work: SqlUnitOfWork, beside: Beside) -> dict[str, tuple[int, int]]:
    """The counters that are not as far as is noted: where each stands, and where it stood."""
    known = beside.known()  # first, as above
    found = work.copies.counters()
    return {name: (found.get(name, 0), mark) for name, mark in known.items() if found.get(name, 0) < mark}


def _lacks_last(work: SqlUnitOfWork, beside: Beside) -> bool:
    last = beside.last_receipt()
    return bool(last) and not work.copies.has_claim(last)


def _bring_on(
    work: SqlUnitOfWork, beside: Beside, behind: Mapping[str, tuple[int, int]], now: datetime
) -> Restored:  # fmt: skip
    """Raise the counters, list the files that are not known any more, let nothing leave twice, and tell it."""
    raised = {name: (stands, mark + JUMP) for name, (stands, mark) in behind.items()}
    for name, (_, to) in raised.items():
        work.copies.raise_to(name, to)
    newest = work.copies.newest_day()
    since = (date.fromisoformat(newest) - timedelta(days=_DAYS_BEFORE)).isoformat() if newest else ""
    gap = list(work.copies.unknown(beside.journal(since)))
    for line in gap:
        _hold(work, line, now)
    left = _left(work, beside, since, now)
    done = Restored(raised, len(gap), left, _cut(work, beside))
    _tell(work, done, gap, now)
    return done


def _hold(work: SqlUnitOfWork, line: Mapping[str, Any], now: datetime) -> None:
    """A file that was taken after the copy: its bytes are in the archive, what it brought is not in the database."""
    at, name = str(line["at"]), str(line["file"])
    by_hand = line.get("state") == ReceiptState.PROCESSED.value
    again = "Place it again by hand." if by_hand else "Release it to have it read again, or reject it."
    reason = f"{name} was taken {at[:16]} and the database was brought back since; what it brought is not here. {again}"
    receipt = Receipt(
        id=ReceiptId(str(line["id"])), claim=ClaimId(str(line["claim"])), partner=PartnerId(str(line["partner"])),
        file_name=name, sha256=Sha256(str(line["sha256"])), size=int(line["size"]),
        received_at=datetime.fromisoformat(at), state=ReceiptState.HELD,
        summary="taken before the database was brought back", channel=ChannelKey(str(line.get("channel", ""))),
    )  # fmt: skip
    work.exchange.add_receipt(receipt)
    work.exchange.hold(
        FileHold(
            id=HoldId(f"H-{uuid.uuid4().hex[:8]}"), type="FILE", code=CODE, reason=reason, since=now,
            partner=receipt.partner, receipt=receipt.id, file_name=name, key=f"{CODE}:{receipt.claim}",
        )
    )  # fmt: skip


def _left(work: SqlUnitOfWork, beside: Beside, since: str, now: datetime) -> int:
    """What the copy says is still to leave and had left: it is not sent a second time."""
    owed = set(work.exchange.open_dispatches())
    gone = [DispatchId(each) for line in beside.journal(since) for each in line.get("left", ()) if each in owed]
    work.exchange.mark(list(dict.fromkeys(gone)), DispatchState.DELIVERED, at=now)
    return len(set(gone))


def _cut(work: SqlUnitOfWork, beside: Beside) -> str:
    head, noted = work.audit.head(), beside.head()
    if noted is None or noted.sequence <= head.sequence:
        return ""
    first = head.sequence + 1
    which = f"entry {first} is" if first == noted.sequence else f"entries {first} to {noted.sequence} are"
    return f" The audit {which} in the other database only."


def trail_goes_on(store: SqlStore) -> str:
    """Let the audit trail of a copy that a person put in place go on from where it is; which entries it lacks, in words.

    Only who brings a copy back knows that it ends earlier because it is one.
    """
    beside = store.beside
    if beside is None:
        return ""
    with store.unit() as work:
        cut, head = _cut(work, beside), work.audit.head()
    if cut:
        beside.note_head(head, backwards=True)
    return cut.strip()


def _tell(work: SqlUnitOfWork, done: Restored, gap: list[Mapping[str, Any]], now: datetime) -> None:
    """An alert, and an entry of the audit trail that says what was raised and what is missing."""
    names = [f"{line['partner']}: {line['file']}" for line in gap[:_NAMED]]
    files = "; ".join(names) + (f"; and {len(gap) - _NAMED} more" if len(gap) > _NAMED else "")
    work.alerts.open(
        Alert(
            id=AlertId(uuid.uuid4().hex), key=f"{KIND}:{now.isoformat()}", kind=KIND, severity=Severity.CRITICAL,
            reason=f"{done.sentence()}{f' Files: {files}.' if files else ''}", opened_at=now, code=CODE, cause=KIND,
        )
    )  # fmt: skip
    raised = {f"counter {name}": f"{stood} -> {to}" for name, (stood, to) in sorted(done.counters.items())}
    detail = {"files": str(done.files), "left": str(done.left), "cut": done.cut.strip(), **raised}
    work.audit.note(WHO, KIND, "database", at=now, detail={name: said for name, said in detail.items() if said})
    work.site.put("restored_at", now.isoformat())
