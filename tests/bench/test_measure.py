"""What is measured is what the process did: all of it, in turn, and a failure is never a figure."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench import measure
from bench.measure import ROOT, Case, NotMeasuredError, Program, Sample, Spread, Usage


def python(code: str, *arguments: str) -> Program:
    return Program("python", (sys.executable, "-c", code, *arguments))


def sample(each: float, *, peak: float = 1.0, wall: float = 1.0, stopped: str = "") -> Sample:
    return Sample(each, Usage(each, peak, wall, stopped), None)


def test_the_peak_is_that_of_the_process_also_after_the_memory_was_given_back() -> None:
    used = measure.run(python("kept = bytearray(300_000_000); del kept"))

    assert 300_000_000 <= used.peak < 600_000_000


def test_cpu_and_wall_time_are_counted_apart() -> None:
    used = measure.run(python("import time; time.sleep(0.5)"))

    assert used.wall >= 0.5
    assert used.cpu > 0


def test_a_program_that_fails_gives_no_figure_but_its_last_words() -> None:
    with pytest.raises(NotMeasuredError, match="python ended with 3: no such map"):
        measure.run(python("import sys; print('no such map', file=sys.stderr); sys.exit(3)"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can limit the memory of a process that already runs")
def test_a_program_that_needs_too_much_memory_is_told_apart_from_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "MEMORY_LIMIT", 500_000_000)

    assert measure.run(python("import time; time.sleep(0.2); bytearray(900_000_000)")).stopped == "stopped at 500 MB"


def test_a_program_that_does_not_end_is_stopped() -> None:
    endless = replace(python("import time; time.sleep(60)"), limit=0.2)

    assert measure.run(endless).stopped == "stopped after 0 s"


def test_what_a_program_tells_is_the_last_line_it_prints() -> None:
    assert measure.run(replace(python("print('warming up'); print(0.25)"), tells=True)).told == 0.25


def test_a_program_that_should_tell_and_does_not_gives_no_figure() -> None:
    with pytest.raises(NotMeasuredError, match="told no figure: nothing to say"):
        measure.run(replace(python("print('nothing to say')"), tells=True))


def test_the_programs_of_a_contest_run_in_turn(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    note = "import sys; open(sys.argv[1], 'a').write(sys.argv[2])"
    cases = [Case(name, python(note, str(diary), name)) for name in "ab"]
    found = measure.rounds(cases, 3)

    assert diary.read_text(encoding="ascii") == "ab" + "ababab"  # the first two warm up and do not count
    assert [len(samples) for samples in found.values()] == [3, 3]


def test_the_base_is_taken_off_and_the_rest_shared_among_the_units(monkeypatch: pytest.MonkeyPatch) -> None:
    cost = {"many": 12.0, "one": 2.0}
    monkeypatch.setattr(measure, "run", lambda _, file: Usage(cost[file.name], 1.0, 1.0))
    found = measure.rounds([Case("it", python(""), Path("many"), Path("one"), units=100, repeat=4)], 2)

    assert [each.each for each in found["it"]] == [0.1, 0.1]


def test_a_cost_below_the_start_of_the_program_gives_no_ratio() -> None:
    with pytest.raises(NotMeasuredError, match="could not be told"):
        measure.ratios([sample(1.0), sample(1.0)], [sample(1.0), sample(-0.1)])


def test_a_ratio_is_taken_within_each_round() -> None:
    ours, peer = [sample(1.0), sample(2.0), sample(4.0)], [sample(10.0), sample(10.0), sample(20.0)]

    assert measure.ratios(peer, ours) == Spread(low=5.0, median=5.0, high=10.0)


def test_what_measures_does_not_load_what_it_measures() -> None:
    """A started process begins with the peak of the one that starts it, so that one must be small."""
    code = "import sys, bench.run; print([each for each in sys.modules if each.startswith('gateway')])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert said.strip() == "[]"
