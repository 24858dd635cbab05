"""Compare ourselves with pyx12 on many sets, sort what differs into its known classes, and print the table."""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.flows.second_opinion import Difference, compare
from gateway.formats.record import Segment
from gateway.formats.x12 import guide as guides
from gateway.formats.x12 import reader
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.walk import walk
from gateway.kernel.faults import SetFault
from gateway.kernel.issue import Issue
from tests.differential.mutants import mutant
from tests.differential.sets import separators_of, valid_set

UNKNOWN = "not judged"
FOLDERS = ("x12-850", "x12-810", "x12-855", "x12-856", "x12-other", "broken")
SEEDS = 4
EXAMPLES = 2


@dataclass
class Tally:
    """How often each class of disagreement occurred, with the first examples."""

    sets: int = 0
    differing: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, content: bytes, source: str) -> None:
        """Everything the two say differently about one file."""
        self.sets += 1
        found = compare(content)
        self.differing += bool(found)
        for each in found:
            self._count(each, content, source)

    def _count(self, each: Difference, content: bytes, source: str) -> None:
        key = each.judged.key if each.judged else UNKNOWN
        self.counts[key] += 1
        shown = self.examples.setdefault(key, [])
        if len(shown) < (100 if key == UNKNOWN else EXAMPLES):
            shown.append(f"{source}: {each.line()}\n      {_around(content, each)}")

    def table(self) -> str:
        """The classes with their counts and examples."""
        lines = [f"{self.sets} files, {self.differing} of them judged differently somewhere"]
        for key, count in self.counts.most_common():
            lines += [f"{count:7} {key}", *(f"    {example}" for example in self.examples[key])]
        return "\n".join(lines)


def _around(content: bytes, each: Difference) -> str:
    for part in reader.read(content):
        if isinstance(part, SetRead) and part.control_number == each.control_number:
            return " ~ ".join("*".join(row)[:120] for row in part.segments[max(0, each.found.position - 3) :][:3])
    return ""


def pairs() -> Iterator[Guide]:
    """Every set of every version."""
    for version in guides.versions():
        for set_id in guides.set_ids(version):
            guide = guides.load(version, set_id)
            assert guide is not None
            yield guide


def interchange(segments: Sequence[Sequence[str]], guide: Guide) -> bytes:
    """The set in an envelope of its version."""
    separators = separators_of(guide.version)
    isa12 = guide.version[:5]
    isa = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'US':15}*ZZ*{'THEM':15}*261120*0815*{separators.repetition or 'U'}*{isa12}*000000001*0*T*>"
    group = f"GS*{guide.functional_group}*US*THEM*20261120*0815*1*X*{guide.version}"
    rows = [isa, group, *("*".join(row) for row in segments), "GE*1*1", "IEA*1*000000001"]
    return ("~".join(rows) + "~").encode()


def mutants(per_set: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged sets of each valid one, with a name to find them again."""
    for guide in pairs():
        for seed in range(SEEDS):
            base = valid_set(guide, seed)
            for number in range(per_set):
                name = f"{guide.version}/{guide.set_id}/{seed}/{number}"
                kind, rows = mutant(base, guide, name)
                yield f"{name} {kind}", interchange(rows, guide)


def corpus(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every real file."""
    for name in FOLDERS:
        for path in sorted((folder / name).iterdir()):
            if path.is_file():
                yield f"{name}/{path.name}", path.read_bytes()


def walked(part: SetRead) -> list[Issue]:
    """What the exact walk says about a set that was read, without the faults of the set as a whole."""
    assert part.guide is not None
    return list(walk(part.segments, part.guide, part.separators).issues)


def read_faults(part: SetRead) -> list[Issue]:
    """What the reader said, by its compiled checks where they suffice."""
    return [each for each in part.issues if not isinstance(each.fault, SetFault)]


def main(per_set: int) -> int:
    """The long run: thousands of mutants, and the corpus when there is one. 1 when a class is not judged."""
    tally = Tally()
    for name, content in mutants(per_set):
        tally.add(content, name)
    print("MUTANTS", tally.table(), sep="\n")  # noqa: T201 - a report
    folder = os.environ.get("GATEWAY_CORPUS", "")
    real = Tally()
    if folder:
        for name, content in corpus(Path(folder)):
            real.add(content, name)
        print("CORPUS", real.table(), sep="\n")  # noqa: T201 - a report
    else:
        print("GATEWAY_CORPUS is not set: the real sample files were NOT compared.", file=sys.stderr)  # noqa: T201
    return int(UNKNOWN in tally.counts or UNKNOWN in real.counts)


def first_segment(segments: Sequence[Segment]) -> str:
    """How a set is shown in a failing test."""
    return "~".join("*".join(row) for row in segments)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 40))
