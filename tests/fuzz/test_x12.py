"""Any bytes end in a judgement that can be told and answered; crashers of the past stay mended."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.x12 import CRASHERS, holds, mutant, seeds

KEPT = sorted(path for path in CRASHERS.glob("*") if path.suffix == ".edi")


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_crasher_stays_mended(path: Path) -> None:
    holds(path.read_bytes())


def test_two_thousand_mutants_are_judged_reported_and_answered() -> None:
    rng, known = Random(20261125), seeds()
    for _ in range(2000):
        holds(mutant(known, rng))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_judged(content: bytes) -> None:
    holds(content)
