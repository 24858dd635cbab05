"""The command that measures a machine: orders per second, where the time goes, and what bounds it."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from gateway.app import logs
from gateway.app.speed.measured import ORDER, Measured
from gateway.app.speed.measuring import Wanted, measure
from gateway.cli import output
from gateway.cli.context import site_of
from gateway.config.load import load_site
from gateway.config.settings import SecondOpinion
from gateway.kernel.errors import ConfigurationError, NotFoundError, UsageError

QUIET = 0.1
"""The part of the time that other programs may have the processor before it is told."""
MOST_ORDERS, MOST_LINES, MOST_WORKERS = 1_000_000, 1_000, 64


def bench(site: Path | None, *, orders: int, lines: int, workers: int, sqlite: bool, as_json: bool) -> int:
    """Measure and tell; nothing of the site is touched and nothing is left behind."""
    if not (0 < orders <= MOST_ORDERS and 0 < lines <= MOST_LINES):
        raise UsageError(
            f"--orders {orders} --lines {lines} cannot be measured.",
            next_step=f"Orders are 1 to {MOST_ORDERS:,}, lines 1 to {MOST_LINES:,}.",
        )
    logs.configure(verbose=False)
    wanted = replace(_wanted(site, orders, lines, sqlite=sqlite), workers=workers)
    if not 0 < workers <= MOST_WORKERS:
        raise UsageError(f"--workers {workers} cannot be measured.", next_step=f"Say 1 to {MOST_WORKERS}.")
    if workers > 1 and not wanted.url:
        raise UsageError(
            f"--workers {workers} needs PostgreSQL: on SQLite one process works on a site.",
            next_step="Set 'database.url' in gateway.yaml, or measure without --workers.",
        )
    if not as_json:
        output.talk(f"Measuring {orders:,} orders of {lines} lines in {wanted.folder}; your own data is not touched.")
    with output.progress("measuring"):
        found = measure(wanted)
    if as_json:
        output.data(found.view())
    else:
        _tell(found)
    return 0


def _wanted(site: Path | None, orders: int, lines: int, *, sqlite: bool) -> Wanted:
    """On the disk and the database server of the site that is meant; without a site in the folder for temporary files."""
    try:
        folder = site_of(site)
    except NotFoundError:
        if site is not None:
            raise
        return Wanted(Path(tempfile.gettempdir()), "", SecondOpinion(), orders, lines)
    found, problems = load_site(folder, dict(os.environ))
    if found is None:
        raise ConfigurationError(problems)
    url = found.settings.database_url(folder)
    server = "" if sqlite or url.startswith("sqlite") else url
    return Wanted(folder / "var" / "bench", server, found.settings.second_opinion, orders, lines)


def _tell(found: Measured) -> None:
    output.line(
        f"{found.per_second:,.0f} orders a second on {found.database} with one process: {found.orders:,} orders of "
        f"{found.lines} lines in {found.seconds:.1f} s, from the file with the order to the invoice."
    )
    if found.together:
        output.line(
            f"{found.together:,.0f} orders a second with {found.workers} processes at work at once, "
            f"{found.together / found.per_second:.1f} times one."
        )
    output.line()
    rows = [
        {"where the time goes": name, "ms per order": f"{found.parts[name] / found.orders * 1e3:.2f}",
         "share": f"{found.parts[name] / found.seconds:.0%}"}
        for name in ORDER if name in found.parts
    ]  # fmt: skip
    output.table(rows, ["where the time goes", "ms per order", "share"])
    output.line()
    output.line(f"A new file is on disk after {found.fsync * 1e3:.2f} ms, a commit after {found.commit * 1e3:.2f} ms.")
    output.line(
        f"Each order: {found.statements / found.orders:.1f} statements, {sum(found.rows.values()) / found.orders:.1f} rows written, "
        f"{found.database_bytes / found.orders / 1024:.1f} KB of database, {found.file_bytes / found.orders / 1024:.1f} KB of files."
    )
    output.line(found.verdict())
    if found.kept_waiting > found.seconds * QUIET:
        output.line(
            f"Other programs had the processor for {found.kept_waiting / found.seconds:.0%} of the time: measure again when the "
            "machine is quiet."
        )
