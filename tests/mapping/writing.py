"""Builders for tests of mappings that write: a mapping from its text, a document, what became of it."""

from datetime import UTC, date
from pathlib import Path
from textwrap import dedent

from gateway.canonical.base import Canonical
from gateway.kernel.problem import Problem, has_errors
from gateway.mapping import outbound
from gateway.mapping.environment import Environment
from gateway.mapping.outbound import Written
from gateway.mapping.prepare import PreparedMapping, prepare

ENV = Environment(params={"id": "acme", "vendor": "77812"}, today=date(2026, 11, 20), zone=UTC)


def problems(folder: Path, document: str, format_: str, rest: str, name: str = "acme/out") -> tuple[Problem, ...]:
    """What is wrong with a mapping."""
    return _prepared(folder, document, format_, rest, name)[1]


def mapping(folder: Path, document: str, format_: str, rest: str, name: str = "acme/out") -> PreparedMapping:
    """A mapping that has no error."""
    prepared, found = _prepared(folder, document, format_, rest, name)
    assert not has_errors(found), [str(each) for each in found]
    assert prepared is not None
    return prepared


def _prepared(
    folder: Path, document: str, format_: str, rest: str, name: str
) -> tuple[PreparedMapping | None, tuple[Problem, ...]]:
    path = folder / "mappings" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"gateway: 1\nmapping: {name}\ndirection: out\ndocument: {document}\nformat: {format_}\n"
    path.write_text(head + dedent(rest), encoding="utf-8")
    return prepare(name, site_mappings=folder / "mappings")


def run(prepared: PreparedMapping, *documents: Canonical, env: Environment = ENV, version: str = "") -> Written:
    """What became of documents."""
    return outbound.run(prepared, documents, env, version=version)


def lines(written: Written) -> list[str]:
    """The segments of a set as people read them."""
    assert written.problems == ()
    return ["*".join(segment).rstrip("*") for segment in written.segments]


def said(found: tuple[Problem, ...]) -> list[str]:
    """Problems by line and code."""
    return [f"{each.line} {each.code}" for each in found]
