"""What a mapping says as a whole reads back as the same mapping, and each line knows its place."""

from datetime import date
from pathlib import Path

import pytest

from gateway.config import mapping_files
from gateway.config.mapping_reading import load_spec
from gateway.flows.tools import effective
from gateway.flows.tools.desk import Desk

CHILD = """gateway: 1
mapping: bigmart/850
extends: x12/850
fields:
  department: REF(19)02
  fob: ~
  lines:
    fields:
      ids.upc: {from: PO1.UP, match: '^\\d{12}$'}
    checks:
      - {that: quantity > 0, say: "Nothing is ordered, or less."}
settings: {unmapped: hold}
"""


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    folder = tmp_path / "mappings" / "bigmart"
    folder.mkdir(parents=True)
    (folder / "850.yaml").write_text(CHILD)
    return tmp_path / "mappings"


@pytest.mark.parametrize("name", mapping_files.builtin_names())
def test_a_mapping_that_is_shown_reads_back_as_the_same_mapping(name: str, tmp_path: Path) -> None:
    spec = Desk(None, date.min).spec(name)
    text = "\n".join(each.text for each in effective.lines(spec, None))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "copy.yaml").write_text(text.replace(f"mapping: {name}\n", "mapping: own/copy\n"))

    again, problems = load_spec("own/copy", site_mappings=tmp_path)

    assert problems == ()
    assert again is not None
    assert effective.differences(effective.said(spec, None), effective.said(again, tmp_path)) == []


def test_every_line_of_a_rule_knows_the_file_it_comes_from(mappings: Path) -> None:
    shown = effective.lines(Desk(mappings, date.min).spec("bigmart/850"), mappings)

    places = {each.text.strip(): each.place for each in shown}
    assert places["department: REF(19)02"] == "mappings/bigmart/850.yaml:5"
    assert places["po_number: BEG03"].startswith("built-in x12/850.yaml:")
    assert places["direction: in"].startswith("built-in x12/850.yaml:")
    assert places["unmapped: hold"] == "mappings/bigmart/850.yaml:12"
    assert "fob: FOB01" not in places


def test_a_difference_is_told_field_by_field(mappings: Path) -> None:
    desk = Desk(mappings, date.min)
    before, after = (effective.said(desk.spec(name), mappings) for name in ("x12/850", "bigmart/850"))

    found = {each.path: each for each in effective.differences(before, after)}

    assert set(found) == {
        "fields.department", "fields.fob", "fields.lines.ids.upc", "lines.checks.quantity > 0", "settings.unmapped"
    }  # fmt: skip
    changed = found["fields.department"]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.text, changed.after.text) == ("REF(DP)02", "REF(19)02")
    assert found["fields.fob"].after is None


def test_the_tree_shows_each_target_below_its_object(mappings: Path) -> None:
    shown = [each.text for each in effective.tree(Desk(mappings, date.min).spec("bigmart/850"))]

    assert shown[0] == "bigmart/850 <- x12/850"
    at = shown.index("ship_to")
    assert shown[at + 1].startswith("  id  <- N1(ST)04")
    assert "lines  (one for each PO1)" in shown
