"""Begin a mapping: what a sample has and its parent does not read, ready to be said; or a draft from a sample alone."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.config import mapping_files
from gateway.config.yaml_text import written
from gateway.flows.tools.desk import Desk
from gateway.flows.tools.reading import pieces
from gateway.flows.tools.x12_sources import Source, Sources
from gateway.kernel.errors import RefusedError, UsageError
from gateway.mapping import inbound
from gateway.mapping.environment import Environment
from gateway.mapping.notations.notation import Found, Node
from gateway.mapping.notations.x12 import X12Notation
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.reading import unread
from gateway.mapping.reading.trace import Trace

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)+")
_INDEX = re.compile(r"\[\d+\]")
_WIDTH = 44
_SHOWN = 50
UNSURE = "???"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line below ``fields``: our field, or none where it is not known, its source, and what the sample has there.

    ``of_line``: it belongs to the items and not to the document; ``field`` is then named within the item.
    """

    field: str
    source: str
    example: str
    of_line: bool = False

    def line(self, indent: str) -> str:
        """``po_number: Bestellnr   # N-1001``; what is not known is a comment as a whole."""
        name = written(self.field) if self.field else f"# {UNSURE}"
        said = f"{indent}{name}: {written(self.source)}"
        return f"{said.ljust(_WIDTH)}  # {short(self.example)}"


def checked_name(desk: Desk, name: str) -> Path:
    """The file of a new mapping; raises UsageError for a name it cannot have, RefusedError where it is taken."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is not a name of a mapping.", next_step="Write it like bigmart/850: owner and name."
        )
    if mapping_files.is_builtin(name):
        raise RefusedError(
            f"'{name}' is the name of a built-in mapping.", next_step=f"Take another name, and --from {name}."
        )
    path = desk.folder() / f"{name}.yaml"
    if path.exists():
        raise RefusedError(
            f"There is a mapping '{name}' already; nothing was written.", next_step=f"gateway mapping show {name}"
        )
    return path


def extending(name: str, parent: PreparedMapping, sample: tuple[str, bytes] | None, env: Environment) -> str:
    """The text of a mapping that extends another, with a comment for each datum that the other does not read."""
    lines = ["gateway: 1", f"mapping: {name}", f"extends: {parent.name}"]
    left = _left(parent, sample[1], env) if sample is not None and parent.direction == "in" else {}
    lines.append("fields:")
    if left and sample is not None:
        lines += [
            f"  # {sample[0]} has this, and {parent.name} does not read it. Where you need it, take away the # and write our",
            f"  # field for {UNSURE}; where you do not, list it under 'ignore'.",
        ]
    for group, entries in sorted(left.items()):
        lines += [f"  {group}:", "    fields:"] if group else []
        lines += [each.line("      " if group else "  ") for each in entries]
    if not left:
        lines.append("  # what differs, e.g. department: REF(19)02")
    return "\n".join(lines) + "\n"


def _left(parent: PreparedMapping, content: bytes, env: Environment) -> dict[str, list[Entry]]:
    """What no rule reads, by the list of the parent it belongs to; each path once with its first value."""
    found: dict[Source, Entry] = {}
    for piece in pieces(parent, content).documents:
        trace = Trace()
        own = Environment(env.params, env.today, piece.envelope, env.file_name, env.control, env.zone)
        inbound.run(parent, piece.node, own, trace)
        source_of = _sources(parent, piece.node)
        for datum in unread.data(parent, piece.node, trace):
            source = source_of(datum)
            if source is not None:
                found.setdefault(source, Entry("", source.path, f"{short(datum.value)} ({datum.at})"))
    by_group: dict[str, list[Entry]] = {}
    for source, entry in found.items():
        by_group.setdefault(source.group, []).append(entry)
    return by_group


def _sources(parent: PreparedMapping, node: Node) -> Callable[[Found], Source | None]:
    """How a rule would read each datum of a document."""
    notation, plan = parent.notation, parent.inbound
    if not isinstance(notation, X12Notation) or plan is None:
        return lambda datum: Source("", _INDEX.sub("", datum.name))
    known = Sources(plan, notation.guides[0], node)
    return lambda datum: known.of(datum.place) if datum.place is not None else None


def drafted(name: str, head: Sequence[str], entries: Iterable[Entry], each: str) -> str:
    """The text of a draft: options as they were seen, header fields, then the lines; ``each`` gives one line per item."""
    told = list(entries)
    outer = [entry for entry in told if not entry.of_line]
    inner = [entry for entry in told if entry.of_line]
    lines = ["gateway: 1", f"mapping: {name}", *head, "fields:"]
    lines += [
        f"  # guessed from the names in the sample: compare each with what it has; {UNSURE} is what could not be guessed"
    ]
    if not all(entry.field for entry in told):
        lines += [
            f"  # in place of '# {UNSURE}' write the name of ours, as in 'po_number: TITLE'; what belongs to a line, below 'lines'",
            f"  # what must be there and is not is named by: gateway mapping check {name}",
        ]
    lines += [entry.line("  ") for entry in outer]
    if inner:
        lines += ["  lines:", f"    each: {written(each)}", "    fields:", *(entry.line("      ") for entry in inner)]
    return "\n".join(lines) + "\n"


def write(desk: Desk, name: str, text: str, modeline: str, sample: Path | None) -> list[Path]:
    """Write the mapping and its first test; returns what was written. Nothing is overwritten."""
    path = checked_name(desk, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(modeline + text, encoding="utf-8")
    made = [path]
    if sample is not None:
        case = path.with_suffix(mapping_files.TESTS) / "first"
        case.mkdir(parents=True, exist_ok=True)
        target = case / f"input{sample.suffix or '.txt'}"
        target.write_bytes(sample.read_bytes())
        made.append(target)
    return made


def short(value: str) -> str:
    """A value on one line, cut to what a comment holds."""
    shown = " ".join(value.split())
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 3]}..."
