"""What becomes of files that could not be delivered: tried again, held for somebody, or given up; their bytes are kept."""

from collections.abc import Sequence

import structlog

from gateway.exchange import backoff
from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.dispatch import AttemptOutcome, Dispatch, DispatchState
from gateway.exchange.receipt import FileHold
from gateway.flows import channel_health
from gateway.flows.channel_health import Way
from gateway.flows.happening import trace_of
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ChannelDownError, TransportError
from gateway.kernel.ids import AlertId, ChannelKey, DispatchId

log = structlog.get_logger()
NAME_TAKEN, NO_CHANNEL, UNSURE, GIVEN_UP = "D-NAME-TAKEN", "P-NO-CHANNEL", "D-UNSURE", "D-GIVEN-UP"
CODES = (NAME_TAKEN, NO_CHANNEL, UNSURE, GIVEN_UP)
"""Holds of files that did not leave."""
_AT_ONCE = (NAME_TAKEN, NO_CHANNEL, UNSURE)
"""Faults of one file that no further try mends, or after which one may not be wanted."""


_DOUBT = " It was about to be handed over when the channel failed, so the partner may have it: ask before you let it leave again."


def outcome_of(error: TransportError) -> AttemptOutcome:
    """What came of a try that failed; given up where it was the last one."""
    if error.code == UNSURE:
        return AttemptOutcome.UNSURE
    return AttemptOutcome.GIVEN_UP if waits_for_somebody(error) else AttemptOutcome.FAILED


def waits_for_somebody(error: TransportError) -> bool:
    """Whether a file that met this waits for a person at once; the channel goes on with others."""
    return error.code in _AT_ONCE and not isinstance(error, ChannelDownError)


def channel_failed(bench: Workbench, work: UnitOfWork, way: Way, error: TransportError) -> None:
    """All files wait for the channel, but for those that waited for as long as was agreed."""
    state = channel_health.failed(bench, work, way.channel, error, way.backoff)
    if not state.retry_at:
        return  # stopped: nothing was tried in vain, a person acts first
    now = channel_health.moment(bench)
    files = work.exchange.leaving(channel=way.channel.key)
    over = channel_health.overdue(files, state.since or now, way.backoff, now)
    give_up(bench, work, [each for file in over if (each := work.exchange.dispatch(file.id)) is not None], error)


def file_failed(bench: Workbench, work: UnitOfWork, way: Way, each: Dispatch, error: TransportError) -> None:
    """The channel took others but not this one: it alone is tried again later, for as long as was agreed."""
    now, since = channel_health.moment(bench), channel_health.moment(bench)
    for tried in reversed(work.attempts.of(each.id)):
        if tried.outcome is not AttemptOutcome.FAILED:
            break
        since = tried.at
    log.warning(
        "dispatch.failed", trace_id=trace_of(each), partner=each.partner, file=each.file_name, error=error.sentence
    )
    if backoff.is_over(way.backoff, since, now):
        give_up(bench, work, [each], error)


def give_up(bench: Workbench, work: UnitOfWork, files: Sequence[Dispatch], error: TransportError) -> None:
    """These are tried no more; each is listed, and told once for its channel."""
    for each in files:
        reason = (
            f"{each.file_name} for {each.partner} could not be delivered and is not tried any more: {error.sentence}"
            f"{_DOUBT if each.state is DispatchState.STAGED else ''}"
        )
        _keep(bench, work, each, DispatchState.GIVEN_UP, GIVEN_UP, reason)
    if not files:
        return
    first, now = files[0], channel_health.moment(bench)
    work.alerts.open(
        Alert(
            id=AlertId(bench.new_id()), key=alert_key(ChannelKey(first.channel)), kind="given_up",
            severity=Severity.ERROR, code=GIVEN_UP, opened_at=now, partner=first.partner, document=first.document,
            reason=f"{_files(len(files))} for {first.partner} could not be delivered through {first.channel} for as long as was "
            f"agreed; the bytes are kept. {error.sentence}",
            reference=first.order_number or first.number, cause=alert_key(ChannelKey(first.channel)),
        )
    )  # fmt: skip
    log.error(
        "dispatch.given_up",
        trace_id=trace_of(first),
        partner=first.partner,
        channel=first.channel,
        files=len(files),
        error=error.sentence,
    )


def hold(bench: Workbench, work: UnitOfWork, each: Dispatch, error: TransportError) -> None:
    """A file that no further try would bring there waits for somebody; later ones go on."""
    _keep(bench, work, each, DispatchState.HELD, error.code, f"{each.file_name} for {each.partner}: {error.sentence}")
    log.warning(
        "dispatch.held",
        trace_id=trace_of(each),
        partner=each.partner,
        file=each.file_name,
        code=error.code,
        error=error.sentence,
    )


def freed(work: UnitOfWork, dispatch: DispatchId, note: str) -> None:
    """Somebody decided about a file that did not leave: its holds end."""
    for code in CODES:
        work.exchange.end_listed(_key(code, dispatch), note)


def file_of(hold: FileHold) -> DispatchId | None:
    """The file of ours that a hold is about; None for any other hold."""
    code, _, file = hold.key.partition(":")
    return DispatchId(file) if code in CODES and code == hold.code else None


def alert_key(channel: ChannelKey) -> str:
    """The key of the alert that files of a channel were given up."""
    return f"given-up:{channel}"


def _keep(
    bench: Workbench, work: UnitOfWork, each: Dispatch, state: DispatchState, code: str, reason: str
) -> None:  # fmt: skip
    now = channel_health.moment(bench)
    work.exchange.mark([each.id], state, at=now)
    work.exchange.hold(
        FileHold(
            id=bench.new_hold_id(), type="FILE", code=code, reason=f"{reason} (gateway dispatch show {each.id})",
            since=now, partner=each.partner, receipt=None, file_name=each.file_name,
            reference=each.order_number or each.number, key=_key(code, each.id),
        )
    )  # fmt: skip


def _key(code: str, dispatch: DispatchId) -> str:
    return f"{code}:{dispatch}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
