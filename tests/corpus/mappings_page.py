"""What docs/reference/corpus-mappings.md says: how far each real file gets through the built-in mapping of its set.

Usage: python -m tests.corpus.mappings_page --write, with GATEWAY_CORPUS set to the corpus folder.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from gateway.exchange.acknowledgment import AckRules, Verdict
from gateway.flows.judging.examine import ExaminedInterchange, examine
from gateway.formats.x12 import guide
from gateway.mapping import coverage, inbound
from gateway.mapping.coverage import Coverage
from gateway.mapping.inbound import Mapped
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.corpus import xml_orders
from tests.corpus.page import FOLDERS, between, corpus, files, marks
from tests.corpus.words import ENV, first, safe

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "corpus-mappings.md"
READERS = {
    "850": "x12/850", "860": "x12/860", "820": "x12/820", "945": "x12/945", "180": "x12/180", "812": "x12/812",
    "832": "x12/832", "846": "x12/846-in", "824": "x12/824-in",
}  # fmt: skip
"""The built-in that reads each set."""
OUTCOMES = ("mapped", "held", "rejected")
READABLE = "rejected, but readable"
NOTHING = Coverage(0, 0, (), ())
_MOST = 2


@dataclass(slots=True)
class Way:
    """How far the sets of one kind in one file got, and why they got no further."""

    name: str
    set_id: str
    counts: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    used: int = 0
    total: int = 0

    @property
    def share(self) -> str:
        """How much of the data in sets that can be mapped a rule reads."""
        return f"{self.used * 100 // self.total} %" if self.total else ""

    def row(self) -> str:
        """The row of the table of files."""
        told = list(dict.fromkeys(self.reasons))
        more = f" (and {len(told) - _MOST} more)" if len(told) > _MOST else ""
        numbers = " | ".join(str(self.counts[each] or "") for each in (*OUTCOMES, READABLE))
        return f"| {self.name} | {READERS[self.set_id]} | {numbers} | {self.share} | {'; '.join(told[:_MOST])}{more} |"


@cache
def reader(set_id: str) -> PreparedMapping:
    """The built-in of a set."""
    found, problems = prepare(READERS[set_id], site_mappings=None)
    if found is None:
        raise ValueError(problems)
    return found


@cache
def groups() -> dict[str, str]:
    """The set of each functional group that a built-in reads."""
    layouts = {each: guide.load("004010", each) for each in READERS}
    return {layout.functional_group: each for each, layout in layouts.items() if layout is not None}


@cache
def ways() -> tuple[Way, ...]:
    """Every file of the corpus that brings a set which a built-in reads."""
    found = [way for folder in FOLDERS for path in files(folder) for way in of_file(path)]
    return tuple(sorted(found, key=lambda way: (way.set_id, FOLDERS.index(way.name.partition("/")[0]), way.name)))


def of_file(path: Path) -> list[Way]:
    """How far the sets of one file got, one entry for each kind of set."""
    found: dict[str, Way] = {}
    for interchange in examine(path.read_bytes(), AckRules()).interchanges:
        for set_id, outcomes, reason, read in _outcomes(interchange):
            way = found.setdefault(set_id, Way(str(path.relative_to(corpus())), set_id))
            way.counts.update(outcomes)
            way.reasons += [reason] if reason else []
            way.used += read.used
            way.total += read.total
    return list(found.values())


def _outcomes(interchange: ExaminedInterchange) -> Iterator[tuple[str, tuple[str, ...], str, Coverage]]:
    """The set id, the outcomes, the reason and the use of each set; a group refused whole counts as one."""
    refused = interchange.verdict.verdict is Verdict.REJECTED
    for each in interchange.sets:
        set_id = each.received.set_id
        if set_id not in READERS or each.source.guide is None:
            continue
        # the mapping runs on rejected sets as well: it must never end in a traceback
        mapped = inbound.run(reader(set_id), each.record, ENV)
        readable = (READABLE,) if mapped.document is not None else ()
        read = coverage.of(reader(set_id), [(each.record, ENV)]) if mapped.document is not None else NOTHING
        if refused:
            yield set_id, ("rejected", *readable), f"TA1 {interchange.verdict.code}", read
        elif each.verdict.verdict is Verdict.REJECTED:
            yield set_id, ("rejected", *readable), first(issue.message for issue in each.verdict.issues), read
        elif mapped.document is None:
            yield set_id, ("held",), first(_held(mapped)), read
        else:
            yield set_id, ("mapped",), "", read
    for group in interchange.verdict.groups:
        kind = groups().get(group.group.functional_id)
        if kind is not None and group.verdict is Verdict.REJECTED and not group.sets:
            yield kind, ("rejected",), f"AK905 {', '.join(group.codes)} (version {safe(group.group.version)})", NOTHING


def _held(mapped: Mapped) -> Iterator[str]:
    return (each.message for each in mapped.problems if each.level != "warn")


def summary() -> Iterator[str]:
    """The rows of the table of mappings."""
    for set_id in sorted(READERS):
        own = [way for way in ways() if way.set_id == set_id]
        counts = sum((way.counts for way in own), Counter[str]())
        sets = sum(counts[each] for each in OUTCOMES)
        numbers = " | ".join(str(counts[each]) for each in (*OUTCOMES, READABLE))
        used, total = sum(way.used for way in own), sum(way.total for way in own)
        share = f"{used * 100 // total} %" if total else ""
        yield f"| {READERS[set_id]} | {len(own)} | {sets} | {numbers} | {share} |"


def tables() -> dict[str, str]:
    """The generated parts of the page by name."""
    outcomes = " | ".join((*OUTCOMES, READABLE))
    of_mappings = f"| built-in | files | sets | {outcomes} | data read |\n|---|---|---|---|---|---|---|---|\n"
    of_files = f"| file | built-in | {outcomes} | data read | why not mapped |\n|---|---|---|---|---|---|---|---|\n"
    rows = "\n".join(way.row() for way in ways())
    return {"mappings": of_mappings + "\n".join(summary()), "files": of_files + rows, "xml": xml_orders.table()}


def said(name: str) -> str:
    """What the page says now."""
    return between(PAGE.read_text(encoding="utf-8"), name)


def main() -> None:
    """Write the generated parts into the page."""
    text = PAGE.read_text(encoding="utf-8")
    for name, table in tables().items():
        begin, end = marks(name)
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__" and "--write" in sys.argv:
    main()
