"""What the answers to a document make of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import Answer, Kind
from gateway.exchange.expected import AnswerState, due_when_delivered, state, worst
from gateway.kernel.ids import DispatchId, ReceiptId

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
A, E, P, R = Verdict.ACCEPTED, Verdict.ERRORS, Verdict.PARTIAL, Verdict.REJECTED


def said(kind: Kind, verdict: Verdict) -> Answer:
    return Answer(DispatchId("D1"), kind, verdict, (), "", ReceiptId("R1"), NOW)


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ([], None),
        ([said("TA1", A)], None),  # the envelope is there; what is in it is still to be answered
        ([said("TA1", E)], None),
        ([said("TA1", R)], "rejected"),
        ([said("997", A)], "accepted"),
        ([said("997", E)], "accepted with errors"),
        ([said("999", P)], "partially accepted"),
        ([said("997", R)], "rejected"),
        ([said("TA1", A), said("997", A)], "accepted"),
        ([said("997", A), said("824", R)], "rejected"),
        ([said("824", A)], "accepted"),
        ([said("997", R), said("997", A)], "answered twice"),
        ([said("997", A), said("997", R), said("824", A)], "answered twice"),
    ],
)
def test_each_answer_has_its_state(answers: list[Answer], wanted: str | None) -> None:
    found = state(answers)
    assert (found.value if found else None) == wanted


def test_a_file_stands_as_the_worst_of_its_documents() -> None:
    assert worst([]) is AnswerState.EXPECTED
    assert worst([AnswerState.ACCEPTED, AnswerState.ERRORS]) is AnswerState.ERRORS
    assert worst([AnswerState.REJECTED, AnswerState.OVERDUE]) is AnswerState.REJECTED


@given(
    st.lists(st.sampled_from(AnswerState), min_size=1).flatmap(
        lambda some: st.tuples(st.just(some), st.permutations(some))
    )
)
def test_the_order_of_documents_does_not_matter(some: tuple[list[AnswerState], list[AnswerState]]) -> None:
    assert worst(some[0]) is worst(some[1])
    assert worst(some[0]) in some[0]


def test_the_time_for_an_answer_is_counted_from_the_delivery() -> None:
    written, delivered = NOW, NOW + timedelta(days=3)
    assert due_when_delivered(written + timedelta(hours=4), written, delivered) == delivered + timedelta(hours=4)
