"""Read one held document of a file again, when its mapping or its partner was changed; its neighbours are left alone."""

from collections.abc import Iterator

from gateway.config.partner import Partner
from gateway.exchange.acknowledgment import Verdict
from gateway.exchange.readings import ReadDocument, document_key
from gateway.exchange.receipt import FileHold, Receipt
from gateway.flows import interpret_documents, interpret_x12
from gateway.flows.envelopes import of_received
from gateway.flows.outcome import hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking import readings
from gateway.flows.workbench import Workbench
from gateway.formats.sniff import Kind, kind_of
from gateway.mapping import documents


def read_again(bench: Workbench, work: UnitOfWork, document: ReadDocument) -> list[FileHold]:
    """Map the document as the configuration is now and act on it; what it waits for now comes back."""
    receipt = work.exchange.receipt(document.receipt)
    partner = bench.partner(document.partner)
    if receipt is None or partner is None:
        return []
    content = bench.archive.get(receipt.sha256)
    read = _set if kind_of(content) is Kind.X12 else _document
    return list(read(bench, work, partner, receipt, content, document.key))


def _set(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, content: bytes, key: str
) -> Iterator[FileHold]:
    """The set of these control numbers; it was answered when it came, so nothing is answered now."""
    for interchange in interpret_x12.examined(bench, partner, receipt, content).interchanges:
        for each in interchange.sets:
            envelope = of_received(interchange.received, each.group, each.received.control_number)
            if readings.key_of(envelope) != key:
                continue
            if each.verdict.verdict is Verdict.REJECTED:
                reason = (
                    f"set {each.received.set_id} {each.received.control_number} is rejected under today's agreement."
                )
                yield hold(bench, receipt, "X-REJECTED", reason, reference=each.received.control_number)
                return
            test = interpret_x12.is_test(partner, interchange)
            yield from interpret_x12.take_set(bench, work, partner, receipt, interchange, each, test=test)
            return


def _document(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, content: bytes, key: str
) -> Iterator[FileHold]:
    prepared = interpret_documents.choose(bench, partner, receipt, content)
    if isinstance(prepared, str):
        yield hold(bench, receipt, "P-NO-MAPPING", prepared)
        return
    for each in documents.read(prepared, content).documents:
        if document_key(None, each.position) == key:
            yield from interpret_documents.take(bench, work, partner, receipt, prepared, each)
