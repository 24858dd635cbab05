"""HL levels are numbered depth first, parents exist, and the child code says what follows."""

import pytest

from gateway.formats.x12.levels import level, numbered


def test_levels_are_numbered_in_order_with_their_parents_and_child_codes() -> None:
    body = [["BSN", "00"], level(1, "S"), ["TD1", "CTN25"], level(2, "O"), level(3, "I"), level(3, "I"), level(2, "O"),
            ["CTT", "5"]]  # fmt: skip
    assert list(numbered(body)) == [
        ["BSN", "00"], ["HL", "1", "", "S", "1"], ["TD1", "CTN25"], ["HL", "2", "1", "O", "1"],
        ["HL", "3", "2", "I", "0"], ["HL", "4", "2", "I", "0"], ["HL", "5", "1", "O", "0"], ["CTT", "5"],
    ]  # fmt: skip


def test_levels_that_have_numbers_keep_them() -> None:
    body = [["HL", "7", "", "S", "1"], ["HL", "9", "7", "O"]]
    assert list(numbered(body)) == body


def test_an_hl_without_number_and_depth_is_left_to_the_check_of_what_was_written() -> None:
    assert list(numbered([["HL", "", "", "S"]])) == [["HL", "", "", "S"]]


def test_a_level_cannot_skip_one() -> None:
    with pytest.raises(ValueError, match="depth 3 follows one of depth 1"):
        list(numbered([level(1, "S"), level(3, "I")]))
