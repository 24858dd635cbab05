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


def copy(to: str, site: Path | None, *, as_json: bool) -> int:
    """Copy the database of a site into an empty one on PostgreSQL; 8 when something is unfinished or in the way."""
    from gateway.store import failures, moving  # noqa: PLC0415 - sqlalchemy is only needed here

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
    with site_lock(site_of(site)):
        tables = moving.copy(ready.site.settings.database_url(ready.site.directory), target)
    where = failures.address(target)
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
    output.line(f"\n{sum(each.rows for each in tables)} rows are in {where}, each table the same as here.")
    output.line("Now let gateway.yaml say so:  database: {url: " + (to if "${" in to else "...") + "}")
    return 0
