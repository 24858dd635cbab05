"""What docs/reference/corpus.md says of the real files: outcomes by folder, and why each file offered as good is not accepted.

Usage: python -m tests.corpus.page --write, with GATEWAY_CORPUS set to the corpus folder.
"""

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import Examination, ExaminedInterchange, examine
from gateway.flows.judging.report import is_clean
from gateway.kernel.faults import SetFault
from gateway.kernel.issue import Issue

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "corpus.md"
FOLDERS = ("x12-850", "x12-810", "x12-855", "x12-856", "x12-other", "broken")
OUTCOMES = ("accepted", "rejected", "group not shipped", "unreadable")
_MOST = 2
_QUOTED = 70


def corpus() -> Path:
    """The folder of real files."""
    return Path(os.environ["GATEWAY_CORPUS"])


def files(folder: str) -> list[Path]:
    """The files of one folder of the corpus."""
    return sorted(path for path in (corpus() / folder).iterdir() if path.is_file())


def outcome(seen: Examination) -> str:
    """One word for a file: accepted, group not shipped (AK905 1 or 2), rejected, or unreadable."""
    if seen.issues or not seen.interchanges:
        return "unreadable"
    groups = [group for each in seen.interchanges for group in each.verdict.groups]
    if any({"1", "2"} & set(group.codes) for group in groups):
        return "group not shipped"
    return "accepted" if is_clean(seen) else "rejected"


def offered_as_good() -> list[str]:
    """The files whose index says that their envelope is valid."""
    with (corpus() / "index.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["expected"].startswith("valid")]
    return [row["file"] for row in rows if row["file"].partition("/")[0] in FOLDERS]


def outcomes() -> Iterator[str]:
    """The rows of the table of outcomes."""
    for folder in FOLDERS:
        counts = Counter(outcome(examine(path.read_bytes(), AckRules())) for path in files(folder))
        yield f"| {folder} | {sum(counts.values())} | " + " | ".join(str(counts[name]) for name in OUTCOMES) + " |"


def rejections() -> Iterator[str]:
    """For each file offered as good and not accepted: what is wrong with it, each fault with its segment quoted."""
    for name in offered_as_good():
        seen = examine((corpus() / name).read_bytes(), AckRules())
        if not is_clean(seen):
            told = list(dict.fromkeys(_reasons(seen)))
            more = f" (and {len(told) - _MOST} more)" if len(told) > _MOST else ""
            yield f"| {name} | {'; '.join(told[:_MOST])}{more} |"


def _reasons(seen: Examination) -> Iterator[str]:
    yield from (f"{issue.code}: {_safe(issue.message)}" for issue in seen.issues)
    for interchange in seen.interchanges:
        yield from (f"TA1 {issue.fault.value}: {_safe(issue.message)}" for issue in interchange.received.issues)
        for group in interchange.verdict.groups:
            yield from (f"AK905 {issue.fault.value}: {_safe(issue.message)}" for issue in group.group.issues)
        yield from _in_sets(interchange)


def _in_sets(interchange: ExaminedInterchange) -> Iterator[str]:
    for each in interchange.sets:
        for issue in each.received.issues:
            yield f"{_code(issue)}: {_safe(issue.message)}{_quoted(issue, each.source.segments)}"


def _code(issue: Issue) -> str:
    if isinstance(issue.fault, SetFault):
        return f"AK502 {issue.fault.value}"
    return f"{'AK403' if issue.place.element else 'AK304'} {issue.fault.value}"


def _quoted(issue: Issue, segments: tuple[list[str], ...]) -> str:
    if not 0 < issue.place.position <= len(segments) or isinstance(issue.fault, SetFault):
        return ""
    text = "*".join(segments[issue.place.position - 1])
    return f" `{_safe(text if len(text) <= _QUOTED else text[: _QUOTED - 1] + '…')}`"


def _safe(text: str) -> str:
    printable = "".join(character if character.isprintable() else "·" for character in text)
    return printable.replace("|", "¦").replace("`", "'")


def tables() -> dict[str, str]:
    """The generated parts of the page by name."""
    return {
        "outcomes": f"| folder | files | {' | '.join(OUTCOMES)} |\n|---|---|---|---|---|---|\n" + "\n".join(outcomes()),
        "rejections": "| file | what is wrong with it |\n|---|---|\n" + "\n".join(rejections()),
    }


def marks(name: str) -> tuple[str, str]:
    """What stands before and behind a generated part."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def between(text: str, name: str) -> str:
    """The generated part of a page."""
    begin, end = marks(name)
    return text.partition(begin)[2].partition(end)[0].strip()


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
