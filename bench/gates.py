"""The gates, as a table: what must be reached, what is aimed at, and how a figure is judged."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from bench import measure, programs
from bench.figures import Found
from bench.measure import MEGABYTE, NotMeasuredError, Sample, Spread

NOT_MEASURED = "not measured"


class Reading(enum.Enum):
    """How a figure is taken: FASTER is peer's CPU over ours, COST ours over the other's, FLAT the same of peak memory.

    LINE is our CPU for each line of a document: no other tool has the same mappings, so that no ratio can be taken.
    SECONDS are of CPU: on an idle machine a start takes as long, and on a busy one it still says what we need.
    WAITED are seconds that a program saw pass: of what it waited for, no CPU time tells.
    """

    FASTER = "times less CPU"
    COST = "times the CPU"
    FLAT = "times the memory"
    PEAK = "MB"
    SECONDS = "s"
    LINE = "µs"
    WAITED = "s of wall time"


@dataclass(frozen=True, slots=True)
class Gate:
    """One line of the table; ``must`` and ``aim`` are bounds for the median, below for FASTER, above for the others."""

    name: str
    contest: str
    ours: str
    beside: str
    reading: Reading
    must: float
    aim: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A gate with its figure; None where nothing could be measured or the program was stopped, ``why`` says which."""

    gate: Gate
    figure: Spread | None
    verdict: str
    why: str = ""


# fmt: off
GATES = (
    Gate("full validation + 997",                             "checking",  programs.VALIDATE_ACK, programs.PYX12, Reading.FASTER, 40, 80),
    Gate("full validation + canonical order + 997",           "checking",  programs.CANONICAL,    programs.PYX12, Reading.FASTER, 40, 80),
    Gate("parse and validate",                                "parsing",   programs.VALIDATE,     programs.BOTS, Reading.FASTER, 12, 25),
    Gate("850 to canonical JSON, one big file",               "parsing",   programs.JSON,         programs.BOTS_JSON, Reading.FASTER, 25, 45),
    Gate("850 to canonical JSON, a file for each order",      "small",     programs.JSON_EACH,    programs.BOTS_JSON_EACH, Reading.FASTER, 8, 16),
    Gate("full check over a bare split of the same file",     "splitting", programs.VALIDATE,     programs.SPLIT, Reading.COST, 8, 4.5),
    Gate("peak memory on the 106 MB file",                    "growing",   programs.LARGE,        "",             Reading.PEAK, 100, 60),
    Gate("peak memory on the 106 MB file over the 10 MB file", "growing",   programs.LARGE,        programs.MIDDLE, Reading.FLAT, 1.25, 1.1),
    Gate("an order in a group of 50,000 over one of 1,000",   "growing",   programs.LARGE,        programs.GROUPED, Reading.COST, 1.15, 1.05),
    Gate("an order in the 106 MB file over one in the 10 MB file", "growing", programs.LARGE,     programs.MIDDLE, Reading.COST, 1.15, 1.05),
    Gate("an order through the whole chain over its own check and map", "chain", programs.CHAIN, programs.OF_CHAIN, Reading.COST, 5, 3),
    Gate("an order of the whole chain among 1,000,000 others over one in an empty database", "grown", programs.GROWN, programs.EMPTY, Reading.COST, 1.3, 1.1),
    Gate("peak memory of `gateway run` on the 106 MB file",   "running",   programs.RUN_LARGE,    "",             Reading.PEAK, 160, 120),
    Gate("the same over the 10 MB file",                      "running",   programs.RUN_LARGE,    programs.RUN_MIDDLE, Reading.FLAT, 1.25, 1.1),
    Gate("from the drop of one small file to its 997 and 855 on disk", "answering", programs.ANSWER, "",          Reading.WAITED, 1, 0.3),
    Gate("a line of an 850 read by x12/850",                  "mapping",   programs.MAPPED["x12/850"], "",        Reading.LINE, 8, 4),
    Gate("a line of an 855 written by x12/855",               "mapping",   programs.MAPPED["x12/855"], "",        Reading.LINE, 8, 4),
    Gate("an item of an 856 written by x12/856",              "mapping",   programs.MAPPED["x12/856"], "",        Reading.LINE, 8, 4),
    Gate("a line of an 810 written by x12/810",               "mapping",   programs.MAPPED["x12/810"], "",        Reading.LINE, 8, 4),
    Gate("a line read by a mapping that uses every step",     "mapping",   programs.MAPPED["bench/850"], "",      Reading.LINE, 40, 30),
    Gate("a line written by a mapping that uses every step",  "mapping",   programs.MAPPED["bench/810"], "",      Reading.LINE, 60, 40),
    Gate("`gateway --help`",                                  "starting",  programs.HELP,         programs.PASS,  Reading.SECONDS, 0.3, 0.3),
    Gate("`gateway validate` of one small file",              "starting",  programs.VALIDATE_ONE, programs.PASS,  Reading.SECONDS, 0.6, 0.6),
)
# fmt: on


def judge(gate: Gate, found: Found) -> Judged:
    """The figure of one gate and what it means; a missed gate is told as MISSED."""
    contest = found.get(gate.contest, {})
    absent = [name for name in (gate.ours, gate.beside) if name and name not in contest]
    if absent:
        return Judged(gate, None, NOT_MEASURED, f"without {' and '.join(absent)}")
    ours, beside = contest[gate.ours], contest.get(gate.beside, ())
    halted = next((each.whole.stopped for each in (*ours, *beside) if each.whole.stopped), "")
    if halted:
        return Judged(gate, None, "MISSED", halted)
    try:
        figure = _figure(gate.reading, ours, beside)
    except NotMeasuredError as noise:
        return Judged(gate, None, NOT_MEASURED, str(noise))
    return Judged(gate, figure, _verdict(gate, figure.median))


def _figure(reading: Reading, ours: Sequence[Sample], beside: Sequence[Sample]) -> Spread:
    if reading is Reading.FASTER:
        return measure.ratios(beside, ours)
    if reading is Reading.COST:
        return measure.ratios(ours, beside)
    if reading is Reading.FLAT:
        return Spread.of(a.whole.peak / b.whole.peak for a, b in zip(ours, beside, strict=True))
    if reading is Reading.PEAK:
        return Spread.of(each.whole.peak / MEGABYTE for each in ours)
    if reading is Reading.LINE:
        return Spread.of(each.each * 1e6 for each in ours)
    if reading is Reading.WAITED:
        return Spread.of(each.whole.told for each in ours)
    return Spread.of(each.whole.cpu for each in ours)


def _verdict(gate: Gate, value: float) -> str:
    at_least = gate.reading is Reading.FASTER
    if value >= gate.aim if at_least else value <= gate.aim:
        return "aim reached"
    return "reached" if (value >= gate.must if at_least else value <= gate.must) else "MISSED"
