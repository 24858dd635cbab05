"""An id with a wrong check digit is told, with the digit that would be right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.language import check_digits
from gateway.orders.shipping.sscc import check_digit


@pytest.mark.parametrize(
    ("kind", "text"),
    [("upc", "036000291452"), ("gtin", "036000291452"), ("gtin", "00036000291452"), ("gtin", "4006381333931"), ("gtin", "96385074"),
     ("gln", "4006381333931"), ("sscc", "006141410000000012"), ("sscc", "00006141410000000012")],
)  # fmt: skip
def test_a_right_id_has_no_fault(kind: str, text: str) -> None:
    assert check_digits.fault(kind, text) is None


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("gln", "4006381333932", "'4006381333932' is not a GLN: its check digit is 2 and 1 would be right"),
        ("gtin", "12345", "'12345' is not a GTIN: it has 8, 12, 13 or 14 digits"),
        ("upc", "03600029145X", "'03600029145X' is not a UPC: it has 12 digits"),
        ("sscc", "10006141410000000012", "'10006141410000000012' is not an SSCC: one with 20 digits begins with 00"),
    ],
)
def test_a_wrong_id_is_explained(kind: str, text: str, sentence: str) -> None:
    assert check_digits.fault(kind, text) == sentence


@given(digits=st.text("0123456789", min_size=11, max_size=11), last=st.sampled_from("0123456789"))
def test_exactly_one_last_digit_is_right(digits: str, last: str) -> None:
    assert (check_digits.fault("upc", digits + last) is None) == (check_digit(digits) == last)
