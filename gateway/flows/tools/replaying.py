"""Try a mapping on the last real files: what each document would be now, beside what it was when it was taken."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.canonical.base import Canonical
from gateway.exchange.readings import ReadDocument
from gateway.exchange.receipt import Receipt
from gateway.flows import differences
from gateway.flows.differences import Difference
from gateway.flows.ports import UnitOfWork
from gateway.flows.tools import running
from gateway.flows.tools.desk import Desk
from gateway.flows.tools.running import Result
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import PartnerId, ReceiptId
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping

SAME, CHANGED, HELD, FREED, GONE = "same", "changed", "held", "freed", "gone"
"""What would become of a document: nothing else, other values, it would wait, it would wait no longer, nobody reads it."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One document then and now; ``problems`` are why it would wait now."""

    file_name: str
    receipt: ReceiptId
    partner: PartnerId
    name: str
    what: str
    differences: tuple[Difference, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Before:
    """A document as it was: its values, none when it waited."""

    name: str
    values: Mapping[str, Any] | None


def replay(
    bench: Workbench, desk: Desk, name: str, *, last: int, partner: str = "", against: str = ""
) -> list[Replayed]:  # fmt: skip
    """The documents of the last files that this mapping, or one that it builds on, has read; nothing is changed.

    They are compared with what was stored when they were read, or with what the mapping ``against`` gives today.
    """
    prepared = desk.prepared(name)
    other = desk.prepared(against) if against else None
    names = list(dict.fromkeys([*desk.chain(name), *(desk.chain(against) if against else ())]))
    with bench.store.unit() as work:
        files = work.readings.last_files(names, last=last, partner=PartnerId(partner) if partner else None)
        found = [each for receipt in files for each in _file(bench, work, receipt, names, prepared, other)]
    if not files:
        raise NotFoundError(
            f"No file was read with {' or '.join(names)} yet{f' for {partner}' if partner else ''}.",
            next_step="'gateway mapping run' tries it on a file of your own.",
        )
    return found


def _file(
    bench: Workbench, work: UnitOfWork, receipt_id: ReceiptId, names: Sequence[str], prepared: PreparedMapping,
    other: PreparedMapping | None,
) -> Iterator[Replayed]:  # fmt: skip
    receipt = work.exchange.receipt(receipt_id)
    if receipt is None or receipt.content_removed_at is not None:
        return
    stored = {each.key: each for each in work.readings.of_file(receipt_id) if each.mapping in names}
    content = bench.archive.get(receipt.sha256)
    now = {each.key: each for each in _results(bench, prepared, receipt, content, stored)}
    before: dict[str, _Before] = {key: _as_stored(each) for key, each in stored.items()}
    if other is not None:
        results = _results(bench, other, receipt, content, stored)
        before = {each.key: _Before(each.title, _values(each.document)) for each in results}
    for key, was in before.items():
        yield _compared(receipt, was, now.get(key))


def _results(
    bench: Workbench, prepared: PreparedMapping, receipt: Receipt, content: bytes, stored: Mapping[str, ReadDocument]
) -> Sequence[Result]:
    """The documents as a mapping reads them, on the business date on which they were read."""
    partner = bench.partner(receipt.partner)
    first = next(iter(stored.values()), None)
    env = Environment(
        params={**(partner.params if partner is not None else {}), "id": receipt.partner},
        today=first.today if first is not None else bench.today(partner, receipt.received_at),
        file_name=receipt.file_name, zone=bench.site.zone_of(partner),
    )  # fmt: skip
    return running.read(prepared, content, env, partner).results


def _compared(receipt: Receipt, was: _Before, now: Result | None) -> Replayed:
    made = Replayed(receipt.file_name, receipt.id, receipt.partner, was.name, SAME)
    if now is None:
        return replace(made, what=GONE)
    made = replace(made, name=now.title)
    values = _values(now.document)
    if values is None:
        problems = tuple(each.message for each in now.problems if each.level != "warn")
        return replace(made, what=HELD if was.values is not None else SAME, problems=problems)
    if was.values is None:
        return replace(made, what=FREED)
    found = tuple(differences.values(was.values, values))
    return replace(made, what=CHANGED if found else SAME, differences=found)


def _as_stored(document: ReadDocument) -> _Before:
    return _Before(document.name, json.loads(document.content) if document.content else None)


def _values(document: Canonical | None) -> Mapping[str, Any] | None:
    if document is None:
        return None
    found: dict[str, Any] = json.loads(document.model_dump_json(exclude_none=True))
    return found
