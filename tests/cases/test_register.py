"""Every case of the page of reliability has a test by its name, or is listed as one that waits for its part."""

from tests.cases import register


def test_every_case_is_a_test_or_is_listed_as_later() -> None:
    listed, known = set(register.cases()), set(register.tests())

    assert len(listed) == 69
    assert known <= listed, "a test names a case that the page does not list"
    assert sorted(listed - known - set(register.LATER)) == []


def test_no_case_is_listed_as_later_that_has_a_test() -> None:
    assert sorted(set(register.LATER) & set(register.tests())) == []
