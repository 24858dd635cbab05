"""Whether a database and its archive are whole: what 'gateway db check' looks at."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.flows import auditing
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import StoreError
from gateway.store import whole_copies
from gateway.store.unit_of_work import SqlStore

SAMPLE = 200
"""So many archived files are read whole: the latest, which are the ones still worked with."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at."""

    what: str
    ok: bool
    says: str


def checked(bench: Workbench) -> list[Checked]:
    """Look at everything."""
    store = bench.store
    if not isinstance(store, SqlStore):
        raise StoreError("The units of work of this site are in no database.")
    return [*_database(store), _archive(bench, store), *_beside(store)]


def _database(store: SqlStore) -> Iterator[Checked]:
    if not store.url.startswith("sqlite"):
        yield Checked("database", ok=True, says="PostgreSQL looks after its files itself")
        return
    found = whole_copies.faults(whole_copies.file_of(store.url))
    yield Checked("database", not found, "; ".join(found) or "whole")


def _archive(bench: Workbench, store: SqlStore) -> Checked:
    """The latest files of the archive against their hashes."""
    with store.unit() as work:
        found = work.copies.latest_files(SAMPLE)
    wrong: list[str] = []
    for sha256, name, partner in found:
        try:
            bench.archive.opened(sha256).close()
        except StoreError as error:
            wrong.append(f"{name} of {partner}: {error.sentence}")
    return Checked("archive", not wrong, " ".join(wrong) or f"the last {len(found)} files are as they came")


def _beside(store: SqlStore) -> Iterator[Checked]:
    beside = store.beside
    known = beside.known() if beside is not None else {}  # first: others may commit meanwhile, and note it only then
    with store.unit() as work:
        counters = work.copies.counters()
    looked = auditing.looked_through(store, beside.head() if beside is not None else None)
    behind = sorted(name for name, value in known.items() if counters.get(name, 0) < value)
    yield Checked(
        "counters", not behind, f"behind: {', '.join(behind)}" if behind else f"{len(counters)}, none is behind"
    )
    broken = looked.broken
    yield Checked(
        "audit trail", broken is None, broken.reason if broken is not None else f"{looked.last.sequence} entries, whole"
    )
