"""Every real file of the corpus through 'validate': no traceback, accepted or with located, worded faults.

Runs only with GATEWAY_CORPUS set to the corpus folder; the files are not ours to ship.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.examine import examine
from gateway.flows.report import is_clean, validation_report
from gateway.flows.report_text import validation_text
from gateway.formats.x12 import guide

CORPUS = os.environ.get("GATEWAY_CORPUS", "")
REASON = "GATEWAY_CORPUS is not set: the real sample files were NOT run; set it to the corpus folder"
SHIPPED = guide.versions()
FOLDERS = ("x12-850", "x12-810", "x12-855", "x12-856", "x12-other", "broken")


PAGE = Path(__file__).parents[2] / "docs" / "corpus.md"
OUTCOMES = ("accepted", "rejected", "version not shipped", "unreadable")


def row(folder: str, counts: Counter[str]) -> str:
    """The line of docs/corpus.md for one folder."""
    return f"| {folder} | {sum(counts.values())} | " + " | ".join(str(counts[name]) for name in OUTCOMES) + " |"


def files(folder: str) -> list[Path]:
    return sorted(path for path in (Path(CORPUS) / folder).iterdir() if path.is_file())


def report_of(path: Path) -> dict[str, Any]:
    seen = examine(path.read_bytes(), AckRules())
    report = validation_report(path.name, seen)
    assert json.loads(json.dumps(report)) == report
    assert validation_text(path.name, seen).strip()
    assert is_clean(seen) == (outcome(report) == "accepted")
    return report


def outcome(report: dict[str, Any]) -> str:
    """One word for a file: accepted, version (AK905 2), rejected, or unreadable."""
    if report["issues"] or not report["interchanges"]:
        return "unreadable"
    groups = [group for interchange in report["interchanges"] for group in interchange["groups"]]
    if any("2" in group["codes"] for group in groups):
        return "version not shipped"
    refused = any(each["ta1"]["verdict"] == "R" for each in report["interchanges"])
    return "rejected" if refused or any(group["verdict"] in "RP" for group in groups) else "accepted"


def assert_located(report: dict[str, Any]) -> None:
    """Each fault of a rejected set names where it is and says what is wrong."""
    for interchange in report["interchanges"]:
        if interchange["ta1"]["verdict"] == "R":
            assert interchange["issues"]
            continue
        for group in interchange["groups"]:
            for each in group["sets"]:
                if each["verdict"] != "R":
                    continue
                assert each["codes"]
                for fault in each["faults"]:
                    assert len(fault["message"].split()) >= 3, fault
                    assert fault["level"] == "set" or fault["segment"], fault


@pytest.mark.skipif(not CORPUS, reason=REASON)
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_of_the_corpus_ends_accepted_or_with_located_faults(folder: str) -> None:
    counts: Counter[str] = Counter()
    for path in files(folder):
        report = report_of(path)
        assert_located(report)
        counts[outcome(report)] += 1
    assert sum(counts.values()) == len(files(folder))
    assert row(folder, counts) in PAGE.read_text(encoding="utf-8"), f"docs/corpus.md must say: {row(folder, counts)}"


@pytest.mark.skipif(not CORPUS, reason=REASON)
def test_every_850_of_a_version_we_do_not_ship_ends_as_ak905_2() -> None:
    assert len(files("x12-850")) == 83
    for path in files("x12-850"):
        for interchange in report_of(path)["interchanges"]:
            for group in interchange["groups"]:
                if group["version"] and group["version"][:6] not in SHIPPED:
                    assert "2" in group["codes"], path.name
                    assert group["verdict"] == "R"
                    assert group["sets"] == []
