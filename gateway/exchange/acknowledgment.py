"""Judge: what the faults of an interchange mean under an agreement, and which TA1 and 997 are due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange, ReceivedSet
from gateway.kernel.faults import ElementFault, GroupFault, InterchangeFault, SegmentFault, SetFault
from gateway.kernel.issue import Issue, Place
from gateway.kernel.sparse import Sparse


class Verdict(Enum):
    """TA104, AK901 and AK501: accepted, accepted with errors noted, partially accepted, rejected."""

    ACCEPTED = "A"
    ERRORS = "E"
    PARTIAL = "P"
    REJECTED = "R"


Form = Literal["997", "999", "none"]
"""The functional acknowledgment agreed on; a group of a version without a 999 gets a 997 all the same."""


@dataclass(frozen=True, slots=True)
class AckRules:
    """What was agreed about acknowledging.

    ``unique_sets``: whether ST02 must be unique within its group; ``unique_groups``: whether GS06 must be within its
    interchange. ``tolerates``: names of faults that let a set or group pass as ``E`` (``UNKNOWN_CODE(355)`` names
    the data element, without it every element is meant; ISA13, GS06 and ST02 stand for numbers used twice);
    ``on_error``: the unit that is rejected with a bad set;
    ``partner_guide_faults``: what a fault against the partner guide means. Only ``reject`` changes a verdict.
    """

    tolerates: frozenset[str] = frozenset()
    unique_sets: bool = True
    unique_groups: bool = True
    on_error: Literal["set", "group", "interchange"] = "set"
    ta1: Literal["always", "on_request", "errors", "never"] = "on_request"
    functional: Form = "997"
    when: Literal["always", "errors"] = "always"
    accepted_sets: Literal["listed", "summarised"] = "listed"
    partner_guide_faults: Literal["reject", "hold", "warn"] = "hold"


@dataclass(frozen=True, slots=True)
class SetVerdict:
    """One set judged; ``codes`` are AK502.. in order, ``faults`` the segment and element issues for AK3/AK4.

    ``issues`` is what is told of the set to people: what ``codes`` and ``faults`` stand for, in file order, without
    what breaks only a partner guide.
    """

    received: ReceivedSet
    verdict: Verdict
    codes: tuple[str, ...] = ()
    faults: tuple[Issue, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """One group judged: AK901, AK902 (``included``), AK903, AK904, AK905.., and the sets to be listed.

    ``issues`` are the faults that the codes stand for.
    """

    group: ReceivedGroup
    verdict: Verdict
    codes: tuple[str, ...]
    included: int
    received: int
    accepted: int
    sets: Sequence[SetVerdict]
    ack_due: bool
    listed: Sequence[SetVerdict]
    form: Form = "997"
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class InterchangeVerdict:
    """One interchange judged: TA104, TA105 and whether the TA1 is due."""

    received: ReceivedInterchange
    verdict: Verdict
    code: str
    ta1_due: bool
    groups: tuple[GroupVerdict, ...]


_REJECTING = frozenset(InterchangeFault) - {
    InterchangeFault.CONTROL_NUMBER_MISMATCH,
    InterchangeFault.GROUP_COUNT,
    InterchangeFault.SENDER_ID,
    InterchangeFault.RECEIVER_ID,
    InterchangeFault.DATE,
    InterchangeFault.TIME,
    InterchangeFault.STANDARDS_ID,
    InterchangeFault.ACKNOWLEDGMENT_REQUESTED,
    InterchangeFault.DEFERRED_DELIVERY,
    InterchangeFault.GRADE_OF_SERVICE,
}
"""After any of these nothing inside is trusted: TA104 is R, unless it was only noted. The others are noted: E."""

_TOLERANCE_OF = {
    InterchangeFault.GROUP_COUNT: "IEA01_COUNT",
    InterchangeFault.CONTROL_NUMBER_MISMATCH: "IEA02",
    InterchangeFault.DUPLICATE_CONTROL_NUMBER: "ISA13",
    GroupFault.SET_COUNT: "GE01_COUNT",
    GroupFault.CONTROL_NUMBER_MISMATCH: "GE02",
    GroupFault.CONTROL_NUMBER_NOT_UNIQUE: "GS06",
    SetFault.SEGMENT_COUNT: "SE01_COUNT",
    SetFault.CONTROL_NUMBER_MISMATCH: "SE02",
    SetFault.CONTROL_NUMBER_NOT_UNIQUE: "ST02",
    SegmentFault.UNRECOGNIZED: "UNEXPECTED_SEGMENT",
    SegmentFault.UNEXPECTED: "UNEXPECTED_SEGMENT",
    SegmentFault.NOT_IN_SET: "UNEXPECTED_SEGMENT",
    SegmentFault.OUT_OF_SEQUENCE: "UNEXPECTED_SEGMENT",
    ElementFault.INVALID_CODE: "UNKNOWN_CODE",
    ElementFault.TOO_LONG: "TOO_LONG",
}
_PADDING = {
    InterchangeFault.AUTHORIZATION_INFORMATION,
    InterchangeFault.SECURITY_INFORMATION,
    InterchangeFault.SENDER_ID,
    InterchangeFault.RECEIVER_ID,
}
_UNUSABLE = {
    GroupFault.NOT_SUPPORTED,
    GroupFault.VERSION_NOT_SUPPORTED,
    GroupFault.CONTROL_NUMBER_NOT_UNIQUE,
}
"""After any of these no set of the group is taken and none is listed."""


def tolerated(issue: Issue, rules: AckRules) -> bool:
    """Whether the agreement lets this fault pass as an error noted.

    >>> tolerated(Issue(SetFault.SEGMENT_COUNT), AckRules(tolerates=frozenset({"SE01_COUNT"})))
    True
    """
    if issue.fault in _PADDING:
        return "ISA_PADDING" in rules.tolerates
    name = _TOLERANCE_OF.get(issue.fault)
    if name is None:
        return False
    return name in rules.tolerates or f"{name}({issue.place.reference})" in rules.tolerates


def judge(received: ReceivedInterchange, rules: AckRules) -> InterchangeVerdict:
    """Every verdict of one interchange (rulings for groups without a usable set or version included)."""
    verdict, code = _interchange(received, rules)
    if verdict is not Verdict.REJECTED and rules.on_error == "interchange" and _any_bad(received, rules):
        verdict, code = Verdict.REJECTED, InterchangeFault.INVALID_CONTENT.value
    groups = tuple(_group(group, rules, refused=verdict is Verdict.REJECTED) for group in received.groups)
    return InterchangeVerdict(received, verdict, code, _ta1_due(received, verdict, rules), groups)


def _interchange(received: ReceivedInterchange, rules: AckRules) -> tuple[Verdict, str]:
    faults = [issue for issue in received.issues if isinstance(issue.fault, InterchangeFault)]
    if not faults:
        return Verdict.ACCEPTED, "000"
    rejecting = [
        issue for issue in faults if issue.fault in _REJECTING and not issue.noted and not tolerated(issue, rules)
    ]
    worst = (rejecting or faults)[0]
    return (Verdict.REJECTED if rejecting else Verdict.ERRORS), str(worst.fault.value)


def _any_bad(received: ReceivedInterchange, rules: AckRules) -> bool:
    return any(_has_bad(_sets(group.sets, rules)) for group in received.groups)


def _ta1_due(received: ReceivedInterchange, verdict: Verdict, rules: AckRules) -> bool:
    if received.ta1_alone:  # an answer is never answered
        return False
    if rules.ta1 in {"always", "never"}:
        return rules.ta1 == "always"
    if verdict is Verdict.REJECTED:
        return True
    if rules.ta1 == "errors":
        return verdict is not Verdict.ACCEPTED
    return received.acknowledgment_requested


def _group(group: ReceivedGroup, rules: AckRules, *, refused: bool) -> GroupVerdict:
    issues = _told_of_group(group, rules)
    codes = tuple(dict.fromkeys(str(issue.fault.value) for issue in issues))
    unusable = any(issue.fault in _UNUSABLE and not tolerated(issue, rules) for issue in issues)
    sets = () if unusable else _sets(group.sets, rules)
    if not refused and rules.on_error == "group" and _has_bad(sets):
        refused = True
    if refused:
        sets = _refused(sets)
    accepted = sum(number for one, number in _numbers(sets) if one.verdict is not Verdict.REJECTED)
    verdict = _group_verdict(issues, sets, accepted)
    due = (
        rules.functional != "none"
        and group.functional_id != "FA"
        and (rules.when == "always" or verdict is not Verdict.ACCEPTED)
    )
    listed = sets if rules.accepted_sets == "listed" else tuple(s for s in sets if s.verdict is not Verdict.ACCEPTED)
    count = len(group.sets)
    return GroupVerdict(
        group, verdict, codes, _number(group.included), count, accepted, sets, due, listed, rules.functional,
        issues,
    )  # fmt: skip


def _told_of_group(group: ReceivedGroup, rules: AckRules) -> tuple[Issue, ...]:
    ignored = () if rules.unique_groups else (GroupFault.CONTROL_NUMBER_NOT_UNIQUE,)
    return tuple(each for each in group.issues if isinstance(each.fault, GroupFault) and each.fault not in ignored)


def _group_verdict(issues: tuple[Issue, ...], sets: Sequence[SetVerdict], accepted: int) -> Verdict:
    if accepted == 0:
        return Verdict.REJECTED
    if accepted < len(sets):
        return Verdict.PARTIAL
    if issues or any(one.verdict is Verdict.ERRORS for one, _ in _numbers(sets)):
        return Verdict.ERRORS
    return Verdict.ACCEPTED


def _sets(received: Sequence[ReceivedSet], rules: AckRules) -> Sequence[SetVerdict]:
    """Each set judged; of very many, those without a fault only when they are looked at."""
    if isinstance(received, Sparse):
        return received.mapped(_accepted, lambda one: _set(one, rules))
    return tuple(_set(one, rules) for one in received)


def _accepted(received: ReceivedSet) -> SetVerdict:
    return SetVerdict(received, Verdict.ACCEPTED)


def _refused(sets: Sequence[SetVerdict]) -> Sequence[SetVerdict]:
    def refuse(one: SetVerdict) -> SetVerdict:
        return replace(one, verdict=Verdict.REJECTED)

    return sets.mapped(refuse, refuse) if isinstance(sets, Sparse) else tuple(map(refuse, sets))


def _numbers(sets: Sequence[SetVerdict]) -> Iterable[tuple[SetVerdict, int]]:
    """The verdicts with how many there are of each."""
    return sets.samples() if isinstance(sets, Sparse) else ((one, 1) for one in sets)


def _has_bad(sets: Sequence[SetVerdict]) -> bool:
    return any(one.verdict is Verdict.REJECTED for one, _ in _numbers(sets))


def _set(received: ReceivedSet, rules: AckRules) -> SetVerdict:
    if not received.issues and not received.guide_issues:
        return _accepted(received)
    issues = _told_of_set(received, rules)
    own = [issue for issue in issues if isinstance(issue.fault, SetFault)]
    inner = tuple(issue for issue in issues if isinstance(issue.fault, (SegmentFault, ElementFault)))
    if received.guide_issues and rules.partner_guide_faults == "reject":
        inner = tuple(sorted((*inner, *received.guide_issues), key=_order))
    codes = _set_codes(own, inner)
    if not codes:
        return SetVerdict(received, Verdict.ACCEPTED)
    passes = all(tolerated(issue, rules) for issue in (*own, *inner))
    return SetVerdict(received, Verdict.ERRORS if passes else Verdict.REJECTED, codes, inner, issues)


def _told_of_set(received: ReceivedSet, rules: AckRules) -> tuple[Issue, ...]:
    """The faults that count; ST01, ST02, SE01 and SE02 have codes of their own in AK502 (1, 3, 4, 6, 7): told once."""
    issues = received.issues
    if not rules.unique_sets:
        issues = tuple(issue for issue in issues if issue.fault is not SetFault.CONTROL_NUMBER_NOT_UNIQUE)
    if any(isinstance(issue.fault, SetFault) for issue in issues):
        issues = tuple(
            issue for issue in issues if isinstance(issue.fault, SetFault) or not _is_told_by_the_set(issue.place)
        )
    return issues


def _is_told_by_the_set(place: Place) -> bool:
    return place.segment in ("ST", "SE") and place.element in (1, 2)


def _order(issue: Issue) -> tuple[int, str, int, int]:
    """Faults of one segment stand together in the 997."""
    return issue.place.position, issue.place.segment, issue.place.element, issue.place.component


def _set_codes(own: list[Issue], inner: tuple[Issue, ...]) -> tuple[str, ...]:
    codes = {str(issue.fault.value) for issue in own}
    if inner:
        codes.add(SetFault.SEGMENTS_IN_ERROR.value)
    return tuple(sorted(codes, key=int))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0  # noqa: PLR2004 - AK902 is N0 1/6
