"""Who did what: entries without gaps, each bound to the one before it by its hash, so that none is changed unseen."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, bindparam, insert, select

from gateway.exchange.audit import BEGINNING, AuditEntry, AuditHead, Broken, Looked
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import audit
from gateway.store.session import Session
from gateway.store.statements import Prepared

NOTHING: Mapping[str, str] = MappingProxyType({})
_AT_A_TIME = 1_000
_BEFORE_ALL = -(1 << 62)
_LAST = Prepared(select(audit).order_by(audit.c.sequence.desc()).limit(1))
_AFTER = Prepared(
    select(audit).where(audit.c.sequence > bindparam("known", type_=BigInteger())).order_by(audit.c.sequence)
    .limit(bindparam("most", type_=BigInteger()))
)  # fmt: skip
_HASH_OF = Prepared(select(audit.c.hash).where(audit.c.sequence == bindparam("wanted")))
_INSERT = Prepared(insert(audit))


def nothing_noted() -> AuditHead | None:
    """For a database beside which nothing is noted."""
    return None


class AuditTrail:
    """The deeds of one unit of work; they are written with its commit, the last of all, or never.

    ``noted`` is the last entry as it is known beside the database.
    """

    def __init__(self, session: Session, noted: Callable[[], AuditHead | None] = nothing_noted) -> None:
        self._session = session
        self.noted = noted
        self._waiting: list[AuditEntry] = []

    def note(
        self, who: str, action: str, subject: str, *, at: datetime, partner: str = "", detail: Mapping[str, str] = NOTHING
    ) -> None:  # fmt: skip
        """Somebody did something; no secret may stand in it."""
        self._waiting.append(AuditEntry(0, at, who, action, subject, partner, dict(detail)))

    def write(self) -> AuditHead | None:
        """Write what waits: one transaction at a time, from here until its end. The last entry, to be noted.

        None where nothing waited, and where the trail is not any more what is noted of it: the note is what proves that.
        """
        if not self._waiting:
            return None
        self._session.alone_with("audit")
        last = self.head()
        goes_on = self._goes_on(last)
        rows = []
        for each in self._waiting:
            last, row = _bound(each, last)
            rows.append(row)
        self._session.run(_INSERT, rows)
        self._waiting.clear()
        return last if goes_on else None

    def _goes_on(self, last: AuditHead) -> bool:
        """Whether the entry that is noted beside the database is in it; whoever noted it had committed it."""
        noted = self.noted()
        if noted is None or noted == last:
            return True
        row = self._session.first(_HASH_OF, {"wanted": noted.sequence})
        return row is not None and row.hash == noted.hash

    def head(self) -> AuditHead:
        """The last entry that is written; number 0 when there is none."""
        row = self._session.first(_LAST, {})
        return AuditHead(row.sequence, row.hash) if row is not None else BEGINNING

    def listed(
        self, *, who: str | None = None, subject: str | None = None, also: Iterable[str] = (), last: int | None = None
    ) -> list[AuditEntry]:
        """The entries, oldest first: those of a person, about a thing under any of its names, the last so many of them."""
        query = select(audit).order_by(audit.c.sequence.desc())
        if who is not None:
            query = query.where(audit.c.who == who)
        if subject is not None:
            query = query.where(audit.c.subject.in_([subject, *also]))
        if last is not None:
            query = query.limit(last)
        return [_entry(row) for row in self._session.execute(query)][::-1]

    def verify(self, known: AuditHead | None = None) -> Broken | None:
        """The first entry that is not as it was written; ``known`` is the last one as it was noted elsewhere."""
        last = BEGINNING
        while True:
            looked = self.look(last, known)
            if looked.broken is not None or looked.is_end:
                return looked.broken
            last = looked.last

    def look(self, last: AuditHead, known: AuditHead | None = None, most: int = _AT_A_TIME) -> Looked:
        """Look through the next entries after one that was looked at."""
        after = last.sequence or _BEFORE_ALL
        rows = self._session.rows(_AFTER, {"known": after, "most": most})
        for row in rows:
            broken = _broken(row, last, known)
            if broken is not None:
                return Looked(last, broken, is_end=False)
            last = AuditHead(row.sequence, row.hash)
        if len(rows) == most:
            return Looked(last, None, is_end=False)
        cut = None
        if known is not None and known.sequence > last.sequence:
            gone = f"The entries {last.sequence + 1} to {known.sequence} were written and are not there."
            cut = Broken(last.sequence + 1, gone)
        return Looked(last, cut, is_end=True)


def _bound(entry: AuditEntry, last: AuditHead) -> tuple[AuditHead, Mapping[str, Any]]:
    """An entry as the row after the last one."""
    named = replace(entry, sequence=last.sequence + 1, previous=last.hash)
    row = {
        "sequence": named.sequence, "at": to_text(named.at), "who": named.who, "action": named.action,
        "partner": named.partner, "subject": named.subject, "detail": _canonical(named.detail),
        "previous": named.previous,
    }  # fmt: skip
    own = _hash(row)
    return AuditHead(named.sequence, own), {**row, "hash": own}


def _broken(row: Any, last: AuditHead, known: AuditHead | None) -> Broken | None:
    """Why a row is not the one that was written after the last one."""
    expected = last.sequence + 1
    if row.sequence != expected:
        return Broken(expected, f"Entry {expected} is not there; the next one is {row.sequence}.")
    if row.hash != _hash(row._asdict()):
        return Broken(expected, f"Entry {expected} is not as it was written.")
    if row.previous != last.hash:
        return Broken(expected, f"Entry {expected} was not written after the entry that stands before it.")
    if known is not None and row.sequence == known.sequence and row.hash != known.hash:
        return Broken(expected, f"Entry {expected} is another one than was noted when it was written.")
    return None


_BOUND = ("sequence", "at", "who", "action", "partner", "subject", "detail", "previous")
"""What the hash of a row is made of."""


def _hash(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(_json([row[name] for name in _BOUND]).encode()).hexdigest()


def _canonical(detail: Mapping[str, str]) -> str:
    return _json(dict(sorted(detail.items())))


def _json(value: object) -> str:
    """The same text for the same value, always."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _entry(row: Any) -> AuditEntry:
    return AuditEntry(
        sequence=row.sequence, at=to_moment(row.at), who=row.who, action=row.action, subject=row.subject,
        partner=row.partner, detail=json.loads(row.detail), previous=row.previous, hash=row.hash,
    )  # fmt: skip
