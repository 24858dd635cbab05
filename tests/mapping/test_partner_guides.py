"""A mapping that names a partner guide: checked against it, and checked to be for the same set and version."""

from pathlib import Path

import pytest

from gateway.kernel.problem import Problem
from gateway.mapping.prepare import PreparedMapping, prepare
from tests.config.guides import write


def prepared(
    folder: Path, options: str, fields: str = "{}", extends: str = "x12/850"
) -> tuple[PreparedMapping | None, tuple[Problem, ...]]:
    path = folder / "mappings" / "bigmart" / "850.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"gateway: 1\nmapping: bigmart/850\nextends: {extends}\nx12: {options}\nfields: {fields}\n")
    return prepare("bigmart/850", site_mappings=folder / "mappings")


def test_a_mapping_carries_the_guides_it_names(tmp_path: Path) -> None:
    write(tmp_path, "rules: {FOB: required}\n")
    write(tmp_path, "rules: {FOB: required}\n", name="bigmart/850-5010", extends="005010/850")

    found, problems = prepared(tmp_path, "{guide: [bigmart/850, bigmart/850-5010]}")

    assert problems == ()
    assert found is not None
    assert [(each.name, each.standard.version) for each in found.guides] == [
        ("bigmart/850", "004010"), ("bigmart/850-5010", "005010"),
    ]  # fmt: skip


def test_a_path_may_lead_to_what_the_guide_adds(tmp_path: Path) -> None:
    write(tmp_path, "add: [{segment: NTE, after: REF}]\n")

    found, problems = prepared(tmp_path, "{guide: bigmart/850, versions: [004010]}", "{contract_number: NTE02}")

    assert problems == ()
    assert found is not None
    _, problems = prepared(tmp_path, "{versions: [004010]}", "{contract_number: NTE02}")
    assert [each.code for each in problems] == ["M040"]


@pytest.mark.parametrize(
    ("options", "guide", "sentence"),
    [
        ("{guide: bigmart/850}", "004010/855", "is for set 855 of version 004010; the mapping is for set 850"),
        (
            "{guide: bigmart/850, versions: [004010, 005010]}",
            "004030/850",
            "of version 004030; the mapping is for set 850 of version 004010, 005010",
        ),
        ("{guide: [bigmart/850, bigmart/850]}", "004010/850", "and so is 'bigmart/850'"),
    ],
)
def test_a_guide_of_another_set_or_version_is_a_mistake(
    tmp_path: Path, options: str, guide: str, sentence: str
) -> None:
    write(tmp_path, "", extends=guide)

    _, (problem,) = prepared(tmp_path, options)

    assert (problem.code, problem.file, problem.line) == ("M104", "mappings/bigmart/850.yaml", 4)
    assert sentence in problem.sentence


def test_mistakes_of_mapping_and_guide_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, "rules: {BGE: required}\n")

    _, problems = prepared(tmp_path, "{guide: bigmart/850}", "{department: BGE03}")

    assert [(each.file, each.code) for each in problems] == [
        ("mappings/bigmart/850.yaml", "M040"), ("mappings/bigmart/guides/850.yaml", "M040"),
    ]  # fmt: skip


def test_a_guide_is_no_mapping(tmp_path: Path) -> None:
    write(tmp_path, "", name="bigmart/851")

    _, (problem,) = prepared(tmp_path, "{}", extends="bigmart/guides/851x")

    assert problem.code == "M011"
    assert "guides" not in problem.hint
