"""The command that explains what a mapping writes: each element or column with our fields, steps done, and its rule."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gateway.cli import output
from gateway.cli.desk import params_of
from gateway.cli.mapping_run import Wanted
from gateway.flows.tools import problem_text, running
from gateway.flows.tools.desk import Desk
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.mapping import outbound
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.writing.plans import DumpPlan
from gateway.mapping.writing.trace import CALC, FROM, Wrote

_WIDEST = (44, 30, 60)
_LONGEST = 60


def explained(
    desk: Desk, prepared: PreparedMapping, path: Path, field: str, html: Path | None, wanted: Wanted
) -> int:  # fmt: skip
    """Print where each text comes from that is written for canonical documents; 1 when they could not be sent."""
    if html is not None:
        raise UsageError(
            "--html is for mappings that read files.", next_step="Leave it out, or look with 'gateway mapping run'."
        )
    if isinstance(prepared.out, DumpPlan):
        raise UsageError(
            f"'{prepared.name}' writes the document as it is, by no rules.",
            next_step="See it with 'gateway mapping run'.",
        )
    if not path.is_file():
        raise NotFoundError(f"There is no file {path}.")
    env = desk.environment(wanted.partner, params_of(wanted.params), path.name)
    running.needed(prepared, env)
    output.never_fail()
    written = outbound.run(prepared, running.canonical(prepared, path), env, traces=True)
    shown = [[row for row in rows if not field or _is_meant(row, field)] for rows in written.traces]
    if wanted.as_json:
        output.data([{"fields": [_view(row) for row in rows]} for rows in shown])
    else:
        for number, rows in enumerate(shown, start=1):
            _show(rows, f"document {number}" if len(shown) > 1 and rows else "")
    for line in problem_text.lines("the document", written.problems) if written.problems else ():
        output.talk(line)
    if field and not any(shown):
        raise NotFoundError(
            f"'{field}' is not written for this document.", next_step="Without --field all that is written is shown."
        )
    return 0 if written.is_fit else 1


def _is_meant(row: Wrote, field: str) -> bool:
    """Whether a row is the place, or comes from the field or from something below it."""
    names = [name for name, _ in row.sources]
    return row.target == field or any(name == field or name.startswith((f"{field}.", f"{field}[")) for name in names)


def _show(rows: Sequence[Wrote], title: str) -> None:
    if title:
        output.line(title)
    cells = [(_place(row), _short(row.text), _source(row), row.rule) for row in rows]
    widths = [min(max((len(cell[at]) for cell in cells), default=0), most) for at, most in enumerate(_WIDEST)]
    for place, text, source, rule in cells:
        output.line(f"  {place:<{widths[0]}} = {text:<{widths[1]}} <- {source:<{widths[2]}}  {rule}")


def _place(row: Wrote) -> str:
    return f"{row.target} ({row.item})" if row.item else row.target


def _source(row: Wrote) -> str:
    """``lines[2].quantity '12'``; what is computed with the values that it is computed of."""
    named = ", ".join(f"{name} '{_short(value)}'" for name, value in row.sources)
    if row.origin == CALC:
        return f"={_short(row.said)}" + (f" of {named}" if named else "")
    return named or row.origin if row.origin == FROM else row.origin


def _view(row: Wrote) -> dict[str, Any]:
    return {
        "place": row.target, "item": row.item, "text": row.text, "origin": row.origin, "expression": row.said,
        "sources": [{"field": name, "value": value} for name, value in row.sources], "rule": row.rule,
    }  # fmt: skip


def _short(value: str) -> str:
    shown = " ".join(value.split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
