"""What the columns of our tables hold, by their names: moments, figures, states, names and sentences."""

import re


def _of(names: str) -> frozenset[str]:
    return frozenset(names.split())


MOMENTS = _of(
    "at since until due done started received_at delivered_at created_at given_up_at next_try next_poll last_ok counted_at"
    " over_since opened_at answer_due reserved_until oldest"
)
FIGURES = _of(
    "lines tries failures to_leave milliseconds times attempts documents size rows bytes holds_count count entry sequence"
    " ordered allocated backordered shipped delivered invoiced cancelled rejected returned credited pending quantity"
    " quantity_left amount amount_left unit_price total paid open applied unapplied claimed disputed at_risk current over_90"
    " credits discount on_hand reserved in_question blocked available incoming daily_demand authorised received 1-30 31-60"
    " 61-90"
)
STATES = _of("state status answer severity outcome billing_status payment_status delivery_status health")
SENTENCES = _of("reason summary error description told what details note cause next_step rejected change")
NAMES = _of("file path subject about channel sees unit units address keys reference who in out")
"""Long words that may be broken over lines, never cut."""

_FIGURE = re.compile(r"-?\d+(\.\d+)?")
_LONG = 5


def is_figure(text: str) -> bool:
    """Whether a cell is a number, or empty.

    >>> is_figure("12.50"), is_figure(""), is_figure("12 USD")
    (True, True, False)
    """
    return not text or _FIGURE.fullmatch(text) is not None


def grouped(text: str) -> str:
    """A number with its thousands set apart, where it is long.

    >>> grouped("9999"), grouped("1234567.50"), grouped("-")
    ('9999', '1,234,567.50', '-')
    """
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}" if is_figure(text) and len(whole.lstrip("-")) >= _LONG else text


def titled(name: str) -> str:
    """The title of a column."""
    return name.replace("_", " ")
