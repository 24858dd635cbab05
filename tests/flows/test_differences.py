"""Differences are told by place: field, segment and element, row and column; equal results have none."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.flows import differences

leaves = st.none() | st.text(max_size=3)
nested = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=8
)


@given(nested)
def test_a_value_does_not_differ_from_itself(value: object) -> None:
    assert list(differences.values(value, value)) == []


@given(
    st.dictionaries(st.sampled_from("abc"), st.text("xy", min_size=1)),
    st.dictionaries(st.sampled_from("abc"), st.text("xy", min_size=1)),
)
def test_two_objects_differ_in_exactly_the_keys_they_say_differently(one: dict[str, str], two: dict[str, str]) -> None:
    told = {each.place for each in differences.values(one, two)}

    assert told == {key for key in {*one, *two} if one.get(key) != two.get(key)}


def test_a_changed_item_is_told_with_its_number() -> None:
    before = {"lines": [{"uom": "EA"}, {"uom": "EA", "pack": "2"}]}
    after = {"lines": [{"uom": "EA"}, {"uom": "CA"}, {"uom": "PR"}]}

    assert [str(each) for each in differences.values(before, after)] == [
        "lines[2].uom: EA -> CA", "lines[2].pack: 2 -> nothing", "lines[3].uom: nothing -> PR"
    ]  # fmt: skip


def test_segments_are_told_by_number_and_element() -> None:
    wanted = [["ST", "856", "0001"], ["TD1", "CTN25", "2", "", "", "", "G", "41.5", "LB"]]
    got = [["ST", "856", "0001"], ["TD1", "CTN25", "2", "", "", "", "G", "41.50", "LB"]]

    (found,) = differences.segments(wanted, got)

    assert found.expectation() == "segment 2 TD107: expected 41.5, got 41.50"


def test_after_a_segment_of_another_kind_nothing_more_is_told() -> None:
    (found,) = differences.segments([["ST"], ["REF", "DP", "1"], ["SE"]], [["ST"], ["SE"]])

    assert str(found) == "segment 2: REF*DP*1 -> SE"


def test_rows_are_told_by_title() -> None:
    wanted, got = [["Artikel", "Menge"], ["A-1", "2"]], [["Artikel", "Menge"], ["A-1", "3"], ["A-2", "1"]]

    assert [str(each) for each in differences.rows(wanted, got)] == [
        "row 2, Menge: 2 -> 3", "row 3: nothing -> A-2; 1"
    ]  # fmt: skip
