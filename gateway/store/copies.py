"""Whether a database is behind what was noted beside it, as a copy of yesterday is, and how it is brought on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from gateway.exchange.receipt import ReceiptState
from gateway.kernel.ids import Sha256
from gateway.store.moments import to_moment
from gateway.store.numbers import WITHOUT_GAPS
from gateway.store.schema import KEPT_FILE, counters, receipts
from gateway.store.session import Session

_AT_ONCE = 500
UNFINISHED = tuple(each.value for each in (ReceiptState.RECEIVED, ReceiptState.SLICED, ReceiptState.HELD))


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is to be in the archive; whether its bytes are still to be read."""

    sha256: Sha256
    name: str
    partner: str
    received_at: datetime
    is_needed: bool


class Copies:
    """Counters and receipts of one unit of work, against what was noted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def alone(self) -> None:
        """Only one process brings a database on."""
        self._session.alone_with("database:restored")

    def counters(self) -> dict[str, int]:
        """How far each counter of the database is."""
        return {row.name: int(row.value) for row in self._session.execute(select(counters))}

    def is_exact(self, name: str) -> bool:
        """Whether the database says exactly how far a counter got; others it keeps in blocks."""
        return self._session.dialect.name == "sqlite" or name.startswith(WITHOUT_GAPS)

    def raise_to(self, name: str, value: int) -> None:
        """Let a counter go on after a number."""
        changed = self._session.execute(update(counters).where(counters.c.name == name).values(value=value))
        if not changed.rowcount:
            self._session.execute(insert(counters).values(name=name, value=value))

    def has_claim(self, claim: str) -> bool:
        """Whether the file of a claim is known."""
        return self._session.execute(select(receipts.c.id).where(receipts.c.claim == claim)).first() is not None

    def newest_day(self) -> str:
        """The day of the newest receipt; empty where there is none."""
        found = self._session.execute(select(func.max(receipts.c.received_at))).scalar()
        return str(found)[:10] if found else ""

    def kept_files(self, most: int) -> list[KeptFile]:
        """The files that came last and are to be in the archive, and whichever is not worked off yet."""
        columns = (
            receipts.c.sha256,
            receipts.c.file_name,
            receipts.c.partner,
            receipts.c.received_at,
            receipts.c.state,
        )
        newest = receipts.c.received_at.desc(), receipts.c.id.desc()
        latest = select(*columns).where(KEPT_FILE).order_by(*newest).limit(most)
        unfinished = select(*columns).where(KEPT_FILE, receipts.c.state.in_(UNFINISHED)).order_by(*newest)
        found: dict[Sha256, KeptFile] = {}
        for row in (*self._session.execute(unfinished), *self._session.execute(latest)):
            file = KeptFile(
                Sha256(row.sha256), row.file_name, row.partner, to_moment(row.received_at), row.state in UNFINISHED
            )
            found.setdefault(file.sha256, file)
        return list(found.values())

    def unknown(self, lines: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The lines of the journal whose file is not in the database, each once, in their order."""
        by_claim: dict[str, Mapping[str, Any]] = {}
        for line in lines:
            if "claim" in line:
                by_claim.setdefault(str(line["claim"]), line)
        claims = list(by_claim)
        for at in range(0, len(claims), _AT_ONCE):
            some = claims[at : at + _AT_ONCE]
            query = select(receipts.c.claim).where(receipts.c.claim.in_(some))
            known = {row.claim for row in self._session.execute(query)}
            yield from (by_claim[claim] for claim in some if claim not in known)
