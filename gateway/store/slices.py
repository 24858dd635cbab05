"""The slices of large files: which wait, what each holds, and when the last one of a file was taken."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, select, update

from gateway.exchange.slices import Counts, Slice, SlicedFile, SlicePart
from gateway.kernel.ids import PartnerId, ReceiptId
from gateway.store.schema import receipts, sliced_files, slices
from gateway.store.session import Session

_WAITING = (
    select(slices.c.receipt, slices.c.number, receipts.c.partner)
    .join(receipts, receipts.c.id == slices.c.receipt)
    .where(slices.c.waits)
    .order_by(receipts.c.received_at, slices.c.receipt, slices.c.number)
)
_OWN = and_(slices.c.receipt == bindparam("wanted_receipt"), slices.c.number == bindparam("wanted_number"))
_SLICE = select(slices).where(_OWN)
_TAKE = update(slices).where(_OWN, slices.c.waits)
_FILE = select(sliced_files).where(sliced_files.c.receipt == bindparam("wanted_receipt"))
_ONE_LESS = (
    update(sliced_files)
    .where(sliced_files.c.receipt == bindparam("wanted_receipt"))
    .values(open=sliced_files.c.open - 1)
)


class Slices:
    """The slices of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, file: SlicedFile, parts: Sequence[Slice]) -> None:
        """A file that was judged, with all its slices."""
        self._session.execute(
            insert(sliced_files).values(
                receipt=file.receipt, total=file.total, open=file.total, counts=json.dumps(file.counts), tail=file.tail,
            )
        )  # fmt: skip
        rows = [
            {"receipt": each.receipt, "number": each.number, "waits": True, "body": _body(each), "counts": ""}
            for each in parts
        ]
        self._session.execute(insert(slices), rows)

    def waiting(self) -> list[tuple[str, PartnerId]]:
        """The slices that are to be taken, in order, and whose they are."""
        rows = self._session.execute(_WAITING)
        return [(f"{row.receipt}-{row.number}", PartnerId(row.partner)) for row in rows]

    def get(self, slice_id: str) -> Slice | None:
        """A slice that waits; None when it was taken or there is none of that name."""
        receipt, _, number = slice_id.rpartition("-")
        if not number.isdigit():
            return None
        own = {"wanted_receipt": receipt, "wanted_number": int(number)}
        row = self._session.execute(_SLICE.where(slices.c.waits), own).first()
        return _slice(row) if row is not None else None

    def take(self, one: Slice, counts: Counts) -> bool:
        """Note that a slice was taken and what it counted; False when somebody else did."""
        own = {"wanted_receipt": one.receipt, "wanted_number": one.number}
        done = self._session.execute(_TAKE.values(waits=False, counts=json.dumps(counts)), own)
        return done.rowcount == 1

    def left(self, receipt: ReceiptId) -> int:
        """How many slices of a file wait still, now that one more was taken; its row is ours until the commit."""
        own = {"wanted_receipt": receipt}
        self._session.execute(_ONE_LESS, own)
        row = self._session.execute(_FILE, own).one()
        return int(row.open)

    def file(self, receipt: ReceiptId) -> SlicedFile | None:
        """What is known of a file whose slices are taken."""
        row = self._session.execute(_FILE, {"wanted_receipt": receipt}).first()
        if row is None:
            return None
        return SlicedFile(ReceiptId(row.receipt), row.total, _counts(row.counts), row.tail)

    def counted(self, receipt: ReceiptId) -> list[Counts]:
        """What the slices of a file counted, in their order."""
        query = select(slices.c.counts).where(slices.c.receipt == receipt, ~slices.c.waits).order_by(slices.c.number)
        return [_counts(each) for each in self._session.execute(query).scalars()]


def _body(one: Slice) -> str:
    parts = [astuple(each) for each in one.parts]
    return json.dumps([one.start, one.end, one.digest, one.before, parts], separators=(",", ":"))


def _slice(row: Row[Any]) -> Slice:
    start, end, digest, before, parts = json.loads(row.body)
    return Slice(ReceiptId(row.receipt), row.number, start, end, digest, before, tuple(_part(each) for each in parts))


def _part(said: list[Any]) -> SlicePart:
    header, (element, component, repetition, terminator), line_end, group, starts, end = said
    separators = (element, component, repetition, terminator)
    return SlicePart(tuple(header), separators, line_end, tuple(group), tuple(starts), end)


def _counts(text: str) -> Counts:
    return {kind: (at, count) for kind, (at, count) in json.loads(text or "{}").items()}
