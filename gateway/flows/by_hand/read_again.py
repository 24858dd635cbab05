"""Read one held document of a file again, when its mapping or its partner was changed; its neighbours are left alone."""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from gateway.config.partner import Partner
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.readings import ReadDocument, document_key
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import interpret_documents, interpret_x12, slicing
from gateway.flows.answered import Desk
from gateway.flows.envelopes import of_received
from gateway.flows.judging.examine import PLACES, ExaminedSet
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking import readings
from gateway.flows.workbench import Workbench
from gateway.formats.sniff import LOOK, Kind, kind_of
from gateway.mapping import documents


def read_again(bench: Workbench, work: UnitOfWork, document: ReadDocument) -> list[FileHold]:
    """Map the document as the configuration is now and act on it; what it waits for now comes back."""
    receipt = work.exchange.receipt(document.receipt)
    partner = bench.partner(document.partner)
    if receipt is None or partner is None:
        return []
    with bench.archive.opened(receipt.sha256) as file:
        is_x12 = kind_of(file.read(LOOK)) is Kind.X12
        file.seek(0)
        if is_x12:
            return list(_set(bench, work, partner, receipt, file, document.key))
        return list(_document(bench, work, partner, receipt, file, document.key))


def _set(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, content: BinaryIO, key: str
) -> Iterator[FileHold]:
    """The set of these control numbers; it was answered when it came, so nothing is answered now."""
    desk = Desk(bench, work, partner, receipt, Counter())
    guides = interpret_x12.guides(bench, partner, receipt)
    for interchange in interpret_x12.examined(bench, partner, receipt, content, keep=PLACES).interchanges:
        for group, places in zip(interchange.verdict.groups, interchange.places, strict=True):
            for at, verdict in enumerate(group.sets):
                number = verdict.received.control_number
                if readings.key_of(of_received(interchange.received, group.group, number)) != key:
                    continue
                if verdict.verdict is Verdict.REJECTED:
                    reason = f"set {verdict.received.set_id} {number} is rejected under today's agreement."
                    yield hold(bench, receipt, interpret_x12.code_of(verdict), reason, reference=number)
                    return
                read = slicing.again(content, interchange, places, at, guides)
                each = ExaminedSet(verdict.received, read, verdict, group.group)
                yield from interpret_x12.map_set(desk, interchange.received, each)
                return


def _document(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, file: BinaryIO, key: str
) -> Iterator[FileHold]:
    prepared = interpret_documents.choose(bench, partner, receipt, file.read(interpret_documents.HEAD))
    if isinstance(prepared, str):
        yield hold(bench, receipt, "P-NO-MAPPING", prepared)
        return
    agreed = interpret_documents.last_row(partner, receipt, file)
    file.seek(0)
    for each in documents.stream(prepared, file, agreed).documents:
        if document_key(None, each.position) == key:
            yield from interpret_documents.take(bench, work, partner, receipt, prepared, each)
