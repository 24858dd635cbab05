"""Check how partners use their mappings: the right document and direction, every parameter, no doubt which one counts."""

from collections.abc import Iterator, Mapping

from gateway.config.load import MappingReference, Site
from gateway.config.selection import Candidate, equals
from gateway.flows.choosing import reads_of
from gateway.kernel.problem import Problem
from gateway.mapping.prepare import PreparedMapping

GIVEN = frozenset({"id"})
"""Parameters that every partner has without writing them."""


def problems(site: Site, mappings: Mapping[str, PreparedMapping]) -> Iterator[Problem]:
    """Everything wrong with the uses of mappings that are right in themselves, told where they are named."""
    for reference in site.references:
        prepared = mappings.get(reference.use.mapping)
        if prepared is not None:
            yield from _own(site, reference, prepared)
    for name in site.partners:
        yield from _doubtful([each for each in site.references if each.partner == name], mappings)


def _own(site: Site, reference: MappingReference, prepared: PreparedMapping) -> Iterator[Problem]:
    use = reference.use
    if (prepared.direction, prepared.document) != (use.direction, use.document):
        sentence = f"'{use.mapping}' is a mapping '{prepared.direction}' of {prepared.document}, not '{use.direction}' of {use.document}"
        yield reference.origin.problem("P030", sentence)
    given = site.partners[reference.partner].params.keys() | GIVEN
    for name in dict.fromkeys(prepared.params):
        if name not in given:
            sentence = f"the mapping '{use.mapping}' needs the parameter '{name}', which this partner does not give"
            hint = f"write 'params: {{{name}: ...}}' in {reference.origin.file}"
            yield reference.origin.problem("P031", sentence, hint)


def _doubtful(references: list[MappingReference], mappings: Mapping[str, PreparedMapping]) -> Iterator[Problem]:
    """Entries of one partner between which only their order decides: a warning at the later one."""
    known = [each for each in references if each.use.mapping in mappings]
    candidates = [Candidate(each.use, reads_of(mappings[each.use.mapping])) for each in known]
    for first, second in equals(candidates):
        origin, earlier = (next(each.origin for each in known if each.use is use) for use in (second, first))
        if second.direction == "in":
            sentence = f"'{second.mapping}' fits the same files as '{first.mapping}' on line {earlier.line}; the first one is used"
            hint = "tell them apart with 'when', or with 'from' and 'until'"
        else:
            sentence = f"'{second.mapping}' is named on line {earlier.line} too; the document is sent twice"
            hint = "remove one of them, or give each a 'channel'"
        problem = origin.problem("P032", sentence, hint)
        yield Problem(
            problem.file, problem.line, problem.column, problem.code, problem.sentence, problem.hint, "warning"
        )
