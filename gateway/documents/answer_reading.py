"""Read what partners answer: 997, 999, TA1 and 824, as tolerant as real ones need it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.answers import AnsweredDocument, AnsweredGroup, AnsweredInterchange, AnsweredSet, Kind, ToldFault
from gateway.kernel.issue import Place

APPLICATION_SET = "824"
_SPOKEN = {"A": Verdict.ACCEPTED, "E": Verdict.ERRORS, "P": Verdict.PARTIAL, "R": Verdict.REJECTED}
_SPOKEN_FUNCTIONAL = {**_SPOKEN, "M": Verdict.REJECTED, "W": Verdict.REJECTED, "X": Verdict.REJECTED}
"""AK501 and AK901; M, W and X reject for reasons of security."""
_SPOKEN_APPLICATION = {**_SPOKEN, "C": Verdict.ERRORS, "H": Verdict.ERRORS}
"""The second letter of OTI01; C accepts with a change of the data, H keeps it waiting."""
_FIRST_CODE = {"AK5": 2, "IK5": 2, "AK9": 5}


def functional(segments: Iterable[Sequence[str]], component_separator: str) -> tuple[AnsweredGroup, ...]:
    """The groups that a 997 or 999 answers, ST to SE: one for each AK1; AK5 stands for IK5 and the other way round."""
    kind: Kind = "997"
    groups: list[AnsweredGroup] = []
    for segment in segments:
        name = segment[0]
        if name == "ST" and _at(segment, 1) == "999":
            kind = "999"
        elif name == "AK1":
            groups.append(AnsweredGroup(kind, _at(segment, 1), _at(segment, 2), None))
        elif groups:
            groups[-1] = _with(groups[-1], segment, component_separator)
    return tuple(each for each in groups if each.verdict is not None or each.sets)


def _with(group: AnsweredGroup, segment: Sequence[str], component_separator: str) -> AnsweredGroup:
    """The group with what one more segment says."""
    name, sets = segment[0], group.sets
    if name == "AK9":
        return replace(group, verdict=_SPOKEN_FUNCTIONAL.get(_at(segment, 1)), codes=_codes(segment))
    if name == "AK2":
        return replace(group, sets=(*sets, AnsweredSet(_at(segment, 1), _at(segment, 2), None)))
    if not sets:
        return group
    last = sets[-1]
    if name in ("AK5", "IK5"):
        last = replace(last, verdict=_SPOKEN_FUNCTIONAL.get(_at(segment, 1)), codes=_codes(segment))
    elif name in ("AK3", "IK3"):
        place = Place(_at(segment, 1), _count(_at(segment, 2)), _at(segment, 3))
        last = replace(last, faults=(*last.faults, ToldFault(place, _at(segment, 4))))
    elif name in ("AK4", "IK4") and last.faults:
        last = replace(last, faults=tuple(_with_element(last.faults, segment, component_separator)))
    return replace(group, sets=(*sets[:-1], last))


def _with_element(
    faults: tuple[ToldFault, ...], segment: Sequence[str], component_separator: str
) -> Iterator[ToldFault]:
    """An element fault takes the place of the note that its segment has element errors."""
    before = faults[-1]
    yield from faults[:-1] if before.place.element == 0 and before.code in ("", "8") else faults
    element, component, repetition = _position(_at(segment, 1), component_separator)
    place = replace(
        before.place, element=element, component=component, repetition=repetition, reference=_at(segment, 2)
    )
    yield ToldFault(place, _at(segment, 3), _at(segment, 4))


def _position(text: str, component_separator: str) -> tuple[int, int, int]:
    """C030: element, component, repetition."""
    parts = text.split(component_separator) if component_separator else [text]
    numbers = [_count(part) for part in (*parts, "", "")]
    return numbers[0], numbers[1], numbers[2]


def interchange(elements: Sequence[str]) -> AnsweredInterchange | None:
    """One TA1 segment; None when it says no verdict."""
    verdict = _SPOKEN.get(_at(elements, 4))
    if verdict is None or verdict is Verdict.PARTIAL:
        return None
    return AnsweredInterchange(_at(elements, 1), _at(elements, 2), _at(elements, 3), verdict, _at(elements, 5))


def application(segments: Iterable[Sequence[str]], component_separator: str) -> tuple[AnsweredDocument, ...]:
    """The documents that an 824 speaks of: one for each OTI with a verdict."""
    documents: list[AnsweredDocument] = []
    for segment in segments:
        name = segment[0]
        if name == "OTI":
            documents.append(_document(segment))
        elif not documents:
            continue
        elif name == "TED":
            documents[-1] = _told(documents[-1], _technical_error(segment, component_separator))
        elif name in ("NTE", "RED", "LQ") and (words := _at(segment, 1 if name == "RED" else 2)):
            documents[-1] = _explained(documents[-1], words)
    return tuple(documents)


def _document(segment: Sequence[str]) -> AnsweredDocument:
    code = _at(segment, 1)
    return AnsweredDocument(
        # a code that nobody knows is shown to a person, as a rejection is
        verdict=_SPOKEN_APPLICATION.get(code[1:2], Verdict.REJECTED), code=code, reference=_at(segment, 3),
        group_number=_at(segment, 8), set_number=_at(segment, 9), set_id=_at(segment, 10),
    )  # fmt: skip


def _technical_error(segment: Sequence[str], component_separator: str) -> ToldFault:
    element, component, repetition = _position(_at(segment, 5), component_separator)
    place = Place(
        _at(segment, 3), _count(_at(segment, 4)), element=element, component=component, repetition=repetition,
        reference=_at(segment, 6).split(component_separator or " ")[0],
    )  # fmt: skip
    return ToldFault(place, _at(segment, 1), _at(segment, 7), _at(segment, 2))


def _told(document: AnsweredDocument, fault: ToldFault) -> AnsweredDocument:
    return replace(document, faults=(*document.faults, fault))


def _explained(document: AnsweredDocument, words: str) -> AnsweredDocument:
    """Free text belongs to the error before it."""
    if not document.faults:
        return _told(document, ToldFault(Place(), "", "", words))
    last = document.faults[-1]
    return replace(document, faults=(*document.faults[:-1], replace(last, words=f"{last.words} {words}".strip())))


def _codes(segment: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in segment[_FIRST_CODE[segment[0]] :] if code)


def _at(elements: Sequence[str], at: int) -> str:
    return elements[at].strip() if at < len(elements) else ""


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0  # noqa: PLR2004 - AK302 is N0 1/10
