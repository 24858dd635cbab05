"""Check how partners use their mappings: the right document and direction, every parameter, no doubt which one counts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from gateway.config.channels import Arriving
from gateway.config.load import ChannelReference, MappingReference, Site
from gateway.config.partner import Partner
from gateway.config.selection import BY_ROWS, Candidate, equals
from gateway.documents.registry import OWED
from gateway.flows.interpret_documents import SNAPSHOTS
from gateway.flows.judging.choosing import reads_of
from gateway.flows.taking.counts_in import COUNTING
from gateway.flows.taking.documents_in import ACTIONS
from gateway.formats.x12.guide import base_version
from gateway.kernel.problem import Problem
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.writing.plans import MarkupPlan, TemplatePlan

TAKEN = frozenset(ACTIONS) | SNAPSHOTS | {"advice"}
"""The documents that are acted on when they come."""
GIVEN = frozenset({"id"})
"""Parameters that every partner has without writing them."""


def problems(site: Site, mappings: Mapping[str, PreparedMapping]) -> Iterator[Problem]:
    """Everything wrong with the uses of mappings that are right in themselves, told where they are named."""
    for reference in site.references:
        prepared = mappings.get(reference.use.mapping)
        if prepared is not None:
            yield from _own(site, reference, prepared)
    for channel in site.channels:
        yield from _trailer(site, channel, mappings)
    for name in site.partners:
        own = [each for each in site.references if each.partner == name]
        yield from _doubtful(own, mappings)
        yield from _gaps(own)


def _trailer(
    site: Site, reference: ChannelReference, mappings: Mapping[str, PreparedMapping]
) -> Iterator[Problem]:  # fmt: skip
    """A last row that was agreed for files of which none is read: X12 and XML have ends of their own."""
    channel = reference.channel
    if not isinstance(channel, Arriving) or channel.trailer is None:
        return
    inputs = site.partners[reference.partner].inputs()
    if not any(each.mapping not in mappings or mappings[each.mapping].format in BY_ROWS for each in inputs):
        sentence = "'trailer' is the last row of CSV and record files, and no mapping of this partner reads any"
        yield reference.origin.problem("P004", sentence, "remove it; X12 and XML show their end themselves")


def _own(site: Site, reference: MappingReference, prepared: PreparedMapping) -> Iterator[Problem]:
    use = reference.use
    if (prepared.direction, prepared.document) != (use.direction, use.document):
        sentence = f"'{use.mapping}' is a mapping '{prepared.direction}' of {prepared.document}, not '{use.direction}' of {use.document}"
        yield reference.origin.problem("P030", sentence)
    partner = site.partners[reference.partner]
    idle = _idle(partner, reference)
    if idle:
        yield replace(reference.origin.problem("P036", idle), level="warning")
    if prepared.format == "x12":
        yield from _of_x12(partner, reference, prepared)
    elif use.expect_997 is not None:
        sentence = f"'expect_997' waits for an answer in X12, and '{use.mapping}' writes {prepared.format}"
        yield reference.origin.problem("P004", sentence, "remove it")
    if use.leaves_together:
        yield from _apart(reference, prepared)
    given = partner.params.keys() | GIVEN
    for name in dict.fromkeys(prepared.params):
        if name not in given:
            sentence = f"the mapping '{use.mapping}' needs the parameter '{name}', which this partner does not give"
            hint = f"write 'params: {{{name}: ...}}' in {reference.origin.file}"
            yield reference.origin.problem("P031", sentence, hint)


def _idle(partner: Partner, reference: MappingReference) -> str:
    """Why a document can never be acted on for this kind of partner; empty when it can."""
    document = reference.use.document
    if reference.use.direction == "in":
        if document not in TAKEN:
            return f"nothing is done with a '{document}' that comes in: each is held"
        if document == "inventory" and partner.kind not in COUNTING:
            return f"the stock that a partner of kind {partner.kind} tells is not ours: each 'inventory' is held"
        return ""
    owed = [each for several in OWED.values() for each in several if each.document == document]
    kinds = {kind for each in owed for kind in each.to_kinds}
    if not owed or partner.kind in kinds or any(each.to_customer for each in owed):
        return ""
    return f"a '{document}' goes to a partner of kind {' or '.join(sorted(kinds))} only; none leaves for one of kind {partner.kind}"


def _of_x12(partner: Partner, reference: MappingReference, prepared: PreparedMapping) -> Iterator[Problem]:
    """X12 needs ids and versions; a version that the mapping was not checked for is only judged when it is written."""
    use = reference.use
    if partner.x12 is None:
        hint = "add 'x12: {them: {qualifier: ZZ, id: ...}}', or use a mapping of another format"
        yield reference.origin.problem("P033", f"'{use.mapping}' is X12, but this partner has no 'x12' section", hint)
        return
    version = partner.out_version(use)
    if use.direction == "out" and base_version(version) not in map(base_version, prepared.out_versions):
        known = ", ".join(prepared.out_versions)
        sentence = f"'{use.mapping}' is written in {version}, but is checked for {known} only"
        hint = f"add {base_version(version)} to 'versions' of the mapping"
        yield replace(reference.origin.problem("P034", sentence, hint), level="warning")


def _apart(reference: MappingReference, prepared: PreparedMapping) -> Iterator[Problem]:
    """Several documents in one file need a format that has room for them, and no number that is drawn for the file."""
    name = reference.use.mapping
    if isinstance(prepared.out, MarkupPlan | TemplatePlan):
        sentence = (
            f"'batch: run' puts several documents into one file, and '{name}' ({prepared.format}) writes one in each"
        )
        yield reference.origin.problem("P037", sentence, "remove 'batch', or use a mapping to x12, csv, fixed or json")
    elif prepared.asks_control:
        sentence = (
            f"'{name}' writes the control number of its file, which 'batch: run' draws when all documents are written"
        )
        yield reference.origin.problem("P037", sentence, "remove 'batch', or the rule with $control from the mapping")


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
        yield replace(origin.problem("P032", sentence, hint), level="warning")


def _gaps(references: list[MappingReference]) -> Iterator[Problem]:
    """Days between two entries of a document on which none of them counts: nothing would be read or sent then."""
    for document, direction in sorted({(each.use.document, each.use.direction) for each in references}):
        uses = [each for each in references if (each.use.document, each.use.direction) == (document, direction)]
        for ending in uses:
            end = ending.use.until
            if end is None or any(each.use.counts_on(end + timedelta(days=1)) for each in uses):
                continue
            later = [each.use.since for each in uses if each.use.since is not None and each.use.since > end]
            if later:
                what = "sent" if direction == "out" else "read"
                days = f"after {end} and before {min(later)}"
                sentence = f"no '{document}' is {what} {days}: no entry counts on these days"
                hint = "'until' is the last day of an entry, 'from' the first"
                yield replace(ending.origin.problem("P035", sentence, hint), level="warning")
