"""The explanation of one document as a page: the file on one side, each field on the other, linked both ways."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from gateway.formats.record import SetRecord
from gateway.mapping import explain
from gateway.mapping.language.values import as_text
from gateway.mapping.notations.notation import Node
from gateway.mapping.problem import MappingProblem
from gateway.mapping.reading.trace import FROM, Traced

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --mark: #fd05; --soft: #8882 }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1rem }
main { display: grid; grid-template-columns: minmax(20rem, 1fr) minmax(28rem, 1.4fr); gap: 1.5rem; align-items: start }
section { overflow: auto; max-height: 92vh }
pre, td, .at { font-family: ui-monospace, monospace; font-size: 13px }
ol { list-style: none; margin: 0; padding: 0 }
li { padding: .1rem .4rem; white-space: pre-wrap; overflow-wrap: anywhere }
li:target, tr:target { background: var(--mark) }
.at { color: GrayText; display: inline-block; min-width: 6.5rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .2rem .5rem; border-bottom: 1px solid var(--line) }
tr:hover, li:hover { background: var(--soft) }
.problem { color: #c33 }
a { color: inherit }
"""


@dataclass(frozen=True, slots=True)
class RawLine:
    """One piece of the file as it stands there: ``at`` is how sources name it (``segment 5``, ``row 3``)."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One document: what it is called, its raw lines, its values with where they come from, what went wrong."""

    title: str
    raw: tuple[RawLine, ...]
    rows: tuple[Traced, ...]
    problems: tuple[MappingProblem, ...]


def raw_lines(node: Node, content: bytes, encoding: str, unit: str) -> tuple[RawLine, ...]:
    """The document as it stands in the file: the segments of a set, else the numbered lines of the file."""
    if isinstance(node, SetRecord):
        return tuple(RawLine(f"segment {at}", "*".join(each)) for at, each in enumerate(node.flat, start=1))
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        text = content.decode("latin-1")
    return tuple(RawLine(f"{unit} {at}", line) for at, line in enumerate(text.splitlines(), start=1))


def page(mapping: str, file_name: str, documents: Sequence[Explained]) -> str:
    """A page of its own, without anything from elsewhere; all that comes from files is escaped."""
    title = escape(f"{file_name} read by {mapping}")
    body = "".join(_document(at, each) for at, each in enumerate(documents, start=1))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n{body}</body></html>\n"
    )


def _document(number: int, each: Explained) -> str:
    used = {found.at for row in each.rows for found in row.sources}
    first = {found.at: at for at, row in reversed(list(enumerate(each.rows))) for found in row.sources}
    raw = "".join(_raw(number, line, first.get(line.at), is_used=line.at in used) for line in each.raw)
    fields = "".join(_row(number, at, row) for at, row in enumerate(each.rows))
    told = "".join(f'<li class="problem">{escape(problem.message)}</li>' for problem in each.problems)
    return (
        f"<h2>{escape(each.title)}</h2>\n{f'<ul>{told}</ul>' if told else ''}<main>\n<section><ol>{raw}</ol></section>\n"
        f"<section><table><tr><th>field</th><th>value</th><th>from</th><th>rule</th></tr>\n{fields}</table></section>\n"
        f"</main>\n"
    )


def _raw(number: int, line: RawLine, row: int | None, *, is_used: bool) -> str:
    at = escape(line.at)
    label = f'<a class="at" href="#f{number}-{row}">{at}</a>' if is_used else f'<span class="at">{at}</span>'
    return f'<li id="{_anchor(number, line.at)}">{label}{escape(line.text)}</li>\n'


def _row(number: int, at: int, row: Traced) -> str:
    cells = (
        escape(row.field), escape(as_text(row.value)), "".join(_sources(number, row)), escape(row.rule),
    )  # fmt: skip
    return f'<tr id="f{number}-{at}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def _sources(number: int, row: Traced) -> Iterator[str]:
    if row.origin != FROM:
        yield escape(row.origin)
    for found in row.sources:
        shown = escape(explain.of_source(found))
        yield f'<a href="#{_anchor(number, found.at)}">{shown}</a><br>' if found.at else f"{shown}<br>"
    for step in row.steps:
        yield f"{escape(step.key)} &rarr; {escape(_text(step.value))}<br>"


def _anchor(number: int, at: str) -> str:
    return f"d{number}-{''.join(each if each.isalnum() else '-' for each in at)}"


def _text(value: object) -> str:
    return (
        ", ".join(_text(each) for each in value)
        if isinstance(value, Iterable) and not isinstance(value, str)
        else as_text(value)
    )
