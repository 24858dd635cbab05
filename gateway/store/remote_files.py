"""Files on servers of partners: which were seen as they look, and how far each is taken."""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, literal_column, null, select, update

from gateway.exchange.remote import RemoteFile, RemoteState
from gateway.kernel.ids import ChannelKey, ClaimId, ReceiptId
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import remote_files
from gateway.store.session import Session
from gateway.store.statements import Among, Prepared

_OF_CHANNEL = remote_files.c.channel == bindparam("of")
_NAMED = Prepared(select(remote_files).where(_OF_CHANNEL, Among(remote_files.c.name, "names")))
_OPEN = Prepared(
    select(remote_files)
    .where(_OF_CHANNEL, remote_files.c.state.in_([literal_column("'claimed'"), literal_column("'taken'")]))
    .order_by(remote_files.c.at, remote_files.c.name)
)
_OF_CLAIM = Prepared(select(remote_files).where(remote_files.c.claim == bindparam("wanted")))
_INSERT = Prepared(insert(remote_files))
_BRING_ON = Prepared(
    update(remote_files)
    .where(remote_files.c.claim == bindparam("known"))
    .values(
        state=bindparam("new_state"), at=bindparam("moment"),
        receipt=func.coalesce(bindparam("its_receipt"), remote_files.c.receipt),
    )
)  # fmt: skip
_AGAIN = Prepared(
    update(remote_files)
    .where(
        _OF_CHANNEL, remote_files.c.name == bindparam("called"), remote_files.c.signature == bindparam("looks"),
        remote_files.c.state.in_([literal_column("'done'"), literal_column("'refused'")]),
    )
    .values(claim=bindparam("new_claim"), state=literal_column("'claimed'"), at=bindparam("moment"), receipt=null())
)  # fmt: skip
_LONG_DONE = (
    _OF_CHANNEL, remote_files.c.at < bindparam("moment"),
    remote_files.c.state.in_([literal_column("'done'"), literal_column("'refused'")]),
)  # fmt: skip
_OLD = Prepared(select(remote_files.c.name).where(*_LONG_DONE))
_FORGET = Prepared(delete(remote_files).where(*_LONG_DONE, Among(remote_files.c.name, "names")))


class RemoteFiles:
    """The files on servers of one unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, channel: ChannelKey, names: Iterable[str]) -> Mapping[tuple[str, str], RemoteFile]:
        """What was seen before under these names, by name and signature."""
        rows = self._session.rows(_NAMED, {"of": channel, "names": self._session.listed(names)})
        return {(row.name, row.signature): _file(row) for row in rows}

    def add(self, file: RemoteFile) -> bool:
        """A file that is claimed now, or refused; False when it was seen before as it looks."""
        self._session.alone_with(f"remote:{file.channel}:{file.name}")
        if (file.name, file.signature) in self.known(file.channel, [file.name]):
            return False
        raw = base64.b64encode(file.raw_name).decode("ascii") if file.raw_name is not None else None
        row = {
            "channel": file.channel, "name": file.name, "signature": file.signature, "raw_name": raw,
            "claim": file.claim, "receipt": file.receipt, "state": file.state.value, "size": file.size,
            "at": to_text(file.at),
        }  # fmt: skip
        self._session.run(_INSERT, [row])
        return True

    def again(self, file: RemoteFile) -> bool:
        """Claim a file anew that was done with, or was not taken; False when somebody is at it, or nobody knows it."""
        row = {
            "of": file.channel, "called": file.name, "looks": file.signature, "new_claim": file.claim,
            "moment": to_text(file.at),
        }  # fmt: skip
        return self._session.run(_AGAIN, [row]) > 0

    def open(self, channel: ChannelKey) -> list[RemoteFile]:
        """What is claimed and not taken, or taken and still to be removed or moved there; the oldest first."""
        return [_file(row) for row in self._session.rows(_OPEN, {"of": channel})]

    def of_claim(self, claim: ClaimId) -> RemoteFile | None:
        """The file of a claim."""
        row = self._session.first(_OF_CLAIM, {"wanted": claim})
        return _file(row) if row is not None else None

    def old(self, channel: ChannelKey, *, before: datetime) -> list[str]:
        """The names of files that were done with, or were not taken, before a moment."""
        rows = self._session.rows(_OLD, {"of": channel, "moment": to_text(before)})
        return [row.name for row in rows]

    def forget(self, channel: ChannelKey, names: Iterable[str], *, before: datetime) -> int:
        """Forget those of some names; what was done with later, or is still to be done with, stays. How many."""
        wanted = list(names)
        if not wanted:
            return 0
        row = {"of": channel, "moment": to_text(before), "names": self._session.listed(wanted)}
        return self._session.run(_FORGET, [row])

    def bring_on(
        self, claim: ClaimId, state: RemoteState, *, at: datetime, receipt: ReceiptId | None = None
    ) -> bool:  # fmt: skip
        """Note how far the file of a claim got; a receipt that is known stays. False for a claim that nobody knows."""
        row = {"known": claim, "new_state": state.value, "moment": to_text(at), "its_receipt": receipt}
        return self._session.run(_BRING_ON, [row]) > 0


def _file(row: Any) -> RemoteFile:
    return RemoteFile(
        channel=ChannelKey(row.channel), name=row.name, signature=row.signature, size=row.size, at=to_moment(row.at),
        state=RemoteState(row.state), claim=ClaimId(row.claim) if row.claim is not None else None,
        receipt=ReceiptId(row.receipt) if row.receipt is not None else None,
        raw_name=base64.b64decode(row.raw_name) if row.raw_name is not None else None,
    )  # fmt: skip
