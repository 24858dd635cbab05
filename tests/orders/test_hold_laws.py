"""The laws of an order hold whatever people do to it besides: hold, correct, cancel, and let a deadline pass."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from gateway.orders import worth
from gateway.orders.commands import AnswerInTime, CancelOrder, CorrectedValue, CorrectOrder, HoldOrder
from gateway.orders.events import OrderDecided
from gateway.orders.happened.handled import OrderAnsweredOnHold
from tests.orders.test_conservation import OneOrder


class HandledOrder(OneOrder):
    """One order, and everything that people may do to it."""

    @rule()
    def hold(self) -> None:
        self.ask(HoldOrder("wait"))

    @rule(at=st.sampled_from(["", "1", "2", "9"]), quantity=st.sampled_from([None, 1, 5, 70]))
    def cancel(self, at: str, quantity: int | None) -> None:
        self.ask(CancelOrder("less", at, None if quantity is None else Decimal(quantity)))

    @rule(
        at=st.sampled_from(["1", "2"]),
        value=st.sampled_from([
            ("sku", "TENT"), ("sku", "STOVE"), ("sku", "NO-SUCH"), ("quantity", "3"), ("uom", "EA"), ("uom", "CA"),
            ("price", "89.95"), ("price", ""), ("quantity", "0"),
        ]),
    )  # fmt: skip
    def correct(self, at: str, value: tuple[str, str]) -> None:
        self.ask(CorrectOrder((CorrectedValue(*value, at),), "typing error"))

    @rule(tells=st.booleans())
    def wait_too_long(self, tells: bool) -> None:  # noqa: FBT001
        self.ask(AnswerInTime(tells=tells))

    def teardown(self) -> None:
        decided = [each for each in self.history if isinstance(each, OrderDecided)]
        on_hold = [each for each in self.history if isinstance(each, OrderAnsweredOnHold)]
        assert len(decided) <= 1
        assert len(on_hold) <= 1
        if decided and on_hold:
            assert self.history.index(on_hold[0]) < self.history.index(decided[0])
        assert worth.to_ship(self.order) <= worth.whole(self.order)


TestHandledOrder = HandledOrder.TestCase
TestHandledOrder.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
