"""Two engines, one standard: where they differ the class is known and judged (docs/explanation/second-opinion.md)."""

import os
from pathlib import Path

import pytest

from gateway.formats.x12 import guide as guides
from gateway.formats.x12 import reader, second_opinion
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.second_opinion_judged import JUDGED
from gateway.formats.x12.walk import walk
from tests.differential import page
from tests.differential.compare import (
    SEEDS,
    UNKNOWN,
    Tally,
    corpus,
    first_segment,
    interchange,
    mutants,
    pairs,
    read_faults,
    walked,
)
from tests.differential.sets import separators_of, valid_set

CORPUS = os.environ.get("GATEWAY_CORPUS", "")
REASON = "GATEWAY_CORPUS is not set: the real sample files were NOT compared with pyx12; set it to the corpus folder"


def of_version(version: str) -> list[Guide]:
    return [guide for guide in pairs() if guide.version == version]


@pytest.mark.parametrize("version", guides.versions())
def test_every_set_has_a_map_and_both_engines_accept_valid_sets(version: str) -> None:
    for guide in of_version(version):
        for seed in range(SEEDS):
            segments = valid_set(guide, seed)
            said = second_opinion.opinion(segments, guide, separators_of(version))

            assert (said.findings, said.failures) == ((), ()), (guide.set_id, first_segment(segments))
            assert walk(segments, guide, separators_of(version)).issues == ()


def test_the_samples_are_of_22_sets_and_not_all_small() -> None:
    found = list(pairs())

    assert len({guide.set_id for guide in found}) == 22
    assert max(len(valid_set(guide, seed)) for guide in found for seed in range(SEEDS)) > 30


@pytest.mark.parametrize("segment_id", ["HL", "LS", "SDQ", "MEA"])
def test_the_samples_hold_what_is_hard(segment_id: str) -> None:
    assert any(row[0] == segment_id for guide in pairs() for seed in range(SEEDS) for row in valid_set(guide, seed))


def test_every_difference_over_seeded_mutants_is_of_a_judged_class() -> None:
    tally = Tally()

    for name, content in mutants(2):
        tally.add(content, name)

    assert tally.sets > 500
    assert tally.differing > 100
    assert tally.examples.get(UNKNOWN, []) == []


def test_the_compiled_checks_say_what_the_exact_walk_says() -> None:
    for name, content in mutants(2):
        for part in reader.read(content):
            if isinstance(part, SetRead) and part.guide is not None:
                assert read_faults(part) == walked(part), name


@pytest.mark.skipif(not CORPUS, reason=REASON)
def test_every_difference_over_the_corpus_is_of_a_judged_class() -> None:
    tally = Tally()

    for name, content in corpus(Path(CORPUS)):
        tally.add(content, name)

    assert tally.examples.get(UNKNOWN, []) == []


def test_a_valid_interchange_of_each_version_has_no_difference() -> None:
    for version in guides.versions():
        guide = guides.load(version, "850")
        assert guide is not None
        tally = Tally()

        tally.add(interchange(valid_set(guide, 1), guide), version)

        assert tally.differing == 0


def test_the_page_judges_every_class() -> None:
    assert page.written() == page.table(), "run: make pages"
    assert len({each.key for each in JUDGED}) == len(JUDGED)
