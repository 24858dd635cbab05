"""The steps of a rule, one by one."""

from datetime import date
from decimal import Decimal

import pytest

from gateway.mapping.language import patterns, transforms
from gateway.mapping.language.patterns import Pattern
from gateway.mapping.language.transforms import Step
from gateway.mapping.language.values import StepError


def pattern(text: str) -> Pattern:
    found = patterns.usable(text)
    assert isinstance(found, Pattern)
    return found


@pytest.mark.parametrize(
    ("step", "value", "wanted"),
    [
        (transforms.trim("both"), " a ", "a"),
        (transforms.trim("left"), " a ", "a "),
        (transforms.trim("right"), " a ", " a"),
        (transforms.trim("none"), " a ", " a "),
        (transforms.trim("both"), [" a", "b "], ["a", "b"]),
        (transforms.trim("both"), Decimal(1), Decimal(1)),
        (transforms.joined(", "), ["a", "", "b", None], "a, b"),
        (transforms.joined(", "), "a", "a"),
        (transforms.matched(pattern(r"^PO-(\d+)")), "PO-77x", "77"),
        (transforms.cut_out(3, 7), "123456789", "34567"),
        (transforms.cut_out(3, None), "12345", "345"),
        (transforms.split("-", 2), "a-b-c", "b"),
        (transforms.split("-", -1), "a-b-c", "c"),
        (transforms.split("-", 4), "a-b-c", ""),
        (transforms.split("-", -4), "a-b-c", ""),
        (transforms.mapped({"EA": "each"}), "EA", "each"),
        (transforms.mapped({"EA": "each", "*": "other"}), "XX", "other"),
        (transforms.mapped({"EA": "each", "*": "="}), "XX", "XX"),
        (transforms.mapped({"EA": "=", "*": "="}), "EA", "="),
        (transforms.mapped({"*": ""}), "XX", ""),
        (transforms.mapped({"true": "Y", "false": "N"}), True, "Y"),
        (transforms.rounded(2), Decimal("2.345"), Decimal("2.35")),
        (transforms.rounded(2), "-2.345", Decimal("-2.35")),
        (transforms.rounded(0), Decimal("2.5"), Decimal(3)),
        (transforms.rounded(0, "even"), Decimal("2.5"), Decimal(2)),
        (transforms.rounded(2), Decimal("999999999999999999.123456789012"), Decimal("999999999999999999.12")),
        (transforms.shortened(4), "abc def", "abc"),
        (transforms.padded(5, "0", "left"), "12", "00012"),
        (transforms.padded(5, "0", "left"), "-12", "-0012"),
        (transforms.padded(5, "0", "left"), "-AB", "00-AB"),
        (transforms.padded(5, " ", "right"), "12", "12   "),
        (transforms.padded(1, " ", "right"), "12", "12"),
        (transforms.validated("upc"), "036000291452", "036000291452"),
    ],
)
def test_a_step_gives(step: Step, value: object, wanted: object) -> None:
    assert step(value) == wanted


@pytest.mark.parametrize(
    ("step", "value", "sentence"),
    [
        (transforms.matched(pattern(r"^\d+$")), "12a", r"'12a' does not fit the pattern ^\d+$"),
        (transforms.mapped({"EA": "each", "CA": "case"}), "BG", "code 'BG' is not in the list (EA, CA)"),
        (transforms.mapped({str(at): "x" for at in range(40)}), "BG", "code 'BG' is not in the list (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 28 more)"),
        (transforms.mapped({"EA": "each"}), "*", "code '*' is not in the list (EA)"),
        (transforms.cut_out(1, 2), ["a", "b"], "there are 2 values where one is expected; add 'join' to make one text of them"),
        (transforms.rounded(2), "x", "'x' is not a number"),
        (transforms.rounded(2), date(2026, 1, 1), "'2026-01-01' is not a number"),
        (transforms.validated("upc"), "036000291453", "'036000291453' is not a UPC: its check digit is 3 and 2 would be right"),
    ],
)  # fmt: skip
def test_what_a_step_cannot_work_with_is_said(step: Step, value: object, sentence: str) -> None:
    with pytest.raises(StepError) as refused:
        step(value)

    assert str(refused.value) == sentence
