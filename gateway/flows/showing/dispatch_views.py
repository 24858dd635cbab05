"""Files that left or are to leave, and the channels they leave through, as plain data for lists and JSON."""

from collections.abc import Iterable, Mapping

from gateway.exchange.channels import ChannelHealth, ChannelState, Direction
from gateway.exchange.dispatch import OPEN, Attempt, AttemptOutcome, Dispatch, DispatchState
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing import views
from gateway.flows.showing.rows import View
from gateway.kernel.errors import UsageError
from gateway.kernel.ids import ChannelKey, DispatchId, PartnerId

WAITING = "waiting"
"""What people call a file that is to leave through a channel that fails or is stopped."""
STATES: Mapping[str, tuple[DispatchState, ...]] = {
    "ready": OPEN, WAITING: OPEN, "held": (DispatchState.HELD,), "given-up": (DispatchState.GIVEN_UP,),
    "delivered": (DispatchState.DELIVERED,), "cancelled": (DispatchState.CANCELLED,),
}  # fmt: skip


def listed(work: UnitOfWork, *, partner: str, state: str, document: str, last: int) -> list[View]:
    """The files that fit, the oldest first, so many of the newest; raises UsageError for a state that there is none of."""
    if state and state not in STATES:
        raise UsageError(f"No file is ever '{state}'.", next_step=f"Say one of: {', '.join(STATES)}.")
    unwell = _unwell(work)
    found = work.exchange.files_out(
        partner=PartnerId(partner) if partner else None, document=document, states=STATES.get(state, ()),
        last=None if state in ("ready", WAITING) else last,
    )  # fmt: skip
    fitting = _rows(work, found, unwell)
    return [each for each in fitting if state in ("", each["state"])][-last:]


def rows(work: UnitOfWork, files: Iterable[DispatchId]) -> list[View]:
    """Some files for a list, as they stand now."""
    found = [each for one in files if (each := work.exchange.dispatch(one)) is not None]
    return _rows(work, found, _unwell(work))


def shown(work: UnitOfWork, file: Dispatch) -> View:
    """One file whole: how it stands, each try, what it is sent again for, what it was sent again as, what was answered."""
    (row,) = _rows(work, [file], unwell := _unwell(work))
    channel = unwell.get(ChannelKey(file.channel)) if file.state in OPEN else None
    again = work.exchange.files_out(resends=file.id)
    return {
        **row, "size": len(file.content), "order_number": file.order_number or None,
        "given_up_at": file.given_up_at.isoformat() if file.given_up_at else None, "repeats": file.repeats,
        "resends": file.resends, "sent_again_as": [each.id for each in again],
        "channel_state": channel_view(channel) if channel is not None else None,
        "attempts": [attempt_view(each) for each in work.attempts.of(file.id)],
        "answers": views.dispatch_view(file, work.exchange.answers(file.id))["answers"], "notes": list(file.notes),
    }  # fmt: skip


def channels(work: UnitOfWork) -> list[View]:
    """Every channel that was used, by its key, with how many files are to leave through it."""
    return [
        {
            **channel_view(each),
            "to_leave": len(work.exchange.leaving(channel=each.channel.key)) if each.channel.direction is Direction.OUT else 0,
        }
        for each in work.channels.listed()
    ]  # fmt: skip


def channel_view(state: ChannelState) -> View:
    """How one channel is: since when it fails, how often, when it is tried again, and why."""
    return {
        "channel": state.channel.key, "partner": state.channel.partner, "direction": state.channel.direction.value,
        "kind": state.channel.kind, "state": state.health.value, "failures": state.failures,
        "since": state.since.isoformat() if state.since else None,
        "next_try": state.retry_at.isoformat() if state.retry_at else None,
        "next_poll": state.next_poll.isoformat() if state.next_poll else None,
        "last_ok": state.last_ok.isoformat() if state.last_ok else None, "code": state.code or None,
        "reason": state.reason or None,
    }  # fmt: skip


def attempt_view(attempt: Attempt) -> View:
    """One try to hand over a file."""
    return {
        "number": attempt.number, "at": attempt.at.isoformat(), "milliseconds": attempt.milliseconds,
        "outcome": attempt.outcome.value, "error": attempt.error or None,
    }  # fmt: skip


def _unwell(work: UnitOfWork) -> dict[ChannelKey, ChannelState]:
    return {each.channel.key: each for each in work.channels.unwell()}


def _rows(work: UnitOfWork, files: list[Dispatch], unwell: Mapping[ChannelKey, ChannelState]) -> list[View]:
    last = work.attempts.last([each.id for each in files])
    return [_row(each, last, unwell.get(ChannelKey(each.channel))) for each in files]


def _row(file: Dispatch, last: Mapping[DispatchId, Attempt], channel: ChannelState | None) -> View:
    state, tried = _state(file, channel), last.get(file.id)
    failed = tried is not None and tried.outcome is not AttemptOutcome.DELIVERED
    reason = tried.error if failed and tried is not None else ""
    if state == WAITING and channel is not None:
        reason = reason or channel.reason
    return {
        "id": file.id, "partner": file.partner, "document": file.document, "number": file.number,
        "control_number": file.control_number, "file": file.file_name, "channel": file.channel, "state": state,
        "created_at": file.created_at.isoformat(),
        "delivered_at": file.delivered_at.isoformat() if file.delivered_at else None,
        "documents": file.documents or 1, "tries": tried.number if tried is not None else 0, "reason": reason or None,
        "answer": file.answer_state or None,
    }  # fmt: skip


def _state(file: Dispatch, channel: ChannelState | None) -> str:
    if file.state in OPEN:
        return WAITING if channel is not None and channel.health is not ChannelHealth.OK else "ready"
    return file.state.value.replace("_", "-")
