"""Every event of an order is told in words."""

from typing import get_args

from gateway.flows.showing.telling import WORDS, told
from gateway.orders import decisions
from gateway.orders.case import Case
from gateway.orders.commands import IssueInvoice, ReleaseToWarehouse
from gateway.orders.events import Event
from gateway.orders.terms import Terms
from tests.orders.build import DAL, NOW, TODAY, confirmed, do, facts, hold_ids, placed


def test_every_event_has_its_sentence() -> None:
    assert set(WORDS) == set(get_args(Event))


def test_the_sentences_name_quantities_places_and_figures() -> None:
    case = Case(facts(), Terms(), NOW, hold_ids())
    order = do(placed(), ReleaseToWarehouse((DAL,)))
    shipped = decisions.decide(order, confirmed(("1", "10")), case)
    billed = decisions.decide(do(order, confirmed(("1", "10"))), IssueInvoice("I1", "S1", TODAY), case)

    assert [told(each) for each in (*shipped, *billed)] == [
        "line 1: 10 picked in DAL",
        "line 1: 10 packed",
        "line 1: 10 left DAL",
        "shipment S1 left DAL on 2026-11-20",
        "invoice I1 of 2026-11-20 over 899.50, due 2026-11-20",
    ]
