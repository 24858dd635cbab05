"""What mappings refuse (``reject``) in sets that the standard accepts: faults of the set, so that the 997 tells them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from gateway.config.agreement import ack_rules
from gateway.config.partner import Partner
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.interchange import ReceivedGroup, ReceivedInterchange, ReceivedSet
from gateway.exchange.receipt import Receipt
from gateway.flows import environment
from gateway.flows.envelopes import of_received
from gateway.flows.judging.examine import ExaminedInterchange, ExaminedSet, judged_again
from gateway.flows.workbench import Workbench
from gateway.formats.x12.parts import SetRead
from gateway.kernel.faults import ElementFault, SetFault
from gateway.kernel.issue import Issue
from gateway.kernel.sparse import Sparse
from gateway.mapping import inbound
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem

Chosen = Callable[[ExaminedSet], PreparedMapping | None]


def judged(
    bench: Workbench, partner: Partner, receipt: Receipt, seen: ExaminedInterchange, chosen: Chosen
) -> ExaminedInterchange:
    """The interchange with what the mappings of its sets refuse; the same one when they refuse nothing."""
    refused: dict[int, ReceivedSet] = {}
    for each in seen.sets:
        if each.verdict.verdict is not Verdict.REJECTED:
            found = _refused(bench, partner, receipt, seen.received, each, chosen(each))
            if found is not None:
                refused[id(each.received)] = found
    if not refused:
        return seen
    return _with(seen, refused, partner)


def judged_large(
    bench: Workbench, partner: Partner, receipt: Receipt, seen: ExaminedInterchange, chosen: Chosen,
    accepted: Iterable[tuple[int, int, ExaminedSet]],
) -> ExaminedInterchange:  # fmt: skip
    """The same of a large interchange, whose ``accepted`` sets are read one by one, with their group and number."""
    refused: dict[tuple[int, int], ReceivedSet] = {}
    for group, at, each in accepted:
        found = _refused(bench, partner, receipt, seen.received, each, chosen(each))
        if found is not None:
            refused[group, at] = found
    if not refused:
        return seen
    return judged_again(seen, _with_issues(seen.received, refused), ack_rules(partner)[0])


def _refused(
    bench: Workbench, partner: Partner, receipt: Receipt, received: ReceivedInterchange, each: ExaminedSet,
    prepared: PreparedMapping | None,
) -> ReceivedSet | None:  # fmt: skip
    """The set with what its mapping refuses in it; None when it refuses nothing."""
    if prepared is None or not prepared.refuses:
        return None
    envelope = of_received(received, each.group, each.received.control_number)
    env = environment.received(bench, partner, receipt.file_name, envelope)
    problems = inbound.run(prepared, each.record, env).problems
    issues = tuple(_issue(problem, each.source) for problem in problems if problem.level == "reject")
    return replace(each.received, issues=(*each.received.issues, *issues)) if issues else None


def _with(seen: ExaminedInterchange, refused: dict[int, ReceivedSet], partner: Partner) -> ExaminedInterchange:
    groups = tuple(
        replace(group, sets=tuple(refused.get(id(each), each) for each in group.sets)) for group in seen.received.groups
    )
    sets = tuple(replace(each, received=refused.get(id(each.received), each.received)) for each in seen.sets)
    rules, _ = ack_rules(partner)
    return judged_again(replace(seen, sets=sets), replace(seen.received, groups=groups), rules)


def _issue(problem: MappingProblem, source: SetRead) -> Issue:
    """A refusal as a fault that X12 numbers: at its element where one is known, else of the set as a whole."""
    place = problem.place
    if place is None or not place.element or source.guide is None:
        return Issue(SetFault.SEGMENTS_IN_ERROR, message=problem.message)
    segment = source.segments[place.position - 1]
    value = segment[place.element] if place.element < len(segment) else ""
    spec = source.guide.segments[place.segment].elements[place.element - 1]
    at = replace(place, reference=spec.reference, offset=segment.offset)
    return Issue(ElementFault.INVALID_CODE if value else ElementFault.MANDATORY_MISSING, at, value, problem.message)


def _with_issues(seen: ReceivedInterchange, refused: Mapping[tuple[int, int], ReceivedSet]) -> ReceivedInterchange:
    """The facts of a large interchange with what was found out about some of its sets."""
    groups = list(seen.groups)
    for of_group in {of_group for of_group, _ in refused}:
        others = {at: one for (of, at), one in refused.items() if of == of_group}
        groups[of_group] = _altered(groups[of_group], others)
    return replace(seen, groups=tuple(groups))


def _altered(group: ReceivedGroup, others: Mapping[int, ReceivedSet]) -> ReceivedGroup:
    if isinstance(group.sets, Sparse):
        return replace(group, sets=group.sets.altered(others))
    return replace(group, sets=tuple(others.get(at, one) for at, one in enumerate(group.sets)))
