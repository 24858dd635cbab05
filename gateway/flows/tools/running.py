"""Run a mapping on a file without any effect: canonical documents out of it, or the file that would leave."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from gateway.canonical.base import Canonical
from gateway.config.partner import Partner
from gateway.flows.partner_guides import of_mapping
from gateway.flows.tools.reading import pieces
from gateway.formats.x12 import emit, guide, verify
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Envelope
from gateway.kernel.errors import ConfigurationError, UsageError
from gateway.mapping import canonical_text, inbound, outbound
from gateway.mapping.environment import Environment
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.problem import MappingProblem
from gateway.mapping.reading.trace import Trace

SEPARATORS = Separators(element="*", component=">", repetition="^", terminator="~")
_US, _THEM = "US", "THEM"


@dataclass(frozen=True, slots=True)
class Result:
    """One document that was read: ``values`` as far as they could be, in the order of the rules, and what went wrong."""

    name: str
    key: str
    reference: str
    document: Canonical | None
    values: dict[str, Any]
    problems: tuple[MappingProblem, ...]
    trace: Trace = field(default_factory=Trace, compare=False, repr=False)

    @property
    def title(self) -> str:
        """``8840012345 (set 850 0001)``."""
        return f"{self.reference} ({self.name})" if self.reference else self.name


@dataclass(frozen=True, slots=True)
class Ran:
    """What a file gave; ``faults`` are sentences about the file itself, told before its documents."""

    faults: tuple[str, ...]
    results: tuple[Result, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every document could be taken."""
        return not self.faults and all(each.document is not None for each in self.results)


@dataclass(frozen=True, slots=True)
class Wrote:
    """What would leave: of X12 one set from ST to SE for each document, else one file; and what is wrong with it."""

    content: bytes
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[MappingProblem, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether it might be sent."""
        return not self.faults and all(each.level == "warn" for each in self.problems)


def needed(prepared: PreparedMapping, env: Environment) -> None:
    """Refuse to run without a parameter that the mapping declares."""
    missing = [name for name in dict.fromkeys(prepared.params) if name not in env.params]
    if missing:
        raise UsageError(
            f"'{prepared.name}' needs the parameter{'s' if len(missing) > 1 else ''} {', '.join(missing)}.",
            next_step=f"Add --partner NAME, or --param {missing[0]}=VALUE.",
        )


def read(prepared: PreparedMapping, content: bytes, env: Environment, partner: Partner | None = None) -> Ran:
    """Every document of a file as the mapping reads it."""
    found = pieces(prepared, content, partner)
    return Ran(found.faults, tuple(_results(prepared, found.documents, env)))


def _results(prepared: PreparedMapping, documents: Iterable[Any], env: Environment) -> Iterator[Result]:
    for piece in documents:
        own = Environment(env.params, env.today, piece.envelope, env.file_name, env.control, env.zone)
        trace = Trace()
        mapped = inbound.run(prepared, piece.node, own, trace, warns_unread=True)
        problems = (*piece.problems, *mapped.problems)
        document = None if any(each.level != "warn" for each in problems) else mapped.document
        yield Result(piece.name, piece.key, mapped.reference, document, _there(trace.values), problems, trace)


def _there(values: dict[str, Any]) -> dict[str, Any]:
    """Values without empty lists and objects."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            value = _there(value)  # noqa: PLW2901 - the same value, smaller
        elif isinstance(value, list):
            value = [_there(each) if isinstance(each, dict) else each for each in value]  # noqa: PLW2901 - same
        if value not in (None, {}, []):
            found[name] = value
    return found


def canonical(prepared: PreparedMapping, path: Path) -> Sequence[Canonical]:
    """The canonical documents of a YAML or JSON file; raises ConfigurationError with every problem of it."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8: byte {error.start} cannot be read.") from error
    found = canonical_text.read(text, prepared.model, path.name)
    if found.problems:
        raise ConfigurationError(found.problems, path.name)
    return found.documents


def write(prepared: PreparedMapping, documents: Sequence[Canonical], env: Environment) -> Wrote:
    """What would leave for canonical documents; X12 is written and read again as it is before it is sent."""
    written = outbound.run(prepared, documents, env)
    if prepared.format != "x12":
        return Wrote(written.content, problems=written.problems)
    version = prepared.versions[0]
    layout = guide.load(version, prepared.set_id)
    if layout is None or not written.is_fit:
        return Wrote(b"", problems=written.problems)
    emitted = emit.interchange(
        _envelope(version), functional_id=layout.functional_group, set_id=prepared.set_id, sets=written.bodies, isa13=1,
        gs06=1, now=datetime.combine(env.today, time(12), UTC),
    )  # fmt: skip
    found = verify.faults(emitted.content, written.bodies, emitted.changes, of_mapping(prepared))
    faults = (*(f"M081: {each}" for each in emitted.faults), *found)
    return Wrote(_sets_of(emitted.content), faults, emitted.warnings, written.problems)


def _envelope(version: str) -> Envelope:
    return Envelope(
        sender_qualifier="ZZ", sender=_US, receiver_qualifier="ZZ", receiver=_THEM, group_sender=_US,
        group_receiver=_THEM, version=version, usage="P", separators=SEPARATORS, after_segment="\n",
    )  # fmt: skip


def _sets_of(content: bytes) -> bytes:
    """The lines from each ST to its SE."""
    kept = [line for line in content.splitlines(keepends=True) if line[:4] not in (b"ISA*", b"IEA*")]
    return b"".join(line for line in kept if line[:3] not in (b"GS*", b"GE*"))
