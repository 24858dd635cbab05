"""What is noted of work on the database itself: that it was copied to another one, that months were taken out of it."""

from collections.abc import Sequence

from gateway.config.load import Site
from gateway.flows.auditing import OPERATOR
from gateway.kernel.clock import system_clock
from gateway.store.beside import Beside
from gateway.store.months import Month
from gateway.store.unit_of_work import SqlStore


def store_of(site: Site) -> SqlStore:
    """The database of a site with what is noted beside it."""
    return SqlStore(site.settings.database_url(site.directory), Beside(site.directory / "var"))


def copied(site: Site, target: str, who: str, where: str, rows: int) -> None:
    """The same entry in both trails, so that what is noted beside the site is true of whichever database it uses next."""
    now = system_clock()
    for store in (SqlStore(target), store_of(site)):
        with store.unit() as work:
            work.audit.note(
                who or OPERATOR, "database.copy", "database", at=now, detail={"rows": str(rows), "to": where}
            )
            work.commit()
        store.engine.dispose()


def detached(store: SqlStore, who: str, before: str, gone: Sequence[Month]) -> None:
    """Months were taken out of their tables."""
    detail = {"before": before, "tables": ", ".join(each.name for each in gone)}
    with store.unit() as work:
        work.audit.note(who or OPERATOR, "database.detach", "database", at=system_clock(), detail=detail)
        work.commit()
