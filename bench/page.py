"""The tables of docs/explanation/performance.md, between their two marks: always those of ``bench/figures.json``.

Usage: python -m bench.page writes them anew; nothing is measured.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench import contests, figures, measure, programs
from bench.figures import Found, Measured, Row
from bench.gates import GATES, Judged, Reading, judge
from bench.measure import MEGABYTE, ROOT, Sample, Spread

PAGE = ROOT / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HAND = 10
PLAIN_TABLES = frozenset({"mapping", "running", "answering", "starting", "loading"})
"""Contests whose cases have no row among the costs per order."""


def put(tables: str, page: Path = PAGE) -> None:
    """Replace what stands between the marks; the prose around it stays."""
    text = page.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page.name} has no marks for the figures")
    page.write_text(f"{head}{BEGIN}\n\n{tables.strip()}\n\n{END}{tail}", encoding="utf-8")


def judged(known: Mapping[str, Measured], only: str = "") -> list[Judged]:
    """Every gate, or those of one contest."""
    found = figures.found(known)
    return [judge(gate, found) for gate in GATES if only in ("", gate.contest)]


def tables(gates: Sequence[Judged], known: Mapping[str, Measured], left_out: Mapping[str, str]) -> str:
    """Everything that was measured, as Markdown."""
    found = figures.found(known)
    parts = [
        "| gate | measured | beside | median (lowest to highest) | must | aim | |", "|---|---|---|---|---|---|---|",
        *(_gate_row(each, found) for each in gates), "",
        "CPU per order in the same runs, start-up taken off; then the start-up itself and the peak of the whole run:", "",
        "| program | on | µs per order (lowest to highest) | start, s of CPU | peak, MB |", "|---|---|---:|---:|---:|",
        *(line for each in _ordered(known) if each.contest not in PLAIN_TABLES for line in _program_rows(each)), "",
        "| start-up and loading | s of CPU (lowest to highest) | s of wall time | times `python -c pass` |", "|---|---:|---:|---:|",
        *_start_rows(known, found), "",
        "Measured with:", "",
        *_versions(known), "",
        "Left out:", "",
        *(f"- {name}: {why}." for name, why in left_out.items()),
    ]  # fmt: skip
    return "\n".join(parts)


def summary(gates: Sequence[Judged]) -> Iterator[str]:
    """One line per gate, for the terminal."""
    for each in gates:
        yield f"{each.verdict:12} {each.gate.name}: {_result(each)} (must {_bound(each, each.gate.must)})"


def _ordered(known: Mapping[str, Measured]) -> Iterator[Measured]:
    """The contests in the order in which they are run."""
    return (known[name] for name in contests.MAKERS if name in known)


def _gate_row(each: Judged, found: Found) -> str:
    gate = each.gate
    beside = f"`{gate.beside}`" if gate.beside.startswith("python") else gate.beside
    ratio = f"; {_times_pass(each, found)}" if gate.reading is Reading.SECONDS and each.figure else ""
    cells = (gate.name, gate.ours, beside, _result(each) + ratio, _bound(each, gate.must), _bound(each, gate.aim))
    return f"| {' | '.join(cells)} | **{each.verdict}** |"


def _times_pass(each: Judged, found: Found) -> str:
    contest = found[each.gate.contest]
    return f"{number(measure.ratios(contest[each.gate.ours], contest[each.gate.beside]).median)} x the CPU"


def _result(each: Judged) -> str:
    if each.figure is None:
        return each.why
    return _spread(each.figure, _unit(each.gate.reading))


def _bound(each: Judged, value: float) -> str:
    sign = "≥" if each.gate.reading is Reading.FASTER else "≤"
    return f"{sign} {value:g}{_unit(each.gate.reading)}"


def _unit(reading: Reading) -> str:
    units = {Reading.PEAK: " MB", Reading.SECONDS: " s", Reading.LINE: " µs", Reading.WAITED: " s of wall time"}
    return units.get(reading, " x")


def _program_rows(contest: Measured) -> Iterator[str]:
    for row in contest.rows:
        if row.units > 1:
            halted = next((each.whole.stopped for each in row.samples if each.whole.stopped), "")
            cost = halted or _spread(Spread.of(each.each * 1e6 for each in row.samples), "")
            start = Spread.of(each.base.cpu for each in row.samples if each.base)
            peak = max(each.whole.peak for each in row.samples) / MEGABYTE
            yield f"| {row.name} | {row.words} | {cost} | {start.median:.2f} | {peak:,.0f} |"


def _start_rows(known: Mapping[str, Measured], found: Found) -> Iterator[str]:
    least = found.get("starting", {}).get("python -c pass")
    for row in (row for name in ("starting", "loading") if name in known for row in known[name].rows):
        cost = Spread.of(each.each for each in row.samples)
        times = number(cost.median / _cpu(least)) if least else ""
        yield f"| {_quoted(row)} | {_spread(cost, '')} | {_wall(row.samples):.2f} | {times} |"


def _versions(known: Mapping[str, Measured]) -> Iterator[str]:
    """Who took part, each group of contests that had the same once."""
    for versions in dict.fromkeys(each.versions for each in _ordered(known)):
        names = [each.contest for each in _ordered(known) if each.versions == versions]
        yield f"- {', '.join(names)}: {versions}"


def _quoted(row: Row) -> str:
    return f"`{row.name}`" if row.name in ("python -c pass", "gateway --help") else row.name


def _cpu(samples: Sequence[Sample]) -> float:
    return Spread.of(each.each for each in samples).median


def _wall(samples: Sequence[Sample]) -> float:
    return Spread.of(each.whole.wall - (each.base.wall if each.base else 0.0) for each in samples).median


def _spread(value: Spread, unit: str) -> str:
    return f"{number(value.median)}{unit} ({number(value.low)} to {number(value.high)})"


def number(value: float) -> str:
    """Three digits, no more: the rest is noise."""
    if value >= HAND * HAND:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= HAND else f"{value:.2f}"


def main() -> None:
    known = figures.load()
    put(tables(judged(known), known, programs.LEFT_OUT))


if __name__ == "__main__":
    main()
