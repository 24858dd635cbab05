"""Every built-in that reads CSV or XML, and what it makes of a file with everything in it.

After a change that is meant: GATEWAY_WRITE_GOLDEN=1 python -m pytest tests/mapping/test_read_files.py, then read the difference.
"""

import os
from pathlib import Path

import pytest

from gateway.config.mapping_files import builtin_names
from gateway.mapping import canonical_text, documents, dump, inbound
from gateway.mapping.prepare import PreparedMapping
from tests.mapping import samples
from tests.preparing import prepared_once

WRITE = "GATEWAY_WRITE_GOLDEN" in os.environ


def built_in(name: str) -> PreparedMapping:
    found, problems = prepared_once(name)
    assert problems == ()
    assert found is not None
    return found


READING = [
    name for name in builtin_names() if not name.startswith("x12/") and built_in(name).direction == "in"
]  # fmt: skip


def case(name: str) -> Path:
    (found,) = (samples.GOLDEN / name).glob("input.*")
    return found


@pytest.mark.parametrize("name", READING)
def test_a_built_in_reads_a_file_as_its_golden_file_says(name: str) -> None:
    prepared = built_in(name)
    read = documents.read(prepared, case(name).read_bytes())
    mapped = [inbound.run(prepared, each.node, samples.ENV) for each in read.documents]

    assert read.issues == ()
    assert [problem.message for each in mapped for problem in each.problems] == []
    made = [each.document for each in mapped if each.document is not None]
    found = "---\n".join(dump.text(canonical_text.plain(each)) for each in made)
    golden = samples.GOLDEN / name / "expected.yaml"
    if WRITE:
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [each for each in READING if each.startswith("csv/")])
def test_every_column_that_a_built_in_reads_stands_in_its_golden_file(name: str) -> None:
    titles = set(case(name).read_text(encoding="utf-8").splitlines()[0].split(","))

    assert built_in(name).columns_used == titles
