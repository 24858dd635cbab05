"""How the channels that are asked for files are: when each is asked next, what became of a poll, and who is told."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zlib import crc32

import structlog

from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.channels import Channel, ChannelHealth, ChannelState
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ChannelStoppedError, TransportError
from gateway.kernel.ids import AlertId, ChannelKey

log = structlog.get_logger()
DOWN, HOST_KEY = "T-CHANNEL", "S-HOST-KEY"
LONGEST_WAIT = timedelta(hours=1)
"""A channel that fails is asked again after this at the latest, or as seldom as one that is well."""
TOLD_AFTER, TOLD_WITHIN = 3, timedelta(minutes=15)
"""A channel that failed so often in a row, or for so long, is told of."""
_MOST_DOUBLED = 16
_WHO = "gateway"


def went_well(bench: Workbench, channel: Channel, every: timedelta, at: datetime) -> None:
    """Note that a channel was asked, and when it is asked next."""
    with bench.store.unit() as work:
        if work.channels.ok(channel, at=at):
            work.alerts.close(alert_key(channel.key), "The channel works again.", bench.clock())
        work.channels.polled(channel, next_poll=at + every + _jitter(channel, at, every / 10))
        work.commit()


def failed(bench: Workbench, channel: Channel, every: timedelta, error: TransportError, at: datetime) -> None:
    """Note that it could not be asked and when it is tried again; tell somebody when that does not help, or lasts."""
    code, stopped = error.code or DOWN, isinstance(error, ChannelStoppedError)
    log.warning("channel.failed", channel=channel.key, partner=channel.partner, code=code, error=error.sentence)
    with bench.store.unit() as work:
        if stopped:
            state = work.channels.stop(channel, code, error.sentence, at=at)
        else:
            again = at + _wait(channel, every, work.channels.state(channel).failures, at)
            state = work.channels.failed(channel, code, error.sentence, at=at, retry_at=again)
            work.channels.polled(channel, next_poll=again)
        if stopped or state.failures >= TOLD_AFTER or _lasts(state, at):
            work.alerts.open(_alert(bench, channel, error, code))
        if code == HOST_KEY:
            detail = {"reason": error.sentence}
            work.audit.note(_WHO, "channel.host_key", channel.key, at=at, partner=channel.partner, detail=detail)
        work.commit()


def due(states: Iterable[tuple[ChannelState, timedelta]], now: datetime) -> Iterator[tuple[ChannelState, datetime]]:
    """The channels that are to be asked, of those with how often each is, with the moment it was due: the same for all.

    A moment that lies further ahead than any wait was written while the clock was wrong.
    """
    for state, every in states:
        if state.health is ChannelHealth.STOPPED:
            continue
        moment = state.next_poll
        if moment is None or moment > now + 2 * max(every, LONGEST_WAIT):
            yield state, now.replace(second=0, microsecond=0)
        elif moment <= now:
            yield state, moment


def alert_key(channel: ChannelKey) -> str:
    """The key of the alert of a channel that cannot be used."""
    return f"channel:{channel}"


def _lasts(state: ChannelState, at: datetime) -> bool:
    return state.since is not None and at - state.since >= TOLD_WITHIN


def _alert(bench: Workbench, channel: Channel, error: TransportError, code: str) -> Alert:
    return Alert(
        id=AlertId(f"A-{bench.new_id()[:8]}"), key=alert_key(channel.key), kind="channel",
        severity=Severity.CRITICAL if code == HOST_KEY else Severity.ERROR, reason=error.sentence,
        opened_at=bench.clock(), code=code, partner=channel.partner, reference=channel.key, cause=code,
    )  # fmt: skip


def _wait(channel: Channel, every: timedelta, failures: int, at: datetime) -> timedelta:
    """Twice as long after each failure, and not all at the same moment."""
    wait = min(every * (1 << min(failures, _MOST_DOUBLED)), max(every, LONGEST_WAIT))
    return wait + _jitter(channel, at, wait / 4)


def _jitter(channel: Channel, at: datetime, most: timedelta) -> timedelta:
    """A part of ``most`` that differs between channels and moments, and is the same for whoever asks for this one."""
    return most * (crc32(f"{channel.key}@{at.isoformat()}".encode()) % 1000) / 1000
