"""Judge a GS: what makes its group unusable (AK905), and what is only noted (TA105 024)."""

from collections.abc import Iterator

from gateway.formats.x12 import guide
from gateway.formats.x12.elements import is_date, is_time
from gateway.formats.x12.parts import GroupStarted
from gateway.formats.x12.set_faults import number_of
from gateway.kernel.faults import GroupFault
from gateway.kernel.issue import Issue, Place

_MOST_DIGITS = 9
_ELEMENTS = 8
_IDS = ((2, "the sender"), (3, "the receiver"))
_ID_LENGTHS = range(2, 16)
_DATE_LENGTH = 8
_SHOWN = 40
_AGENCIES = ("T", "X")


def group_faults(start: GroupStarted, version: str | None) -> Iterator[Issue]:
    """What makes the group unusable, or its number unfit; ``version`` is the base version, None if not shipped."""
    as_sent, functional_id, number = start.element(8), start.element(1), start.element(6)
    if version is None:
        message = f"Version '{as_sent}' of the group is not supported; supported are {', '.join(guide.versions())}."
        yield Issue(GroupFault.VERSION_NOT_SUPPORTED, Place("GS", 0, "", 8, offset=start.offset), as_sent, message)
    elif functional_id not in guide.functional_groups(version):
        message = f"GS01 is '{functional_id}'; groups of this kind are not supported in version {version}."
        yield Issue(GroupFault.NOT_SUPPORTED, Place("GS", 0, "", 1, offset=start.offset), functional_id, message)
    if number_of(number) < 0 or len(number) > _MOST_DIGITS:
        message = f"GS06, the control number of the group: '{number}' is not a number of 1 to 9 digits."
        yield Issue(GroupFault.CONTROL_NUMBER_SYNTAX, Place("GS", 0, "", 6, offset=start.offset), number, message)


def header_faults(start: GroupStarted) -> Iterator[tuple[int, str, bool]]:
    """The other elements of a GS that are wrong: element, sentence, and whether it is only noted.

    Without who sends what to whom nobody can be answered; dates, times and lengths harm nothing.
    """
    if not start.element(1):
        yield 1, "GS01, the functional id, is missing.", False
    for at, what in _IDS:
        value = start.element(at)
        if not value:
            yield at, f"GS{at:02d}, {what}, is missing.", False
        elif len(value) not in _ID_LENGTHS:
            yield at, f"GS{at:02d}, {what}: '{value[:_SHOWN]}' has not 2 to 15 characters.", True
    date, time, agency = start.element(4), start.element(5), start.element(7)
    if len(date) != _DATE_LENGTH or not is_date(date):
        yield 4, f"GS04, the date{_instead(date)} a date CCYYMMDD belongs here.", True
    if not is_time(time):
        yield 5, f"GS05, the time{_instead(time)} a time HHMM belongs here.", True
    if agency not in _AGENCIES:
        yield 7, f"GS07, the agency{_instead(agency)} 'X' belongs here.", True
    if len(start.elements) > _ELEMENTS + 1:
        yield 9, f"GS has {len(start.elements) - 1} elements; at most {_ELEMENTS} are allowed.", True


def _instead(value: str) -> str:
    return f": '{value[:_SHOWN]}' stands here;" if value else ", is missing;"
