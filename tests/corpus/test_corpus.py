"""Every real file of the corpus through 'validate': no traceback, accepted or with located, worded faults.

Runs only with GATEWAY_CORPUS set to the corpus folder; the files are not ours to ship.
"""

import json
import os
from typing import Any

import pytest

from gateway.exchange.acknowledgment import AckRules
from gateway.flows.judging.examine import examine
from gateway.flows.judging.report import is_clean, validation_report
from gateway.formats.x12 import guide
from tests.corpus.page import FOLDERS, PAGE, between, files, outcome, tables
from tests.fuzz.x12 import holds

CORPUS = os.environ.get("GATEWAY_CORPUS", "")
REASON = "GATEWAY_CORPUS is not set: the real sample files were NOT run; set it to the corpus folder"


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
    for path in files(folder):
        seen = holds(path.read_bytes())
        report = validation_report(path.name, seen)
        assert_located(report)
        assert is_clean(seen) == (outcome(seen) == "accepted")
        assert json.loads(json.dumps(report)) == report


@pytest.mark.skipif(not CORPUS, reason=REASON)
@pytest.mark.parametrize("name", ["outcomes", "rejections"])
def test_the_page_says_what_became_of_the_files_and_why(name: str) -> None:
    said = between(PAGE.read_text(encoding="utf-8"), name)
    assert said == tables()[name], "renew docs/reference/corpus.md with: python -m tests.corpus.page --write"


@pytest.mark.skipif(not CORPUS, reason=REASON)
def test_every_850_of_a_version_we_do_not_ship_ends_as_ak905_2() -> None:
    assert len(files("x12-850")) == 83
    for path in files("x12-850"):
        for interchange in examine(path.read_bytes(), AckRules()).interchanges:
            for group in interchange.verdict.groups:
                if group.group.version and guide.base_version(group.group.version) is None:
                    assert "2" in group.codes, path.name
                    assert (group.verdict.value, group.sets) == ("R", ())
