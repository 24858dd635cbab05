"""The hook of the fault tests counts what it is told to count, and lets exactly that fail."""

import pytest

from gateway.files.disk import nobody
from gateway.files.faults import watch_of


def fails(plan: str, *operations: str) -> list[int]:
    """At which of the operations the plan lets something fail."""
    watch, found = watch_of(plan), []
    for at, each in enumerate(operations, start=1):
        try:
            watch(each, "x")
        except OSError:
            found.append(at)
    return found


def test_the_nth_operation_of_a_kind_fails_once_or_from_then_on() -> None:
    row = ("open", "write", "fsync", "write", "fsync", "write")

    assert fails("write:2:EIO", *row) == [4]
    assert fails("write:2:ENOSPC+", *row) == [4, 6]
    assert fails("change:3:EIO", *row) == [4]
    assert fails("any:1:EIO", *row) == [1]


@pytest.mark.parametrize("plan", ["fsync", "fsync:0:EIO", "fsync:x:EIO", "fall:1:EIO", "fsync:1:E", "fsync:1:sep"])
def test_what_is_no_plan_is_refused(plan: str) -> None:
    with pytest.raises(ValueError, match="is no plan of a fault"):
        watch_of(plan)


def test_without_a_plan_nothing_is_counted() -> None:
    assert watch_of("") is nobody
