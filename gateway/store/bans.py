"""Addresses that failed to log in, and until when they are not heard."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from gateway.exchange.channels import Ban
from gateway.store.moments import maybe_to_moment, to_moment, to_text
from gateway.store.schema import bans
from gateway.store.session import Session
from gateway.store.statements import Prepared

_FIND = Prepared(select(bans).where(bans.c.address == bindparam("wanted")))
_BANNED = Prepared(select(bans).where(bans.c.banned_until > bindparam("now")).order_by(bans.c.address))
_INSERT = Prepared(insert(bans))
_FAIL = Prepared(
    update(bans)
    .where(bans.c.address == bindparam("known"))
    .values(failures=bindparam("count"), last_at=bindparam("moment"))
)
_BAN = Prepared(update(bans).where(bans.c.address == bindparam("known")).values(banned_until=bindparam("until")))
_LIFT = Prepared(delete(bans).where(bans.c.address == bindparam("known")))


class Bans:
    """What one unit of work knows of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, address: str) -> Ban | None:
        """What is known of an address; None when it never failed, or was let in since."""
        row = self._session.first(_FIND, {"wanted": address})
        return _ban(row) if row is not None else None

    def failed(self, address: str, *, at: datetime, since: datetime) -> Ban:
        """One more failure; the count begins anew when the last one was before ``since``."""
        self._session.alone_with(f"ban:{address}")
        known = self.get(address)
        if known is None:
            self._session.run(
                _INSERT, [{"address": address, "failures": 1, "last_at": to_text(at), "banned_until": None}]
            )
            return Ban(address, 1, at)
        count = known.failures + 1 if known.last_at >= since else 1
        self._session.run(_FAIL, [{"known": address, "count": count, "moment": to_text(at)}])
        return Ban(address, count, at, known.banned_until)

    def ban(self, address: str, *, until: datetime) -> bool:
        """Do not hear an address until a moment; False when it never failed."""
        return self._session.run(_BAN, [{"known": address, "until": to_text(until)}]) > 0

    def banned(self, now: datetime) -> list[Ban]:
        """Every address that is not heard at this moment."""
        return [_ban(row) for row in self._session.rows(_BANNED, {"now": to_text(now)})]

    def lift(self, address: str) -> bool:
        """Forget its failures and hear it again; False when there were none."""
        return self._session.run(_LIFT, [{"known": address}]) > 0


def _ban(row: Any) -> Ban:
    return Ban(row.address, row.failures, to_moment(row.last_at), maybe_to_moment(row.banned_until))
