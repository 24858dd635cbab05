"""The reference pages name everything there is, say what it is, and name nothing else."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gateway.canonical import registry
from gateway.canonical.base import Canonical
from gateway.canonical.meanings import COMMON
from gateway.canonical.meanings_own import OWN
from gateway.canonical.registry import DOCUMENTS
from gateway.config import meanings
from gateway.config.environment import settable
from gateway.config.load import load_site
from gateway.config.partner import TOLERANCES, Partner
from gateway.config.partner_documents import PLACEHOLDERS
from gateway.config.schema import as_help, partner_schema, settings_schema
from gateway.config.settings import Settings
from gateway.config.strict_yaml import Node, YamlList, YamlMap, load
from gateway.flows import interpret_documents
from gateway.kernel.catalogue import book
from gateway.kernel.faults import Repair
from gateway.mapping import catalogue
from gateway.mapping.schema import mapping_schema
from tests.architecture.code_map import ROOT
from tests.docs import examples, feeds, settings, takes, x12_pages, x12_words
from tests.docs.examples import Block
from tests.docs.feed_words import COLUMNS, FEEDS

PAGES = ROOT / "docs" / "reference"
KINDS = ("settings.md", "partner-file.md")


def files(page: str) -> list[Block]:
    return [each for each in examples.blocks(PAGES / page) if each.path]


@cache
def written(page: str) -> frozenset[str]:
    """Every key that stands in some example of a page, by its path."""
    found = set()
    for each in files(page):
        if each.kind == "yaml":
            node, problems = load(each.text, each.path)
            assert problems == ()
            assert isinstance(node, YamlMap)
            found |= set(_paths(node, ""))
    return frozenset(found)


def _paths(node: Node, before: str) -> Iterator[str]:
    if isinstance(node, YamlList):
        for each in node.items:
            yield from _paths(each, before)
    if isinstance(node, YamlMap):
        for entry in node:
            path = f"{before}{entry.key.value}"
            yield from (path, *_paths(entry.value, f"{path}."))


@pytest.mark.parametrize("found", [settings.settings_keys(), settings.partner_keys()], ids=["settings", "partner"])
def test_every_key_says_what_it_is_for(found: list[takes.Key]) -> None:
    assert [each.path for each in found if not each.means or not each.takes] == []


def test_only_keys_that_exist_are_said_to_be_for_something() -> None:
    known = {(base.__name__, key) for each in _sections() for base in each.__mro__ for key in _keys(each)}

    said = {(section, key) for section, keys in meanings.MEANINGS.items() for key in keys}

    assert sorted(said - known) == []


def _keys(model: type[Any]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _sections() -> set[type[Any]]:
    found: set[type[Any]] = {Settings, Partner}
    while True:
        more = {
            each for model in found for field in model.model_fields.values() for each in takes.sections_of(field.annotation)
        }  # fmt: skip
        if more <= found:
            return found | {base for model in found for base in model.__mro__ if base.__name__ in meanings.MEANINGS}
        found |= more


def test_the_example_of_gateway_yaml_has_every_key() -> None:
    found = {each.path.replace("[]", "") for each in settings.settings_keys()}

    assert sorted(found - written("settings.md")) == []


def test_the_examples_of_partner_files_have_every_key() -> None:
    found = {_both_ways(each.path) for each in settings.partner_keys()}
    given = {_both_ways(each) for each in written("partner-file.md")}

    assert found - given == {"documents.when.moment"}, "'when: shipped' is how people write it"


def _both_ways(path: str) -> str:
    """A key of something that comes in or leaves, whichever of the two; of any document."""
    named = re.sub(rf"^documents\.({'|'.join(('NAME', *DOCUMENTS))})", "documents", path.replace("[]", ""))
    return re.sub(r"^(channels|documents)\.(in|out)\.", r"\1.", named)


@pytest.mark.parametrize("page", KINDS)
def test_the_examples_are_a_site_without_a_mistake(page: str, tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text(
        "gateway: 1\nus: {qualifier: ZZ, id: NORTHWIND}\nmail: {host: m, from: a@b.c}\n", encoding="utf-8"
    )
    for each in files(page):
        path = tmp_path / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.text, encoding="utf-8")
    if page == "settings.md":
        (tmp_path / "partners").mkdir()
        (tmp_path / "partners" / "acme.yaml").write_text("gateway: 1\npartner: acme\n", encoding="utf-8")

    site, problems = load_site(tmp_path, {})

    assert [str(each) for each in problems if each.level == "error"] == []
    assert site is not None


@pytest.mark.parametrize("made", [settings_schema(), partner_schema()], ids=["settings", "partner"])
def test_the_schemas_for_editors_say_what_each_key_is_for(made: dict[str, Any]) -> None:
    shapes = [made, *made.get("$defs", {}).values()]
    dumb = [
        f"{shape.get('title', '')}.{key}"
        for shape in shapes
        if shape.get("type") == "object"
        for key, said in shape.get("properties", {}).items()
        if not said.get("description")
    ]

    assert dumb == []
    assert as_help(meanings.meaning(Settings, "run")) in str(made) or made["title"] != "gateway.yaml"


def test_every_key_with_one_value_shows_its_variable() -> None:
    page = (PAGES / "settings.md").read_text(encoding="utf-8")

    assert [name for name in settings.variables().values() if f"`{name}`" not in page] == []
    assert set(settable()) <= {"", *Settings.model_fields}


def test_every_document_is_named() -> None:
    page = (PAGES / "partner-file.md").read_text(encoding="utf-8")

    assert [each for each in DOCUMENTS if f"`{each}`" not in page] == []


def test_the_pages_about_x12_and_files_leave_nothing_out() -> None:
    assert set(x12_words.SETS) == set(x12_pages.known_sets())
    assert set(x12_words.TOLERANCES) == set(TOLERANCES)
    assert set(x12_words.REPAIRS) == {each.value for each in Repair}
    assert set(x12_words.PLACEHOLDERS) == set(PLACEHOLDERS)


def test_every_variable_that_the_program_reads_is_named_and_no_other() -> None:
    assert x12_pages.variables_read() == set(x12_words.VARIABLES)


def test_every_field_of_our_documents_is_described_and_nothing_else_is() -> None:
    used = set()
    for model in _models():
        for name in catalogue.fields_of(model):
            own = [f"{each.__name__}.{name}" for each in model.__mro__ if f"{each.__name__}.{name}" in OWN]
            assert own or name in COMMON, f"{model.__name__}.{name}: say what it is in canonical.meanings"
            used.add(own[0] if own else name)

    assert sorted({*COMMON, *OWN} - used) == []


def _models() -> set[type[Canonical]]:
    found = {registry.model_of(name, direction) for name in DOCUMENTS for direction in ("in", "out")}
    while True:
        more = {each.model for model in found for each in catalogue.fields_of(model).values() if each.model} - found
        if not more:
            return found
        found |= more


def test_the_schema_of_mappings_says_what_each_field_is() -> None:
    made = mapping_schema(None)
    fields = made["$defs"]["in.order"]["properties"]

    assert (
        fields["po_number"]["description"]
        == "The customer's number of the purchase order. Text; a document must have it."
    )
    assert fields["ship_to"]["description"] == "Where it goes to."
    assert [name for name, shape in fields.items() if not shape.get("description", "").strip()] == []
    keys = [made["properties"], *(made["$defs"][each]["properties"] for each in ("rule", "group", "check"))]
    assert [key for shapes in keys for key, shape in shapes.items() if not shape.get("description")] == []


@pytest.mark.parametrize("name", [name for name in feeds.NAMES if feeds.spec_of(name).direction == "in"])
def test_what_is_said_of_a_file_that_comes_again_is_so(name: str) -> None:
    is_applied_again = feeds.spec_of(name).document in interpret_documents.APPLIED_AGAIN

    assert ("changes nothing; it is listed as a duplicate" in FEEDS[name].does) != is_applied_again


@pytest.mark.parametrize("name", feeds.NAMES)
def test_every_built_in_feed_has_its_section_and_each_column_is_described(name: str) -> None:
    page = (PAGES / ("feeds-xml.md" if name in feeds.IN_XML else "feeds.md")).read_text(encoding="utf-8")
    section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]

    assert name in FEEDS
    assert section
    if name.startswith("csv/"):
        rows = re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", section, re.MULTILINE)
        assert [title for title, _ in rows] == feeds.columns(name)
        assert [title for title, said in rows if not said] == []


def test_only_feeds_and_columns_that_exist_are_described() -> None:
    assert set(FEEDS) == set(feeds.NAMES)
    assert [(name, column) for name, column in COLUMNS if column not in feeds.columns(name)] == []


CODE = re.compile(r"`([FXCMPES]-[A-Z][A-Z0-9-]+[A-Z0-9])`")


@pytest.mark.parametrize("page", examples.PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_codes_that_exist(page: Path) -> None:
    named = set(CODE.findall(page.read_text(encoding="utf-8")))

    assert sorted(named - set(book.ENTRIES) - OF_A_SITE) == []


OF_A_SITE: frozenset[str] = frozenset()
"""Codes that examples give to checks of their own."""


@cache
def _headings(page: Path) -> set[str]:
    text = examples.FENCE.sub("", page.read_text(encoding="utf-8"))
    found = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", each) for each in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE))
    return {re.sub(r"[^\w\- ]", "", each.strip().lower()).replace(" ", "-") for each in found}


@pytest.mark.parametrize("page", examples.PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_into_a_page_leads_to_a_heading(page: Path) -> None:
    text = examples.FENCE.sub("", page.read_text(encoding="utf-8"))
    links = re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", text)
    there = [(page.parent / target if target else page, anchor) for target, anchor in links]

    assert [f"{to.name}#{name}" for to, name in there if to.suffix == ".md" and name not in _headings(to)] == []
