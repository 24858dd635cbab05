"""What people do with files that left or could not: send one again, try again, let one not leave; each is in the audit."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.exchange.dispatch import ENDED, OPEN, Dispatch, DispatchState
from gateway.flows import channel_health, undelivered
from gateway.flows.by_hand import renewed, withdrawing
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError, RefusedError, UsageError
from gateway.kernel.ids import ChannelKey, DispatchId, PartnerId


@dataclass(frozen=True, slots=True)
class Resend:
    """What the operator said: an id or the name of a file, and why; ``new_number`` lets it leave as another file."""

    name: str
    note: str
    who: str
    new_number: bool = False
    only_look: bool = False


def find(work: UnitOfWork, name: str) -> Dispatch:
    """The file meant: by its id, else the last one of its name; raises NotFoundError."""
    known = work.exchange.dispatch(DispatchId(name))
    found = [known] if known is not None else work.exchange.files_out(named=name, last=1)
    if not found:
        raise NotFoundError(f"No file '{name}' left or is to leave.", next_step="'gateway dispatch list' shows them.")
    return found[0]


@dataclass(frozen=True, slots=True)
class Resent:
    """What leaves again, and how many of its documents the partner took the first time."""

    file: Dispatch
    taken: int


@dataclass(frozen=True, slots=True)
class Retried:
    """The channels and files that are tried again at once."""

    channels: tuple[ChannelKey, ...] = ()
    files: tuple[Dispatch, ...] = ()


def resend(bench: Workbench, what: Resend) -> Resent:
    """Let a file leave again, the same or under a new number. With ``only_look`` nothing is done."""
    _noted(what.note)
    with bench.store.unit() as work:
        old = find(work, what.name)
        if old.state in OPEN:
            raise RefusedError(
                f"{old.file_name} was not delivered yet; it leaves by itself.",
                next_step=f"'gateway dispatch show {old.id}' tells why it did not so far.",
            )
        if old.content_removed_at is not None:
            raise RefusedError(f"The bytes of {old.file_name} are not kept any more.", next_step="Write it anew.")
        new = renewed.anew(bench, work, old) if what.new_number else old
        found = Resent(new, renewed.taken(work, old) if what.new_number else 0)
        if what.only_look:
            return found
        if what.new_number:
            renewed.leave_instead(bench, work, old, new)
        elif old.state is DispatchState.DELIVERED:
            work.exchange.repeat(old.id)
        else:
            work.exchange.send_again(old.id)
        detail = {"note": what.note, "file": new.file_name, **({"as": new.id} if new is not old else {})}
        decided(bench, work, [old], "dispatch.resent", what.who, detail)
        work.commit()
    return found


def retry(bench: Workbench, name: str, partner: str, who: str) -> Retried:
    """Try again at once: one file, or everything of a partner."""
    if bool(name) == bool(partner):
        raise UsageError("It is not clear what is to be tried again.", next_step="Name a file, or say --partner NAME.")
    with bench.store.unit() as work:
        done = _retry_file(bench, work, find(work, name), who) if name else _retry_all(bench, work, partner, who)
        work.commit()
    return done


def cancel(bench: Workbench, name: str, note: str, who: str) -> Dispatch:
    """Let a file not leave that has not left; its bytes are kept. Raises RefusedError when it may have left."""
    _noted(note)
    with bench.store.unit() as work:
        found = find(work, name)
        is_staged = found.state is DispatchState.STAGED
        if not is_staged:
            _cancelled(bench, work, found, note, who)
    if is_staged:
        with withdrawing.kept_back(bench, found), bench.store.unit() as work:
            _cancelled(bench, work, found, note, who, staged=True)
            bench.mark("dispatch-cancelled")
    return found


def _cancelled(
    bench: Workbench, work: UnitOfWork, found: Dispatch, note: str, who: str, *, staged: bool = False
) -> None:  # fmt: skip
    if not work.exchange.cancel(found.id, staged=staged):
        said = "was delivered" if found.state is DispatchState.DELIVERED else "is at the channel by now"
        raise RefusedError(
            f"{found.file_name} {said}; it cannot be kept from leaving.", next_step="Tell the partner to ignore it."
        )
    decided(bench, work, [found], "dispatch.cancelled", who, {"note": note, "file": found.file_name})
    work.commit()


def release(bench: Workbench, work: UnitOfWork, file: DispatchId, note: str, who: str) -> None:
    """A file that is held or was given up is to leave again, because its hold was released."""
    found = work.exchange.dispatch(file)
    if found is not None and work.exchange.send_again(file):
        decided(bench, work, [found], "dispatch.retried", who, {"note": note, "file": found.file_name})


def reject(bench: Workbench, work: UnitOfWork, file: DispatchId, note: str, who: str) -> None:
    """A file that is held or was given up does not leave, because its hold was rejected."""
    found = work.exchange.dispatch(file)
    if found is not None and found.state in ENDED and work.exchange.cancel(file):
        decided(bench, work, [found], "dispatch.cancelled", who, {"note": note, "file": found.file_name})


def _retry_file(bench: Workbench, work: UnitOfWork, file: Dispatch, who: str) -> Retried:
    if file.state is DispatchState.DELIVERED:
        raise RefusedError(
            f"{file.file_name} was delivered.",
            next_step=f"To send it once more: gateway dispatch resend {file.id} --note TEXT",
        )
    let = _let(work, [ChannelKey(file.channel)])
    if file.state in ENDED:
        work.exchange.send_again(file.id)
        decided(bench, work, [file], "dispatch.retried", who, {"file": file.file_name})
        return Retried(let, (file,))
    if not let:
        raise RefusedError(f"{file.file_name} is to leave and its channel works.", next_step="It leaves by itself.")
    work.audit.note(who, "dispatch.retried", file.id, at=bench.clock(), partner=file.partner)
    return Retried(let)


def _retry_all(bench: Workbench, work: UnitOfWork, partner: str, who: str) -> Retried:
    own = PartnerId(partner)
    if bench.partner(own) is None and not work.exchange.files_out(partner=own, last=1):
        raise NotFoundError(f"There is no partner '{partner}'.", next_step="'gateway partner list' shows them.")
    unwell = [each for each in work.channels.unwell() if each.channel.partner == own]
    let = _let(work, [each.channel.key for each in unwell])
    files = work.exchange.files_out(partner=own, states=(DispatchState.GIVEN_UP,))
    for each in files:
        work.exchange.send_again(each.id)
    decided(bench, work, files, "dispatch.retried", who, {"partner": partner})
    if let and not files:
        work.audit.note(who, "channel.retried", partner, at=bench.clock(), partner=partner)
    return Retried(let, tuple(files))


def _let(work: UnitOfWork, channels: Iterable[ChannelKey]) -> tuple[ChannelKey, ...]:
    return tuple(each for each in channels if work.channels.let(each))


def decided(
    bench: Workbench, work: UnitOfWork, files: list[Dispatch], action: str, who: str, detail: dict[str, str]
) -> None:  # fmt: skip
    """Nobody waits for a decision on these any more; where that was the last of its channel its alert ends."""
    for each in files:
        undelivered.freed(work, each.id, detail.get("note", action))
        work.audit.note(who, action, each.id, at=bench.clock(), partner=each.partner, detail=detail)
    for channel, partner in {each.channel: each.partner for each in files}.items():
        left = work.exchange.files_out(partner=partner, states=(DispatchState.GIVEN_UP,))
        if not any(each.channel == channel for each in left):
            now = channel_health.moment(bench)
            work.alerts.close(undelivered.alert_key(ChannelKey(channel)), "Somebody decided about the files.", now)


def _noted(note: str) -> None:
    if not note.strip():
        raise UsageError("It needs a note that says why.", next_step="Add --note TEXT.")
