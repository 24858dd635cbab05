"""The dashboard and the rules for alerts: every metric and label in them is told, and every command in them exists."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.app.metric_names import GAUGE, HISTOGRAM, METRICS, NAMED, OF_THE_PROCESS
from gateway.kernel.happenings import HAPPENINGS
from tests.architecture.code_map import ROOT
from tests.cli.test_command_tree import COMMANDS

DEPLOYMENT = ROOT / "docs" / "deployment"
RULES = DEPLOYMENT / "prometheus" / "alerts.yml"
SCRAPE = DEPLOYMENT / "prometheus" / "scrape.yml"
DASHBOARD = DEPLOYMENT / "grafana" / "gateway.json"
OF_THE_SCRAPE = {"site", "instance", "job", "le"}
"""Labels that Prometheus adds, or that a histogram has."""
NAME = re.compile(r"\b(?:gateway|process)_[a-z_]+\b")
SELECTED = re.compile(r"\b((?:gateway|process)_[a-z_]+)\{([^}]*)\}")
GROUPED = re.compile(r"\bby \(([^)]*)\)")


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [each for group in groups for each in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return list(json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"])


def expressions() -> Iterator[str]:
    for rule in rules():
        yield rule["expr"]
    for panel in panels():
        for target in panel.get("targets", ()):
            yield target["expr"]


def texts() -> Iterator[str]:
    """What people are told to do."""
    for rule in rules():
        yield rule["annotations"]["runbook"]
    for panel in panels():
        _, is_told, command = panel.get("description", "").partition("Next: ")
        if is_told:
            yield command
    yield from (each.then for each in HAPPENINGS.values() if each.then)


def family(name: str) -> str:
    base = re.sub(r"_(bucket|sum|count)$", "", name)
    return base if base in NAMED and NAMED[base].kind == HISTOGRAM else name


@pytest.mark.parametrize("said", sorted(set(expressions())))
def test_every_metric_and_label_that_is_asked_for_is_told(said: str) -> None:
    names = {family(each) for each in NAME.findall(said)} - {"process_cpu"}
    assert names - set(NAMED) - set(OF_THE_PROCESS) == set()
    labels: set[str] = set()
    for each in names:
        labels |= set(NAMED[each].labels) if each in NAMED else set()
    for name, selected in SELECTED.findall(said):
        own = set(NAMED[family(name)].labels) if family(name) in NAMED else set()
        used = set(re.findall(r"(\w+)\s*=", selected))
        assert used <= own | OF_THE_SCRAPE, name
    for grouped in GROUPED.findall(said):
        assert {each.strip() for each in grouped.split(",")} <= labels | OF_THE_SCRAPE


@pytest.mark.parametrize("said", sorted(set(expressions())))
def test_every_question_is_balanced(said: str) -> None:
    for one, other in ("()", "{}", "[]"):
        assert said.count(one) == said.count(other)
    assert said.count('"') % 2 == 0


def test_figures_of_the_database_are_not_added_up_over_the_processes() -> None:
    """Each process tells the same figure: the sum of three processes would be three times as much."""
    shared = {each.name for each in METRICS if each.kind == GAUGE and not each.by_process}
    for said in expressions():
        for name in NAME.findall(said):
            if name in shared:
                before = said[: said.index(name)]
                assert re.search(r"(max|min|min_over_time)( by \([^)]*\))? ?\($|^$| and $", before), said


def test_every_rule_has_a_severity_a_sentence_and_the_next_command() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in ("warning", "critical"), rule["alert"]
        assert rule["annotations"]["summary"].endswith("."), rule["alert"]
        assert rule["annotations"]["runbook"].startswith("gateway "), rule["alert"]
        used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        kept = {each.strip() for grouped in GROUPED.findall(rule["expr"]) for each in grouped.split(",")}
        assert used <= kept | ({"instance", "job", "site"} if rule["expr"].startswith("up") else set()), rule["alert"]
    assert len({rule["alert"] for rule in rules()}) == len(rules())


@pytest.mark.parametrize("said", sorted(set(texts())))
def test_every_command_that_is_named_exists(said: str) -> None:
    words = [each for each in said.split() if not each.startswith("-") and each == each.lower()]
    assert words[0] == "gateway"
    assert " ".join(words[1:]) in COMMANDS


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    found = panels()
    assert len({each["id"] for each in found}) == len(found)
    taken: set[tuple[int, int]] = set()
    for each in found:
        place = each["gridPos"]
        assert place["x"] + place["w"] <= 24
        own = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not taken & own, each["title"]
        taken |= own


def test_the_scrape_asks_the_path_that_answers_and_reads_the_rules() -> None:
    said = yaml.safe_load(SCRAPE.read_text(encoding="utf-8"))
    assert said["rule_files"] == [RULES.name]
    (job,) = said["scrape_configs"]
    assert (job["job_name"], job["metrics_path"]) == ("gateway", "/metrics")
    assert all("site" in each["labels"] for each in job["static_configs"])


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool of Prometheus is not installed here")
@pytest.mark.parametrize(
    "words", [("check", "rules", str(RULES)), ("test", "rules", str(Path(__file__).with_name("alerts_test.yml")))]
)
def test_promtool_finds_no_fault_and_the_rules_fire_when_they_should(words: tuple[str, ...]) -> None:
    answer = subprocess.run(["promtool", *words], capture_output=True, text=True, check=False, cwd=ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr
