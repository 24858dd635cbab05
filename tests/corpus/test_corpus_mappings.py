"""Every real file of the corpus through the built-in mapping of its set: a document, or a hold that says why.

Runs only with GATEWAY_CORPUS set to the corpus folder; the files are not ours to ship.
"""

import os

import pytest

from tests.corpus.mappings_page import READERS, reader, said, tables, ways

CORPUS = os.environ.get("GATEWAY_CORPUS", "")
REASON = "GATEWAY_CORPUS is not set: the real sample files were NOT mapped; set it to the corpus folder"


@pytest.mark.parametrize("set_id", READERS)
def test_a_built_in_reads_the_set_that_the_page_says(set_id: str) -> None:
    assert (reader(set_id).set_id, reader(set_id).direction) == (set_id, "in")


@pytest.mark.skipif(not CORPUS, reason=REASON)
def test_every_set_that_is_not_mapped_says_why() -> None:
    assert ways()
    for way in ways():
        lost = way.counts["held"] + way.counts["rejected"]
        assert len(way.reasons) == lost, way.name
        assert all(way.reasons), way.name


@pytest.mark.skipif(not CORPUS, reason=REASON)
@pytest.mark.parametrize("name", ["mappings", "files", "xml"])
def test_the_page_says_how_far_each_file_got(name: str) -> None:
    assert said(name) == tables()[name], (
        "renew docs/reference/corpus-mappings.md with: python -m tests.corpus.mappings_page --write"
    )
