"""The commands that explain what a mapping made of files: value by value, and what is left over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gateway.cli import mapping_explain_out, output
from gateway.cli.desk import desk_of, params_of
from gateway.cli.mapping_run import Wanted
from gateway.flows.tools import explain_html, problem_text, running
from gateway.flows.tools.desk import Desk
from gateway.flows.tools.reading import Piece, pieces
from gateway.kernel.errors import NotFoundError, TransportError, UsageError
from gateway.mapping import coverage, explain
from gateway.mapping.environment import Environment
from gateway.mapping.explain import Explained
from gateway.mapping.language.values import as_text
from gateway.mapping.notations.notation import Found
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.reading.trace import Traced

_BUILT_IN = "built-in "


@dataclass(frozen=True, slots=True)
class _File:
    """One file read for a mapping."""

    path: Path
    content: bytes
    documents: tuple[Piece, ...]
    faults: tuple[str, ...]
    env: Environment

    def inputs(self) -> Iterator[tuple[Piece, Environment]]:
        """Each document with what the mapping sees besides it."""
        return ((piece, replace(self.env, envelope=piece.envelope)) for piece in self.documents)


def explained(name: str, path: Path, field: str, html: Path | None, wanted: Wanted) -> int:
    """Print or write where each value comes from."""
    desk = desk_of(wanted.site, wanted.today)
    prepared = desk.prepared(name)
    if prepared.direction == "out":
        return mapping_explain_out.explained(desk, prepared, path, field, html, wanted)
    file = _read(desk, prepared, path, wanted)
    found = [(piece, explain.explain(prepared, piece.node, env)) for piece, env in file.inputs()]
    for fault in file.faults:
        output.talk(fault)
    if html is not None:
        _write_page(html, prepared, file, found)
    shown = [(piece, each, explain.of_field(each.rows, field) if field else each.rows) for piece, each in found]
    if wanted.as_json:
        output.data([_document(piece, each, rows) for piece, each, rows in shown])
    elif html is None:
        for piece, each, rows in shown:
            _show(prepared, piece, each, rows, several=len(shown) > 1)
    if field and not any(rows for _, _, rows in shown):
        raise NotFoundError(
            f"'{field}' has no value in this file.", next_step="Without --field all that have one are shown."
        )
    return 1 if file.faults or any(problem.level != "warn" for _, each in found for problem in each.problems) else 0


def covered(name: str, paths: list[Path], wanted: Wanted, *, everything: bool) -> int:
    """Print what no rule reads."""
    desk = desk_of(wanted.site, wanted.today)
    prepared = _inbound(desk, name)
    with output.progress("reading", len(paths), "files") as bar:
        files = [_read(desk, prepared, path, wanted) for path in bar.over(paths)]
    inputs = [(file, piece, env) for file in files for piece, env in file.inputs()]
    with output.progress("looking at what is read", len(inputs), "documents") as bar:
        found = coverage.of(prepared, ((piece.node, env) for _, piece, env in bar.over(inputs)))
    faults = [f"{file.path.name}: {fault}" for file in files for fault in file.faults]
    for fault in faults:
        output.talk(fault)
    names = [f"{file.path.name}, {piece.name}" for file, piece, _ in inputs]
    if wanted.as_json:
        output.data(_coverage_view(found, names))
    else:
        _show_coverage(found, names, everything=everything)
    return 1 if faults else 0


def _inbound(desk: Desk, name: str) -> PreparedMapping:
    prepared = desk.prepared(name)
    if prepared.direction != "in":
        raise UsageError(
            f"'{name}' writes files; this is for mappings that read them.",
            next_step="gateway mapping run shows what it writes.",
        )
    return prepared


def _read(desk: Desk, prepared: PreparedMapping, path: Path, wanted: Wanted) -> _File:
    if not path.is_file():
        raise NotFoundError(f"There is no file {path}.")
    env = desk.environment(wanted.partner, params_of(wanted.params), path.name)
    running.needed(prepared, env)
    content = path.read_bytes()
    partner = desk.partner(wanted.partner) if wanted.partner else None
    found = pieces(prepared, content, partner)
    output.never_fail()
    return _File(path, content, found.documents, found.faults, env)


def _show(prepared: PreparedMapping, piece: Piece, each: Explained, rows: tuple[Traced, ...], *, several: bool) -> None:
    if several and rows:
        output.line(f"{each.reference} ({piece.name})" if each.reference else piece.name)
    if rows:
        output.block(explain.text(rows).rstrip("\n"))
    if each.problems:
        for line in problem_text.lines(f"{prepared.document} {each.reference or piece.name}", each.problems):
            output.talk(line)


def _write_page(target: Path, prepared: PreparedMapping, file: _File, found: list[tuple[Piece, Explained]]) -> None:
    encoding = prepared.delimited.encoding if prepared.format == "csv" else "utf-8"
    unit = "row" if prepared.format == "csv" else "line"
    documents = [
        explain_html.Explained(
            f"{each.reference} ({piece.name})" if each.reference else piece.name,
            explain_html.raw_lines(piece.node, file.content, encoding, unit), each.rows, each.problems,
        )
        for piece, each in found
    ]  # fmt: skip
    try:
        target.write_text(explain_html.page(prepared.name, file.path.name, documents), encoding="utf-8")
    except OSError as error:
        raise TransportError(f"{target} cannot be written: {error.strerror}.") from error
    output.talk(f"wrote {target}")


def _show_coverage(found: coverage.Coverage, names: list[str], *, everything: bool) -> None:
    last = -1
    for each in found.unused:
        if each.document != last and len(names) > 1:
            output.line(f"{names[each.document]}:")
        last = each.document
        output.line(f"  not used: {each.found.at} {each.found.name} = {each.found.value}")
    own = [each for each in found.idle if everything or not each.rule.startswith(_BUILT_IN)]
    for idle in own:
        output.line(f"  never a value: {idle.field} <- {', '.join(idle.sources) or 'computed'}  {idle.rule}")
    if len(own) < len(found.idle):
        output.line(f"  {len(found.idle) - len(own)} built-in rules never gave a value; --all shows them")
    output.line(f"  coverage {found.used} of {found.total} values, {found.percent} %")


def _coverage_view(found: coverage.Coverage, names: list[str]) -> dict[str, Any]:
    return {
        "used": found.used, "total": found.total, "percent": found.percent,
        "unused": [{"document": names[each.document], **_source(each.found)} for each in found.unused],
        "never": [{"field": each.field, "sources": list(each.sources), "rule": each.rule} for each in found.idle],
    }  # fmt: skip


def _document(piece: Piece, each: Explained, rows: tuple[Traced, ...]) -> dict[str, Any]:
    return {
        "name": piece.name, "reference": each.reference, "fields": [_field(row) for row in rows],
        "problems": [problem_text.view(problem) for problem in each.problems],
    }  # fmt: skip


def _field(row: Traced) -> dict[str, Any]:
    return {
        "field": row.field, "value": as_text(row.value), "origin": row.origin, "rule": row.rule,
        "sources": [_source(each) for each in row.sources],
        "steps": [{"step": each.key, "value": str(each.value)} for each in row.steps],
    }  # fmt: skip


def _source(found: Found) -> dict[str, str]:
    return {"name": found.name, "at": found.at, "value": found.value}
