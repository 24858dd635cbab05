"""Run an outbound mapping: canonical documents to the segments of a set or to the bytes of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from gateway.canonical.base import Canonical
from gateway.formats.x12.guide import base_version
from gateway.mapping.environment import Environment
from gateway.mapping.generated import outbound as generated
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem
from gateway.mapping.writing import columns, dump, markup, records, template, x12
from gateway.mapping.writing.plans import (
    ColumnsPlan,
    DumpPlan,
    MarkupPlan,
    RecordsPlan,
    SegmentsPlan,
    TemplatePlan,
)  # fmt: skip
from gateway.mapping.writing.scope import Run, Scope
from gateway.mapping.writing.trace import Wrote

Body = tuple[tuple[str, ...], ...]
"""The segments between ST and SE, HL levels still to be numbered by the writer."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the documents became: for X12 one body each, else the bytes of one file, and everything that went wrong.

    With problems of a level other than ``warn`` it must not be sent. ``traces``: the texts of each document, if asked for.
    """

    bodies: tuple[Body, ...] = ()
    content: bytes = b""
    problems: tuple[MappingProblem, ...] = ()
    traces: tuple[tuple[Wrote, ...], ...] = ()

    @property
    def segments(self) -> Body:
        """The body of the first set."""
        return self.bodies[0]

    @property
    def is_fit(self) -> bool:
        """Whether it may be sent."""
        return all(problem.level == "warn" for problem in self.problems)


def run(
    prepared: PreparedMapping,
    documents: Sequence[Canonical],
    env: Environment,
    *,
    version: str = "",
    traces: bool = False,
) -> Written:
    """Write documents with one mapping; nothing is raised for what they hold.

    ``traces``: every text is noted with where it comes from. ``version`` is the X12 version agreed with the partner; a mapping that does not name it writes its own first one.
    """
    runs = [Run(env, prepared.document, traces=traces) for _ in documents]
    plan = prepared.out_versions.get(base_version(version) or "", prepared.out)
    bodies: tuple[Body, ...] = ()
    content = b""
    scopes = [Scope(each, document) for each, document in zip(runs, documents, strict=True)]
    if isinstance(plan, SegmentsPlan):
        # only the exact way notes where texts come from
        quick = generated.of(prepared, plan, version) if not traces else None
        bodies = tuple(
            body
            if quick is not None and (body := quick.lines(document, env)) is not None
            else x12.body(plan, document, each)
            for each, document in zip(runs, documents, strict=True)
        )
    else:
        content = _content(prepared, documents, scopes)
    return Written(
        bodies,
        content,
        tuple(problem for each in runs for problem in each.problems),
        tuple(tuple(each.trace.rows) for each in runs),
    )


def _content(prepared: PreparedMapping, documents: Sequence[Canonical], scopes: list[Scope]) -> bytes:
    """The bytes of a file in any other format."""
    plan = prepared.out
    match plan:
        case ColumnsPlan():
            return columns.content(plan, prepared.delimited, [_rows(prepared, plan, each) for each in scopes])
        case RecordsPlan():
            return records.content(plan, scopes)
        case DumpPlan():
            return dump.content(documents)
        case MarkupPlan() | TemplatePlan():
            return _alone(plan, prepared, scopes)
        case SegmentsPlan() | None:
            raise ValueError(f"{prepared.name} does not write a file of its own")
        case _:
            assert_never(plan)


def _rows(prepared: PreparedMapping, plan: ColumnsPlan, scope: Scope) -> columns.Rows:
    """The rows of one document."""
    found = generated.of(prepared, plan, "").lines(scope.item, scope.run.env) if not scope.run.traces else None
    return found if found is not None else columns.rows(plan, prepared.delimited, scope)


def _alone(plan: MarkupPlan | TemplatePlan, prepared: PreparedMapping, scopes: list[Scope]) -> bytes:
    """A format in which every document is a file."""
    for other in scopes[1:]:
        sentence = f"{prepared.name}: the format '{prepared.format}' has one document in a file, not {len(scopes)}"
        other.run.problems.append(MappingProblem("M080", "", "", "", prepared.name, sentence))
    if not scopes:
        return b""
    return markup.content(plan, scopes[0]) if isinstance(plan, MarkupPlan) else template.content(plan, scopes[0])
