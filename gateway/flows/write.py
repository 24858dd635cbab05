"""Write one outbound file: map, number, emit, check what was written, store it as a dispatch."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import structlog

from gateway.canonical.base import Canonical
from gateway.config.partner import Partner
from gateway.config.partner_documents import MappingUse
from gateway.config.values import duration
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.expected import AnswerState
from gateway.exchange.owed import Joining, OwedDocument
from gateway.exchange.receipt import FileHold
from gateway.flows import envelopes, partner_guides, second_opinion
from gateway.flows.happening import at_commit, thread, trace_of
from gateway.flows.outcome import listed
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats.x12 import emit, guide, joined, verify
from gateway.kernel.ids import DispatchId, PartnerId, ReceiptId
from gateway.mapping import outbound
from gateway.mapping.environment import Environment
from gateway.mapping.outbound import Written
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.writing.plans import DumpPlan, TemplatePlan
from gateway.orders.order import Order

log = structlog.get_logger()

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
MAX_NAME = 80
NO_NUMBER = 1
"""The control number of a document that waits for others: it counts for nothing and is replaced when they leave."""
NO_CONTROL: Mapping[str, str] = {}
"""The mapping asks for no number of its file."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One document to one partner: ``number`` is what it is about (PO, shipment or invoice number).

    ``test`` marks one that no order stands behind; else the order says whether it is a test.
    ``at_deadline``: only for those outputs whose time is over and whose agreement takes an answer on hold.
    ``kept_back`` are X12 sets that do not tell it although the partner takes them.
    """

    partner: Partner
    document: str
    number: str
    now: datetime
    order: Order | None = None
    receipt: ReceiptId | None = None
    test: bool = False
    at_deadline: bool = False
    kept_back: frozenset[str] = frozenset()

    @property
    def is_test(self) -> bool:
        """Whether nothing real stands behind it."""
        return self.test or (self.order is not None and self.order.test)


@dataclass(frozen=True, slots=True)
class Way:
    """How a file leaves: through which channel, under which name (else the channel's), with which ending.

    ``together``: in one file with the others of its run. ``awaits``: it is to be answered by a 997 or 999, ``within`` a
    time after it was delivered where one was agreed.
    """

    channel: str = ""
    file_name: str = ""
    extension: str = "edi"
    together: bool = False
    awaits: bool = False
    within: timedelta | None = None


BY_DEFAULT = Way()
"""An answer in X12 through the partner's first channel."""
EXTENSIONS = {"x12": "edi", "csv": "csv", "xml": "xml", "json": "json"}
"""What ``{ext}`` says of each format; a template says it by its name, a file in any other is a text file."""


def way_of(use: MappingUse, prepared: PreparedMapping) -> Way:
    """How what an entry of the partner file writes leaves."""
    plan = prepared.out
    shown = plan.name.removesuffix(".j2").rpartition(".")[2] if isinstance(plan, TemplatePlan) else "txt"
    return Way(
        use.channel, use.file_name or "", EXTENSIONS.get(prepared.format, shown), use.leaves_together,
        awaits=prepared.format == "x12", within=duration(use.expect_997) if use.expect_997 is not None else None,
    )  # fmt: skip


def letter(bench: Workbench, work: UnitOfWork, what: Letter, document: Canonical) -> None:
    """One dispatch for each outbound mapping the partner has for the document; none means none is wanted."""
    for use in what.partner.outputs(what.document, bench.today(what.partner, what.now)):
        if what.at_deadline and not use.answers_on_hold:
            continue
        prepared = bench.mappings[use.mapping]
        if prepared.format == "x12" and prepared.set_id in what.kept_back:
            continue
        several(bench, work, what, use, [document])


def several(bench: Workbench, work: UnitOfWork, what: Letter, use: MappingUse, documents: Sequence[Canonical]) -> None:
    """What one entry of the partner file writes: documents of one kind in one file, in X12 a file for each.

    Where the agreement says so, each waits for the others of its run.
    """
    if bench.mappings[use.mapping].format == "x12":
        for document in documents:
            _x12(bench, work, what, use, document)
    elif use.leaves_together:
        for document in documents:
            _rows(bench, work, what, use, [document])
    else:
        _rows(bench, work, what, use, documents)


def faults(bench: Workbench, what: Letter, use: MappingUse, document: Canonical) -> list[str]:
    """What would keep a document from leaving; nothing is numbered, stored or sent."""
    prepared = bench.mappings[use.mapping]
    version = what.partner.out_version(use) if prepared.format == "x12" else ""
    layout = guide.load(version, prepared.set_id) if version else None
    if version and layout is None:
        return [f"version {version} of set {prepared.set_id}, which is not shipped"]
    written = tried(bench, what, use, document)
    if not written.is_fit or layout is None:
        return _told(written, fit=False)
    envelope = envelopes.to_partner(
        bench.site.settings, what.partner, version=version, test=True, writing=prepared.writing
    )
    emitted = emit.interchange(
        envelope, functional_id=layout.functional_group, set_id=prepared.set_id, sets=[written.segments],
        isa13=1, gs06=1, now=_local(bench, what),
    )  # fmt: skip
    return [f"M081: {each}" for each in emitted.faults]


def tried(bench: Workbench, what: Letter, use: MappingUse, document: Canonical) -> Written:
    """What a mapping makes of a document, under a number that counts for nothing."""
    prepared = bench.mappings[use.mapping]
    is_x12 = prepared.format == "x12"
    number = _numbers(1 if prepared.asks_control else 0, is_x12=is_x12)
    version = what.partner.out_version(use) if is_x12 else ""
    return outbound.run(prepared, [document], environment(bench, what, number), version=version)


def store(
    bench: Workbench,
    work: UnitOfWork,
    what: Letter,
    name: str,
    control: str,
    content: bytes,
    notes: tuple[str, ...] = (),
    way: Way = BY_DEFAULT,
) -> None:
    """The dispatch row with its bytes; the name is fixed here, once and for all. ``notes``: what had to be changed."""
    outlet = what.partner.outlet(way.channel)
    day = bench.today(what.partner, what.now)
    file_name = named(
        way.file_name or outlet.file_name, document=name, number=what.number, control=control,
        partner=what.partner.partner, ext=way.extension, date=f"{day:%Y%m%d}",
    )  # fmt: skip
    dispatch = Dispatch(
        id=DispatchId(bench.new_id()), partner=PartnerId(what.partner.partner), document=name, number=what.number,
        control_number=control, file_name=file_name, channel=outlet.key, content=content, created_at=what.now,
        receipt=what.receipt, order_number=what.order.number if what.order else "", notes=notes,
        answer_state=AnswerState.EXPECTED.value if way.awaits else "",
        answer_due=what.now + way.within if way.awaits and way.within is not None else None,
    )  # fmt: skip
    work.exchange.add_dispatch(dispatch)
    if notes:
        log.warning(
            "dispatch.data_changed", trace_id=trace_of(dispatch), partner=dispatch.partner, document=name,
            file=file_name, values=len(notes),
        )  # fmt: skip


def named(pattern: str, **values: str) -> str:
    """The name of a file, with nothing in it that no folder takes."""
    return pattern.format(**{key: UNSAFE.sub("-", value).lstrip(".")[:MAX_NAME] for key, value in values.items()})


def environment(bench: Workbench, what: Letter, control: Mapping[str, str] = NO_CONTROL) -> Environment:
    """The inputs of a mapping besides its document; ``control`` are the numbers of the file it asks for."""
    return Environment(
        params={**what.partner.params, "id": what.partner.partner}, today=bench.today(what.partner, what.now),
        control=control, zone=bench.site.zone_of(what.partner),
    )  # fmt: skip


def next_control(work: UnitOfWork, partner: Partner, kind: str = "isa13") -> int:
    """The next control number towards a partner, from this transaction (rulings 20)."""
    return work.exchange.next_number(f"{kind}:{partner.partner}")


def _x12(bench: Workbench, work: UnitOfWork, what: Letter, use: MappingUse, document: Canonical) -> None:
    prepared = bench.mappings[use.mapping]
    version = what.partner.out_version(use)
    layout = guide.load(version, prepared.set_id)
    if layout is None:
        _hold(bench, work, what, [f"Version {version} of set {prepared.set_id} is not shipped."])
        return
    number = next_control(work, what.partner) if prepared.asks_control else 0
    written = outbound.run(
        prepared, [document], environment(bench, what, _numbers(number, is_x12=True)), version=version
    )
    if not written.is_fit:
        _hold(bench, work, what, _told(written, fit=False))
        return
    way = way_of(use, prepared)
    control = number or (NO_NUMBER if way.together else next_control(work, what.partner))
    envelope = envelopes.to_partner(
        bench.site.settings, what.partner, version=version, test=what.is_test, writing=prepared.writing
    )
    emitted = emit.interchange(
        envelope, functional_id=layout.functional_group, set_id=prepared.set_id, sets=[written.segments],
        isa13=control, gs06=control, now=_local(bench, what),
    )  # fmt: skip
    faults = [
        *(f"M081: {each}" for each in emitted.faults),
        *verify.faults(emitted.content, [written.segments], emitted.changes, partner_guides.of_mapping(prepared)),
    ] or second_opinion.objections(
        work, what.partner, prepared, version, emitted.content, bench.site.settings.second_opinion
    )
    if faults:
        _hold(bench, work, what, faults)
        return
    notes = (*_told(written, fit=True), *emitted.warnings)
    if way.together:
        alike = joined.head(emitted.content)
        _wait(work, what, way, prepared.set_id, emitted.content, notes, Joining.SETS, alike)
    else:
        store(bench, work, what, prepared.set_id, f"{control:09d}", emitted.content, notes, way)


def _rows(bench: Workbench, work: UnitOfWork, what: Letter, use: MappingUse, documents: Sequence[Canonical]) -> None:
    prepared = bench.mappings[use.mapping]
    number = next_control(work, what.partner, "file") if prepared.asks_control else 0
    written = outbound.run(prepared, documents, environment(bench, what, _numbers(number, is_x12=False)))
    if not written.is_fit:
        _hold(bench, work, what, _told(written, fit=False))
        return
    notes, way = tuple(_told(written, fit=True)), way_of(use, prepared)
    if way.together:
        joining = Joining.LIST if isinstance(prepared.out, DumpPlan) else Joining.ROWS
        alike = outbound.run(prepared, [], environment(bench, what)).content if joining is Joining.ROWS else b""
        _wait(work, what, way, what.document, written.content, notes, joining, alike)
        return
    control = number or next_control(work, what.partner, "file")
    store(bench, work, what, what.document, f"{control:09d}", written.content, notes, way)


def _wait(
    work: UnitOfWork, what: Letter, way: Way, name: str, content: bytes, notes: tuple[str, ...], joining: Joining,
    alike: bytes,
) -> None:  # fmt: skip
    """Keep a document that is fit to leave until its run is over; with ``alike`` others must begin to leave with it."""
    outlet = what.partner.outlet(way.channel)
    pattern = way.file_name or outlet.file_name
    own = (what.partner.partner, what.document, name, outlet.key, pattern, way.extension, what.is_test, alike)
    work.owed.add(
        OwedDocument(
            partner=PartnerId(what.partner.partner), bundle=_bundle(own), name=name,
            number=what.number, joining=joining, head=len(alike) if joining is Joining.ROWS else 0,
            channel=outlet.key, file_name=pattern, extension=way.extension, content=content, created_at=what.now,
            receipt=what.receipt, order_number=what.order.number if what.order else "", notes=notes,
        )
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _bundle(own: tuple[object, ...]) -> str:
    """What documents that may leave together are known by."""
    return hashlib.sha256(repr(own).encode()).hexdigest()


def _numbers(number: int, *, is_x12: bool) -> Mapping[str, str]:
    """What ``$control`` says of a file, where a mapping asked and a number was drawn for it before."""
    if not number:
        return NO_CONTROL
    own = {"isa13": f"{number:09d}", "gs06": str(number), "st02": "0001"} if is_x12 else {}
    return {**own, "number": f"{number:09d}"}


def _told(written: Written, *, fit: bool) -> list[str]:
    """The problems of a document that may leave all the same, or those that keep it here."""
    return [f"{each.code}: {each.message}" for each in written.problems if (each.level == "warn") == fit]


def _by_code(faults: list[str]) -> Iterator[str]:
    """Faults as they are, but for a code that the one before has too."""
    before = ""
    for each in faults:
        code, _, rest = each.partition(": ")
        yield rest if rest and code == before else each
        before = code


def _local(bench: Workbench, what: Letter) -> datetime:
    """The moment in our own time zone: ISA09 and GS04 carry no zone, so they are the sender's."""
    return what.now.astimezone(bench.site.settings.zone())


def _hold(bench: Workbench, work: UnitOfWork, what: Letter, faults: list[str]) -> None:
    hold = FileHold(
        id=bench.new_hold_id(), type="DATA", code="M-OUT",
        reason=f"The {what.document} {what.number} for {what.partner.name} could not be written: {listed(_by_code(faults))}",
        since=what.now, partner=PartnerId(what.partner.partner), receipt=None, file_name="",
        reference=what.order.number if what.order else what.number,
        key=f"M-OUT:{what.partner.partner}:{what.document}:{what.number}",
    )  # fmt: skip
    work.exchange.hold(hold)
    at_commit(
        bench.observer, work, "document.not_written", trace_id=thread(hold.reference), partner=hold.partner,
        document=what.document, code=hold.code, reference=what.number,
    )  # fmt: skip
