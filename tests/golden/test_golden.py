"""Golden cases, found by folder: what was dropped and said, and byte for byte what left and is told.

``tests/golden/<partner>/<case>/``:

- ``site/``: files that are added to the copy of the repository's own site, or replace them (partners, mappings, gateway.yaml).
- ``master``: when there is such an empty file, the master data and stock of the demo are taken before the first step.
- ``<step>-<moment>/<inbox>/<file>``: dropped into ``inbox/<inbox>`` in the order of the steps; then ``run --once`` at the moment.
- ``<step>-<moment>/commands``: said after that, one a line, each at the moment; a line that begins with ``!`` must fail.
- ``shows``: one a line, a name and a command: what it prints with ``--json`` is compared with ``expected-shows/<name>.json``.
- ``expected/``: the outbox afterwards.

With GATEWAY_GOLDEN=write the expectations are written instead: read the difference before committing it.
"""

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import database as databases
from tests.site.harness import PlayedSite, new_site

HERE = Path(__file__).parent
CASES = sorted({path.parent for path in HERE.glob("*/*/expected*") if path.is_dir()})
MOMENT = "%Y%m%dT%H%M%SZ"
WRITES = os.environ.get("GATEWAY_GOLDEN") == "write"
_IDS = re.compile(r"\b(?:H-[0-9a-f]{8}|[0-9a-f]{32})\b")


def moment_of(step: Path) -> str:
    """The moment in a step's name: ``1-20261120T200000Z``."""
    return datetime.strptime(step.name.partition("-")[2], MOMENT).replace(tzinfo=UTC).isoformat()


def steps_of(case: Path) -> list[Path]:
    return sorted(
        (path for path in case.iterdir() if path.is_dir() and re.match(r"\d+-\d{8}T\d{6}Z$", path.name)),
        key=lambda path: int(path.name.partition("-")[0]),
    )


def lines_of(path: Path) -> list[str]:
    if not path.is_file():
        return []
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]


def play(case: Path, folder: Path, *, on: str = databases.EVERYWHERE) -> PlayedSite:
    site: PlayedSite = new_site(folder, on=on)
    if (case / "site").is_dir():
        shutil.copytree(case / "site", site.folder, dirs_exist_ok=True)
    if (case / "master").exists():
        site.drop_master()
    for step in steps_of(case):
        for path in sorted(path for path in step.rglob("*") if path.is_file() and path != step / "commands"):
            site.drop(path.parent.name, path.name, path.read_bytes())
        site.run(moment_of(step))
        for line in lines_of(step / "commands"):
            fails, words = line.startswith("!"), shlex.split(line.removeprefix("!"))
            answer = site.gateway(*words, "--now", moment_of(step))
            assert (answer.code != 0) == fails, (line, answer)
    return site


def shown(case: Path, site: PlayedSite) -> Iterator[tuple[str, str]]:
    """What the commands of ``shows`` print, ids that are drawn at random left out."""
    for line in lines_of(case / "shows"):
        name, _, command = line.partition(" ")
        words = shlex.split(command)
        if words[:2] == ["orders", "show"] and "--now" not in words:  # whether it is overdue depends on the day
            words += ["--now", moment_of(steps_of(case)[-1])]
        told = json.dumps(site.json(*words), indent=1, ensure_ascii=False)
        yield f"{name}.json", _IDS.sub("ID", told) + "\n"


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write(folder: Path, files: dict[str, bytes]) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_there_are_golden_cases() -> None:
    assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_leaves_and_is_told_is_byte_for_byte_what_was_expected(case: Path, tmp_path: Path) -> None:
    site = play(case, tmp_path / "site")
    found = {
        "expected": site.outbox(),
        "expected-shows": {name: told.encode() for name, told in shown(case, site)},
    }
    for name, files in found.items():
        if WRITES and (files or name == "expected"):
            write(case / name, files)
        wanted = files_of(case / name)
        assert sorted(files) == sorted(wanted)
        for path, content in files.items():
            assert content == wanted[path], path


ON_BOTH = [case for number, case in enumerate(CASES) if number % 12 == 0]
"""Cases of every kind that always run on PostgreSQL too; all do with GATEWAY_TEST_DATABASE=postgresql."""


@pytest.mark.parametrize("case", ON_BOTH, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_on_postgresql_leaves_and_is_told_what_was_expected(case: Path, tmp_path: Path) -> None:
    site = play(case, tmp_path / "site", on=databases.POSTGRESQL)
    assert site.outbox() == files_of(case / "expected")
    assert {name: told.encode() for name, told in shown(case, site)} == files_of(case / "expected-shows")
