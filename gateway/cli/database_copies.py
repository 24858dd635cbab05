"""What ``gateway db backup``, ``restore`` and ``check`` do."""

from datetime import UTC
from pathlib import Path

from gateway.app import checking, logs, restored
from gateway.app.run import by_hand, site_lock
from gateway.cli import output
from gateway.cli.context import loaded, opened, site_of
from gateway.flows import auditing
from gateway.flows.by_clock import keeping
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import NotFoundError, RefusedError, StoreError, UsageError
from gateway.store import whole_copies
from gateway.store.migrate import upgrade
from gateway.store.schema import VERSION
from gateway.store.unit_of_work import SqlStore


def backup(file: Path, site: Path | None, who: str, *, as_json: bool) -> int:
    """Write a copy; the audit trail says so after the copy was made."""
    bench = opened(site)
    with output.progress("copying the database"):
        whole_copies.write(_file(bench.site.settings.database_url(bench.site.directory)), file)
    with bench.store.unit() as work:
        auditing.deed(bench, work, who, "database.backup", file.name, size=file.stat().st_size)
        work.commit()
    if as_json:
        output.data({"file": str(file), "bytes": file.stat().st_size, "schema": VERSION})
        return 0
    output.line(f"{file}: {file.stat().st_size} bytes, whole")
    output.line("The archive (var/archive) and the configuration belong to it: copy these folders after it.")
    return 0


def restore(file: Path, note: str, site: Path | None, who: str, *, yes: bool, as_json: bool) -> int:
    """Put a copy in place and bring it on; 8 while anything works on the site."""
    logs.configure(verbose=False)
    if not note.strip():
        raise UsageError("It needs a note that says why.", next_step="Add --note TEXT.")
    ready = loaded(site)
    url = ready.site.settings.database_url(ready.site.directory)
    database = _file(url)
    if not file.is_file():
        raise NotFoundError(
            f"There is no file {file}.", next_step="Say where the copy lies that 'gateway db backup' wrote."
        )
    for fault in whole_copies.faults(file):
        raise StoreError(f"{file} is not a whole database: {fault}.", next_step="Take another copy.")
    version = whole_copies.version_of(file)
    if version is None or version > VERSION:
        said = f"has schema {version}, and this version knows {VERSION}" if version else "is no database of a gateway"
        raise StoreError(f"{file} {said}.", next_step="Take a copy that 'gateway db backup' of this version wrote.")
    with site_lock(site_of(site)):
        if not yes:
            raise RefusedError(
                f"{file} would take the place of {database.name}; nothing was done.", next_step="Say it with --yes."
            )
        stamp = system_clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        kept = database.with_name(f"{database.name}.before-{stamp}")
        with output.progress("putting the copy in place"):
            whole_copies.put_in_place(file, database, kept)
            upgrade(url)
        bench = opened(site)
        cut = restored.trail_goes_on(bench.store) if isinstance(bench.store, SqlStore) else ""
        with bench.store.unit() as work:
            auditing.deed(
                bench, work, who, "database.restore", "database", note, file=file.name, kept=kept.name, cut=cut
            )
            told = [each.reason for each in work.alerts.listed() if each.kind == "database.restored"]
            work.commit()
    if as_json:
        output.data({"file": str(file), "kept": kept.name, "gap": (told[-1] if told else cut) or None})
        return 0
    output.line(f"{file} is the database now; what was there is kept as {kept.name}.")
    for sentence in told[-1:] or [cut]:
        if sentence:
            output.line(sentence)
    output.suggest("gateway db check")
    return 0


def prune(site: Path | None, now: str | None, who: str, *, dry_run: bool, as_json: bool) -> int:
    """Remove what is old, round by round, or tell what would be."""
    logs.configure(verbose=False)
    done = keeping.Pruned()
    with by_hand(site_of(site)), output.progress("removing what is old", unit="rounds") as bar:
        bench = opened(site, now)
        place: keeping.Place | None = keeping.begin()
        while place is not None:
            with bench.store.unit() as work:
                place = keeping.go_on(keeping.Round(bench, work, done, remove=not dry_run), place)
                if place is None and not dry_run:
                    counts = {name: str(count) for name, count in _said(done).items()}
                    auditing.deed(bench, work, who, "database.prune", "database", **counts)
                work.commit()
            bar.step()
        said = _said(done)
    if as_json:
        output.data({"dry_run": dry_run, **said})
        return 0
    would = "would be removed" if dry_run else "removed"
    output.line(f"{said['files']} received files ({said['file_bytes']} bytes) {would}")
    output.line(f"the bytes of {said['dispatches']} sent files ({said['dispatch_bytes']} bytes) {would}")
    output.line(f"{said['attempts']} tries, {said['alerts']} alerts, {said['notices']} notices {would}")
    return 0


def _said(done: keeping.Pruned) -> dict[str, int]:
    return {
        "files": done.files, "file_bytes": done.file_bytes, "dispatches": done.dispatches,
        "dispatch_bytes": done.dispatch_bytes, **done.rows,
    }  # fmt: skip


def check(site: Path | None, *, as_json: bool) -> int:
    """Print what was looked at and what was found; 1 when something is wrong."""
    with output.progress("looking through the database and the archive"):
        found = checking.checked(opened(site))
    if as_json:
        output.data([{"what": each.what, "ok": each.ok, "says": each.says} for each in found])
    else:
        for each in found:
            output.line(f"{'ok   ' if each.ok else 'WRONG'}  {each.what}: {each.says}")
    return 0 if all(each.ok for each in found) else 1


def _file(url: str) -> Path:
    if not url.startswith("sqlite"):
        raise UsageError(
            "PostgreSQL is copied and brought back with its own programs.",
            next_step="Use pg_dump and pg_restore; the next command or start of the gateway brings the copy on by itself.",
        )
    return whole_copies.file_of(url)
