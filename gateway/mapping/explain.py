"""Explain one document: where each value comes from, what happened to it on the way, and which rule says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.mapping import inbound
from gateway.mapping.environment import Environment
from gateway.mapping.language.values import as_text
from gateway.mapping.notations.notation import Found, Node, where
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem
from gateway.mapping.reading.trace import FROM, Trace, Traced

_WIDEST_FIELD, _WIDEST_VALUE, _WIDEST_SOURCE = 40, 30, 78
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Explained:
    """The values of a document in the order in which they were made, and what went wrong."""

    rows: tuple[Traced, ...]
    problems: tuple[MappingProblem, ...]
    reference: str = ""


def explain(prepared: PreparedMapping, record: Node, env: Environment) -> Explained:
    """Map one document and tell everything about it."""
    trace = Trace()
    mapped = inbound.run(prepared, record, env, trace, warns_unread=True)
    return Explained(tuple(trace.rows), mapped.problems, mapped.reference)


def of_field(rows: Iterable[Traced], field: str) -> tuple[Traced, ...]:
    """The rows of one field, or of everything below it: ``lines[1].ids.upc``, ``lines[1]``, ``lines.quantity``."""
    return tuple(
        each
        for each in rows
        if field in (each.field, each.rule_field)
        or each.field.startswith((f"{field}.", f"{field}["))
        or each.rule_field.startswith(f"{field}.")
    )


def text(rows: Sequence[Traced]) -> str:
    """One line for each value: field, value, where it comes from, steps, rule.

    Columns are as wide as what stands in them, up to a limit.
    """
    cells = [(each.field, _short(as_text(each.value)), said(each), each.rule) for each in rows]
    widths = [
        min(max((len(row[at]) for row in cells), default=0), most)
        for at, most in enumerate((_WIDEST_FIELD, _WIDEST_VALUE, _WIDEST_SOURCE))
    ]
    return "".join(
        f"  {field:<{widths[0]}} = {value:<{widths[1]}} <- {source:<{widths[2]}}  {rule}\n"
        for field, value, source, rule in cells
    )


def said(row: Traced) -> str:
    """Where a value comes from and what it went through, on one line."""
    origin = ", ".join(of_source(each) for each in row.sources) if row.origin == FROM else row.origin
    steps = "".join(f", {each.key} '{_short(as_text(each.value))}'" for each in row.steps if each.key not in _SILENT)
    return f"{origin}{steps}"


def of_source(found: Found) -> str:
    """One datum with its raw value: ``REF02 (segment 5) '00042'``."""
    return f"{where(found)} '{_short(found.value)}'"


_SILENT = ("trim", "type", "join")
"""Steps that go without saying in a line; the rows have them."""


def _short(value: str) -> str:
    shown = value.replace("\n", " ").replace("\r", "")
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
