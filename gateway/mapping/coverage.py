"""How much of some documents a mapping uses: data that no rule reads, and rules that never gave a value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.mapping import inbound
from gateway.mapping.environment import Environment
from gateway.mapping.notations.notation import Found, Node
from gateway.mapping.planning import inbound_plan
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.reading import unread
from gateway.mapping.reading.trace import CONST, Trace


@dataclass(frozen=True, slots=True)
class Unused:
    """A datum that no rule reads, and which of the documents it stands in, from 0."""

    document: int
    found: Found


@dataclass(frozen=True, slots=True)
class IdleRule:
    """A rule that gave no value in any of the documents; ``rule`` is its ``file:line``."""

    field: str
    rule: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was used of how much data; knowingly ignored data counts as used."""

    used: int
    total: int
    unused: tuple[Unused, ...]
    idle: tuple[IdleRule, ...]

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all.

        >>> Coverage(199, 200, (), ()).percent, Coverage(0, 0, (), ()).percent
        (99, 100)
        """
        return self.used * 100 // self.total if self.total else 100


def of(prepared: PreparedMapping, documents: Iterable[tuple[Node, Environment]]) -> Coverage:
    """Map documents and see what is left of each."""
    unused: list[Unused] = []
    total = 0
    given: set[tuple[str, str]] = set()
    for at, (record, env) in enumerate(documents):
        trace = Trace()
        inbound.run(prepared, record, env, trace)
        total += sum(1 for _ in prepared.notation.data(record)) if prepared.notation is not None else 0
        unused += [Unused(at, each) for each in unread.data(prepared, record, trace)]
        given |= trace.given
    return Coverage(total - len(unused), total, tuple(unused), tuple(_idle(prepared, given)))


def _idle(prepared: PreparedMapping, given: set[tuple[str, str]]) -> Iterator[IdleRule]:
    if prepared.inbound is None:
        return
    for field, rule in inbound_plan.rules(prepared.inbound):
        if (field, rule.place) not in given:
            yield IdleRule(
                field, rule.place, tuple(each.name for each in rule.sources) or (CONST,) * (rule.calc is None)
            )


def text(found: Coverage) -> str:
    """Unused data with its place, rules that never gave a value, and how much is used."""
    lines = [f"  not used: {each.found.at} {each.found.name} = {_short(each.found.value)}" for each in found.unused]
    lines += [
        f"  never a value: {each.field} <- {', '.join(each.sources) or 'computed'}  {each.rule}" for each in found.idle
    ]
    return "\n".join([*lines, f"  coverage {found.used} of {found.total} values, {found.percent} %"]) + "\n"


def _short(value: str, longest: int = 60) -> str:
    shown = " ".join(value.split())
    return shown if len(shown) <= longest else f"{shown[: longest - 3]}..."
