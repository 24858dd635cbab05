"""The tests of a mapping: folders with an input and what it must give, compared typed and whole."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from gateway.config import mapping_files
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText, load
from gateway.config.yaml_text import as_data
from gateway.config.yaml_text import written as yaml
from gateway.flows import differences
from gateway.flows.tools import running
from gateway.formats import delimited
from gateway.formats.delimited import DelimitedOptions
from gateway.kernel.errors import ConfigurationError, GatewayError, UsageError
from gateway.mapping import canonical_text, dump
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping

PROBLEMS, OPTIONS = "problems.yaml", "options.yaml"
_TODAY = date(2026, 11, 2)
"""The business date of a case that names none, so that it gives the same tomorrow."""


@dataclass(frozen=True, slots=True)
class Case:
    """One folder: the input, the expected result where there is one already, and what is said in ``options.yaml``."""

    folder: Path
    input: Path
    expected: Path | None
    params: Mapping[str, str] = field(default_factory=dict)
    today: date = _TODAY
    control: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended: ``differences`` are sentences, none when it is as expected; ``actual`` is what it gave."""

    case: Case
    differences: tuple[str, ...]
    actual: bytes
    problems: tuple[tuple[str, str], ...] = ()
    missing: bool = False

    @property
    def is_ok(self) -> bool:
        """Whether it is as expected."""
        return not self.differences and not self.missing


