"""Batches: files that are interpreted together, and files that leave together; each can be taken apart."""

import uuid
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import bindparam, not_, select, update

from gateway.exchange.dispatch import Leaving
from gateway.exchange.receipt import ReceiptState
from gateway.exchange.units import Owed
from gateway.kernel.ids import BatchId, ChannelKey, DispatchId, PartnerId
from gateway.store.moments import to_moment
from gateway.store.schema import UNDELIVERED, dispatches, receipts
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

NOTHING: Collection[str] = frozenset()
_OPEN_BATCHES = Prepared(
    select(dispatches.c.batch, dispatches.c.partner, dispatches.c.id)
    .where(UNDELIVERED, not_(Among(dispatches.c.channel, "besides")))
    .order_by(dispatches.c.sequence)
)  # grouped here, the database would walk through every batch there ever was
_REBATCH_RECEIPT = update(receipts).where(receipts.c.id == bindparam("known_id")).values(batch=bindparam("new"))
_REBATCH_DISPATCH = update(dispatches).where(dispatches.c.id == bindparam("known_id")).values(batch=bindparam("new"))


def new_batch() -> BatchId:
    """A name that no batch has or had."""
    return BatchId(uuid.uuid4().hex)


def leaving(
    session: Session, channels: Collection[str] = NOTHING, files: Collection[str] = NOTHING
) -> list[tuple[BatchId, PartnerId]]:
    """The batches of which something is not delivered, and to whom, in the order they were owed.

    What waits by itself, or because its channel does, is not among it.
    """
    session.write()
    rows = session.rows(_OPEN_BATCHES, {"besides": session.listed(channels)})
    return list(dict.fromkeys((BatchId(row.batch), PartnerId(row.partner)) for row in rows if row.id not in files))


def files_of(session: Session, batch: BatchId) -> list[Leaving]:
    """What is not delivered of one batch, in the order it was owed."""
    session.write()
    return [_leaving(row) for row in session.rows(_FILES_OF, {"wanted": batch})]


def files_through(session: Session, channel: ChannelKey, until: int | None = None) -> list[Leaving]:
    """What is to leave through one channel, in the order it was owed; all, or up to a place in that order."""
    session.write()
    last = _EVER if until is None else until
    return [_leaving(row) for row in session.rows(_FILES_THROUGH, {"wanted": channel, "until": last})]


def still_open(session: Session, files: Collection[DispatchId]) -> set[DispatchId]:
    """Those of these files that are still to leave; nobody ends them until the end of the transaction."""
    session.write()
    return {DispatchId(row.id) for row in session.rows(_STILL_OPEN, {"wanted": session.listed(files)})}


def _leaving(row: Any) -> Leaving:
    return Leaving(
        DispatchId(row.id),
        BatchId(row.batch),
        PartnerId(row.partner),
        ChannelKey(row.channel),
        to_moment(row.created_at),
        row.sequence,
    )


def receipts_apart(session: Session, batch: BatchId) -> Iterator[Owed]:
    """Give each receipt of a batch that waits a batch of its own; none where there was only one."""
    waiting = (
        select(receipts.c.id, receipts.c.partner)
        .where(receipts.c.batch == batch, receipts.c.state == ReceiptState.RECEIVED.value)
        .order_by(receipts.c.received_at, receipts.c.file_name, receipts.c.id)
    )
    made = [(row, new_batch()) for row in session.execute(waiting)]
    if len(made) > 1:
        session.execute(_REBATCH_RECEIPT, [{"known_id": row.id, "new": new} for row, new in made])
        yield from (Owed("in", new, PartnerId(row.partner)) for row, new in made)


def dispatches_apart(session: Session, batch: BatchId) -> Iterator[Owed]:
    """The same of what leaves."""
    waiting = (
        select(dispatches.c.id, dispatches.c.partner)
        .where(UNDELIVERED, dispatches.c.batch == batch)
        .order_by(dispatches.c.sequence)
    )
    made = [(row, new_batch()) for row in session.execute(waiting)]
    if len(made) > 1:
        session.execute(_REBATCH_DISPATCH, [{"known_id": row.id, "new": new} for row, new in made])
        yield from (Owed("out", new, PartnerId(row.partner)) for row, new in made)


def open_dispatches(session: Session, batch: BatchId | None = None) -> list[DispatchId]:
    """What is not delivered, of one batch or at all, in the order it was owed."""
    query = _OPEN_DISPATCHES if batch is None else _OPEN_DISPATCHES.where(dispatches.c.batch == batch)
    return [DispatchId(each) for each in session.execute(query).scalars()]


_OPEN_DISPATCHES = select(dispatches.c.id).where(UNDELIVERED).order_by(dispatches.c.sequence)
_OPEN_FILES = (
    select(*(dispatches.c[name] for name in ("id", "batch", "partner", "channel", "created_at", "sequence")))
    .where(UNDELIVERED)
    .order_by(dispatches.c.sequence)
)
_FILES_OF = Prepared(_OPEN_FILES.where(dispatches.c.batch == bindparam("wanted")))
_EVER = 2**63 - 1
_FILES_THROUGH = Prepared(
    _OPEN_FILES.where(dispatches.c.channel == bindparam("wanted"), dispatches.c.sequence <= bindparam("until"))
)
_STILL_OPEN = Prepared(
    select(dispatches.c.id)
    .where(Among(dispatches.c.id, "wanted"), UNDELIVERED)
    .order_by(dispatches.c.id)
    .with_for_update()
)
