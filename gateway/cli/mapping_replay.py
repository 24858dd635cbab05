"""The command that tries a mapping on the last real files before it counts."""

from collections import Counter
from pathlib import Path
from typing import Any

from gateway.cli import output
from gateway.cli.context import opened
from gateway.cli.desk import desk_of
from gateway.flows.tools import replaying
from gateway.flows.tools.replaying import CHANGED, FREED, GONE, HELD, SAME, Replayed
from gateway.kernel.errors import UsageError
from gateway.kernel.words import counted

_MOST_SHOWN = 20
_WORDS = {
    SAME: "the same", CHANGED: "would be read differently", HELD: "would now be held", FREED: "would no longer be held",
    GONE: "would not be read",
}  # fmt: skip


def replay(name: str, last: int, partner: str, against: str, site: Path | None, *, as_json: bool) -> int:
    """Print what would be different; 1 when a document that was taken would wait or be left out."""
    if last < 1:
        raise UsageError("--last is at least 1.")
    bench = opened(site)
    with output.progress(f"reading the last {last} files again"):
        found = replaying.replay(bench, desk_of(site), name, last=last, partner=partner, against=against)
    counts = Counter(each.what for each in found)
    if as_json:
        output.data(
            {
                "mapping": name,
                "counts": {what: counts[what] for what in _WORDS},
                "documents": [_view(each) for each in found],
            }
        )
    else:
        for each in found:
            _show(each)
        files = len({each.receipt for each in found})
        told = ", ".join(f"{counts[what]} {words}" for what, words in _WORDS.items() if counts[what] or what == SAME)
        output.line(f"{counted(files, 'file')}, {counted(len(found), 'document')}: {told}. Nothing was written.")
    return 1 if counts[HELD] or counts[GONE] else 0


def _show(each: Replayed) -> None:
    if each.what == SAME:
        return
    output.line(f"{each.file_name}, {each.name}: {_WORDS[each.what]}")
    for sentence in [*(str(one) for one in each.differences), *each.problems][:_MOST_SHOWN]:
        output.line(f"  {sentence}")
    if len(each.differences) > _MOST_SHOWN:
        output.line(f"  and {len(each.differences) - _MOST_SHOWN} more; --json shows all")


def _view(each: Replayed) -> dict[str, Any]:
    return {
        "file": each.file_name, "receipt": each.receipt, "partner": each.partner, "document": each.name,
        "what": each.what, "problems": list(each.problems),
        "differences": [{"field": one.place, "before": one.before, "after": one.after} for one in each.differences],
    }  # fmt: skip
