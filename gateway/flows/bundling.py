"""Let the documents of a run leave in one file: everything of one kind that waits, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from gateway.exchange.dispatch import Dispatch
from gateway.exchange.expected import AnswerState
from gateway.exchange.owed import Joining, OwedDocument
from gateway.exchange.units import Owed
from gateway.flows import left, write
from gateway.flows.happening import trace_of
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.formats.x12 import joined, verify
from gateway.kernel.errors import GatewayError
from gateway.kernel.ids import DispatchId, PartnerId
from gateway.mapping.writing import dump

log = structlog.get_logger()


def find(_bench: Workbench, work: UnitOfWork) -> list[Owed]:
    """What waits to leave; a key names the partner, the bundle and its oldest document, so that none comes twice."""
    return [each.unit for each in work.owed.bundles()]


def act(bench: Workbench, key: str) -> None:
    """Let what waits of one bundle leave, in one file; nothing is done when it left already."""
    partner, bundle, _ = key.split("/")
    with bench.store.unit() as work:
        waiting = work.owed.waiting(bundle, most=bench.site.settings.run.bundle_documents)
        if not waiting:
            return
        dispatch = _leave(bench, work, PartnerId(partner), [document for _, document in waiting])
        is_x12 = waiting[0][1].joining is Joining.SETS
        numbers = (f"{at:04d}" if is_x12 else str(at) for at in range(1, len(waiting) + 1))
        work.owed.leave(dispatch, zip((number for number, _ in waiting), numbers, strict=True))
        bench.mark("bundle-done")
        work.commit()
    bench.mark("bundle-committed")


def apart(work: UnitOfWork, key: str) -> Sequence[str]:
    """Let each document of a bundle leave by itself, where they cannot leave together; the keys of their units."""
    return [each.unit.key for each in work.owed.put_apart(key.split("/")[1])]


def together(documents: Sequence[OwedDocument], control: int, now: datetime) -> bytes:
    """The one file of several documents of a bundle; ``now`` is local time."""
    contents = [each.content for each in documents]
    match documents[0].joining:
        case Joining.SETS:
            return joined.joined(contents, control_number=control, now=now)
        case Joining.LIST:
            return dump.joined(contents)
        case Joining.ROWS:
            return contents[0] + b"".join(each.content[each.head :] for each in documents[1:])


def _leave(bench: Workbench, work: UnitOfWork, partner: PartnerId, documents: list[OwedDocument]) -> DispatchId:
    """The one dispatch of documents, numbered here; the number of the file is its control number (rulings 27)."""
    first, now = documents[0], bench.clock()
    kind = "isa13" if first.joining is Joining.SETS else "file"
    drawn = work.exchange.next_number(f"{kind}:{partner}")
    content = together(documents, drawn, now.astimezone(bench.site.settings.zone()))
    faults = verify.faults(content) if first.joining is Joining.SETS else []
    if faults:
        what = f"{len(documents)} documents" if len(documents) > 1 else "1 document"
        raise GatewayError(
            f"{what} {first.name} for {partner} cannot leave in one file: {'; '.join(faults)}",
            next_step="Remove 'batch: run' from the document in the partner file, and tell the makers of the gateway.",
        )
    control = f"{drawn:09d}"
    file_name = write.named(
        first.file_name, document=first.name, number=control, control=control, partner=partner, ext=first.extension,
        date=f"{bench.today(bench.partner(partner), now):%Y%m%d}",
    )  # fmt: skip
    dispatch = Dispatch(
        id=DispatchId(bench.new_id()), partner=partner, document=first.name, number=control, control_number=control,
        file_name=file_name, channel=first.channel, content=content, created_at=now,
        notes=tuple(f"{each.number}: {note}" for each in documents for note in each.notes), documents=len(documents),
        answer_state=AnswerState.EXPECTED.value if first.joining is Joining.SETS else "",
        answer_due=left.answer_due(bench, partner, first.name, first.channel, now)
        if first.joining is Joining.SETS
        else None,
    )  # fmt: skip
    work.exchange.add_dispatch(dispatch)
    if dispatch.notes:
        log.warning(
            "dispatch.data_changed", trace_id=trace_of(dispatch), partner=partner, document=first.name, file=file_name,
            values=len(dispatch.notes),
        )  # fmt: skip
    return dispatch.id
