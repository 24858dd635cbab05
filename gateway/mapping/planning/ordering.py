"""The order in which the rules of a scope run: each after those it names."""

from collections.abc import Iterator

from gateway.config.problems import Problems
from gateway.mapping.planning.inbound_plan import InGroup, InRule

Entry = InRule | InGroup
OUTER = "outer."


def ordered(entries: list[Entry], document: str, problems: Problems) -> tuple[Entry, ...]:
    """Rules before those that name them; a circle is a problem (M064)."""
    givers = _Givers(entries)
    done: dict[int, Entry] = {}
    way: dict[int, tuple[Entry, Iterator[Entry]]] = {}
    for first in entries:
        if id(first) not in done:
            way[id(first)] = first, givers.needed_by(first, document)
        while way:  # no recursion: thousands of rules may need one another in a row
            entry, needed = next(reversed(way.values()))
            other = next(needed, None)
            if other is None:
                done[id(entry)] = entry
                way.popitem()
            elif id(other) in way:
                targets = [each.target for each, _ in way.values()]
                circle = " -> ".join([*targets[list(way).index(id(other)) :], other.target])
                problems.at(other.origin, "M064", f"these rules need each other: {circle}")
            elif id(other) not in done:
                way[id(other)] = other, givers.needed_by(other, document)
    return tuple(done.values())


class _Givers:
    """Which entries of a scope give a name, in whole or in part; a helper value before a field of the same name."""

    def __init__(self, entries: list[Entry]) -> None:
        self.vars: dict[str, list[Entry]] = {}
        self.fields: dict[str, list[Entry]] = {}
        self.parts: dict[str, list[Entry]] = {}
        for each in entries:
            if isinstance(each, InRule) and each.is_var:
                self.vars.setdefault(each.target, []).append(each)
                continue
            self.fields.setdefault(each.target, []).append(each)
            for above in _above(each.target):
                self.parts.setdefault(above, []).append(each)

    def of(self, name: str) -> list[Entry]:
        """The entries that give a name."""
        if name in self.vars:
            return self.vars[name]
        whole = [each for above in (*_above(name), name) for each in self.fields.get(above, ())]
        return [*whole, *self.parts.get(name, ())]

    def needed_by(self, entry: Entry, document: str) -> Iterator[Entry]:
        """What must run before an entry; a group does not wait for itself."""
        for name in _needs(entry, document):
            yield from (each for each in self.of(name) if each is not entry or not isinstance(entry, InGroup))


def _above(name: str) -> list[str]:
    """``a.b.c`` to ``a`` and ``a.b``."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def _needs(entry: Entry, document: str) -> Iterator[str]:
    """The names of this scope that an entry needs; of a group those that its inside names by way of ``outer``."""
    if isinstance(entry, InRule):
        for each in entry.named:
            yield from (use.name for use in each.names)
        if entry.checked == "gln":
            yield f"{entry.target}_type"
        return
    yield from _needs_of_group(entry, document, 1)


def _needs_of_group(group: InGroup, document: str, depth: int) -> Iterator[str]:
    own = [each.that for each in group.checks] + ([group.when] if group.when is not None else [])
    for entry in group.entries:
        if isinstance(entry, InGroup):
            yield from _needs_of_group(entry, document, depth + 1)
        else:
            own += entry.named
    for each in own:
        for use in each.names:
            if use.name.startswith(OUTER * depth):
                yield use.name.removeprefix(OUTER * depth)
            elif use.name.startswith(f"{document}."):
                yield use.name.partition(".")[2]
