"""The fixtures of the cases: a site of its own, with partners of every format that is read."""

from pathlib import Path

import pytest

from tests.cases import shops
from tests.site.harness import PlayedSite, new_site, site_like


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with the demo's items, prices and stock and a customer who orders by CSV and XML, to be copied."""
    played = new_site(tmp_path_factory.mktemp("furnished") / "site")
    shops.open_shop(played.folder)
    played.drop_master()
    return played.folder


@pytest.fixture
def site(tmp_path: Path, furnished: Path) -> PlayedSite:
    """A site of its own."""
    return site_like(furnished, tmp_path / "site")
