"""The separators of one interchange, found in its ISA even when the header is damaged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from gateway.kernel.faults import InterchangeFault, Repair
from gateway.kernel.issue import RepairDone

HEADER_WINDOW = 512
SEGMENT_LIMIT = 64 * 1024
ISA_WINDOW = 2 * HEADER_WINDOW + 8
ISA_LENGTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_BEHIND = tuple(accumulate(ISA_LENGTHS[:16], lambda at, length: at + length + 1))
_LENGTH = 106
_FIXED = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1)
ISA = re.compile(
    r"(?<![A-Za-z0-9])ISA([^A-Za-z0-9\s])[^\r\n]{0,4}\1"  # a header, whatever its width
    r"|ISA([^A-Za-z0-9\s])[0-9]{2}\2"  # one that follows a segment without a terminator
    r"|ISA(.)" + "".join(rf".{{{width}}}\3" for width in _FIXED) + r".\3",  # a header of the right width, any separator
    re.DOTALL,
)
"""What a header looks like, wherever it stands."""
FOLLOWED_HEADER = re.compile(
    r"ISA(.)" + "".join(rf".{{{width}}}\1" for width in _FIXED) + r".\1..\s*(?:GS|TA1|IEA)\1", re.DOTALL
)
"""A header of the right width and the segment behind it: this stands in no data."""
_SEPARATORS_IN_ISA = 16
_FIRST_HIGH_BYTE = 0x80
_WHITE = " \t\r\n\v\f"  # the separators of old, 1C to 1F, are white space to Python but not here
_NEXT_SEGMENT = r"(?=(?:GS|TA1|IEA|ISA){sep}|\Z)"
_END = r"(?P<component>[^\r\n])?(?P<blank>[ \r\n]*?)(?P<terminator>\r\n|[^A-Za-z0-9 ])(?P<decoration>\s*)"
_SHORT_END = r"(?P<usage>[A-Z]?)(?P<terminator>\r\n|[^A-Za-z0-9 ])(?P<decoration>\s*)(?:GS|TA1|IEA)\Z"


@dataclass(frozen=True, slots=True)
class Separators:
    """The characters that structure an interchange; ``repetition`` is empty where the version has none."""

    element: str
    component: str
    repetition: str
    terminator: str


@dataclass(frozen=True, slots=True)
class IsaFound:
    """A readable ISA: its elements as sent (item 0 is the id), where the next segment begins, what was mended."""

    elements: tuple[str, ...]
    separators: Separators
    end: int
    repairs: tuple[RepairDone, ...]


@dataclass(frozen=True, slots=True)
class IsaUnreadable:
    """An ISA that cannot be read, with the reason in a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class IsaUnusable:
    """An ISA of the right width whose separators cannot separate: who sent it is known, what it holds is not.

    ``faults`` are TA105 004, 026 or 027, each with its sentence.
    """

    elements: tuple[str, ...]
    separators: Separators
    end: int
    faults: tuple[tuple[InterchangeFault, str], ...]


Isa = IsaFound | IsaUnusable | IsaUnreadable


