"""How each channel is, over many units of work: well, failing, or stopped until somebody acts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, literal_column, select, update

from gateway.exchange.channels import Channel, ChannelHealth, ChannelState, Direction
from gateway.kernel.ids import ChannelKey, PartnerId
from gateway.store.moments import maybe_to_moment, maybe_to_text, to_text
from gateway.store.schema import channel_states
from gateway.store.session import Session
from gateway.store.statements import Prepared

PRECISION = timedelta(minutes=1)
"""How exactly it is kept when a channel was well: what goes well all the time need not be written each time."""
_KEPT = ("state", "failures", "since", "retry_at", "next_poll", "last_ok", "code", "reason")
_FIND = Prepared(select(channel_states).where(channel_states.c.key == bindparam("wanted")))
_LISTED = Prepared(select(channel_states).order_by(channel_states.c.key))
_UNWELL = Prepared(
    select(channel_states).where(channel_states.c.state != literal_column("'ok'")).order_by(channel_states.c.key)
)
_INSERT = Prepared(insert(channel_states))
_UPDATE = Prepared(
    update(channel_states)
    .where(channel_states.c.key == bindparam("known"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
)


class Channels:
    """The channels of one unit of work; a channel that was never used is well."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def state(self, channel: Channel) -> ChannelState:
        """How a channel is."""
        row = self._session.first(_FIND, {"wanted": channel.key})
        return _state(row) if row is not None else ChannelState(channel)

    def listed(self, partner: PartnerId | None = None) -> list[ChannelState]:
        """Every channel that was used, by its key; those of one partner, or all."""
        found = (_state(row) for row in self._session.rows(_LISTED, {}))
        return [each for each in found if partner in (None, each.channel.partner)]

    def waiting(self, now: datetime) -> list[ChannelState]:
        """The channels that are not to be tried at this moment: stopped ones, and those whose next try is later."""
        return [each for each in self.unwell() if each.waits(now)]

    def unwell(self) -> list[ChannelState]:
        """The channels that failed when they were last used, and those that are stopped."""
        return [_state(row) for row in self._session.rows(_UNWELL, {})]

    def failed(
        self, channel: Channel, code: str, reason: str, *, at: datetime, retry_at: datetime | None
    ) -> ChannelState:
        """One more failure in a row; the channel as it is now."""
        before = self._locked(channel)
        own = {"state": ChannelHealth.FAILING.value, "failures": before.failures + 1, "code": code, "reason": reason}
        moments = {"since": to_text(before.since or at), "retry_at": maybe_to_text(retry_at)}
        return self._put(before, {**own, **moments})

    def stop(self, channel: Channel, code: str, reason: str, *, at: datetime) -> ChannelState:
        """It is not tried again until somebody lets it; the channel as it is now."""
        before = self._locked(channel)
        own = {"state": ChannelHealth.STOPPED.value, "failures": before.failures + 1, "code": code, "reason": reason}
        return self._put(before, {**own, "since": to_text(before.since or at), "retry_at": None})

    def ok(self, channel: Channel, *, at: datetime) -> bool:
        """It was used well; True when it was not well before. ``last_ok`` is kept to the minute."""
        before = self.state(channel)
        recent = before.last_ok is not None and before.last_ok <= at < before.last_ok + PRECISION
        if before.health is ChannelHealth.OK and recent:
            return False
        before = self._locked(channel)
        own = {"state": ChannelHealth.OK.value, "failures": 0, "since": None, "code": "", "reason": ""}
        self._put(before, {**own, "retry_at": None, "last_ok": to_text(at)})
        return before.health is not ChannelHealth.OK

    def polled(self, channel: Channel, *, next_poll: datetime) -> None:
        """When somebody is to look there again."""
        self._put(self._locked(channel), {"next_poll": to_text(next_poll)})

    def let(self, key: ChannelKey) -> bool:
        """Try a channel again at once, even a stopped one; its failures count on. False when it did not wait."""
        self._session.alone_with(f"channel:{key}")
        row = self._session.first(_FIND, {"wanted": key})
        if row is None or row.state == ChannelHealth.OK.value:
            return False
        self._put(_state(row), {"state": ChannelHealth.FAILING.value, "retry_at": None})
        return True

    def _locked(self, channel: Channel) -> ChannelState:
        """How a channel is; nobody else writes it until the end of the transaction."""
        self._session.alone_with(f"channel:{channel.key}")
        return self.state(channel)

    def _put(self, before: ChannelState, new: Mapping[str, Any]) -> ChannelState:
        channel, known = before.channel, _values(before)
        values = {**known, **new}
        if self._session.first(_FIND, {"wanted": channel.key}) is None:
            names = {
                "key": channel.key,
                "partner": channel.partner,
                "direction": channel.direction.value,
                "kind": channel.kind,
            }
            self._session.run(_INSERT, [{**names, **values}])
        else:
            row = {"known": channel.key, **{f"new_{name}": values[name] for name in _KEPT}}
            self._session.run(_UPDATE, [row])
        return self.state(channel)


def _values(state: ChannelState) -> dict[str, Any]:
    return {
        "state": state.health.value, "failures": state.failures, "since": maybe_to_text(state.since),
        "retry_at": maybe_to_text(state.retry_at), "next_poll": maybe_to_text(state.next_poll),
        "last_ok": maybe_to_text(state.last_ok), "code": state.code, "reason": state.reason,
    }  # fmt: skip


def _state(row: Any) -> ChannelState:
    return ChannelState(
        channel=Channel(ChannelKey(row.key), PartnerId(row.partner), Direction(row.direction), row.kind),
        health=ChannelHealth(row.state), failures=row.failures, since=maybe_to_moment(row.since),
        retry_at=maybe_to_moment(row.retry_at), next_poll=maybe_to_moment(row.next_poll),
        last_ok=maybe_to_moment(row.last_ok), code=row.code, reason=row.reason,
    )  # fmt: skip
