"""What was read of received files, and the codes that nobody knew yet."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, insert, select, update

from gateway.exchange.readings import ReadDocument, Unknown, UnknownValue
from gateway.kernel.ids import HoldId, PartnerId, ReceiptId
from gateway.store.moments import day_to_text, to_day, to_moment, to_text
from gateway.store.schema import read_documents, unknown_values
from gateway.store.session import Session
from gateway.store.statements import Prepared

_TOLD_APART_BY = ("partner", "mapping", "field", "source", "code", "kind")
_LONGEST_CODE = 200
_OWN = (read_documents.c.receipt == bindparam("wanted_receipt")) & (read_documents.c.key == bindparam("wanted_key"))
_SEQUENCES = Prepared(
    select(read_documents.c.key, read_documents.c.sequence).where(
        read_documents.c.receipt == bindparam("wanted_receipt")
    )
)
_DELETE = Prepared(delete(read_documents).where(_OWN))
_INSERT = Prepared(insert(read_documents))


class Readings:
    """The readings of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[ReceiptId, dict[str, int]] = {}
        self._last: dict[ReceiptId, int] = {}
        session.keeps(forget=self._known.clear)

    def note(self, document: ReadDocument) -> None:
        """A document was read, or read again."""
        known = self._sequences(document.receipt)
        if document.key not in known:
            self._last[document.receipt] += 1
            known[document.key] = self._last[document.receipt]
        else:
            self._session.flush()
            self._session.run(_DELETE, [{"wanted_receipt": document.receipt, "wanted_key": document.key}])
        self._session.add(
            _INSERT,
            {
                "receipt": document.receipt, "key": document.key,
                "sequence": known[document.key],
                "partner": document.partner, "document": document.document, "name": document.name,
                "mapping": document.mapping, "spec_hash": document.spec_hash, "today": day_to_text(document.today),
                "read_at": to_text(document.read_at), "content": document.content,
                "problems": json.dumps(document.problems), "hold": document.hold,
            },
        )  # fmt: skip

    def go_on_after(self, receipt: ReceiptId, number: int) -> None:
        """Number what follows of a file from here on: its documents stand in the order of the file, whoever is first."""
        self._sequences(receipt)
        self._last[receipt] = number

    def last_files(self, mappings: Iterable[str], *, last: int, partner: PartnerId | None = None) -> list[ReceiptId]:
        """The last files of which these mappings read something, the newest first."""
        newest = func.max(read_documents.c.read_at)
        query = (
            select(read_documents.c.receipt)
            .where(read_documents.c.mapping.in_(list(mappings)))
            .group_by(read_documents.c.receipt)
            .order_by(newest.desc(), read_documents.c.receipt)
            .limit(last)
        )
        if partner is not None:
            query = query.where(read_documents.c.partner == partner)
        return [ReceiptId(each) for each in self._session.execute(query).scalars()]

    def of_file(self, receipt: ReceiptId) -> list[ReadDocument]:
        """The documents of a file in the order in which they were read."""
        query = select(read_documents).where(read_documents.c.receipt == receipt).order_by(read_documents.c.sequence)
        return [_document(row) for row in self._session.execute(query)]

    def waiting(self, hold: HoldId) -> ReadDocument | None:
        """The document that waits with a hold."""
        row = self._session.execute(select(read_documents).where(read_documents.c.hold == hold)).first()
        return _document(row) if row is not None else None

    def meet(self, what: Unknown, *, receipt: ReceiptId, file_name: str, at: datetime) -> None:
        """Count one unknown; it is open again when somebody thought it was settled and it still comes."""
        same = self._same(what)
        moment = to_text(at)
        self._session.alone_with(f"unknown:{_identity(what)}")
        row = self._session.execute(select(unknown_values.c.number).where(same)).first()
        if row is not None:
            changed = {"times": unknown_values.c.times + 1, "last_seen": moment, "rule": what.rule}
            self._session.execute(update(unknown_values).where(same).values(**changed))
            reopened = same & (unknown_values.c.status == "set")
            self._session.execute(update(unknown_values).where(reopened).values(status="open"))
            return
        self._session.execute(
            insert(unknown_values).values(
                number=self._session.numbers.next_row(unknown_values.c.number), document=what.document, rule=what.rule, times=1, first_seen=moment, last_seen=moment,
                receipt=receipt, file_name=file_name, status="open", note="", **_identity(what),
            )
        )  # fmt: skip

    def unknown(self, *, status: str | None = None) -> list[UnknownValue]:
        """The unknowns, those seen most often first."""
        query = select(unknown_values).order_by(unknown_values.c.times.desc(), unknown_values.c.number)
        if status is not None:
            query = query.where(unknown_values.c.status == status)
        return [_value(row) for row in self._session.execute(query)]

    def settle(self, value: UnknownValue, status: str, note: str) -> None:
        """Say what became of an unknown."""
        same = self._same(value.what)
        self._session.execute(update(unknown_values).where(same).values(status=status, note=note))

    def _same(self, what: Unknown) -> ColumnElement[bool]:
        return and_(*(unknown_values.c[name] == value for name, value in _identity(what).items()))

    def _sequences(self, receipt: ReceiptId) -> dict[str, int]:
        """The documents of a file by their keys, each with its place; the database is asked once."""
        if receipt not in self._known:
            rows = self._session.rows(_SEQUENCES, {"wanted_receipt": receipt})
            self._known[receipt] = {row.key: row.sequence for row in rows}
            self._last[receipt] = max(self._known[receipt].values(), default=0)
        return self._known[receipt]


def _identity(what: Unknown) -> dict[str, str]:
    return {name: str(getattr(what, name))[:_LONGEST_CODE] for name in _TOLD_APART_BY}


def _document(row: Row[Any]) -> ReadDocument:
    return ReadDocument(
        receipt=ReceiptId(row.receipt), key=row.key, partner=PartnerId(row.partner), document=row.document,
        name=row.name, mapping=row.mapping, spec_hash=row.spec_hash, today=to_day(row.today) or date.min,
        read_at=to_moment(row.read_at), content=row.content, problems=tuple(json.loads(row.problems)),
        hold=HoldId(row.hold) if row.hold else None,
    )  # fmt: skip


def _value(row: Row[Any]) -> UnknownValue:
    what = Unknown(
        partner=PartnerId(row.partner), mapping=row.mapping, document=row.document, field=row.field, source=row.source,
        code=row.code, kind=row.kind, rule=row.rule,
    )  # fmt: skip
    return UnknownValue(
        id=f"V-{row.number}", what=what, count=row.times, first_seen=to_moment(row.first_seen),
        last_seen=to_moment(row.last_seen), receipt=ReceiptId(row.receipt), file_name=row.file_name, status=row.status,
        note=row.note,
    )  # fmt: skip
