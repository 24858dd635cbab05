"""Golden cases, found by folder: what was dropped, and byte for byte what left.

``tests/golden/<partner>/<case>/<step>-<moment>/<inbox>/<file>`` is dropped step by step, each step followed by
``run --once`` at its moment; ``expected/`` is the outbox afterwards. With GATEWAY_GOLDEN=write the expectation
is written instead: read the difference before committing it.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.site.harness import PlayedSite, new_site

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expected"))
MOMENT = "%Y%m%dT%H%M%SZ"


def moment_of(step: Path) -> str:
    """The moment in a step's name: ``1-20261120T200000Z``."""
    return datetime.strptime(step.name.partition("-")[2], MOMENT).replace(tzinfo=UTC).isoformat()


def play(case: Path, folder: Path) -> dict[str, bytes]:
    site: PlayedSite = new_site(folder)
    for step in sorted(path for path in case.iterdir() if path.is_dir() and path.name != "expected"):
        for path in sorted(path for path in step.rglob("*") if path.is_file()):
            site.drop(path.parent.name, path.name, path.read_bytes())
        site.run(moment_of(step))
    return site.outbox()


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_there_are_golden_cases() -> None:
    assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_leaves_is_byte_for_byte_what_was_expected(case: Path, tmp_path: Path) -> None:
    left = play(case, tmp_path / "site")
    expected = case / "expected"
    if os.environ.get("GATEWAY_GOLDEN") == "write":
        shutil.rmtree(expected)
        for name, content in left.items():
            (expected / name).parent.mkdir(parents=True, exist_ok=True)
            (expected / name).write_bytes(content)
    wanted = files_of(expected)
    assert sorted(left) == sorted(wanted)
    for name, content in left.items():
        assert content == wanted[name], name
