"""The fixture of the tests that drive a whole site."""

from pathlib import Path

import pytest

from tests.site.harness import PlayedSite, new_site


@pytest.fixture
def site(tmp_path: Path) -> PlayedSite:
    """A site with the demo's partners, items, prices and stock."""
    played = new_site(tmp_path / "site")
    played.drop_master()
    return played
