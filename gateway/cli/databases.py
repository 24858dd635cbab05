"""What ``gateway db`` does: bring a database to this version, and move a site to another one."""

import os
from pathlib import Path

from gateway.app.run import site_lock
from gateway.cli import output
from gateway.cli.context import loaded, site_of
from gateway.config import addresses
from gateway.config.problems import Origin
from gateway.kernel.errors import ConfigurationError, UsageError
from gateway.kernel.problem import has_errors


def partitions(detach_before: str, site: Path | None, who: str, *, as_json: bool) -> int:
    """List the months of what only grows; or take the old ones out."""
    from gateway.app import database_deeds  # noqa: PLC0415 - sqlalchemy is only needed here
    from gateway.store import months  # noqa: PLC0415 - same
    from gateway.store.migrate import upgrade  # noqa: PLC0415 - same

    ready = loaded(site)
    url = ready.site.settings.database_url(ready.site.directory)
    if url.startswith("sqlite"):
        raise UsageError(
            "A SQLite database is one file; only PostgreSQL keeps months apart.",
            next_step="Move the site first: gateway db copy --to URL",
        )
    upgrade(url)
    store = database_deeds.store_of(ready.site)
    with store.connection() as connection:
        gone = months.detach(connection, detach_before) if detach_before else []
        connection.commit()
        found = gone if detach_before else months.known(connection)
    if gone:
        database_deeds.detached(store, who, detach_before, gone)
    rows = [
        {"table": each.table, "month": each.month or "rest", "rows": each.rows, "bytes": each.size,
         "name": f"{months.SCHEMA}.{each.name}"}
        for each in found
    ]  # fmt: skip
    if as_json:
        output.data({"detached" if detach_before else "months": rows})
        return 0
    output.table(rows, ("table", "month", "rows", "bytes", "name"))
    if detach_before:
        output.line(f"{len(gone)} tables stand alone now: dump them, then drop them.")
    return 0


def copy(to: str, site: Path | None, who: str, *, as_json: bool) -> int:
    """Copy the database of a site into an empty one on PostgreSQL; 8 when something is unfinished or in the way."""
    from gateway.app import database_deeds  # noqa: PLC0415 - sqlalchemy is only needed here
    from gateway.store import failures, moving  # noqa: PLC0415 - same

    if addresses.shows_password(to):
        raise UsageError(
            "A password on the command line can be read by everybody on this machine.",
            next_step="Keep it in the environment: --to 'postgresql://user:${DB_PASSWORD}@host:5432/gateway'",
        )
    found = tuple(addresses.problems(to, os.environ, Origin("--to", 1, 1)))
    if has_errors(found):
        raise ConfigurationError(found, "The address")
    target = addresses.filled(to, os.environ)
    if not target.startswith("postgres"):
        raise UsageError("A database can be copied to PostgreSQL only.", next_step=addresses.FORM)
    ready = loaded(site)
    with site_lock(site_of(site)), output.progress("copying every table, and comparing"):
        tables = moving.copy(ready.site.settings.database_url(ready.site.directory), target)
        where = failures.address(target)
        database_deeds.copied(ready.site, target, who, where, sum(each.rows for each in tables))
    if as_json:
        output.data(
            {
                "to": where,
                "tables": [{"table": each.table, "rows": each.rows, "sha256": each.checksum} for each in tables],
            }
        )
        return 0
    output.table([{"table": each.table, "rows": each.rows, "sha256": each.checksum[:12]} for each in tables if each.rows],
                 ("table", "rows", "sha256"))  # fmt: skip
    output.line()
    output.line(f"{sum(each.rows for each in tables)} rows are in {where}, each table the same as here.")
    output.line("Now let gateway.yaml say so:  database: {url: " + (to if "${" in to else "...") + "}")
    return 0
