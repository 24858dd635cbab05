"""What the answers to a file of ours come to: how it stands, whether more is awaited, what people are told."""

from collections.abc import Sequence
from dataclasses import replace

from gateway.exchange import expected
from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.answers import Answer, standing
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.expected import AWAITED, AnswerState
from gateway.flows.overdue import alert_key
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import AlertId

REJECTED = "A-REJECTED"
_NO = (AnswerState.REJECTED, AnswerState.PARTIAL)


def settle(bench: Workbench, work: UnitOfWork, sent: Dispatch, answers: Sequence[Answer]) -> None:
    """A file with one document, of which everything that was answered is given."""
    found = expected.state(answers)
    if found is not None:
        _settle(bench, work, sent, found)
    _tell(bench, work, sent, answers)


def settle_together(
    bench: Workbench, work: UnitOfWork, documents: Sequence[Dispatch], answers: Sequence[Answer]
) -> None:  # fmt: skip
    """A file with several documents, or some of them: each stands by itself.

    When all are answered the file stands as the worst of them.
    """
    of_all: list[Answer] = []
    of_set: dict[str, list[Answer]] = {}
    for each in answers:
        (of_set.setdefault(each.set_number, []) if each.set_number else of_all).append(each)
    states: dict[str, AnswerState] = {}
    for document in documents:
        own = of_set.get(document.set_number, [])
        about = own or of_all
        if own and of_all:
            about = [each for each in answers if each.is_about(document.id, document.set_number)]
        found = expected.state(about)
        if found is not None:
            states[document.set_number] = found
        _tell(bench, work, document, own)
    sent = documents[0]
    _tell(bench, work, replace(sent, set_number="", number=sent.control_number, order_number=""), of_all)
    all_of_it = work.awaited.settle_sets(sent.id, states)
    if states and not any(each in AWAITED for each in all_of_it):
        _settle(bench, work, sent, expected.worst(all_of_it))


def _settle(bench: Workbench, work: UnitOfWork, sent: Dispatch, found: AnswerState) -> None:
    """Nothing more is awaited; a file that was called overdue is not any more."""
    before, now = work.awaited.get(sent.id), bench.clock()
    work.awaited.settle(sent.id, found)
    if before is not None and before.state is AnswerState.OVERDUE:
        work.alerts.close(alert_key(sent.id), f"answered on {now:%Y-%m-%d %H:%M} UTC", now)


def _tell(bench: Workbench, work: UnitOfWork, sent: Dispatch, answers: Sequence[Answer]) -> None:
    """Open an alert of a no that stands, and close it where a later answer takes the document."""
    if not any(expected.OF_VERDICT[each.verdict] in _NO for each in answers):
        return
    key = rejected_key(sent)
    stands = standing(list(answers))
    now = bench.clock()
    if stands is None or expected.OF_VERDICT[stands.verdict] not in _NO:
        work.alerts.close(key, f"taken on {now:%Y-%m-%d %H:%M} UTC", now)
        return
    work.alerts.open(
        Alert(
            id=AlertId(bench.new_id()), key=key, kind="ack", severity=Severity.ERROR, reason=stands.reason, opened_at=now,
            code=REJECTED, partner=sent.partner, document=sent.document, reference=sent.order_number or sent.number,
            cause=f"{REJECTED}:{sent.partner}:{sent.document}",
        )
    )  # fmt: skip


def rejected_key(sent: Dispatch) -> str:
    """What the alert is known by that a document, or the file as a whole, was not taken."""
    return f"{REJECTED}:{sent.id}:{sent.set_number}".rstrip(":")
