"""When each channel that is asked for files is asked next, and what became of a poll."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zlib import crc32

import structlog

from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.backoff import Backoff
from gateway.exchange.channels import Channel, ChannelHealth, ChannelState
from gateway.flows import channel_health
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import DiskError, TransportError
from gateway.kernel.ids import AlertId

log = structlog.get_logger()
DOWN, HOST_KEY, FULL = channel_health.CODE, "S-HOST-KEY", "T-DISK"
LONGEST_WAIT = timedelta(hours=1)
"""A channel that fails is asked again after this at the latest, or as seldom as one that is well."""
_NEVER = timedelta(days=36500)
_WHO = "gateway"


def went_well(bench: Workbench, channel: Channel, every: timedelta) -> None:
    """Note that a channel was asked, and when it is asked next; not all at the same moment."""
    now = bench.wall()
    with bench.store.unit() as work:
        channel_health.well(bench, work, channel)
        work.alerts.close(_disk_key(channel), "There is room again.", now)
        work.channels.polled(channel, next_poll=now + every + _spread(channel, now, every / 10))
        work.commit()


def failed(bench: Workbench, channel: Channel, every: timedelta, error: TransportError) -> None:
    """Note that it could not be asked, and when it is tried again: later each time, and not before somebody acts where it is stopped."""
    agreed = Backoff(every, Decimal(2), max(every, LONGEST_WAIT), _NEVER)
    with bench.store.unit() as work:
        state = channel_health.failed(bench, work, channel, error, agreed)
        if state.retry_at is not None:
            work.channels.polled(channel, next_poll=state.retry_at)
        if error.code == HOST_KEY:
            detail = {"reason": error.sentence}
            work.audit.note(
                _WHO, "channel.host_key", channel.key, at=bench.wall(), partner=channel.partner, detail=detail
            )
        work.commit()


def later(bench: Workbench, channel: Channel, every: timedelta) -> None:
    """Nothing was asked, and nobody is to blame: it is asked at its next time."""
    with bench.store.unit() as work:
        work.channels.polled(channel, next_poll=bench.wall() + every)
        work.commit()


def waits_for_disk(bench: Workbench, channel: Channel, every: timedelta, error: DiskError) -> None:
    """Our own disk takes nothing: that is told, and the channel is asked again at its time, as well as it was."""
    now = bench.wall()
    with bench.store.unit() as work:
        work.channels.polled(channel, next_poll=now + every)
        work.alerts.open(
            Alert(
                id=AlertId(bench.new_id()), key=_disk_key(channel), kind="disk", severity=Severity.CRITICAL, code=FULL,
                opened_at=now, reason=f"{error.sentence} {error.next_step}".rstrip(), reference=channel.key, cause=FULL,
            )
        )  # fmt: skip
        work.commit()
    log.error("disk.full", channel=channel.key, error=error.sentence)


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


def _disk_key(channel: Channel) -> str:
    return f"disk-of:{channel.key}"


def _spread(channel: Channel, at: datetime, most: timedelta) -> timedelta:
    """A part of ``most`` that differs between channels and moments."""
    return most * (crc32(f"{channel.key}@{at.isoformat()}".encode()) % 1000) / 1000
