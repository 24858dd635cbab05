"""How channels come to fail, wait, stop and recover: noted with the moment of the next try, and told when it lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from zlib import crc32

from gateway.config.channels import ChannelOut, Retry
from gateway.config.values import duration
from gateway.exchange import backoff
from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.backoff import Backoff
from gateway.exchange.channels import Channel, ChannelHealth, ChannelState, Direction
from gateway.exchange.dispatch import Attempt, AttemptOutcome, Leaving
from gateway.flows.happening import at_commit
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ChannelStoppedError, TransportError
from gateway.kernel.ids import AlertId, ChannelKey, PartnerId

TOLD_AFTER, TOLD_AFTER_FAILURES = timedelta(minutes=15), 3
"""A channel that fails for so long, or so often in a row, is told; what is over sooner is nobody's business."""
CODE = "T-CHANNEL"
_LOTS = 1 << 32


@dataclass(frozen=True, slots=True)
class Way:
    """A channel files leave through, as the partner file has it now; ``agreed`` is None where it is not in it any more."""

    channel: Channel
    agreed: ChannelOut | None
    backoff: Backoff

    @property
    def is_remote(self) -> bool:
        """Whether files go over a network, so that each try is kept."""
        return self.channel.kind != "directory"


def moment(bench: Workbench) -> datetime:
    """The moment that tries are counted by: the given one for whoever tries everything once, the real one else."""
    return bench.clock() if bench.tried is not None else bench.wall()


def way_of(bench: Workbench, partner: PartnerId, key: ChannelKey) -> Way:
    """The channel of this key; a folder is one also where the partner file does not name it any more."""
    found = bench.partner(partner)
    agreed = next((each for each in found.outlets() if each.key == key), None) if found is not None else None
    kind = agreed.kind if agreed is not None else "sftp" if key.startswith("sftp:") else "directory"
    return Way(Channel(key, partner, Direction.OUT, kind), agreed, backoff_of(agreed.retry if agreed else Retry()))


def backoff_of(retry: Retry) -> Backoff:
    """What the partner file says of trying again."""
    return Backoff(duration(retry.first), retry.factor, duration(retry.max), duration(retry.give_up))


def is_due(state: ChannelState, agreed: Backoff, now: datetime) -> bool:
    """Whether a channel may be tried; a moment that no back-off gives was written under another clock and counts for nothing."""
    if state.health is ChannelHealth.STOPPED:
        return False
    return not state.waits(now) or (state.retry_at is not None and state.retry_at > backoff.latest(agreed, now))


def is_file_due(last: Attempt, agreed: Backoff, now: datetime) -> bool:
    """Whether a file may be tried again that its channel did not take although it took others."""
    if last.outcome is not AttemptOutcome.FAILED:
        return True
    again = backoff.next_try(agreed, last.number, last.at, lot(last.dispatch, last.number))
    return again <= now or last.at > now


def failed(
    bench: Workbench, work: UnitOfWork, channel: Channel, error: TransportError, agreed: Backoff
) -> ChannelState:
    """A channel could not be used: it waits longer each time, or is stopped where no further try helps."""
    now, code = moment(bench), error.code or CODE
    if isinstance(error, ChannelStoppedError):
        state = work.channels.stop(channel, code, error.sentence, at=now)
    else:
        failures = work.channels.state(channel).failures + 1
        again = backoff.next_try(agreed, failures, now, lot(channel.key, failures))
        state = work.channels.failed(channel, code, error.sentence, at=now, retry_at=again)
    stopped = state.health is ChannelHealth.STOPPED
    if stopped or state.failures >= TOLD_AFTER_FAILURES or now - (state.since or now) >= TOLD_AFTER:
        work.alerts.open(_alert(bench, state, error))
    at_commit(
        bench.observer, work, "channel.stopped" if stopped else "channel.failed", partner=channel.partner,
        channel=channel.key, code=code, failures=state.failures, error=error.sentence,
        **({"retry_at": state.retry_at.isoformat(timespec="seconds")} if state.retry_at else {}),
    )  # fmt: skip
    return state


def well(bench: Workbench, work: UnitOfWork, channel: Channel) -> None:
    """A channel was used; where it was not well before, that is over and told."""
    now = moment(bench)
    if work.channels.ok(channel, at=now):
        work.alerts.close(alert_key(channel.key), "It works again.", now)
        at_commit(bench.observer, work, "channel.recovered", partner=channel.partner, channel=channel.key)


def alert_key(channel: ChannelKey) -> str:
    """The key of the alert of a channel."""
    return f"channel:{channel}"


def not_due(bench: Workbench, work: UnitOfWork) -> tuple[frozenset[str], frozenset[str]]:
    """The channels, and the files of channels that are well, that are not to be tried at this moment.

    None where everything is tried once, but for what is stopped.
    """
    if bench.tried is not None:
        return frozenset(), frozenset()
    unwell = {each.channel.key: each for each in work.channels.unwell() if each.channel.direction is Direction.OUT}
    now = moment(bench)
    channels = {key for key, state in unwell.items() if not is_due(state, _agreed(bench, state.channel), now)}
    late = work.attempts.open(besides=unwell.keys())
    backoffs = {each.channel: way_of(bench, each.partner, each.channel).backoff for each in late}
    files = {each.last.dispatch for each in late if not is_file_due(each.last, backoffs[each.channel], now)}
    return frozenset(channels), frozenset(files)


def overdue(files: Iterable[Leaving], since: datetime, agreed: Backoff, now: datetime) -> list[Leaving]:
    """The files that waited for a channel, which fails since a moment, for as long as was agreed."""
    return [each for each in files if backoff.is_over(agreed, max(each.created_at, since), now)]


def _agreed(bench: Workbench, channel: Channel) -> Backoff:
    return way_of(bench, channel.partner, channel.key).backoff


def lot(name: str, failures: int) -> Fraction:
    """Where in the spread a wait is: always the same for one thing and one failure, another one for the next."""
    return Fraction(crc32(f"{name} {failures}".encode()), _LOTS)


def _alert(bench: Workbench, state: ChannelState, error: TransportError) -> Alert:
    channel, stopped = state.channel, state.health is ChannelHealth.STOPPED
    what = "is stopped until somebody acts" if stopped else f"failed {state.failures} times in a row"
    kept = "What is to leave through it is kept" if channel.direction is Direction.OUT else "Nothing is fetched"
    return Alert(
        id=AlertId(bench.new_id()), key=alert_key(channel.key), kind="channel",
        severity=Severity.CRITICAL if stopped else Severity.ERROR, code=state.code,
        reason=f"The channel {channel.key} of {channel.partner} {what}. {kept}. {error.sentence} {error.next_step}".rstrip(),
        opened_at=moment(bench), partner=channel.partner, reference=channel.key, cause=alert_key(channel.key),
    )  # fmt: skip
