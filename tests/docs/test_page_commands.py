"""The commands of the tutorials and how-to pages say what the pages show."""

from pathlib import Path

import pytest

from tests.docs import examples
from tests.docs.played import Player

ELSEWHERE = ("mapping-tools.md",)
PAGES = [page for page in examples.PAGES if examples.is_played(page) and page.name not in ELSEWHERE]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_say_what_it_shows(page: Path, tmp_path: Path) -> None:
    player = Player(tmp_path)

    player.play(examples.blocks(page))

    assert not player.mistakes, "\n".join(player.mistakes)
