"""The package that docs/how-to/use-a-plug-in.md makes works as the page says."""

import sys
from pathlib import Path

import pytest

from gateway.mapping.prepare import prepare
from tests.architecture.code_map import ROOT
from tests.docs import examples

PAGE = ROOT / "docs" / "how-to" / "use-a-plug-in.md"
HEAD = "gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n"


def test_the_function_of_the_page_is_found_and_gives_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, entry, _, rules = (each.text for each in examples.blocks(PAGE))
    group, line = entry.strip().splitlines()
    installed = tmp_path / "acme_gateway-1.0.dist-info"
    installed.mkdir()
    name, _, target = line.replace('"', "").partition(" = ")
    section = group.removeprefix("[project.entry-points.").removesuffix("]").replace('"', "")
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-gateway\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[{section}]\n{name} = {target}\n")
    (tmp_path / "acme_gateway.py").write_text(code)
    mapping = tmp_path / "mappings" / "acme" / "850.yaml"
    mapping.parent.mkdir(parents=True)
    mapping.write_text(HEAD + "".join(f"  {each}\n" for each in rules.splitlines()))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    prepared, problems = prepare("acme/850", site_mappings=tmp_path / "mappings", allow_plugins=["acme_store"])

    assert problems == ()
    assert prepared is not None
    assert sys.modules["acme_gateway"].store_of("DC-0012-A", 6) == "000012"
