"""What was measured, kept beside the page: each contest by itself, so that one can be measured anew without the others."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.contests import Contest
from bench.measure import ROOT, Sample, Usage

FILE = ROOT / "bench" / "figures.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One case with its samples; ``words`` says what its input was, ``units`` how many orders or lines it had more."""

    name: str
    words: str
    units: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One contest; ``versions`` says who took part, and on what."""

    contest: str
    versions: str
    rows: tuple[Row, ...]


Found = Mapping[str, Mapping[str, Sequence[Sample]]]


def measured(contest: Contest, samples: Mapping[str, Sequence[Sample]], versions: str) -> Measured:
    """The samples of a contest with what its cases were."""
    rows = (Row(each.name, each.words, each.units, tuple(samples[each.name])) for each in contest.cases)
    return Measured(contest.name, versions, tuple(rows))


def found(known: Mapping[str, Measured]) -> Found:
    """The samples alone, by contest and case."""
    return {name: {row.name: row.samples for row in each.rows} for name, each in known.items()}


def load(file: Path = FILE) -> dict[str, Measured]:
    """Everything that was kept; nothing when the file is not there."""
    if not file.is_file():
        return {}
    kept = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: Measured(name, each["versions"], tuple(_row(row) for row in each["rows"])) for name, each in kept.items()
    }


def save(known: Mapping[str, Measured], file: Path = FILE) -> None:
    """Keep it, with figures of six digits: the rest is noise."""
    kept = {
        name: {"versions": each.versions, "rows": [_plain(row) for row in each.rows]}
        for name, each in sorted(known.items())
    }
    file.write_text("".join(_lines(kept)), encoding="utf-8")


def _lines(kept: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """JSON with a line for each case, so that a difference can be read."""
    yield "{"
    for at, (name, each) in enumerate(kept.items()):
        rows = ",\n".join(f"  {json.dumps(row)}" for row in each["rows"])
        yield f"{',' if at else ''}\n{json.dumps(name)}: {{\n {json.dumps('versions')}: {json.dumps(each['versions'])},\n"
        yield f' "rows": [\n{rows}\n ]\n}}'
    yield "\n}\n"


def _plain(row: Row) -> dict[str, Any]:
    samples = [
        [_short(each.each), _usage(each.whole), _usage(each.base) if each.base is not None else None]
        for each in row.samples
    ]
    return {"name": row.name, "words": row.words, "units": row.units, "samples": samples}


def _usage(used: Usage) -> dict[str, Any]:
    return {key: _short(value) if isinstance(value, float) else value for key, value in asdict(used).items() if value}


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _row(kept: Mapping[str, Any]) -> Row:
    samples = (
        Sample(each, _used(whole), _used(base) if base is not None else None) for each, whole, base in kept["samples"]
    )
    return Row(kept["name"], kept["words"], kept["units"], tuple(samples))


def _used(kept: Mapping[str, Any]) -> Usage:
    return Usage(
        kept.get("cpu", 0.0),
        kept.get("peak", 0.0),
        kept.get("wall", 0.0),
        kept.get("stopped", ""),
        kept.get("told", 0.0),
    )
