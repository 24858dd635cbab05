"""Goods come back by the agreed window and reasons, and never more than left the house."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gateway.kernel.errors import TransitionError
from gateway.orders.asked.return_commands import EndReturn, LinkReplacement, ReceiveReturn, RequestReturn, WantedReturn
from gateway.orders.commands import ReleaseToWarehouse
from gateway.orders.order import Order
from gateway.orders.returned import Disposition, Return, ReturnedLine
from gateway.orders.terms import ReturnTerms, Terms
from tests.orders.build import DAL, TODAY, confirmed, do, line, number, placed

LONG_AGO = TODAY - timedelta(days=31)


def shipped_order() -> Order:
    order = do(placed(line(), line("STOVE")), ReleaseToWarehouse((DAL,)))
    return do(order, confirmed(("1", "10"), ("2", "10")))


def wanted(
    quantity: str,
    name: str = "1",
    reason: str = "damaged",
    *,
    when: date = TODAY,
    more: Sequence[tuple[date, str]] = (),
) -> WantedReturn:
    gone = tuple((day, number(left)) for day, left in more) or ((when, number(10)),)
    return WantedReturn(name, number(quantity), reason, shipped=gone)


def asked(order: Order, *lines: WantedReturn, terms: Terms | None = None) -> Order:
    return do(order, RequestReturn(f"RMA-{len(order.returns) + 1}", "R1", lines), terms=terms)


def received(
    order: Order, quantity: str, how: Disposition = "restock", *, credited: bool = True, name: str = "1"
) -> Order:
    return do(order, ReceiveReturn(order.returns[-1].rma, name, number(quantity), how, DAL, credited=credited))


def last(order: Order) -> Return:
    return order.returns[-1]


def first_line(order: Order) -> ReturnedLine:
    return last(order).lines[0]


def test_what_is_asked_within_the_window_is_authorised_until_its_end() -> None:
    order = asked(shipped_order(), wanted("3"))
    assert (last(order).state, first_line(order).authorised) == ("open", 3)
    assert last(order).valid_until == TODAY + timedelta(days=30)


def test_each_line_is_ruled_on_its_own() -> None:
    order = asked(shipped_order(), wanted("3"), wanted("1", "7"))
    assert [each.authorised for each in last(order).lines] == [3, 0]
    assert last(order).reason == "line 7: the order has no line 7"


@pytest.mark.parametrize(
    ("line_wanted", "reason"),
    [
        (wanted("3", when=LONG_AGO), "3 asked, 0 may come back: 10 left more than 30 days ago"),
        (wanted("0"), "0 cannot come back"),
        (wanted("3", reason="colour"), "the reason 'colour' is not agreed"),
        (WantedReturn("1", Decimal(3), "damaged", uom="CA"), "it was ordered in EA, not in CA"),
        (WantedReturn("1", Decimal(3), "damaged", refusal="line 1 is TENT, not STOVE"), "line 1 is TENT, not STOVE"),
    ],
)
def test_what_is_not_agreed_is_refused_with_its_reason(line_wanted: WantedReturn, reason: str) -> None:
    order = asked(shipped_order(), line_wanted, terms=Terms(returns=ReturnTerms(reasons=("damaged",))))
    assert (last(order).state, first_line(order).refusal) == ("refused", reason)


def test_reasons_are_the_same_under_the_names_of_the_agreement_and_of_the_standard() -> None:
    terms = Terms(returns=ReturnTerms(reasons=("wrong_item", "excess")))
    order = asked(shipped_order(), wanted("1", reason="wrong goods"), wanted("1", "2", reason="overstock"), terms=terms)
    assert [each.authorised for each in last(order).lines] == [1, 1]


def test_only_what_left_within_the_window_may_come_back() -> None:
    order = asked(shipped_order(), wanted("9", more=((LONG_AGO, "6"), (TODAY, "4"))))
    assert first_line(order).authorised == 4


def test_what_is_authorised_or_returned_before_is_not_authorised_again() -> None:
    order = asked(asked(shipped_order(), wanted("8")), wanted("5"))
    assert (first_line(order).authorised, first_line(order).refusal) == (
        2,
        "5 asked, 2 may come back: 10 shipped, 8 returned or authorised",
    )
    assert first_line(asked(order, wanted("1"))).authorised == 0


def test_what_a_closed_return_did_not_use_may_be_asked_for_again() -> None:
    order = received(asked(shipped_order(), wanted("8")), "3")
    order = do(order, EndReturn("RMA-1", "the rest was kept"))
    assert first_line(asked(order, wanted("9"))).authorised == 7


def test_nothing_comes_back_that_was_not_shipped() -> None:
    order = asked(placed(), WantedReturn("1", Decimal(1), "damaged"))
    assert first_line(order).refusal == "nothing of it was shipped"


def test_received_goods_are_counted_by_what_became_of_them_and_the_return_closes_with_the_last() -> None:
    order = asked(shipped_order(), wanted("4"))
    order = received(received(order, "1"), "1", "scrap", credited=False)
    assert last(order).state == "open"
    order = received(order, "2", "refurbish")
    line_ = first_line(order)
    assert (line_.received, line_.restocked, line_.scrapped, line_.refurbished, line_.creditable) == (4, 1, 1, 2, 3)
    assert (last(order).state, order.lines[0].quantity.returned) == ("closed", 4)


@pytest.mark.parametrize("quantity", ["5", "0"])
def test_more_than_is_authorised_is_not_received(quantity: str) -> None:
    order = asked(shipped_order(), wanted("4"))
    with pytest.raises(TransitionError):
        received(order, quantity)


def test_a_return_that_ended_takes_nothing_back() -> None:
    order = do(asked(shipped_order(), wanted("4")), EndReturn("RMA-1", "sent in error", cancels=True))
    assert last(order).state == "cancelled"
    with pytest.raises(TransitionError, match="is cancelled"):
        received(order, "1")
    with pytest.raises(TransitionError, match="already"):
        do(order, EndReturn("RMA-1", "again"))


def test_a_return_of_which_goods_came_is_closed_and_not_cancelled() -> None:
    order = received(asked(shipped_order(), wanted("4")), "1")
    with pytest.raises(TransitionError, match="cannot be cancelled"):
        do(order, EndReturn("RMA-1", "no", cancels=True))


def test_a_line_or_number_that_does_not_exist_is_refused_with_the_way_on() -> None:
    order = asked(shipped_order(), wanted("4"))
    with pytest.raises(TransitionError, match="has no line 9"):
        received(order, "1", name="9")
    with pytest.raises(TransitionError, match="has no return RMA-9"):
        do(order, EndReturn("RMA-9", "no"))


def test_a_return_knows_the_order_that_replaces_it() -> None:
    order = do(asked(shipped_order(), wanted("4")), LinkReplacement("RMA-1", "SO-2"))  # type: ignore[arg-type]
    assert last(order).replacements == ("SO-2",)
