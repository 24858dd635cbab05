"""The parts of the reference pages that are made of the program's own tables; ``--write`` renews them."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from gateway.canonical import parts, registry
from gateway.canonical.base import Canonical
from gateway.config import mapping_files
from gateway.config.mapping_reading import load_spec
from gateway.config.mapping_spec import CHECK_KEYS, GROUP_KEYS, RULE_KEYS, SETTINGS, TABLE_KEYS, TOP_KEYS, MappingSpec
from gateway.config.strict_yaml import Node, YamlList, YamlText
from gateway.kernel.catalogue import book
from gateway.mapping import catalogue, prepare
from gateway.mapping.language import rules
from gateway.mapping.language.functions import FUNCTIONS
from gateway.mapping.notations import record_options, row_options, xml_options
from gateway.mapping.planning import columns, markup, records, template
from tests.architecture.code_map import ROOT
from tests.cases import register
from tests.docs import commands, coverage, lifecycle, observed, words

PAGES = ROOT / "docs" / "reference"
Table = Callable[[], str]


def table(head: str, rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    titles = [each.strip() for each in head.split("|")]
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def described(keys: Iterable[str], said: Mapping[str, str]) -> str:
    """Keys with what they are; a key without a description fails here."""
    return table("key | means", ((f"`{key}`", said[key].replace("|", "\\|")) for key in dict.fromkeys(keys)))


def steps() -> str:
    """The keys of a rule in the order in which they act."""
    return described(RULE_KEYS, words.STEPS)


def dollars() -> str:
    """Names with a dollar."""
    known = {"$partner.NAME", "$control.NAME", "$envelope.NAME", *rules.DOLLAR_NAMES}
    assert known == set(words.DOLLARS)
    return described(words.DOLLARS, words.DOLLARS)


def functions() -> str:
    """Every function, by group."""
    rows = ((each.group, f"`{each.signature}`", each.description.replace("|", "\\|")) for each in FUNCTIONS.values())
    return table("for | written | gives", rows)


def mistakes() -> str:
    """Every code that a mapping can have, what it means and what to do."""
    known = (book.ENTRIES[code] for code in sorted(book.ENTRIES) if code.startswith("M0"))
    return table("code | means | what to do", ((f"`{each.code}`", each.title, each.next_step) for each in known))


def built_in() -> str:
    """Every built-in mapping."""
    found = [(name, load_spec(name, site_mappings=None)[0]) for name in mapping_files.builtin_names()]
    return table(
        "mapping | direction | document | what it knows",
        ((f"`{name}`", spec.direction, f"`{spec.document}`", _knows(spec)) for name, spec in found if spec is not None),
    )


def _knows(spec: MappingSpec) -> str:
    options = {name: node for name, (node, _) in spec.options.items()}
    if spec.format == "x12":
        versions = ", ".join(_texts(options.get("versions", options.get("version"))))
        return f"X12 {', '.join(_texts(options['set']))} in {versions}"
    if spec.format == "xml":
        return f"XML {', '.join(f'`{each}`'.replace('|', chr(92) + '|') for each in _texts(options.get('document', options.get('root'))))}"
    if spec.format == "json":
        return "JSON, our document as it is"
    titles = _texts(options.get("columns_required")) if spec.direction == "in" else []
    return "CSV" + (f" with {', '.join(f'`{each}`' for each in titles)}" if titles else "")


def _texts(node: Node | None) -> list[str]:
    if isinstance(node, YamlText):
        return [node.value]
    return [each.value for each in node.items if isinstance(each, YamlText)] if isinstance(node, YamlList) else []


def canonical() -> str:
    """Every document with its fields, then the parts that many have."""
    found = []
    shared: dict[str, type[Canonical]] = {}
    for name, model in registry.DOCUMENTS.items():
        found.append(f"## {name}\n\n{_said(model)}\n\n{_fields(model, shared)}")
        decided = registry.model_of(name, "out")
        if decided is not model:
            more = [row for row in _rows(decided, shared) if row not in list(_rows(model, shared))]
            found.append(f"When it is written, it has in addition:\n\n{table('field | type | must be there', more)}")
    found += [f"## {_part(model)}\n\n{_said(model)}\n\n{_fields(model, shared)}" for model in _known(shared)]
    return "\n".join(found)


def _known(shared: dict[str, type[Canonical]]) -> list[type[Canonical]]:
    """The shared parts and those that stand in them, by name."""
    before = 0
    while len(shared) > before:
        before = len(shared)
        for model in list(shared.values()):
            list(_rows(model, shared))
    return sorted(shared.values(), key=_part)


def _said(model: type[Canonical]) -> str:
    return " ".join((model.__doc__ or "").split()).replace("``", "`")


def _fields(model: type[Canonical], shared: dict[str, type[Canonical]]) -> str:
    return table("field | type | must be there", _rows(model, shared))


def _rows(
    model: type[Canonical], shared: dict[str, type[Canonical]], before: str = ""
) -> Iterator[tuple[str, str, str]]:
    for name, each in catalogue.fields_of(model).items():
        path, must = f"{before}{name}{'[]' if each.is_list else ''}", "yes" if each.required else ""
        if each.kind == catalogue.CUSTOM:
            yield f"`{path}.NAME`", "text, declared under `custom_fields`", ""
        elif each.model is None:
            codes = ", ".join(f"`{code}`" for code in each.codes)
            yield f"`{path}`", f"one of {codes}" if codes else each.kind, must
        elif each.model.__module__ == parts.__name__:
            shared[_part(each.model)] = each.model
            yield (
                f"`{path}`",
                f"{'list of ' if each.is_list else ''}[{_part(each.model)}](#{_part(each.model).replace(' ', '-')})",
                must,
            )
        else:
            yield f"`{path}`", "list" if each.is_list else "its parts:", must
            yield from _rows(each.model, shared, f"{path}.")


def _part(model: type[Canonical]) -> str:
    return "".join(f" {each.lower()}" if each.isupper() else each for each in model.__name__).strip()


TEXT = {**words.TEXT}
PARTS: Mapping[str, Mapping[str, Table]] = {
    "mapping.md": {
        "top keys": lambda: described(TOP_KEYS, words.TOP),
        "group keys": lambda: described(GROUP_KEYS, words.GROUP),
    },
    "mapping/paths.md": {"dollar names": dollars},
    "mapping/rules.md": {"steps": steps, "table keys": lambda: described(TABLE_KEYS, words.TABLE)},
    "mapping/expressions.md": {"functions": functions},
    "mapping/checks.md": {"check keys": lambda: described(CHECK_KEYS, words.CHECK)},
    "mapping/options.md": {
        "x12": lambda: described((*prepare.X12_OPTIONS, *prepare.WRITING_OPTIONS), words.X12),
        "csv in": lambda: described((*row_options.READING, *row_options.RECORDS), TEXT),
        "csv out": lambda: described(columns.OPTIONS, TEXT),
        "fixed in": lambda: described(record_options.FIXED, TEXT),
        "fixed out": lambda: described((each for each in records.OPTIONS if each != "document"), TEXT),
        "record": lambda: described(words.RECORD, words.RECORD),
        "xml in": lambda: described(xml_options.READING, TEXT),
        "xml out": lambda: described(markup.OPTIONS, TEXT),
        "template": lambda: described(template.OPTIONS, TEXT),
        "settings": lambda: described(SETTINGS, words.SETTINGS),
    },
    "mapping/mistakes.md": {"mistakes": mistakes},
    "mapping/built-in.md": {"built-in": built_in},
    "canonical.md": {"canonical": canonical},
    "lifecycle.md": {
        "drawing": lifecycle.drawing,
        "moves": lifecycle.moves,
        "statuses": lifecycle.statuses,
        "commands": lifecycle.commands,
        "events": lifecycle.events,
    },
    "commands.md": {
        "overview": commands.overview,
        "exit codes": commands.exit_codes,
        "environment": commands.environment,
        "commands": commands.commands,
    },
    "mapping-coverage.md": {"coverage": coverage.tables},
    "logs-and-metrics.md": {
        "events": observed.events,
        "fields": observed.fields,
        "metrics": observed.metrics,
        "counted": observed.counted,
    },
    "reliability.md": {"tests": register.table},
}


def stale() -> list[str]:
    """The parts that the pages show otherwise than the program."""
    return [
        f"{page}: {name}"
        for page, found in PARTS.items()
        for name, made in found.items()
        if _between(PAGES / page, name) != made().strip("\n")
    ]


def write() -> None:
    """Put all parts of now into their pages."""
    for page, found in PARTS.items():
        path = PAGES / page
        text = path.read_text(encoding="utf-8")
        for name, made in found.items():
            begin, end = _marks(name)
            head, _, rest = text.partition(begin)
            assert rest, f"{page} has no mark {begin}"
            text = f"{head}{begin}\n\n{made()}\n{end}{rest.partition(end)[2]}"
        path.write_text(text, encoding="utf-8")


def _between(page: Path, name: str) -> str:
    begin, end = _marks(name)
    return page.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0].strip("\n")


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


if __name__ == "__main__" and "--write" in sys.argv:
    write()
