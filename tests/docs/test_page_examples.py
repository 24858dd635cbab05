"""Every example in the pages about mappings: it is loaded, it runs, and it gives what the page shows."""

from pathlib import Path

import pytest

from tests.docs import examples
from tests.docs.bench import Bench

PAGES = [page for page in examples.PAGES if examples.is_tested(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_give_what_it_shows(page: Path, tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    bench.read(examples.blocks(page))

    assert not bench.mistakes, "\n".join(bench.mistakes)
