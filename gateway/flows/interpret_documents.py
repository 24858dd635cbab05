"""Interpret a CSV, record or XML file: choose its mapping, read its documents, apply each or say why not."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from gateway.canonical.base import Canonical
from gateway.canonical.house import CustomerTerms, Stock
from gateway.canonical.money import OpenItem
from gateway.config.partner import Partner
from gateway.documents.registry import ANSWERS, ANSWERS_TO_CHANGES, ANSWERS_TO_RETURNS
from gateway.exchange.readings import document_key
from gateway.exchange.receipt import NOT_NOTED, FileHold, Receipt, ReceiptState
from gateway.flows import environment
from gateway.flows.happening import WHOLE, at_commit
from gateway.flows.judging import choosing
from gateway.flows.outcome import Outcome, hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.source import Source
from gateway.flows.taking import customers, documents_in, goods_in, master
from gateway.flows.taking.documents_in import Piece
from gateway.flows.workbench import Workbench
from gateway.formats import markup
from gateway.formats.sniff import Kind, kind_of
from gateway.formats.trailer import Trailer
from gateway.kernel.ids import PartnerId
from gateway.mapping import documents, inbound
from gateway.mapping.documents import SourceDocument
from gateway.mapping.prepare import PreparedMapping
from gateway.orders.stockroom import Occasion

IN_ORDER = (
    "item", "catalog", "warehouse", "location", "customer", "open_item", "item_id", "price", "stock", "incoming",
    "goods_receipt",
)  # fmt: skip
SNAPSHOTS = frozenset(IN_ORDER) - {"catalog", "goods_receipt"}
APPLIED_AGAIN = frozenset(IN_ORDER) - {"goods_receipt"}
HEAD = 1 << 18
"""How much of a file is looked at to choose its mapping."""
ROWS_TOGETHER = 1000
ANSWERS_TO_FILES = ANSWERS | ANSWERS_TO_CHANGES | ANSWERS_TO_RETURNS | {"file_receipt"}
"""What a sender was told of a file; it leaves again when the same bytes come again."""
KINDS = {Kind.TEXT: "text", Kind.XML: "xml"}
"""What files are called where mappings are chosen."""


def interpret(bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, file: BinaryIO) -> Outcome:
    """Everything one file means, in the transaction of its receipt."""
    head = file.read(HEAD)
    prepared = choose(bench, partner, receipt, head)
    if isinstance(prepared, str):
        refused = markup.document_type(head) if kind_of(head) is Kind.XML else None
        code, reason = (refused.code, refused.message) if refused is not None else ("P-NO-MAPPING", prepared)
        at_commit(bench.observer, work, "document.held", document=WHOLE, code=code)
        return Outcome(ReceiptState.HELD, reason, (hold(bench, receipt, code, reason),))
    return apply(bench, work, partner, receipt, prepared, file)


def apply(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, prepared: PreparedMapping, file: BinaryIO
) -> Outcome:  # fmt: skip
    """Apply each document of a file alone; a refused one is held where it stands and does not stop the others."""
    if prepared.document not in APPLIED_AGAIN:
        earlier = work.exchange.earlier_receipt(receipt)
        if earlier is not None:
            at_commit(bench.observer, work, "file.duplicate", kind="bytes", earlier=earlier.id)
            again = _answer_again(work, receipt, earlier)
            summary = f"the same bytes as {earlier.file_name} ({earlier.id}); {again}"
            return Outcome(ReceiptState.DUPLICATE, summary)
    file.seek(0)
    brought = (prepared.document,)
    read = documents.stream(prepared, file, last_row(partner, receipt, file))
    if read.issues:
        reason = " ".join(issue.message for issue in read.issues)
        held = (hold(bench, receipt, read.issues[0].code, reason),)
        at_commit(bench.observer, work, "document.held", document=prepared.document, code=held[0].code)
        return Outcome(ReceiptState.HELD, reason, held, documents=brought)
    if prepared.document in SNAPSHOTS:
        tally = master.Tally()
        refused = tuple(_snapshots(bench, work, partner, receipt, prepared, read.documents, tally))
        goods_in.after(bench, work, receipt, prepared.document)
        _said(bench, work, prepared, tally)
        return Outcome(ReceiptState.PROCESSED, f"{prepared.document}: {tally}", refused, documents=brought)
    holds: list[FileHold] = []
    number = 0
    for each in read.documents:
        number += 1
        holds += take(bench, work, partner, receipt, prepared, each)
    goods_in.after(bench, work, receipt, prepared.document)
    done = number - len(holds)
    state = ReceiptState.PROCESSED if done or not holds else ReceiptState.HELD
    return Outcome(state, f"{prepared.document}: {done} of {number} taken", tuple(holds), documents=brought)


def _said(bench: Workbench, work: UnitOfWork, prepared: PreparedMapping, tally: master.Tally) -> None:
    """Rows of master data and counts are said together: there may be a million of them."""
    taken = tally.new + tally.changed + tally.same
    if taken:
        at_commit(bench.observer, work, "document.mapped", document=prepared.document, count=taken)
    if tally.refused:
        at_commit(
            bench.observer, work, "document.held", document=prepared.document, code="C-ROW", count=tally.refused
        )  # fmt: skip


def last_row(partner: Partner, receipt: Receipt, file: BinaryIO) -> Trailer | None:
    """The last row that a file must have, as its channel agreed; of a file that came through none, one that it has."""
    for each in partner.inlets():
        ending = each.ending
        if ending is None or receipt.channel not in (each.key, NOT_NOTED):
            continue
        if receipt.channel == each.key or ending.find(file) is not None:
            return ending
    return None


def _answer_again(work: UnitOfWork, receipt: Receipt, earlier: Receipt) -> str:
    """What was answered to the first file leaves again, nothing else (reliability 2)."""
    dispatches = work.exchange.dispatches(receipt=earlier.id, partner=receipt.partner)
    stored = [each for each in dispatches if each.document in ANSWERS_TO_FILES]
    for each in stored:
        work.exchange.repeat(each.id)
    return "answered again" if stored else "not applied again"


def take(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, prepared: PreparedMapping,
    document: SourceDocument,
) -> Iterator[FileHold]:  # fmt: skip
    """Map one document that is no master data and act on it; what it waits for comes back."""
    name = f"{receipt.file_name} {unit(prepared)} {document.position}" if document.position else receipt.file_name
    key = document_key(None, document.position)
    came_as = "xml" if prepared.format == "xml" else "csv"
    source = Source(partner, receipt, name, key, test=partner.status == "testing", came_as=came_as)
    yield from documents_in.take(bench, work, source, prepared, Piece(document.node, problems=document.problems))


def unit(prepared: PreparedMapping) -> str:
    """What the position of a document counts."""
    return "row" if prepared.format == "csv" and prepared.records is None else "line"


def _snapshots(
    bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, prepared: PreparedMapping,
    found: Iterable[SourceDocument], tally: master.Tally,
) -> Iterator[FileHold]:  # fmt: skip
    """Rows are mapped and applied one after the other; what several need of the store is read and written together."""
    env = environment.received(bench, partner, receipt.file_name)
    said, zone = f"counted by {partner.name}", bench.site.settings.zone()
    occasion = Occasion(bench.clock(), f"file {receipt.file_name}", receipt.file_name, said, zone)
    rows = ((each, inbound.run(prepared, each.node, env)) for each in found)
    while several := list(islice(rows, ROWS_TOGETHER)):
        with master.together(work, [mapped.document for _, mapped in several if mapped.document is not None]):
            for each, mapped in several:
                row = mapped.document
                faults = [problem.message for problem in (*each.problems, *mapped.problems) if problem.level != "warn"]
                if not faults and row is not None:
                    refusal = _apply(bench, work, receipt, row, tally, occasion)
                    faults = [refusal] if refusal else []
                if faults:
                    tally.refused += 1
                    where = f"{unit(prepared)} {each.position}"
                    reason = f"{receipt.file_name} {where}: {'; '.join(faults)}"
                    yield hold(bench, receipt, "C-ROW", reason, kind="DATA", reference=where)


def _apply(
    bench: Workbench, work: UnitOfWork, receipt: Receipt, row: Canonical, tally: master.Tally, occasion: Occasion
) -> str:  # fmt: skip
    """Apply one row; the empty text, or the reason of its refusal."""
    if isinstance(row, Stock):
        return master.count(work, row, tally, occasion)
    if isinstance(row, CustomerTerms | OpenItem):
        return customers.apply(bench, work, receipt, row, tally)
    return master.apply(work, row, tally, told_by=receipt.id)


def precedence(bench: Workbench, receipt: Receipt) -> int:
    """Which of several files that came together is read first: items before what names items."""
    partner = bench.partner(receipt.partner)
    if partner is None or not any(choosing.reads(partner, bench.mappings, kind) for kind in KINDS.values()):
        return len(IN_ORDER)
    content = bench.archive.head(receipt.sha256)
    kind = KINDS.get(kind_of(content), "")
    chosen = choose(bench, partner, receipt, content) if choosing.reads(partner, bench.mappings, kind) else ""
    known = not isinstance(chosen, str) and chosen.document in IN_ORDER
    return IN_ORDER.index(chosen.document) if known and not isinstance(chosen, str) else len(IN_ORDER)


def tellers(bench: Workbench) -> list[PartnerId]:
    """Those who send what others' files build on: items, prices, counts."""
    told = frozenset(IN_ORDER)
    return [
        PartnerId(partner.partner)
        for partner in bench.site.partners.values()
        if any(bench.mappings[use.mapping].document in told for use in partner.inputs())
    ]


def choose(bench: Workbench, partner: Partner, receipt: Receipt, content: bytes) -> PreparedMapping | str:
    """The mapping for a file, or why there is none."""
    day = bench.today(partner, bench.clock())
    kind = KINDS[kind_of(content)]
    return choosing.file_mapping(
        partner, bench.mappings, kind=kind, file_name=receipt.file_name, day=day, content=content
    )
