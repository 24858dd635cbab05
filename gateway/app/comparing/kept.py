"""The configuration that ran last, kept beside the database; and others to compare with: a folder, or a revision of git."""

import os
import shutil
import subprocess
import tarfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.config.finding import FILE
from gateway.config.load import Site
from gateway.config.mapping_files import TESTS
from gateway.kernel.errors import NotFoundError

FOLDER = "configuration"
"""Below ``var``: a copy of the files that counted when 'gateway run' was started last."""
PARTS = ("partners", "mappings")
SECONDS = 20
"""So long git may take."""


@dataclass(frozen=True, slots=True)
class Before:
    """A configuration to compare with, and what it is called."""

    directory: Path
    name: str


def keep(site: Site) -> None:
    """Keep a copy of the files as they are; a disk that does not take it keeps nobody from working."""
    with suppress(OSError):  # 'gateway doctor' and 'gateway health' tell of the disk
        _keep(site)


def _keep(site: Site) -> None:
    """Nothing is written where the copy is the same already; a new one takes the place of the old one whole."""
    target = site.directory / "var" / FOLDER
    wanted = dict(_files(site))
    if {each: path.read_bytes() for each, path in _known(target)} == {
        each: path.read_bytes() for each, path in wanted.items()
    }:
        return
    new, old = (target.with_name(f".{FOLDER}-{uuid.uuid4().hex}") for _ in range(2))
    try:
        new.mkdir(mode=0o700, parents=True)
        for name, path in wanted.items():
            copy = new / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        if target.exists():
            target.rename(old)
        new.rename(target)
    finally:
        for each in (new, old):  # a disk that is full must not get a piece more with each start
            shutil.rmtree(each, ignore_errors=True)


@contextmanager
def before(directory: Path, against: str) -> Iterator[Before | None]:
    """What is to be compared with: a folder, a revision, or what ran last without either; None where nothing ran yet."""
    if not against:
        kept = directory / "var" / FOLDER
        if not (kept / FILE).is_file():
            yield None
            return
        when = datetime.fromtimestamp((kept / FILE).stat().st_mtime, tz=UTC)
        yield Before(kept, f"what 'gateway run' used last, since {when:%Y-%m-%d %H:%M} UTC")
        return
    folder = Path(against)
    if (folder / FILE).is_file():
        yield Before(folder.resolve(), f"the files in {against}")
        return
    if folder.is_dir():
        raise NotFoundError(
            f"There is no {FILE} in {against}.", next_step="Name the folder of a site, or a copy of one."
        )
    with TemporaryDirectory(prefix="gateway-plan-") as scratch:
        _checked_out(directory, against, Path(scratch))
        yield Before(Path(scratch), f"the revision {against}")


def _files(site: Site) -> Iterator[tuple[str, Path]]:
    """Each file that says how the site works, by its name within it; not the tests of mappings."""
    directory = site.directory
    found = [directory / FILE]
    for part in PARTS:
        found += (path for path in (directory / part).rglob("*") if path.is_file())
    for table in site.tables:
        found += (path for path in (directory / PARTS[0] / table, directory / table) if path.is_file())
    for path in sorted(set(found)):
        name = path.relative_to(directory)
        if not any(part == "__pycache__" or part.endswith(TESTS) for part in name.parts):
            yield str(name), path


def _known(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), path


def _checked_out(directory: Path, revision: str, to: Path) -> None:
    """The files of the site as a revision of git has them."""
    commit = _git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise NotFoundError(
            f"'{revision}' is no folder, and no revision of git that {directory} knows.",
            next_step="Name a folder with the files as they were, or see 'git log'.",
        )
    packed = _git(directory, "archive", "--format=tar", commit.decode().strip())
    if packed is None:
        raise NotFoundError(f"The revision {revision} has no files of this site.", next_step="See 'git log -- .'.")
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        for member in archive:
            path = Path(member.name)
            content = archive.extractfile(member) if member.isfile() else None
            if (
                content is None
                or path.is_absolute()
                or ".." in path.parts
                or path.parts[0] in ("inbox", "outbox", "var")
            ):
                continue
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            (to / path).write_bytes(content.read())
    if not (to / FILE).is_file():
        raise NotFoundError(f"The revision {revision} has no {FILE}.", next_step="Name a later one; see 'git log'.")


def _git(directory: Path, *words: str) -> bytes | None:
    """What git says; None where it fails or is not there."""
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, and a revision is no option
            ["git", "-C", str(directory), *words],  # noqa: S607 - wherever it is installed
            capture_output=True, check=False, timeout=SECONDS, env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
