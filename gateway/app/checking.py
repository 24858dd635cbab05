"""Whether a database and its archive are whole: what 'gateway db check' looks at."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.config.values import duration
from gateway.flows import auditing
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import StoreError
from gateway.store import whole_copies
from gateway.store.unit_of_work import SqlStore

SAMPLE = 200
"""So many archived files are read whole, the latest, besides those that are still to be read."""
_NAMED = 10
_BRING_BACK = "Bring var/archive back from a backup."


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
    """The latest files of the archive, and all that are still to be read, against their hashes.

    One that is missing and old enough to be removed was so, and this is a copy of the database of before.
    """
    with store.unit() as work:
        found = work.copies.kept_files(SAMPLE)
    old = bench.clock() - duration(bench.site.settings.retention.archive)
    wrong: list[str] = []
    gone = 0
    for each in found:
        try:
            bench.archive.opened(each.sha256).close()
        except StoreError as error:
            if each.received_at < old and not each.is_needed:
                gone += 1
            else:
                wrong.append(f"{each.name} of {each.partner}: {error.sentence}")
    if wrong:
        named = " ".join(wrong[:_NAMED]) + (f" And {len(wrong) - _NAMED} more." if len(wrong) > _NAMED else "")
        return Checked("archive", ok=False, says=f"{named} {_BRING_BACK}")
    said = f"the last {len(found) - gone} files are as they came"
    return Checked(
        "archive",
        ok=True,
        says=said + (f"; {gone} are not there and older than 'retention' keeps them" if gone else ""),
    )


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
