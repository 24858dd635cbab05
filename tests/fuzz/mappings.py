"""What must hold for any text read as a mapping, and for whatever it makes of any file; run for long by ``make fuzz``.

Usage: python -m tests.fuzz.mappings [SECONDS]. Whatever breaks is kept in tests/crashers/mapping.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from gateway.canonical.base import Canonical
from gateway.config import mapping_files
from gateway.formats.x12 import guide
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read as read_sets
from gateway.kernel.problem import Problem, has_errors
from gateway.mapping import documents, inbound, outbound
from gateway.mapping.environment import Environment
from gateway.mapping.generated import outbound as generated
from gateway.mapping.inbound import Mapped
from gateway.mapping.notations.notation import Node
from gateway.mapping.outbound import Written
from gateway.mapping.prepare import PreparedMapping, prepare
from gateway.mapping.reading.trace import Trace
from gateway.mapping.writing import columns, x12
from gateway.mapping.writing.plans import ColumnsPlan, SegmentsPlan
from gateway.mapping.writing.scope import Run, Scope
from tests.formats.x12.generate import Size, file_of, random_set
from tests.fuzz import mapping_inputs, mapping_texts
from tests.fuzz.mapping_texts import NAME
from tests.mapping.agreement import same

CRASHERS = Path(__file__).parents[1] / "crashers" / "mapping"
ENV = Environment(
    params={"id": "acme", "vendor_number": "77812", "dock": "12"}, today=date(2026, 11, 20), file_name="in.edi",
    envelope={"usage": "P", "sender_id": "ACME"}, control={"isa13": "7", "gs06": "7", "st02": "0001", "number": "7"},
)  # fmt: skip
PREPARING, RUNNING = 3.0, 2.0
"""Seconds that one text may take, and one document."""
ALLOWED = ("hold", "reject", "warn")


@dataclass(frozen=True, slots=True)
class Site:
    """A folder of mappings with one that is written anew for every text, and the tables that texts name."""

    mappings: Path

    @property
    def file(self) -> Path:
        """The mapping that is tried."""
        return self.mappings / f"{NAME}.yaml"

    def prepared(self, text: str) -> tuple[PreparedMapping | None, tuple[Problem, ...]]:
        """The mapping of a text; every problem has its place in a file of the site and a sentence."""
        self.file.write_text(text, encoding="utf-8", errors="surrogateescape")
        begun = time.monotonic()
        found, problems = prepare(NAME, site_mappings=self.mappings)
        assert time.monotonic() - begun < PREPARING, "it took too long to prepare"
        assert (found is None) == has_errors(problems), "a mapping with errors, or none without a reason"
        for each in problems:
            assert each.line >= 1, each
            assert each.column >= 1, each
            assert each.file, each
            assert each.code[:1] == "M", each
            assert each.sentence, each
        return found, problems


@cache
def site() -> Site:
    """The folder of this process."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-")) / "mappings"
    mapping_texts.install_tables(folder / "fuzz" / "tables")
    return Site(folder)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a text could be run, and everything that was said and made: the same for the same text and seed."""

    ran: bool
    said: str


def holds(text: str, seed: int) -> Outcome:
    """Prepare a mapping and run it on random inputs. Raises when anything that must hold does not."""
    rng = Random(seed)
    prepared, problems = site().prepared(text)
    if prepared is None:
        return Outcome(ran=False, said=repr(problems))
    made = (
        writes(prepared, rng)
        if prepared.direction == "out"
        else [reads(prepared, each) for each in nodes(prepared, rng)]
    )
    return Outcome(ran=True, said=repr((problems, prepared.spec_hash, made)))


def reads(prepared: PreparedMapping, node: Node) -> Mapped:
    """One document: no exception, no document beside a problem that stops it, traced or not the same."""
    begun = time.monotonic()
    mapped = inbound.run(prepared, node, ENV)
    assert time.monotonic() - begun < RUNNING, "it took too long to read"
    assert mapped == inbound.run(prepared, node, ENV), "the same input gave something else"
    traced = inbound.run(prepared, node, ENV, Trace())
    assert mapped == traced, "tracing changed the result"
    if mapped.document is not None and traced.document is not None:
        same(mapped.document, traced.document)
    assert all(each.level in ALLOWED and each.message and each.rule for each in mapped.problems)
    stopped = any(each.level != "warn" for each in mapped.problems)
    assert (mapped.document is None) == stopped, "a document in spite of problems, or none without"
    return mapped


def writes(prepared: PreparedMapping, rng: Random) -> list[Written]:
    """Documents of its kind: no exception, twice the same."""
    made = []
    for _ in range(2):
        document = mapping_inputs.document(prepared.model, rng)
        begun = time.monotonic()
        written = outbound.run(prepared, [document], ENV)
        assert time.monotonic() - begun < RUNNING, "it took too long to write"
        assert written == outbound.run(prepared, [document], ENV), "the same document gave something else"
        assert all(each.level in ALLOWED and each.message for each in written.problems)
        assert written.content or written.bodies or not written.is_fit, "nothing was written and nothing said"
        judged_alike(prepared, document)
        made.append(written)
    return made


def judged_alike(prepared: PreparedMapping, document: Canonical) -> None:
    """The generated source writes what the interpreter writes without a problem, or gives the document up."""
    plan = prepared.out
    if not isinstance(plan, SegmentsPlan | ColumnsPlan):
        return
    quick = generated.of(prepared, plan, "").lines(document, ENV)
    if quick is None:
        return
    run = Run(ENV, prepared.document)
    if isinstance(plan, SegmentsPlan):
        assert quick == x12.body(plan, document, run), "generated source wrote other segments"
    else:
        assert quick == columns.rows(plan, prepared.delimited, Scope(run, document)), (
            "generated source wrote other rows"
        )
    assert run.problems == [], "generated source wrote a document with problems"


def nodes(prepared: PreparedMapping, rng: Random) -> Sequence[Node]:
    """A few documents of the mapping's format."""
    if prepared.format == "x12":
        return [rng.choice(sets(prepared.set_id, version)) for version in prepared.versions for _ in range(2)]
    found = documents.read(prepared, mapping_inputs.content(prepared, rng))
    assert all(issue.message for issue in found.issues)
    return [each.node for each in found.documents[:4]]


