"""Any text read as a mapping ends in located problems or in one that runs; crashers of the past stay mended."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from gateway.config.mapping_files import builtin_folder
from tests.fuzz.mapping_texts import mutant, seeds
from tests.fuzz.mappings import holds, kept


@pytest.mark.parametrize("path", kept(), ids=lambda path: path.stem)
def test_a_crasher_stays_mended(path: Path) -> None:
    holds(path.read_bytes().decode("utf-8", "surrogateescape"), int(path.stem.rpartition("-")[2]))


def test_every_shipped_and_printed_mapping_runs_on_any_input() -> None:
    ran = [holds(text, seed).ran for seed, text in enumerate(seeds(builtin_folder()))]
    assert sum(ran) > len(ran) * 0.9


def test_hundreds_of_mutants_are_refused_or_run() -> None:
    rng, known = Random(20261125), seeds(builtin_folder())
    assert sum(holds(mutant(known, rng), seed).ran for seed in range(300)) > 10


DIGEST = "from tests.fuzz import test_mappings; test_mappings.show_digest()"


def show_digest() -> None:
    """Print what a tenth of the mappings and some mutants say and make."""
    rng, known = Random(7), seeds(builtin_folder())
    texts = [*known[::10], *(mutant(known, rng) for _ in range(40))]
    said = "".join(holds(text, seed).said for seed, text in enumerate(texts))
    print(hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest())  # noqa: T201 - for the test below


def test_another_process_says_and_makes_the_same_whatever_its_hash_seed() -> None:
    def digest(seed: str) -> str:
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", DIGEST], env=environ, capture_output=True, text=True, check=True)
        return done.stdout

    assert len({digest(seed) for seed in ("1", "2", "3")}) == 1
