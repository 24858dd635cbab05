"""The tables in the pages about mappings say what the program says, and leave nothing out."""

import pytest

from gateway.config import mapping_spec, meanings_of_mappings
from gateway.mapping import prepare
from gateway.mapping.notations import record_options, row_options, xml_options
from gateway.mapping.planning import columns, markup, records, template
from tests.architecture.code_map import ROOT
from tests.docs import coverage, generated, words
from tests.docs.rules_and_tests import RULES

DESCRIBED = (
    (meanings_of_mappings.TOP, mapping_spec.TOP_KEYS),
    (meanings_of_mappings.STEPS, mapping_spec.RULE_KEYS),
    (meanings_of_mappings.GROUP, mapping_spec.GROUP_KEYS),
    (meanings_of_mappings.TABLE, mapping_spec.TABLE_KEYS),
    (meanings_of_mappings.CHECK, mapping_spec.CHECK_KEYS),
    (meanings_of_mappings.SETTINGS, mapping_spec.SETTINGS),
    (words.X12, (*prepare.X12_OPTIONS, *prepare.WRITING_OPTIONS)),
    (
        words.TEXT,
        (
            *row_options.READING, *row_options.RECORDS, *columns.OPTIONS, *record_options.FIXED, *records.OPTIONS,
            *xml_options.READING, *markup.OPTIONS, *template.OPTIONS,
        ),
    ),
)  # fmt: skip


def test_the_pages_show_what_the_program_has() -> None:
    assert generated.stale() == [], "run: make pages"


@pytest.mark.parametrize(("said", "keys"), DESCRIBED)
def test_only_what_exists_is_described(said: dict[str, str], keys: tuple[str, ...]) -> None:
    assert set(said) == set(keys)


@pytest.mark.parametrize(("module", "test"), [each[1:] for section in RULES.values() for each in section])
def test_what_guards_a_rule_exists(module: str, test: str) -> None:
    file, _, name = test.partition("::")

    assert (ROOT / module).is_file()
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_section_of_the_language_has_rules_and_a_page() -> None:
    assert set(coverage.REFERENCE) == set(RULES)
