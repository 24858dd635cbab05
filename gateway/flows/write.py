"""Write one outbound file: map, number, emit, check what was written, store it as a dispatch."""

import re
from dataclasses import dataclass
from datetime import datetime

from gateway.canonical.base import Canonical
from gateway.config.partner import Partner
from gateway.exchange.acknowledgment import AckRules, Verdict
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.receipt import FileHold
from gateway.flows import envelopes, partner_guides
from gateway.flows.examine import examine
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats.x12 import emit, guide
from gateway.formats.x12.guide_overlay import NO_GUIDES, PartnerGuides
from gateway.kernel.ids import DispatchId, PartnerId, ReceiptId
from gateway.mapping import outbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping
from gateway.orders.order import Order

STRICT = AckRules()
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Letter:
    """One document to one partner: ``number`` is what it is about (PO, shipment or invoice number)."""

    partner: Partner
    document: str
    number: str
    now: datetime
    order: Order | None = None
    receipt: ReceiptId | None = None


def letter(bench: Workbench, work: UnitOfWork, what: Letter, document: Canonical) -> None:
    """One dispatch for each outbound mapping the partner has for the document; none means none is wanted."""
    for entry in what.partner.outputs(what.document):
        prepared = bench.mappings[entry.mapping]
        if prepared.format == "x12":
            _x12(bench, work, what, prepared, document)
        else:
            _rows(bench, work, what, prepared, document)


def store(bench: Workbench, work: UnitOfWork, what: Letter, name: str, control: str, content: bytes) -> None:
    """The dispatch row with its bytes; the name is fixed here, once and for all."""
    outlet = what.partner.outlet()
    file_name = _file_name(outlet.file_name, what, name, control, bench)
    dispatch = Dispatch(
        id=DispatchId(bench.new_id()), partner=PartnerId(what.partner.partner), document=name, number=what.number,
        control_number=control, file_name=file_name, channel=outlet.path, content=content, created_at=what.now,
        receipt=what.receipt, order_number=what.order.number if what.order else "",
    )  # fmt: skip
    work.exchange.add_dispatch(dispatch)


def environment(bench: Workbench, what: Letter) -> Environment:
    """The inputs of a mapping besides its document."""
    today = bench.today(what.partner, what.now)
    return Environment(params={**what.partner.params, "id": what.partner.partner}, today=today)


def next_control(work: UnitOfWork, partner: Partner, kind: str = "isa13") -> int:
    """The next control number towards a partner, from this transaction (rulings 20)."""
    return work.exchange.next_number(f"{kind}:{partner.partner}")


def _x12(bench: Workbench, work: UnitOfWork, what: Letter, prepared: PreparedMapping, document: Canonical) -> None:
    written = outbound.segments(prepared, document, environment(bench, what))
    faults = [problem.message for problem in written.problems if problem.level != "warn"]
    if faults:
        _hold(bench, work, what, faults)
        return
    test = what.order is not None and what.order.test
    version = what.partner.out_version(what.document)
    layout = guide.load(version, prepared.set_id)
    if layout is None:
        _hold(bench, work, what, [f"Version {version} of set {prepared.set_id} is not shipped."])
        return
    control = next_control(work, what.partner)
    emitted = emit.interchange(
        envelopes.to_partner(bench.site.settings, what.partner, version=version, test=test),
        functional_id=layout.functional_group, set_id=prepared.set_id, sets=[written.segments],
        isa13=control, gs06=control, now=_local(bench, what),
    )  # fmt: skip
    faults = own_faults(emitted.content, partner_guides.of_mapping(prepared))
    if faults:
        _hold(bench, work, what, faults)
        return
    store(bench, work, what, prepared.set_id, f"{control:09d}", emitted.content)


def _rows(bench: Workbench, work: UnitOfWork, what: Letter, prepared: PreparedMapping, document: Canonical) -> None:
    written = outbound.delimited(prepared, [document], environment(bench, what))
    faults = [problem.message for problem in written.problems if problem.level != "warn"]
    if faults:
        _hold(bench, work, what, faults)
        return
    control = next_control(work, what.partner, "file")
    store(bench, work, what, what.document, f"{control:09d}", written.content)


def own_faults(content: bytes, guides: PartnerGuides = NO_GUIDES) -> list[str]:
    """What our own reader says against a file of ours, by the partner's guide as well; it must say nothing."""
    seen = examine(content, STRICT, guides=guides)
    faults = [issue.message for issue in seen.issues] + [repair.message for repair in seen.repairs]
    for interchange in seen.interchanges:
        if interchange.verdict.verdict is not Verdict.ACCEPTED:
            faults.append(f"interchange: {interchange.verdict.code}")
        for each in (one for group in interchange.verdict.groups for one in group.sets):
            faults.extend(fault.message for fault in each.faults)
            faults.extend(f"partner guide {each.received.guide_name}: {i.message}" for i in each.received.guide_issues)
    return faults


def _local(bench: Workbench, what: Letter) -> datetime:
    """The moment in our own time zone: ISA09 and GS04 carry no zone, so they are the sender's."""
    return what.now.astimezone(bench.site.settings.zone())


def _hold(bench: Workbench, work: UnitOfWork, what: Letter, faults: list[str]) -> None:
    hold = FileHold(
        id=bench.new_hold_id(), type="DATA", code="M-OUT",
        reason=f"The {what.document} {what.number} for {what.partner.name} could not be written: {'; '.join(faults)}",
        since=what.now, partner=PartnerId(what.partner.partner), receipt=None, file_name="",
        reference=what.order.number if what.order else what.number,
        key=f"M-OUT:{what.partner.partner}:{what.document}:{what.number}",
    )  # fmt: skip
    work.exchange.hold(hold)


def _file_name(pattern: str, what: Letter, name: str, control: str, bench: Workbench) -> str:
    ext = "edi" if name[:1].isdigit() or name == "TA1" else "csv"
    values = {
        "document": name, "number": what.number, "control": control, "partner": what.partner.partner, "ext": ext,
        "date": f"{bench.today(what.partner, what.now):%Y%m%d}",
    }  # fmt: skip
    safe = {key: UNSAFE.sub("-", value).lstrip(".")[:MAX_NAME] for key, value in values.items()}
    return pattern.format(**safe)
