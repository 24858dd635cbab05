"""The tables of docs/performance.md, between their two marks."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench import measure
from bench.contests import Contest
from bench.gates import Found, Judged, Reading
from bench.measure import MEGABYTE, ROOT, Sample, Spread

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HAND = 10


def put(figures: str, page: Path = PAGE) -> None:
    """Replace what stands between the marks; the prose around it stays."""
    text = page.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page.name} has no marks for the figures")
    page.write_text(f"{head}{BEGIN}\n\n{figures.strip()}\n\n{END}{tail}", encoding="utf-8")


def figures(
    judged: Sequence[Judged], contests: Sequence[Contest], found: Found, versions: str, left_out: Mapping[str, str]
) -> str:
    """Everything that was measured, as Markdown."""
    parts = [
        versions, "",
        "| gate | measured | beside | median (lowest to highest) | must | aim | |", "|---|---|---|---|---|---|---|",
        *(_gate_row(each, found) for each in judged), "",
        "CPU per order in the same runs, start-up taken off; then the start-up itself and the peak of the whole run:", "",
        "| program | on | µs per order (lowest to highest) | start, s of CPU | peak, MB |", "|---|---|---:|---:|---:|",
        *(row for contest in contests for row in _program_rows(contest, found)), "",
        "| start-up and loading | s of CPU (lowest to highest) | s of wall time | times `python -c pass` |", "|---|---:|---:|---:|",
        *_start_rows(contests, found), "",
        "Left out:", "",
        *(f"- {name}: {why}." for name, why in left_out.items()),
    ]  # fmt: skip
    return "\n".join(parts)


def summary(judged: Sequence[Judged]) -> Iterator[str]:
    """One line per gate, for the terminal."""
    for each in judged:
        yield f"{each.verdict:12} {each.gate.name}: {_result(each)} (must {_bound(each, each.gate.must)})"


def _gate_row(each: Judged, found: Found) -> str:
    gate = each.gate
    beside = f"`{gate.beside}`" if gate.beside.startswith("python") else gate.beside
    ratio = f"; {_times_pass(each, found)}" if gate.reading is Reading.SECONDS and each.figure else ""
    cells = (gate.name, gate.ours, beside, _result(each) + ratio, _bound(each, gate.must), _bound(each, gate.aim))
    return f"| {' | '.join(cells)} | **{each.verdict}** |"


def _times_pass(each: Judged, found: Found) -> str:
    contest = found[each.gate.contest]
    return f"{_number(measure.ratios(contest[each.gate.ours], contest[each.gate.beside]).median)} x the CPU"


def _result(each: Judged) -> str:
    if each.figure is None:
        return each.why
    return _spread(each.figure, _unit(each.gate.reading))


def _bound(each: Judged, value: float) -> str:
    sign = "≥" if each.gate.reading is Reading.FASTER else "≤"
    return f"{sign} {value:g}{_unit(each.gate.reading)}"


def _unit(reading: Reading) -> str:
    return {Reading.PEAK: " MB", Reading.SECONDS: " s", Reading.LINE: " µs"}.get(reading, " x")


def _program_rows(contest: Contest, found: Found) -> Iterator[str]:
    for case in contest.cases:
        samples = found.get(contest.name, {}).get(case.name)
        if samples and case.units > 1 and contest.name != "mapping":
            halted = next((each.whole.stopped for each in samples if each.whole.stopped), "")
            cost = halted or _spread(Spread.of(each.each * 1e6 for each in samples), "")
            start = Spread.of(each.base.cpu for each in samples if each.base)
            peak = max(each.whole.peak for each in samples) / MEGABYTE
            yield f"| {case.name} | {case.words} | {cost} | {start.median:.2f} | {peak:,.0f} |"


def _start_rows(contests: Sequence[Contest], found: Found) -> Iterator[str]:
    least = found.get("starting", {}).get("python -c pass")
    for contest in contests:
        for case in contest.cases:
            samples = found.get(contest.name, {}).get(case.name)
            if samples and case.units == 1:
                cost = Spread.of(each.each for each in samples)
                times = _number(cost.median / _cpu(least)) if least else ""
                yield f"| {_quoted(case.name)} | {_spread(cost, '')} | {_wall(samples):.2f} | {times} |"


def _quoted(name: str) -> str:
    return f"`{name}`" if name in ("python -c pass", "gateway --help") else name


def _cpu(samples: Sequence[Sample]) -> float:
    return Spread.of(each.each for each in samples).median


def _wall(samples: Sequence[Sample]) -> float:
    return Spread.of(each.whole.wall - (each.base.wall if each.base else 0.0) for each in samples).median


def _spread(value: Spread, unit: str) -> str:
    return f"{_number(value.median)}{unit} ({_number(value.low)} to {_number(value.high)})"


def _number(value: float) -> str:
    """Three digits, no more: the rest is noise."""
    if value >= HAND * HAND:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= HAND else f"{value:.2f}"
