"""The fixtures of the tests that drive a whole site."""

from pathlib import Path

import pytest

from tests.site.harness import PlayedSite, new_site, site_like


@pytest.fixture(scope="session")
def mastered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with the demo's partners, items, prices and stock, to be copied."""
    played = new_site(tmp_path_factory.mktemp("mastered") / "site")
    played.drop_master()
    return played.folder


@pytest.fixture
def site(tmp_path: Path, mastered: Path) -> PlayedSite:
    """A site of its own with the demo's partners, items, prices and stock."""
    return site_like(mastered, tmp_path / "site")
