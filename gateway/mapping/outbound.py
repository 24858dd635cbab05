"""Run an outbound mapping: canonical documents to the segments of a set or to the bytes of a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.canonical.base import Canonical
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem
from gateway.mapping.writing import columns, x12
from gateway.mapping.writing.plans import ColumnsPlan, SegmentsPlan
from gateway.mapping.writing.scope import Run, Scope

Body = tuple[tuple[str, ...], ...]
"""The segments between ST and SE, HL levels still to be numbered by the writer."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the documents became: for X12 one body each, else the bytes of one file, and everything that went wrong.

    With problems of a level other than ``warn`` it must not be sent.
    """

    bodies: tuple[Body, ...] = ()
    content: bytes = b""
    problems: tuple[MappingProblem, ...] = ()

    @property
    def segments(self) -> Body:
        """The body of the first set."""
        return self.bodies[0]

    @property
    def is_fit(self) -> bool:
        """Whether it may be sent."""
        return all(problem.level == "warn" for problem in self.problems)


def run(prepared: PreparedMapping, documents: Sequence[Canonical], env: Environment) -> Written:
    """Write documents with one mapping; nothing is raised for what they hold."""
    runs = [Run(env, prepared.document) for _ in documents]
    plan = prepared.out
    bodies: tuple[Body, ...] = ()
    content = b""
    scopes = [Scope(each, document) for each, document in zip(runs, documents, strict=True)]
    if isinstance(plan, SegmentsPlan):
        bodies = tuple(x12.body(plan, document, each) for each, document in zip(runs, documents, strict=True))
    elif isinstance(plan, ColumnsPlan):
        content = columns.content(plan, prepared.delimited, scopes)
    else:
        raise ValueError(f"{prepared.name} is not an outbound mapping")  # noqa: TRY004 - it was asked for the wrong one
    return Written(bodies, content, tuple(problem for each in runs for problem in each.problems))
