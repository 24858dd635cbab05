"""The clock of what we send: what an answer makes of a document, and since when one is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import Answer, standing
from gateway.kernel.ids import DispatchId, PartnerId


class AnswerState(Enum):
    """How far the answer to a document of ours is; an answer to nothing (an orphan) has no document and is a hold.

    expected: it is awaited; overdue: for longer than was agreed. A document that needs no answer has no state.
    """

    EXPECTED = "expected"
    ACCEPTED = "accepted"
    ERRORS = "accepted with errors"
    PARTIAL = "partially accepted"
    REJECTED = "rejected"
    OVERDUE = "overdue"
    TWICE = "answered twice"


AWAITED = frozenset({AnswerState.EXPECTED, AnswerState.OVERDUE})
"""Nothing was answered yet that would end the waiting."""
OF_VERDICT = {
    Verdict.ACCEPTED: AnswerState.ACCEPTED, Verdict.ERRORS: AnswerState.ERRORS, Verdict.PARTIAL: AnswerState.PARTIAL,
    Verdict.REJECTED: AnswerState.REJECTED,
}  # fmt: skip
_BADNESS = (
    AnswerState.ACCEPTED, AnswerState.ERRORS, AnswerState.EXPECTED, AnswerState.OVERDUE, AnswerState.PARTIAL,
    AnswerState.TWICE, AnswerState.REJECTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Awaited:
    """A file of ours to which an answer is awaited, without its bytes; ``due`` is None where no time was agreed."""

    dispatch: DispatchId
    partner: PartnerId
    document: str
    number: str
    order_number: str
    control_number: str
    file_name: str
    documents: int
    delivered_at: datetime
    due: datetime | None
    state: AnswerState


def due_when_delivered(due: datetime, created_at: datetime, delivered_at: datetime) -> datetime:
    """The time that was agreed, counted from the delivery; ``due`` counts it from when the document was written."""
    return delivered_at + (due - created_at)


def ends(answer: Answer) -> bool:
    """Whether nothing more is awaited after an answer: a TA1 that takes the envelope says nothing of what is in it."""
    return answer.kind != "TA1" or answer.verdict is Verdict.REJECTED


def state(answers: Sequence[Answer]) -> AnswerState | None:
    """What the answers about one document, in the order they came, make of it; None while it is still awaited.

    Who says two different things of the same kind has answered twice; the later one counts.
    """
    if not any(ends(each) for each in answers):
        return None
    kinds = [each.kind for each in answers]
    if len(set(kinds)) < len(kinds):
        return AnswerState.TWICE
    stands = standing(list(answers))
    return OF_VERDICT[stands.verdict] if stands is not None else None


def worst(states: Iterable[AnswerState]) -> AnswerState:
    """What is said of a file with several documents; of none it is expected.

    >>> worst([AnswerState.ACCEPTED, AnswerState.REJECTED]).value
    'rejected'
    """
    return max(states, key=_BADNESS.index, default=AnswerState.EXPECTED)
