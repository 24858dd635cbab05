"""A gate is judged by its bounds and told as it is, and the page takes the tables between its marks."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import contests, figures, gates, page, programs
from bench.figures import Measured, Row
from bench.gates import GATES, Gate, Reading
from bench.measure import ROOT, Sample, Usage

FASTER = Gate("check", "contest", "ours", "peer", Reading.FASTER, 40, 80)
PEAK = Gate("memory", "contest", "ours", "", Reading.PEAK, 100, 60)


def samples(*values: float, peak: float = 1.0, stopped: str = "") -> list[Sample]:
    return [Sample(value, Usage(value, peak, value, stopped), None) for value in values]


@pytest.mark.parametrize(("peer", "verdict"), [(39.0, "MISSED"), (40.0, "reached"), (80.0, "aim reached")])
def test_a_ratio_to_a_peer_must_be_at_least_its_bound(peer: float, verdict: str) -> None:
    assert gates.judge(FASTER, {"contest": {"ours": samples(1.0), "peer": samples(peer)}}).verdict == verdict


@pytest.mark.parametrize(("megabytes", "verdict"), [(101, "MISSED"), (100, "reached"), (60, "aim reached")])
def test_memory_must_be_at_most_its_bound(megabytes: int, verdict: str) -> None:
    assert gates.judge(PEAK, {"contest": {"ours": samples(1.0, peak=megabytes * 1e6)}}).verdict == verdict


def test_a_peer_that_is_not_there_is_named_and_not_estimated() -> None:
    judged = gates.judge(FASTER, {"contest": {"ours": samples(1.0)}})

    assert (judged.figure, judged.verdict, judged.why) == (None, "not measured", "without peer")


def test_a_program_that_was_stopped_misses_its_gate() -> None:
    judged = gates.judge(PEAK, {"contest": {"ours": samples(1.0, stopped="stopped at 4,000 MB")}})

    assert (judged.verdict, judged.why) == ("MISSED", "stopped at 4,000 MB")


def test_a_missed_gate_stands_in_the_table() -> None:
    found = {"contest": {"ours": samples(1.0, 1.0), "peer": samples(8.0, 9.0)}}
    text = page.tables([gates.judge(FASTER, found)], {}, {"another": "it is not here"})

    assert "| check | ours | peer | 8.50 x (8.00 to 9.00) | ≥ 40 x | ≥ 80 x | **MISSED** |" in text
    assert "- another: it is not here." in text


def test_every_aim_is_at_least_as_hard_as_what_must_be() -> None:
    for gate in GATES:
        harder = gate.aim >= gate.must if gate.reading is Reading.FASTER else gate.aim <= gate.must
        assert harder, gate.name


def test_writing_the_tables_twice_changes_nothing_and_the_prose_stays(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"before\n\n{page.BEGIN}\nold\n{page.END}\n\nafter\n", encoding="utf-8")
    page.put("| new |\n", file)
    once = file.read_text(encoding="utf-8")
    page.put("| new |\n", file)

    assert file.read_text(encoding="utf-8") == once
    assert once == f"before\n\n{page.BEGIN}\n\n| new |\n\n{page.END}\n\nafter\n"


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("prose\n", encoding="utf-8")

    with pytest.raises(ValueError, match="no marks"):
        page.put("| new |", file)
    assert file.read_text(encoding="utf-8") == "prose\n"


def test_the_page_of_the_docs_shows_the_figures_that_are_kept() -> None:
    known = figures.load()
    text = page.PAGE.read_text(encoding="utf-8")

    assert text.count(page.BEGIN) == text.count(page.END) == 1
    assert page.tables(page.judged(known), known, programs.LEFT_OUT) in text, "run: python -m bench.page"


def test_figures_that_were_kept_are_the_same_when_they_are_read(tmp_path: Path) -> None:
    rows = (
        Row("ours", "5 orders", 4, tuple(samples(1.25, 2.5, peak=3e6))),
        Row("peer", "", 1, (Sample(0.5, Usage(1.0, 2.0, 3.0, "stopped", 4.0), Usage(0.5, 1.0, 1.0)),)),
    )
    known = {"contest": Measured("contest", "versions", rows)}
    figures.save(known, tmp_path / "figures.json")

    assert figures.load(tmp_path / "figures.json") == known


def test_every_gate_is_measured_by_a_contest_of_its_name() -> None:
    assert {gate.contest for gate in GATES} <= set(contests.MAKERS)


def test_the_command_runs_a_contest_and_leaves_the_page_alone() -> None:
    before = page.PAGE.read_bytes()
    command = [sys.executable, "-m", "bench.run", "--quick", "--only", "loading"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert "| the guide of the 850, loaded |" in result.stdout
    assert page.PAGE.read_bytes() == before
