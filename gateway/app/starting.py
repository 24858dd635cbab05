"""What is noted when 'gateway run' starts: which files of the configuration are not what they were the last time."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway.config.finding import FILE
from gateway.config.values import duration
from gateway.flows import auditing
from gateway.flows.workbench import Workbench
from gateway.store.unit_of_work import SqlStore

HASH = "config_hash"
FOLDERS = ("partners", "mappings")
_SHORT = 16


def configuration(directory: Path) -> str:
    """What the files of a configuration are known by: another text when one of them is another."""
    return hashlib.sha256(json.dumps(dict(_files(directory)), sort_keys=True).encode()).hexdigest()[:_SHORT]


def note_configuration(bench: Workbench) -> list[str]:
    """Write into the audit trail which files changed since the last start; their names, none where all are the same."""
    found = dict(_files(bench.site.directory))
    said = json.dumps(found, sort_keys=True)
    with bench.store.unit() as work:
        before = work.site.get(HASH)
        if before == said:
            return []
        known: dict[str, str] = json.loads(before) if before else {}
        changed = sorted(name for name in found.keys() | known.keys() if found.get(name) != known.get(name))
        work.site.put(HASH, said)
        action = "config.changed" if before else "config.first"
        whole = hashlib.sha256(said.encode()).hexdigest()
        files = {"files": ", ".join(_how(name, found, known) for name in changed)} if before else {"files": len(found)}
        auditing.deed(bench, work, auditing.SITE, action, FILE, sha256=whole, **files)
        work.commit()
    return changed if before else []


def forget_old_notes(bench: Workbench) -> None:
    """The journal of files is kept as long as the files are; of the archive goes what a killed process had begun."""
    bench.archive.clear_unfinished()
    store = bench.store
    if isinstance(store, SqlStore) and store.beside is not None:
        oldest = bench.clock() - duration(bench.site.settings.retention.archive)
        store.beside.forget_before(oldest.date().isoformat())


def _how(name: str, found: dict[str, str], known: dict[str, str]) -> str:
    if name not in known:
        return f"{name} (new)"
    return name if name in found else f"{name} (gone)"


def _files(directory: Path) -> Iterator[tuple[str, str]]:
    """Each file that says how the site works, by its name within it."""
    paths = [directory / FILE]
    for folder in FOLDERS:
        paths += sorted(
            path for path in (directory / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )
    for path in paths:
        with suppress(OSError):  # an editor took it away between the look and the reading
            yield str(path.relative_to(directory)), hashlib.sha256(path.read_bytes()).hexdigest()[:_SHORT]
