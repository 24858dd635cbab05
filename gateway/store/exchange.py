"""Receipts, dispatches, file holds and control numbers: did each file get through exactly once?"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, exists, func, insert, literal, select, update

from gateway.exchange.answers import Answer, Refused
from gateway.exchange.dispatch import ENDED, Dispatch, DispatchState, Leaving
from gateway.exchange.receipt import Receipt, ReceiptState, ReceivedControlNumber
from gateway.exchange.units import Owed
from gateway.kernel.ids import BatchId, ChannelKey, ClaimId, DispatchId, PartnerId, ReceiptId, Sha256
from gateway.store import answers, batches, dispatched, refused
from gateway.store.file_holds import FileHolds
from gateway.store.moments import maybe_to_moment, maybe_to_text, to_moment, to_text
from gateway.store.schema import (
    UNREAD,
    dispatches,
    file_holds,
    receipts,
    received_control_numbers,
)
from gateway.store.session import Session
from gateway.store.statements import Prepared
from gateway.store.watched import Watched

MOST_BROUGHT = 400
"""So long is the list of the documents that a file brought, at most."""
_TAKEN = (ReceiptState.PROCESSED.value, ReceiptState.SLICED.value)
_IN_A_GAP = (receipts.c.state == ReceiptState.HELD.value) & exists().where(
    file_holds.c.key == literal("F-GAP:") + receipts.c.claim, file_holds.c.open
)
_INSERT_DISPATCH = Prepared(insert(dispatches))
_DISPATCH = Prepared(select(dispatches).where(dispatches.c.id == bindparam("wanted")))
_MARK = Prepared(
    update(dispatches)
    .where(dispatches.c.id == bindparam("known_id"))
    .values(
        state=bindparam("new_state"), delivered_at=func.coalesce(bindparam("moment"), dispatches.c.delivered_at)
    )
)  # fmt: skip
_GIVE_UP = Prepared(
    update(dispatches).where(dispatches.c.id == bindparam("known_id")).values(given_up_at=bindparam("moment"))
)


class Exchange(FileHolds, Watched):
    """The exchange of one unit of work."""

    def __init__(self, session: Session, owed: dict[Owed, None]) -> None:
        FileHolds.__init__(self, session)
        Watched.__init__(self, session)
        self._owed = owed
        self._leaving: dict[str, BatchId] = {}
        session.keeps(forget=self._leaving.clear)

    def add_receipt(self, receipt: Receipt) -> bool:
        """A new receipt; False when its claim is known already."""
        self._session.alone_with(f"claim:{receipt.claim}")
        known = select(receipts.c.id).where(receipts.c.claim == receipt.claim)
        if self._session.execute(known).first() is not None:
            return False
        self._session.execute(
            insert(receipts).values(
                id=receipt.id, claim=receipt.claim, partner=receipt.partner, file_name=receipt.file_name,
                sha256=receipt.sha256, size=receipt.size, received_at=to_text(receipt.received_at),
                state=receipt.state.value, summary=receipt.summary, batch=receipt.batch or receipt.id, channel=receipt.channel,
                documents=" ".join(receipt.documents), content_removed_at=None,
            )
        )  # fmt: skip
        self._session.told.append(_told(receipt))
        if receipt.state is ReceiptState.RECEIVED:
            self._owe("in", receipt.batch or BatchId(receipt.id), receipt.partner)
        return True

    def receipt(self, receipt: ReceiptId) -> Receipt | None:
        """A receipt by its id."""
        row = self._session.execute(select(receipts).where(receipts.c.id == receipt).with_for_update()).first()
        return receipt_of(row) if row is not None else None

    def receipts(
        self, *, state: ReceiptState | None = None, partner: PartnerId | None = None, batch: BatchId | None = None
    ) -> list[Receipt]:
        """Receipts, oldest first."""
        query = select(receipts).order_by(receipts.c.received_at, receipts.c.file_name, receipts.c.id)
        if state is not None:
            query = query.where(UNREAD if state is ReceiptState.RECEIVED else receipts.c.state == state.value)
        if partner is not None:
            query = query.where(receipts.c.partner == partner)
        if batch is not None:
            query = query.where(receipts.c.batch == batch)
        return [receipt_of(row) for row in self._session.execute(query)]

    def settle(
        self, receipt: ReceiptId, state: ReceiptState, summary: str, *, was: ReceiptState = ReceiptState.RECEIVED,
        documents: Iterable[str] | None = None,
    ) -> bool:  # fmt: skip
        """Bring a receipt on to its end; False when it is not any more what it ``was``. ``documents``: what it brought."""
        where = (receipts.c.id == receipt) & (receipts.c.state == was.value)
        brought = {"documents": " ".join(documents)[:MOST_BROUGHT]} if documents is not None else {}
        done = self._session.execute(
            update(receipts).where(where).values(state=state.value, summary=summary, **brought)
        )
        return done.rowcount == 1

    def reopen(self, receipt: ReceiptId) -> bool:
        """Let a held receipt be interpreted again, in a new batch; False when it was not held as a whole."""
        batch = batches.new_batch()
        where = (receipts.c.id == receipt) & (receipts.c.state == ReceiptState.HELD.value)
        again = {"state": ReceiptState.RECEIVED.value, "summary": "", "batch": batch}
        done = self._session.execute(update(receipts).where(where).values(**again).returning(receipts.c.partner))
        partner = done.scalar()
        if partner is None:
            return False
        self._owe("in", batch, PartnerId(partner))
        return True

    def alone(self, batch: BatchId) -> list[BatchId]:
        """Give each receipt of a batch that waits a batch of its own; the new ones, none where there was only one."""
        return self._owed_apart(batches.receipts_apart(self._session, batch))

    def earlier_receipt(self, receipt: Receipt) -> Receipt | None:
        """The first file with the same bytes from the same partner that was processed, or is being taken in slices.

        One that was taken before the database was brought back counts as long as nobody decided on it.
        """
        self._session.alone_with(f"bytes:{receipt.partner}:{receipt.sha256}")
        query = (
            select(receipts)
            .where(
                receipts.c.partner == receipt.partner, receipts.c.sha256 == receipt.sha256, receipts.c.id != receipt.id,
                receipts.c.state.in_(_TAKEN) | _IN_A_GAP,
            )
            .order_by(receipts.c.received_at)
            .limit(1)
        )  # fmt: skip
        row = self._session.execute(query).first()
        return receipt_of(row) if row is not None else None

    def remember_control_number(self, seen: ReceivedControlNumber) -> None:
        """Note an interchange control number as used."""
        values = {
            name: getattr(seen, name)
            for name in ("partner", "sender", "receiver", "control_number", "sha256", "receipt")
        }
        self._session.execute(insert(received_control_numbers).values(**values, received_at=to_text(seen.received_at)))

    def control_number_seen(
        self, partner: PartnerId, sender: str, receiver: str, control_number: str, *, since: datetime
    ) -> ReceivedControlNumber | None:
        """The first use of a control number since a moment."""
        self._session.alone_with(f"interchange:{partner}:{sender}:{receiver}:{control_number}")
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
        row = self._session.execute(query).first()
        if row is None:
            return None
        return ReceivedControlNumber(
            partner=PartnerId(row.partner), sender=row.sender, receiver=row.receiver, control_number=row.control_number,
            sha256=Sha256(row.sha256), receipt=ReceiptId(row.receipt), received_at=to_moment(row.received_at),
        )  # fmt: skip

    def add_dispatch(self, dispatch: Dispatch) -> None:
        """A file that leaves, with its bytes."""
        self._session.add(
            _INSERT_DISPATCH,
            {
                "id": dispatch.id, "sequence": self._session.numbers.next_row(dispatches.c.sequence), "partner": dispatch.partner, "document": dispatch.document,
                "number": dispatch.number, "control_number": dispatch.control_number, "file_name": dispatch.file_name,
                "channel": dispatch.channel, "content": dispatch.content, "created_at": to_text(dispatch.created_at),
                "state": dispatch.state.value, "receipt": dispatch.receipt, "order_number": dispatch.order_number,
                "delivered_at": to_text(dispatch.delivered_at) if dispatch.delivered_at else None, "repeats": dispatch.repeats,
                "notes": "\n".join(dispatch.notes) or None, "batch": dispatch.batch or self._batch_to(dispatch.partner),
                "documents": dispatch.documents, "answer_state": dispatch.answer_state, "resends": dispatch.resends,
                "answer_due": maybe_to_text(dispatch.answer_due),
                "given_up_at": None, "content_removed_at": None,
            },
        )  # fmt: skip

    def dispatch(self, dispatch: DispatchId) -> Dispatch | None:
        """A dispatch by its id."""
        self._session.flush()
        row = self._session.first(_DISPATCH, {"wanted": dispatch})
        return dispatched.dispatch(row) if row is not None else None

    def open_dispatches(self, batch: BatchId | None = None) -> list[DispatchId]:
        """What is not delivered, of one batch or at all, in the order it was owed."""
        return batches.open_dispatches(self._session, batch)

    def open_batches(
        self, channels: Collection[str] = batches.NOTHING, files: Collection[str] = batches.NOTHING
    ) -> list[tuple[BatchId, PartnerId]]:
        """The batches of which something is to leave, in the order they were owed, besides what waits with its channel or alone."""
        return batches.leaving(self._session, channels, files)

    def leaving(
        self, *, batch: BatchId | None = None, channel: ChannelKey | None = None, until: int | None = None
    ) -> list[Leaving]:  # fmt: skip
        """What is not delivered of one batch, or through one channel up to a place, in the order it was owed."""
        if batch is not None:
            return batches.files_of(self._session, batch)
        return batches.files_through(self._session, channel, until) if channel is not None else []

    def leave_alone(self, batch: BatchId) -> list[BatchId]:
        """Give each dispatch of a batch that waits a batch of its own; the new ones, none where there was only one."""
        return self._owed_apart(batches.dispatches_apart(self._session, batch))

    def _owed_apart(self, owed: Iterable[Owed]) -> list[BatchId]:
        made = list(owed)
        self._owed.update(dict.fromkeys(made))
        return [BatchId(each.key) for each in made]

    def dispatches(
        self, *, order_number: str | None = None, receipt: ReceiptId | None = None, partner: PartnerId | None = None,
    ) -> list[Dispatch]:  # fmt: skip
        """Dispatches in the order they were owed; of documents that left together each one that fits."""
        return dispatched.of(self._session, order_number=order_number, receipt=receipt, partner=partner)

    def sent(
        self, partner: PartnerId, *, control_number: str | None = None, number: str | None = None
    ) -> list[Dispatch]:
        """What left for a partner under a control number, or about a business number, as ``dispatches`` gives it."""
        if control_number is None:
            return dispatched.of(self._session, partner=partner, number=number)
        found = dispatched.numbered(self._session, partner, control_number)
        return [each for each in found if number in (None, each.number)]

    def add_answer(self, answer: Answer) -> None:
        """What a partner said about a dispatch."""
        answers.add(self._session, answer)

    def answers(self, dispatch: DispatchId | None = None) -> list[Answer]:
        """What was said about a dispatch, or about all, in the order it came."""
        return answers.find(self._session, dispatch)

    def refused(self) -> list[Refused]:
        """The documents of ours that a partner did not take, and no other left in their place."""
        return refused.found(self._session)

    def mark(self, dispatches: Sequence[DispatchId], state: DispatchState, *, at: datetime | None = None) -> None:
        """Note how far dispatches got."""
        moment = to_text(at) if state is DispatchState.DELIVERED and at is not None else None
        rows = [{"known_id": each, "new_state": state.value, "moment": moment} for each in dispatches]
        if rows:
            self._session.flush()
            self._session.run(_MARK, rows)
        if moment is not None:
            self._session.told.append({"at": moment, "left": list(dispatches)})
        if rows and state is DispatchState.GIVEN_UP and at is not None:
            self._session.run(_GIVE_UP, [{"known_id": each, "moment": to_text(at)} for each in dispatches])

    def repeat(self, dispatch: DispatchId) -> None:
        """Let a delivered dispatch leave again: the same bytes under the same name; not where they were removed since."""
        where = (
            (dispatches.c.id == dispatch) & (dispatches.c.state == DispatchState.DELIVERED.value)
            & dispatches.c.content_removed_at.is_(None)
        )  # fmt: skip
        partner = self._session.execute(select(dispatches.c.partner).where(where).with_for_update()).scalar()
        if partner is None:
            return
        again = {"state": DispatchState.READY.value, "repeats": dispatches.c.repeats + 1}
        batch = self._batch_to(PartnerId(partner))
        self._session.execute(update(dispatches).where(where).values(**again, batch=batch))

    def send_again(self, dispatch: DispatchId) -> bool:
        """Let a file leave that was given up, held or cancelled, in a batch of this transaction; False when it is none."""
        where = (dispatches.c.id == dispatch) & dispatches.c.state.in_([each.value for each in ENDED])
        partner = self._session.execute(select(dispatches.c.partner).where(where).with_for_update()).scalar()
        if partner is None:
            return False
        again = {"state": DispatchState.READY.value, "given_up_at": None, "batch": self._batch_to(PartnerId(partner))}
        self._session.execute(update(dispatches).where(where).values(**again))
        return True

    def still_open(self, files: Collection[DispatchId]) -> set[DispatchId]:
        """Those of these files that are still to leave; nobody ends them until the end of the transaction."""
        return batches.still_open(self._session, files)

    def cancel(self, dispatch: DispatchId, *, staged: bool = False) -> bool:
        """Keep a file from leaving; False when it is at its channel already, or left. ``staged``: one that is at its channel."""
        unsent = [DispatchState.READY.value, *(each.value for each in ENDED)]
        unsent = [DispatchState.STAGED.value] if staged else unsent
        where = (dispatches.c.id == dispatch) & dispatches.c.state.in_(unsent)
        ended = {"state": DispatchState.CANCELLED.value, "answer_due": None}
        return self._session.execute(update(dispatches).where(where).values(**ended)).rowcount == 1

    def await_nothing(self, dispatch: DispatchId) -> None:
        """Nobody waits any more for the answer to a file: another one left in its place."""
        awaited = dispatches.c.answer_state.in_(["expected", "overdue"])
        nothing = {"answer_due": None, "answer_state": case((awaited, ""), else_=dispatches.c.answer_state)}
        self._session.execute(update(dispatches).where(dispatches.c.id == dispatch).values(**nothing))

    def files_out(
        self, *, partner: PartnerId | None = None, document: str = "", states: Sequence[DispatchState] = (),
        named: str = "", resends: DispatchId | None = None, last: int | None = None,
    ) -> list[Dispatch]:  # fmt: skip
        """Files that left or are to leave, each as a whole, the oldest first; with ``last`` so many of the newest."""
        return dispatched.files(
            self._session, partner=partner, document=document, states=states, named=named, resends=resends, last=last
        )

    def _batch_to(self, partner: PartnerId) -> BatchId:
        """What this transaction owes one partner is delivered together."""
        if partner not in self._leaving:
            self._leaving[partner] = batches.new_batch()
            self._owe("out", self._leaving[partner], partner)
        return self._leaving[partner]

    def _owe(self, kind: str, batch: BatchId, partner: PartnerId) -> None:
        self._owed[Owed(kind, batch, partner)] = None

    def next_number(self, counter: str) -> int:
        """The next number of a counter, never given twice."""
        return self._session.numbers.next(counter)


def _told(receipt: Receipt) -> dict[str, object]:
    """What is noted of it beside the database."""
    return {
        "at": to_text(receipt.received_at), "claim": receipt.claim, "id": receipt.id, "partner": receipt.partner,
        "file": receipt.file_name, "sha256": receipt.sha256, "size": receipt.size, "state": receipt.state.value,
        "channel": receipt.channel,
    }  # fmt: skip


def receipt_of(row: Row[Any]) -> Receipt:
    """A row as what it is."""
    return Receipt(
        id=ReceiptId(row.id), claim=ClaimId(row.claim), partner=PartnerId(row.partner), file_name=row.file_name,
        sha256=Sha256(row.sha256), size=row.size, received_at=to_moment(row.received_at),
        state=ReceiptState(row.state), summary=row.summary, batch=BatchId(row.batch),
        channel=ChannelKey(row.channel), documents=tuple(row.documents.split()),
        content_removed_at=maybe_to_moment(row.content_removed_at),
    )  # fmt: skip
