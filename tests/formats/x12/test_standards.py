"""The shipped tables are those the generator wrote, and every guide that is made of them is consistent."""

import hashlib
import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import pytest

from gateway.formats.x12 import guide
from gateway.formats.x12.guide import LoopNode, Node

ROOT = Path(__file__).parents[3]
STANDARDS = ROOT / "gateway" / "formats" / "x12" / "standards"
TABLES = os.environ.get("GATEWAY_X12_TABLES", "")
GUIDES = [(version, set_id) for version in guide.versions() for set_id in guide.set_ids(version)]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "bench" / "tables" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_table_is_as_the_generator_wrote_it() -> None:
    listed = json.loads((STANDARDS / "hashes.json").read_text(encoding="utf-8"))["files"]
    found = {
        path.relative_to(STANDARDS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in STANDARDS.rglob("*.json")
        if path.name != "hashes.json"
    }
    assert found == listed


@pytest.mark.skipif(not TABLES, reason="GATEWAY_X12_TABLES is not set: the tables were NOT generated anew and compared")
def test_the_generator_writes_the_tables_again_byte_for_byte() -> None:
    written, _ = generator().render(Path(TABLES))
    for name, text in written.items():
        assert (STANDARDS / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize(("version", "set_id"), GUIDES)
def test_a_guide_begins_with_st_ends_with_se_and_its_notes_fit_its_segments(version: str, set_id: str) -> None:
    found = guide.load(version, set_id)
    assert found is not None
    assert (found.nodes[0].id, found.nodes[-1].id) == ("ST", "SE")
    assert found.functional_group
    for spec in found.segments.values():
        for note in spec.syntax:
            assert note.kind in "PRECL"
            assert max(note.positions) <= len(spec.elements), spec.id
        for element in spec.elements:
            assert element.minimum <= element.maximum or element.type == "COMPOSITE"
    _check_loops(found.nodes)


def _check_loops(nodes: tuple[Node, ...]) -> None:
    for node in nodes:
        if isinstance(node, LoopNode):
            assert node.body[0].id == node.id
            _check_loops(node.body)


def test_the_sets_of_the_issue_are_there_in_both_versions() -> None:
    for version in ("004010", "005010"):
        assert {"850", "855", "856", "810", "997"} <= set(guide.set_ids(version))


def test_an_industry_suffix_does_not_matter_and_other_versions_have_no_guide() -> None:
    assert guide.load("004010VICS", "850") is guide.load("004010", "850")
    assert guide.load("003060", "850") is None
    assert guide.load("004010", "999") is None
