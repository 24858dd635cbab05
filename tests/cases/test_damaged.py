"""Damaged files of every format end in a state, whatever the damage; crashers of the past stay mended."""

from pathlib import Path

import pytest

from tests.fuzz import files


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose partners send every sample."""
    return files.site_in(tmp_path_factory.mktemp("site"))


@pytest.mark.parametrize("name", sorted(files.samples()))
def test_x_22_damaged_files_are_processed_held_or_refused(site: Path, name: str) -> None:
    ended = files.mutants(site, name, 60, seed=20261126)

    assert ended.broken == []
    assert sum(ended.states.values()) == 60


@pytest.mark.parametrize("path", sorted(files.CRASHERS.glob("*-*")), ids=lambda path: path.name)
def test_x_22_a_crasher_stays_mended(site: Path, path: Path) -> None:
    name = path.name.partition("-")[2]
    with files.opened(site) as bench:
        files.read(bench, files.samples()[name][0], name, path.read_bytes())
