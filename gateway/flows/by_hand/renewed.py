"""A file that left leaves once more as another one: new control numbers, a new name, the same documents in it."""

from collections.abc import Sequence
from dataclasses import replace

from gateway.exchange.dispatch import ENDED, LATER, Dispatch, DispatchState
from gateway.exchange.expected import AnswerState
from gateway.flows import answering, left, overdue
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats.x12 import renumbered, verify
from gateway.kernel.errors import GatewayError
from gateway.kernel.ids import DispatchId

_X12 = b"ISA"
_TAKEN = (AnswerState.ACCEPTED.value, AnswerState.ERRORS.value)


def anew(bench: Workbench, work: UnitOfWork, old: Dispatch) -> Dispatch:
    """The same content as another file: in X12 in an envelope with new numbers, read again as a whole before it may leave.

    Between ST and SE nothing changes, also where several documents left together: ST02 counts within its group, and the
    group has a number that it never had.
    """
    now, is_x12 = bench.clock(), old.content.startswith(_X12)
    drawn = work.exchange.next_number(f"{'isa13' if is_x12 else 'file'}:{old.partner}")
    content, control = old.content, f"{drawn:09d}"
    if is_x12:
        content = renumbered.renumbered(
            old.content, control_number=drawn, now=now.astimezone(bench.site.settings.zone())
        )
        if faults := verify.faults(content):
            raise GatewayError(
                f"{old.file_name} cannot leave under another number: {'; '.join(faults)}",
                next_step="Send it again as it is, without --new-number, and tell the makers of the gateway.",
            )
    return replace(
        old, id=DispatchId(bench.new_id()), control_number=control, file_name=renamed(old, control), content=content,
        number=control if old.documents else old.number, created_at=now, state=DispatchState.READY, delivered_at=None,
        repeats=0, batch=LATER,
        answer_due=left.answer_due(bench, old.partner, old.document, old.channel, now) if old.answer_state else None,
        answer_state=AnswerState.EXPECTED.value if old.answer_state else "", given_up_at=None, resends=old.id,
    )  # fmt: skip


def leave_instead(bench: Workbench, work: UnitOfWork, old: Dispatch, new: Dispatch) -> None:
    """The new file is to leave; of the old one nothing is awaited any more, and what was told of it is over."""
    work.exchange.add_dispatch(new)
    if old.documents:
        work.owed.again(old.id, new.id)
    work.exchange.await_nothing(old.id)
    named = (old, *documents(work, old))
    for key in (overdue.alert_key(old.id), *(answering.rejected_key(each) for each in named)):
        work.alerts.close(key, f"It was sent again as {new.file_name}.", bench.clock())
    if old.state in ENDED:
        work.exchange.cancel(old.id)


def documents(work: UnitOfWork, file: Dispatch) -> Sequence[Dispatch]:
    """The documents of a file: each of those that left together in it, else it alone."""
    if not file.documents:
        return [file]
    found = work.exchange.sent(file.partner, control_number=file.control_number)
    return [each for each in found if each.id == file.id]


def taken(work: UnitOfWork, old: Dispatch) -> int:
    """How many documents of a file the partner has accepted: who sends it under a new number sends those twice."""
    return sum(each.answer_state in _TAKEN for each in documents(work, old))


def renamed(old: Dispatch, control: str) -> str:
    """The name under which the same content leaves as another file: its control number in the place of the old one.

    Where the name has none, it is added before the ending.
    """
    if old.documents and old.number == old.control_number and old.control_number in old.file_name:
        return old.file_name.replace(old.control_number, control)  # both stand in it, and are the same (rulings 27)
    head, found, tail = old.file_name.rpartition(old.control_number)
    if found and old.control_number:
        return f"{head}{control}{tail}"
    stem, dot, ending = old.file_name.rpartition(".")
    return f"{stem}_{control}.{ending}" if dot and stem else f"{old.file_name}_{control}"
