"""Receipts, dispatches, file holds and control numbers: did each file get through exactly once?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.exchange.answers import Answer
from gateway.exchange.dispatch import Dispatch, DispatchState
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState, ReceivedControlNumber
from gateway.kernel.ids import ClaimId, DispatchId, HoldId, PartnerId, ReceiptId, Sha256
from gateway.store import answers, owed
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import (
    counters,
    dispatches,
    file_holds,
    observations,
    owed_documents,
    receipts,
    received_control_numbers,
    second_opinions,
)

OPEN_STATES = (DispatchState.READY.value, DispatchState.STAGED.value)
_LAST_DISPATCH = select(func.max(dispatches.c.sequence))
_INSERT_DISPATCH = insert(dispatches)
_OPINIONS = select(second_opinions).where(
    second_opinions.c.partner == bindparam("wanted_partner"), second_opinions.c.mapping == bindparam("wanted_mapping")
)
_END_LISTED = (
    update(file_holds)
    .where(file_holds.c.key == bindparam("listed_key"), file_holds.c.open)
    .values(open=False, note=bindparam("why"))
)
_DISPATCH = select(dispatches).where(dispatches.c.id == bindparam("wanted"))
_OPEN_DISPATCHES = select(dispatches.c.id).where(dispatches.c.state.in_(OPEN_STATES)).order_by(dispatches.c.sequence)
_MARK = (
    update(dispatches)
    .where(dispatches.c.id == bindparam("known_id"))
    .values(
        state=bindparam("new_state"), delivered_at=func.coalesce(bindparam("moment"), dispatches.c.delivered_at)
    )
)  # fmt: skip
_UPDATE_COUNTER = update(counters).where(counters.c.name == bindparam("known_name")).values(value=bindparam("value"))


class Exchange:
    """The exchange of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {}

    def add_receipt(self, receipt: Receipt) -> bool:
        """A new receipt; False when its claim is known already."""
        known = select(receipts.c.id).where(receipts.c.claim == receipt.claim)
        if self._connection.execute(known).first() is not None:
            return False
        self._connection.execute(
            insert(receipts).values(
                id=receipt.id, claim=receipt.claim, partner=receipt.partner, file_name=receipt.file_name,
                sha256=receipt.sha256, size=receipt.size, received_at=to_text(receipt.received_at),
                state=receipt.state.value, summary=receipt.summary,
            )
        )  # fmt: skip
        return True

    def receipt(self, receipt: ReceiptId) -> Receipt | None:
        """A receipt by its id."""
        row = self._connection.execute(select(receipts).where(receipts.c.id == receipt).with_for_update()).first()
        return _receipt(row) if row is not None else None

    def receipts(self, *, state: ReceiptState | None = None, partner: PartnerId | None = None) -> list[Receipt]:
        """Receipts, oldest first."""
        query = select(receipts).order_by(receipts.c.received_at, receipts.c.file_name, receipts.c.id)
        if state is not None:
            query = query.where(receipts.c.state == state.value)
        if partner is not None:
            query = query.where(receipts.c.partner == partner)
        return [_receipt(row) for row in self._connection.execute(query)]

    def settle(self, receipt: ReceiptId, state: ReceiptState, summary: str) -> bool:
        """Bring a receipt to its end; False when somebody else did."""
        where = (receipts.c.id == receipt) & (receipts.c.state == ReceiptState.RECEIVED.value)
        done = self._connection.execute(update(receipts).where(where).values(state=state.value, summary=summary))
        return done.rowcount == 1

    def reopen(self, receipt: ReceiptId) -> bool:
        """Let a held receipt be interpreted again; False when it was not held as a whole."""
        where = (receipts.c.id == receipt) & (receipts.c.state == ReceiptState.HELD.value)
        done = self._connection.execute(
            update(receipts).where(where).values(state=ReceiptState.RECEIVED.value, summary="")
        )
        return done.rowcount == 1

    def earlier_receipt(self, receipt: Receipt) -> Receipt | None:
        """The first file with the same bytes from the same partner that was processed."""
        query = (
            select(receipts)
            .where(
                receipts.c.partner == receipt.partner, receipts.c.sha256 == receipt.sha256, receipts.c.id != receipt.id,
                receipts.c.state == ReceiptState.PROCESSED.value,
            )
            .order_by(receipts.c.received_at)
            .limit(1)
        )  # fmt: skip
        row = self._connection.execute(query).first()
        return _receipt(row) if row is not None else None

    def remember_control_number(self, seen: ReceivedControlNumber) -> None:
        """Note an interchange control number as used."""
        values = {
            name: getattr(seen, name)
            for name in ("partner", "sender", "receiver", "control_number", "sha256", "receipt")
        }
        self._connection.execute(
            insert(received_control_numbers).values(**values, received_at=to_text(seen.received_at))
        )

    def control_number_seen(
        self, partner: PartnerId, sender: str, receiver: str, control_number: str, *, since: datetime
    ) -> ReceivedControlNumber | None:
        """The first use of a control number since a moment."""
        seen = received_control_numbers.c
        query = (
            select(received_control_numbers)
            .where(
                seen.partner == partner, seen.sender == sender, seen.receiver == receiver,
                seen.control_number == control_number, seen.received_at >= to_text(since),
            )
            .order_by(seen.received_at)
            .limit(1)
        )  # fmt: skip
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return ReceivedControlNumber(
            partner=PartnerId(row.partner), sender=row.sender, receiver=row.receiver, control_number=row.control_number,
            sha256=Sha256(row.sha256), receipt=ReceiptId(row.receipt), received_at=to_moment(row.received_at),
        )  # fmt: skip

    def add_dispatch(self, dispatch: Dispatch) -> None:
        """A file that leaves, with its bytes."""
        last = self._connection.execute(_LAST_DISPATCH).scalar() or 0
        self._connection.execute(
            _INSERT_DISPATCH,
            {
                "id": dispatch.id, "sequence": last + 1, "partner": dispatch.partner, "document": dispatch.document,
                "number": dispatch.number, "control_number": dispatch.control_number, "file_name": dispatch.file_name,
                "channel": dispatch.channel, "content": dispatch.content, "created_at": to_text(dispatch.created_at),
                "state": dispatch.state.value, "receipt": dispatch.receipt, "order_number": dispatch.order_number,
                "delivered_at": to_text(dispatch.delivered_at) if dispatch.delivered_at else None, "repeats": dispatch.repeats,
                "notes": "\n".join(dispatch.notes) or None, "documents": dispatch.documents,
            },
        )  # fmt: skip

    def dispatch(self, dispatch: DispatchId) -> Dispatch | None:
        """A dispatch by its id."""
        row = self._connection.execute(_DISPATCH, {"wanted": dispatch}).first()
        return _dispatch(row) if row is not None else None

    def open_dispatches(self) -> list[DispatchId]:
        """What is not delivered, in the order it was owed."""
        return [DispatchId(each) for each in self._connection.execute(_OPEN_DISPATCHES).scalars()]

    def dispatches(
        self, *, order_number: str | None = None, receipt: ReceiptId | None = None, partner: PartnerId | None = None,
    ) -> list[Dispatch]:  # fmt: skip
        """Dispatches in the order they were owed; of documents that left together each one that fits."""
        wanted = {"order_number": order_number, "receipt": receipt, "partner": partner}
        return self._found({name: value for name, value in wanted.items() if value is not None})

    def sent(
        self, partner: PartnerId, *, control_number: str | None = None, number: str | None = None
    ) -> list[Dispatch]:
        """What left for a partner under a control number, or about a business number, as ``dispatches`` gives it."""
        if control_number is not None:
            same = and_(dispatches.c.partner == partner, dispatches.c.control_number == control_number)
            rows = self._connection.execute(select(dispatches).where(same).order_by(dispatches.c.sequence)).all()
            told = self._documents_of(row for row in rows if row.documents)
            found = [each for row in rows for each in (told[row.id] if row.documents else [_dispatch(row)])]
            return [each for each in found if number in (None, each.number)]
        return self._found({"partner": partner, **({"number": number} if number is not None else {})})

    def _found(self, wanted: Mapping[str, str]) -> list[Dispatch]:
        """Dispatches of one document with these values, and the documents with them that left together with others."""
        alone = [dispatches.c[name] == value for name, value in wanted.items()]
        rows = self._connection.execute(select(dispatches).where(dispatches.c.documents == 0, *alone)).all()
        found = [(row.sequence, _dispatch(row)) for row in rows]
        own = [owed_documents.c[name] == value for name, value in wanted.items()]
        files = select(owed_documents.c.dispatch).where(owed_documents.c.dispatch.is_not(None), *own)
        together = self._connection.execute(select(dispatches).where(dispatches.c.id.in_(files))).all()
        told = self._documents_of(together, *own)
        found += [(row.sequence, each) for row in together for each in told[row.id]]
        return [each for _, each in sorted(found, key=lambda pair: pair[0])]

    def _documents_of(self, rows: Iterable[Row[Any]], *wanted: ColumnElement[bool]) -> dict[str, list[Dispatch]]:
        """The documents of files with several, each as a dispatch that stands for it."""
        files = {row.id: _dispatch(row) for row in rows}
        found: dict[str, list[Dispatch]] = {name: [] for name in files}
        for part in owed.parts(self._connection, files, *wanted) if files else ():
            found[part.dispatch].append(
                replace(
                    files[part.dispatch], number=part.number, order_number=part.order_number,
                    receipt=ReceiptId(part.receipt) if part.receipt is not None else None,
                    created_at=to_moment(part.created_at), set_number=part.set_number,
                    notes=tuple(part.notes.split("\n")) if part.notes else (),
                )
            )  # fmt: skip
        return found

    def add_answer(self, answer: Answer) -> None:
        """What a partner said about a dispatch."""
        answers.add(self._connection, answer)

    def answers(self, dispatch: DispatchId | None = None) -> list[Answer]:
        """What was said about a dispatch, or about all, in the order it came."""
        return answers.find(self._connection, dispatch)

    def mark(self, dispatches: Sequence[DispatchId], state: DispatchState, *, at: datetime | None = None) -> None:
        """Note how far dispatches got."""
        moment = to_text(at) if state is DispatchState.DELIVERED and at is not None else None
        rows = [{"known_id": each, "new_state": state.value, "moment": moment} for each in dispatches]
        if rows:
            self._connection.execute(_MARK, rows)

    def repeat(self, dispatch: DispatchId) -> None:
        """Let a delivered dispatch leave again: the same bytes under the same name."""
        where = (dispatches.c.id == dispatch) & (dispatches.c.state == DispatchState.DELIVERED.value)
        values = {"state": DispatchState.READY.value, "repeats": dispatches.c.repeats + 1}
        self._connection.execute(update(dispatches).where(where).values(**values))

    def hold(self, hold: FileHold) -> None:
        """A file or document that waits; one with a key that is listed already is not listed again."""
        if hold.key:
            listed = select(file_holds.c.id).where(file_holds.c.key == hold.key, file_holds.c.open)
            if self._connection.execute(listed).first() is not None:
                return
        self._connection.execute(
            insert(file_holds).values(
                id=hold.id, type=hold.type, code=hold.code, reason=hold.reason, since=to_text(hold.since),
                partner=hold.partner, receipt=hold.receipt, file_name=hold.file_name, reference=hold.reference,
                key=hold.key, open=True,
            )
        )  # fmt: skip

    def holds(self) -> list[FileHold]:
        """The open holds, oldest first."""
        told = [file_holds.c[name] for name in ("since", "partner", "file_name", "reference", "code", "reason", "id")]
        query = select(file_holds).where(file_holds.c.open).order_by(*told)
        return [_hold(row) for row in self._connection.execute(query)]

    def end_listed(self, key: str, note: str) -> bool:
        """Close what is listed once under a key; False when nothing is."""
        return self._connection.execute(_END_LISTED, {"listed_key": key, "why": note}).rowcount > 0

    def was_listed(self, key: str) -> bool:
        """Whether something was ever listed under a key, open or not."""
        listed = select(file_holds.c.id).where(file_holds.c.key == key)
        return self._connection.execute(listed.limit(1)).first() is not None

    def end_hold(self, hold: HoldId, note: str) -> bool:
        """Close a hold, with the reason that was given; False when it was not open."""
        where = (file_holds.c.id == hold) & file_holds.c.open
        return self._connection.execute(update(file_holds).where(where).values(open=False, note=note)).rowcount == 1

    def next_number(self, counter: str) -> int:
        """The next number of a counter, from this transaction; a rolled back one is given again.

        The row is ours until the end of the transaction, so that the last number is written once, by ``flush``.
        """
        if counter in self._numbers:
            self._numbers[counter] += 1
            return self._numbers[counter]
        current = select(counters.c.value).where(counters.c.name == counter).with_for_update()
        value = self._connection.execute(current).scalar()
        if value is None:
            try:
                with self._connection.begin_nested():
                    self._connection.execute(insert(counters).values(name=counter, value=1))
            except IntegrityError:  # another transaction began the counter at the same moment
                value = self._connection.execute(current).scalar() or 0
            else:
                value = 0
        self._numbers[counter] = int(value) + 1
        return self._numbers[counter]

    def flush(self) -> None:
        """Write the counters as they stand; the last thing before a commit."""
        rows = [{"known_name": name, "value": value} for name, value in self._numbers.items()]
        if rows:
            self._connection.execute(_UPDATE_COUNTER, rows)
        self._numbers.clear()

    def opinions_passed(self, partner: PartnerId, mapping: str, fingerprint: str) -> int:
        """How many documents in a row the second opinion passed since mapping, partner and version are these."""
        row = self._connection.execute(_OPINIONS, {"wanted_partner": partner, "wanted_mapping": mapping}).first()
        return row.passed if row is not None and row.fingerprint == fingerprint else 0

    def remember_opinion(self, partner: PartnerId, mapping: str, fingerprint: str, *, passed: bool) -> None:
        """One more passed in a row, or the row begins anew."""
        count = self.opinions_passed(partner, mapping, fingerprint) + 1 if passed else 0
        where = _opinions_of(partner, mapping)
        values = {"fingerprint": fingerprint, "passed": count}
        if self._connection.execute(update(second_opinions).where(where).values(**values)).rowcount == 0:
            self._connection.execute(insert(second_opinions).values(partner=partner, mapping=mapping, **values))

    def observe(self, channel: str, name: str, signature: str, at: datetime) -> tuple[str, datetime]:
        """What a file looked like when it was last seen, and since when it looks as it does now."""
        where = (observations.c.channel == channel) & (observations.c.name == name)
        row = self._connection.execute(select(observations).where(where)).first()
        if row is None:
            values = {"channel": channel, "name": name, "signature": signature, "first_seen": to_text(at)}
            self._connection.execute(insert(observations).values(**values))
            return "", at
        if row.signature == signature:
            return row.signature, to_moment(row.first_seen)
        self._connection.execute(update(observations).where(where).values(signature=signature, first_seen=to_text(at)))
        return row.signature, at