@cache
def sets(set_id: str, version: str) -> Sequence[Node]:
    """Random sets of one guide, as they are read."""
    layout = guide.load(version, set_id)
    assert layout is not None
    rng = Random(f"{set_id}{version}")
    files = [file_of(layout, [random_set(layout, rng, Size(size, 0.3, 3))]) for size in (0, 10, 40, 80, 80, 120)]
    return [part.record for content in files for part in read_sets(content) if isinstance(part, SetRead)]


def keep(text: str, seed: int) -> Path:
    """A crasher, kept under the hash of its text, with the seed of its inputs in its name."""
    CRASHERS.mkdir(parents=True, exist_ok=True)
    content = text.encode("utf-8", "surrogateescape")
    path = CRASHERS / f"{hashlib.sha256(content).hexdigest()[:12]}-{seed}.yaml"
    path.write_bytes(content)
    return path


def kept() -> list[Path]:
    """The crashers of the past."""
    return sorted(CRASHERS.glob("*.yaml"))


def main() -> int:
    """Mutate until the time is over."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 300.0
    rng = Random()
    known = mapping_texts.seeds(mapping_files.builtin_folder())
    end, runs, good, broken = time.monotonic() + seconds, 0, 0, 0
    seen: set[str] = set()
    while time.monotonic() < end:
        text, seed = mapping_texts.mutant(known, rng), rng.randrange(2**32)
        runs += 1
        try:
            good += holds(text, seed).ran
        except Exception as error:  # noqa: BLE001 - whatever breaks is kept and told, and the next one is tried
            broken += 1
            kind = f"{type(error).__name__}: {str(error)[:60]}"
            if kind not in seen:
                seen.add(kind)
                print(f"{keep(text, seed)}: {type(error).__name__}: {str(error)[:300]}", flush=True)  # noqa: T201 - a program for the terminal
    print(f"{runs} mutants of {len(known)} mappings in {seconds:.0f} s, {good} of them ran, {broken} broken")  # noqa: T201 - same
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