def readable(text: str) -> str:
    r"""Text of a file read byte by byte; UTF-8 is decoded where it is UTF-8, other bytes stay as they are.

    >>> readable("caf\xc3\xa9"), readable("caf\xe9")
    ('café', 'café')
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def find(window: str, start: int) -> Isa:
    """Read the ISA at the beginning of ``window``: by position if it is aligned, else by counting sixteen separators.

    ``window`` holds up to ``ISA_WINDOW`` characters, ``start`` is its byte offset in the file.
    """
    found = _counted(window, start)
    separable = isinstance(found, IsaFound) and bool(found.separators.component)
    if _is_aligned(window) and not separable and not _is_mended(found, window[_LENGTH:]):
        unusable = _unusable(window, start)
        if unusable.faults:
            return unusable
    return found


def _is_mended(found: IsaFound | IsaUnreadable, following: str) -> bool:
    """Whether ISA16 is missing and what stands in its place does end segments."""
    if isinstance(found, IsaUnreadable) or found.separators.terminator not in following:
        return False
    return any(each.kind is Repair.MISSING_ISA16 for each in found.repairs)


def _is_aligned(window: str) -> bool:
    return len(window) >= _LENGTH and all(window[at] == window[3] for at in _BEHIND)


def _unusable(window: str, start: int) -> IsaUnusable:
    element, component, terminator = window[3], window[104], window[105]
    fields = tuple(window[a + 1 : b] for a, b in pairwise(_BEHIND))
    faults = tuple(_conversions(window)) or tuple(_separator_faults(element, component, terminator))
    return IsaUnusable(
        ("ISA", *fields, component), Separators(element, component, "", terminator), start + _LENGTH, faults
    )


def _conversions(window: str) -> Iterator[tuple[InterchangeFault, str]]:
    """Separators that became two or three bytes when the file was converted to UTF-8."""
    for at, fault, what in (
        (104, InterchangeFault.COMPONENT_SEPARATOR, "component separator (ISA16)"),
        (105, InterchangeFault.SEGMENT_TERMINATOR, "segment terminator"),
    ):
        if any(_is_converted(window[at : at + width]) for width in (2, 3)):
            words = "was broken into several bytes by a character set conversion; the file must be sent unconverted."
            yield fault, f"The {what} {words}"
            return


def _separator_faults(element: str, component: str, terminator: str) -> Iterator[tuple[InterchangeFault, str]]:
    kinds = "it may not be a letter, a digit or a blank"
    if element.isalnum() or element in _WHITE:
        yield InterchangeFault.ELEMENT_SEPARATOR, f"The element separator is {element!r}; {kinds}."
    if component == element or component.isalnum() or component in _WHITE:
        words = "the same as the element separator" if component == element else kinds
        yield InterchangeFault.COMPONENT_SEPARATOR, f"The component separator (ISA16) is {component!r}; {words}."
    if terminator in (element, component) or terminator.isalnum() or terminator in " \t\v\f":
        words = (
            "the same sign separates values, so nobody can tell them apart"
            if terminator in (element, component)
            else kinds
        )
        yield (
            InterchangeFault.SEGMENT_TERMINATOR,
            f"The sign that ends each segment (its terminator) is {terminator!r}; {words}.",
        )


def _counted(window: str, start: int) -> IsaFound | IsaUnreadable:
    separator = window[3:4]
    if not separator or separator.isalnum() or separator in _WHITE:
        return IsaUnreadable(
            "The character after ISA is no usable element separator; ask the sender for a file whose separators are "
            "neither letters, digits nor blanks."
        )
    positions = _positions(window, separator)
    if len(positions) < _SEPARATORS_IN_ISA:
        return IsaUnreadable(
            f"The first line of the file (the segment ISA) is not complete: it has {_SEPARATORS_IN_ISA} values, and only "
            f"{len(positions)} separators stand within {HEADER_WINDOW} bytes after ISA. Ask the sender for the file with its complete ISA segment."
        )
    fields = [window[a + 1 : b] for a, b in pairwise(positions)]
    short = re.search(_SHORT_END, fields[-1])
    if short:
        end = positions[-2] + 1 + short.start("terminator") + len(short["terminator"])
        fields = [*fields[:-1], fields[-1][: short.end("usage")]]
        return _found(start, end, fields, separator, "", short["terminator"])
    return _after_sixteen(window, start, positions[-1] + 1, fields, separator)


def _positions(window: str, separator: str) -> list[int]:
    """Where the first sixteen separators of a header stand, fewer if it has not so many."""
    positions: list[int] = []
    at = -1
    while len(positions) < _SEPARATORS_IN_ISA and (at := window.find(separator, at + 1, HEADER_WINDOW + 1)) >= 0:
        positions.append(at)
    return positions


def _after_sixteen(window: str, start: int, at: int, fields: list[str], separator: str) -> IsaFound | IsaUnreadable:
    rest = window[at : at + HEADER_WINDOW]
    match = re.match(_END + _NEXT_SEGMENT.format(sep=re.escape(separator)), rest)
    match = match or re.match(r"(?P<component>[^\r\n])(?P<blank>)(?P<terminator>\r\n|[^A-Za-z0-9 ])", rest)
    if not match:
        return IsaUnreadable(
            "No segment terminator follows the header (it may not be a letter, a digit or a blank); ask the sender for "
            "the file with one."
        )
    component, terminator, end = match["component"] or "", match["terminator"], at + match.end("terminator")
    if component and terminator in "\r\n" and _ends_segments(component, rest[match.end("terminator") :]):
        component, terminator, end = "", component, at + 1
    if terminator == separator:
        return IsaUnreadable(
            "The segment terminator and the element separator are the same character; ask the sender to choose two."
        )
    if ord(terminator[0]) >= _FIRST_HIGH_BYTE and _is_converted(window[end - 1 : end + 1]):
        return IsaUnreadable(
            "The segment terminator was broken into two bytes by a character set conversion; the file must be sent unconverted."
        )
    return _found(start, end, fields, separator, component, terminator)


def _ends_segments(candidate: str, following: str) -> bool:
    """Whether the lines that follow end with this character, so that it, not the newline, is the terminator."""
    line = re.split(r"[\r\n]+", following.lstrip("\r\n"), maxsplit=1)[0]
    return not candidate.isalnum() and line.rstrip().endswith(candidate)


def _is_converted(several: str) -> bool:
    try:
        return not several.isascii() and len(several.encode("latin-1").decode("utf-8")) == 1
    except UnicodeError:
        return False


def _found(start: int, end: int, fields: list[str], separator: str, component: str, terminator: str) -> IsaFound:
    repairs: list[RepairDone] = []
    if not component or component in _WHITE:
        component = ""
        repairs.append(
            RepairDone(
                Repair.MISSING_ISA16,
                start + end - len(terminator),
                "ISA16 (component separator) is missing; the terminator was found after ISA15.",
            )
        )
    if any("\n" in value or "\r" in value for value in fields):
        repairs.append(
            RepairDone(
                Repair.WRAPPED_LINES, start, "The header is wrapped over several lines; the line ends were taken out."
            )
        )
        fields = [value.replace("\r", "").replace("\n", "") for value in fields]
    elements = ("ISA", *(readable(value) for value in fields), component)
    as_sent = end - len(terminator)
    if tuple(map(len, elements))[:16] != ISA_LENGTHS[:16] or as_sent not in (104, 105):
        repairs.append(
            RepairDone(
                Repair.ISA_REALIGNED,
                start,
                "The header does not have its fixed width; it was read by counting separators.",
            )
        )
    usable = component if component not in (separator, terminator) and not component.isalnum() else ""
    separators = Separators(separator, usable, _repetition(elements, separator, component, terminator), terminator)
    return IsaFound(elements, separators, start + end, tuple(repairs))


def _repetition(elements: tuple[str, ...], separator: str, component: str, terminator: str) -> str:
    # X12: ISA11 is a repetition separator only from 00402 on, the standards id "U" before
    candidate = elements[11]
    if (
        len(candidate) != 1
        or candidate.isalnum()
        or candidate in _WHITE
        or candidate in (separator, component, terminator)
    ):
        return ""
    return candidate
