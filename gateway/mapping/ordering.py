"""The order in which the rules of a scope run: each after those it names."""

from collections.abc import Iterator

from gateway.config.problems import Problems
from gateway.mapping.inbound_plan import InGroup, InRule

Entry = InRule | InGroup
OUTER = "outer."


def ordered(entries: list[Entry], document: str, problems: Problems) -> tuple[Entry, ...]:
    """Rules before those that name them; a circle is a problem (M064)."""
    done: list[Entry] = []
    open_now: list[Entry] = []

    def visit(entry: Entry) -> None:
        if any(entry is each for each in done):
            return
        if any(entry is each for each in open_now):
            at = next(at for at, each in enumerate(open_now) if each is entry)
            circle = " -> ".join([*(each.target for each in open_now[at:]), entry.target])
            problems.at(entry.origin, "M064", f"these rules need each other: {circle}")
            return
        open_now.append(entry)
        for name in _needs(entry, document):
            for other in _giving(name, entry, entries):
                if other is not entry or not isinstance(entry, InGroup):
                    visit(other)
        open_now.pop()
        done.append(entry)

    for each in entries:
        visit(each)
    return tuple(done)


def _giving(name: str, asking: Entry, entries: list[Entry]) -> list[Entry]:
    """The entries that give a name, in whole or in part; a helper value before a field of the same name."""
    vars_: list[Entry] = [each for each in entries if isinstance(each, InRule) and each.is_var and each.target == name]
    if vars_:
        return vars_
    return [
        each
        for each in entries
        if not (isinstance(each, InRule) and each.is_var)
        and (name == each.target or name.startswith(f"{each.target}.") or each.target.startswith(f"{name}."))
        and not (each is asking and isinstance(each, InGroup))
    ]


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
