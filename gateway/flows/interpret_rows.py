"""Interpret a CSV file from the house: choose its mapping, read its rows, apply each document or refuse it."""

from collections.abc import Iterator

from gateway.config.partner import Partner
from gateway.exchange.receipt import FileHold, Receipt, ReceiptState
from gateway.flows import choosing, master, orders_in, readings, ship
from gateway.flows.outcome import Outcome, hold
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats import delimited
from gateway.formats.record import Record
from gateway.formats.sniff import Kind, kind_of
from gateway.mapping import inbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping

IN_ORDER = ("item", "warehouse", "item_id", "price", "stock")
SNAPSHOTS = frozenset(IN_ORDER)


def interpret(bench: Workbench, work: UnitOfWork, partner: Partner, receipt: Receipt, content: bytes) -> Outcome:
    """Everything one CSV file means, in the transaction of its receipt."""
    prepared = choose(bench, partner, receipt, content)
    if isinstance(prepared, str):
        return Outcome(ReceiptState.HELD, prepared, (hold(bench, receipt, "P-NO-MAPPING", prepared),))
    if prepared.document not in SNAPSHOTS:
        earlier = work.exchange.earlier_receipt(receipt)
        if earlier is not None:
            return Outcome(
                ReceiptState.DUPLICATE, f"the same bytes as {earlier.file_name} ({earlier.id}); not applied again"
            )
    read = delimited.read(content, prepared.delimited)
    if read.issues:
        reason = " ".join(issue.message for issue in read.issues)
        return Outcome(ReceiptState.HELD, reason, (hold(bench, receipt, read.issues[0].code, reason),))
    documents = delimited.documents(read, prepared.delimited)
    return apply(bench, work, orders_in.Source(partner, receipt, receipt.file_name, test=False), prepared, documents)


def apply(
    bench: Workbench, work: UnitOfWork, source: orders_in.Source, prepared: PreparedMapping, documents: list[Record]
) -> Outcome:
    """Apply each document alone; a refused one is held with its row and does not stop the others."""
    if prepared.document in SNAPSHOTS:
        tally = master.Tally()
        holds = list(_snapshots(bench, work, source, prepared, documents, tally))
        return Outcome(ReceiptState.PROCESSED, f"{prepared.document}: {tally}", tuple(holds))
    holds = [each for record in documents for each in take_document(bench, work, source, prepared, record)]
    done = len(documents) - len(holds)
    state = ReceiptState.PROCESSED if done or not holds else ReceiptState.HELD
    return Outcome(state, f"{prepared.document}: {done} of {len(documents)} taken", tuple(holds))


def _snapshots(
    bench: Workbench, work: UnitOfWork, source: orders_in.Source, prepared: PreparedMapping, documents: list[Record],
    tally: master.Tally,
) -> Iterator[FileHold]:  # fmt: skip
    for record in documents:
        mapped = inbound.run(prepared, record, _environment(bench, source))
        faults = [problem.message for problem in mapped.problems if problem.level != "warn"]
        if not faults and mapped.document is not None:
            refusal = master.apply(work, mapped.document, tally)
            faults = [refusal] if refusal else []
        if faults:
            tally.refused += 1
            reason = f"{source.receipt.file_name} row {record.position}: {'; '.join(faults)}"
            yield hold(bench, source.receipt, "C-ROW", reason, kind="DATA", reference=f"row {record.position}")


def take_document(
    bench: Workbench, work: UnitOfWork, source: orders_in.Source, prepared: PreparedMapping, record: Record
) -> Iterator[FileHold]:
    """Apply one document that is no master data; what it waits for comes back."""
    if prepared.document == "order":
        yield from orders_in.take(bench, work, source, prepared, record, {})
        return
    env = _environment(bench, source)
    mapped = inbound.run(prepared, record, env)
    problems = [problem for problem in mapped.problems if problem.level != "warn"]
    if problems or mapped.document is None:
        reason = f"{source.receipt.file_name}: " + "; ".join(problem.message for problem in problems)
        held = hold(bench, source.receipt, problems[0].code if problems else "C-MAPPING", reason, kind="DATA")
        readings.note(bench, work, source.receipt, source.name, prepared, record, env, mapped, held)
        yield held
        return
    readings.note(bench, work, source.receipt, source.name, prepared, record, env, mapped, None)
    yield from ship.take(bench, work, source.partner, source.receipt, mapped.document)


def precedence(bench: Workbench, receipt: Receipt) -> int:
    """Which of several files that came together is read first: items before what names items."""
    partner = bench.partner(receipt.partner)
    if partner is None or not choosing.reads_rows(partner, bench.mappings):
        return len(IN_ORDER)
    content = bench.archive.get(receipt.sha256)
    chosen = choose(bench, partner, receipt, content) if kind_of(content) is Kind.TEXT else ""
    known = not isinstance(chosen, str) and chosen.document in IN_ORDER
    return IN_ORDER.index(chosen.document) if known and not isinstance(chosen, str) else len(IN_ORDER)


def choose(bench: Workbench, partner: Partner, receipt: Receipt, content: bytes) -> PreparedMapping | str:
    """The mapping for a file, or why there is none."""
    day = bench.today(partner, bench.clock())
    return choosing.rows_mapping(partner, bench.mappings, file_name=receipt.file_name, day=day, content=content)


def _environment(bench: Workbench, source: orders_in.Source) -> Environment:
    today = bench.today(source.partner, bench.clock())
    params = {**source.partner.params, "id": source.partner.partner}
    return Environment(params=params, today=today, file_name=source.receipt.file_name)