def case_folders(mapping: Path) -> list[Path]:
    """The folders of the cases of a mapping file, by name."""
    folder = mapping.with_suffix(mapping_files.TESTS)
    return sorted(each for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []


def case_of(folder: Path) -> Case:
    """The case in a folder; raises UsageError when it has no input, ConfigurationError for wrong options."""
    inputs = sorted(folder.glob("input.*"))
    if len(inputs) != 1:
        what = "no input.*" if not inputs else f"more than one input: {', '.join(each.name for each in inputs)}"
        raise UsageError(f"The case {folder.name} has {what}.", next_step=f"Keep one file input.* in {folder}.")
    expected = next(iter(sorted(folder.glob("expected.*"))), None)
    options = _yaml(folder / OPTIONS)
    today = _text(options.get("today")) if isinstance(options, YamlMap) else ""
    return Case(
        folder, inputs[0], expected, params=_texts(options, "params"),
        today=date.fromisoformat(today) if today else _TODAY, control=_texts(options, "control"),
    )  # fmt: skip


def run(prepared: PreparedMapping, case: Case) -> Outcome:
    """Run one case and compare."""
    env = Environment(params=case.params, today=case.today, file_name=case.input.name, control=case.control)
    return _read(prepared, case, env) if prepared.direction == "in" else _written(prepared, case, env)


def update(prepared: PreparedMapping, outcome: Outcome) -> list[Path]:
    """Write what a case gives now as what is expected; returns the files written."""
    ending = {"x12": "edi", "csv": "csv", "xml": "xml", "json": "json"}.get(prepared.format, "txt")
    name = "expected.yaml" if prepared.direction == "in" else f"expected.{ending}"
    path = outcome.case.expected or outcome.case.folder / name
    written: list[Path] = []
    if outcome.actual or path.exists():
        path.write_bytes(outcome.actual)
        written.append(path)
    problems = outcome.case.folder / PROBLEMS
    if outcome.problems:
        lines = (f"- {{code: {code}, field: {yaml(name)}}}\n" for code, name in outcome.problems)
        problems.write_text("".join(lines), encoding="utf-8")
        written.append(problems)
    else:
        problems.unlink(missing_ok=True)
    return written


def _read(prepared: PreparedMapping, case: Case, env: Environment) -> Outcome:
    """An inbound case: the canonical documents by their values, and the problems by code and field."""
    ran = running.read(prepared, case.input.read_bytes(), env)
    told = [
        (each.code, each.path or each.field or each.source)
        for result in ran.results
        for each in result.problems
        if each.level != "warn"
    ]
    problems = (*told, *(("file", fault) for fault in ran.faults))
    actual = f"{dump.SEPARATOR}\n".join(dump.text(each.values) for each in ran.results).encode()
    found = list(_problem_differences(case, problems))
    if case.expected is not None:
        found += _document_differences(prepared, case.expected, ran.results)
    return Outcome(case, tuple(found), actual, problems, missing=case.expected is None)


def _document_differences(
    prepared: PreparedMapping, expected: Path, results: tuple[running.Result, ...]
) -> Iterator[str]:
    """Documents are compared typed; where one was not taken, or not expected to be, all are by the texts that were read."""
    typed = canonical_text.read(expected.read_text(encoding="utf-8"), prepared.model, expected.name)
    wanted: list[Mapping[str, object]] = [canonical_text.plain(each) for each in typed.documents]
    got: list[Mapping[str, object]] = [canonical_text.plain(each.document) for each in results if each.document]
    if typed.problems or len(got) < len(results):
        wanted = list(_plain_documents(expected))
        got = [document for each in results for document in _plain_parts(dump.text(each.values), expected.name)]
    if len(wanted) != len(got):
        yield f"expected {len(wanted)} documents, got {len(got)}"
    for number, (one, other) in enumerate(zip(wanted, got, strict=False), start=1):
        before = f"document {number}, " if len(wanted) > 1 else ""
        yield from (f"{before}{each.expectation()}" for each in differences.values(one, other))


def _plain_documents(path: Path) -> Iterator[Mapping[str, object]]:
    return _plain_parts(path.read_text(encoding="utf-8"), path.name)


def _plain_parts(text: str, name: str) -> Iterator[Mapping[str, object]]:
    """The documents of a YAML text, every value a text."""
    for part in re.split(r"^---\s*$", text, flags=re.MULTILINE):
        node, problems = load(part, name)
        if problems:
            raise ConfigurationError(problems)
        data = as_data(node) if node is not None else None
        yield data if isinstance(data, dict) else {}


def _written(prepared: PreparedMapping, case: Case, env: Environment) -> Outcome:
    """An outbound case: what is written by its content."""
    documents = running.canonical(prepared, case.input)
    wrote = running.write(prepared, documents, env)
    told = [(each.code, each.field) for each in wrote.problems if each.level != "warn"]
    problems = (*told, *(("file", fault) for fault in wrote.faults))
    found = list(_problem_differences(case, problems))
    if case.expected is not None:
        found += [each.expectation() for each in contents(prepared, case.expected.read_bytes(), wrote.content)]
    return Outcome(case, tuple(found), wrote.content, problems, missing=case.expected is None and bool(wrote.content))


def contents(prepared: PreparedMapping, before: bytes, after: bytes) -> Iterator[differences.Difference]:
    """Where two written files differ, by what they say."""
    if prepared.format == "x12":
        yield from differences.segments(_segments(before), _segments(after))
    elif prepared.format == "csv":
        yield from differences.rows(_cells(before, prepared.delimited), _cells(after, prepared.delimited))
    else:
        yield from differences.lines(_decoded(before), _decoded(after))


def _segments(content: bytes) -> list[list[str]]:
    text = _decoded(content).replace("\r", "").replace("\n", "")
    return [segment.split("*") for segment in text.split("~") if segment]


def _cells(content: bytes, options: DelimitedOptions) -> list[list[str]]:
    file = delimited.read(content, options)
    titles = [list(file.titles)] if options.header else []
    return [*titles, *(list(cells) for _, cells in file.rows)]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _problem_differences(case: Case, problems: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Problems that were expected and did not come, and the other way round."""
    left = list(problems)
    for each in _expected_problems(case):
        match = next((one for one in left if one[0] == each[0] and each[1] in ("", one[1])), None)
        if match is None:
            yield f"expected the problem {each[0]} {each[1]}".rstrip() + ", got none"
        else:
            left.remove(match)
    yield from (f"unexpected problem {code} {name}".rstrip() for code, name in left)


def _expected_problems(case: Case) -> list[tuple[str, str]]:
    node = _yaml(case.folder / PROBLEMS)
    items = node.items if isinstance(node, YamlList) else ()
    return [
        (_text(each.get("code")), _text(each.get("field"))) for each in items if isinstance(each, YamlMap)
    ]  # fmt: skip


def _yaml(path: Path) -> Node | None:
    if not path.is_file():
        return None
    node, problems = load(path.read_text(encoding="utf-8"), path.name)
    if problems:
        raise ConfigurationError(problems)
    return node


def _texts(node: Node | None, key: str) -> dict[str, str]:
    found = node.get(key) if isinstance(node, YamlMap) else None
    return {each.key.value: _text(each.value) for each in found} if isinstance(found, YamlMap) else {}


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, YamlText) else ""


def problem_of(error: GatewayError) -> str:
    """Why a case could not be run, on one line."""
    told = [str(each) for each in error.problems] if isinstance(error, ConfigurationError) else []
    return "; ".join(told) or error.sentence