def _opinions_of(partner: PartnerId, mapping: str) -> ColumnElement[bool]:
    return and_(second_opinions.c.partner == partner, second_opinions.c.mapping == mapping)


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        id=ReceiptId(row.id), claim=ClaimId(row.claim), partner=PartnerId(row.partner), file_name=row.file_name,
        sha256=Sha256(row.sha256), size=row.size, received_at=to_moment(row.received_at),
        state=ReceiptState(row.state), summary=row.summary,
    )  # fmt: skip


def _dispatch(row: Row[Any]) -> Dispatch:
    return Dispatch(
        id=DispatchId(row.id), partner=PartnerId(row.partner), document=row.document, number=row.number,
        control_number=row.control_number, file_name=row.file_name, channel=row.channel, content=bytes(row.content),
        created_at=to_moment(row.created_at), state=DispatchState(row.state),
        receipt=ReceiptId(row.receipt) if row.receipt is not None else None, order_number=row.order_number,
        delivered_at=to_moment(row.delivered_at) if row.delivered_at else None, repeats=row.repeats,
        notes=tuple(row.notes.split("\n")) if row.notes else (), documents=row.documents,
    )  # fmt: skip


def _hold(row: Row[Any]) -> FileHold:
    return FileHold(
        id=HoldId(row.id), type=row.type, code=row.code, reason=row.reason, since=to_moment(row.since),
        partner=PartnerId(row.partner), receipt=ReceiptId(row.receipt) if row.receipt is not None else None,
        file_name=row.file_name, reference=row.reference, key=row.key,
    )  # fmt: skip
