"""The commands for codes nobody knew yet: list them, say what they mean, or that they do not matter."""

from pathlib import Path

from gateway.app.run import by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.desk import desk_of
from gateway.exchange.readings import UnknownValue
from gateway.flows import auditing
from gateway.flows.tools import deciding, unknowns
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import UsageError


def list_(site: Path | None, *, everything: bool, as_json: bool) -> int:
    """Print the unknowns."""
    bench, desk = opened(site), desk_of(site)
    with bench.store.unit() as work:
        found = work.readings.unknown(status=None if everything else "open")
    rows = [unknowns.view(desk, each) for each in found]
    if as_json:
        output.data(rows)
        return 0
    for row in rows:
        decided = "" if row["status"] == "open" else f" ({row['status']})"
        output.line(f"{row['id']}  {row['sentence']}{decided}")
        output.line(f"    {row['mapping']}, {row['rule']}; first in {row['file']}")
        if row["targets"]:
            output.line(f"    known: {', '.join(row['targets'])}")
        output.line(f"    -> {row['next_step']}")
    if not rows:
        output.line("no unknown values")
    return 0


def set_(name: str, target: str, note: str, site: Path | None, who: str, *, as_is: bool, as_json: bool) -> int:
    """Write what a code means, and say what can be read again now."""
    if bool(target) == as_is:
        raise UsageError("Say what the code means, or --as-is.", next_step=f"gateway values set {name} VALUE")
    with by_hand(site_of(site)):
        bench = opened(site)
        value = _value(bench, name)
        if value.what.kind == "unmapped":
            raise UsageError(
                f"{value.id} is no code: {unknowns.sentence(value)}.",
                next_step=f"Write a rule for it in '{value.what.mapping}', or say 'gateway values ignore {value.id}'.",
            )
        meaning = value.what.code if as_is else target
        done = deciding.decide(desk_of(site), value, meaning)
        said = (f"'{value.what.code}' means {meaning}", *done.sentences)
        return _settled(bench, value, "set", note, said, who, as_json=as_json)


def ignore(name: str, note: str, site: Path | None, who: str, *, as_json: bool) -> int:
    """Write that data is knowingly not read; a code stays unknown and is not listed any more."""
    with by_hand(site_of(site)):
        bench = opened(site)
        value = _value(bench, name)
        sentences: tuple[str, ...] = (f"{value.id} is not listed any more",)
        if value.what.kind == "unmapped":
            sentences = (f"{value.what.source} is knowingly not read", *deciding.ignore(desk_of(site), value).sentences)
        return _settled(bench, value, "ignored", note, sentences, who, as_json=as_json)


def _value(bench: Workbench, name: str) -> UnknownValue:
    with bench.store.unit() as work:
        return unknowns.find_value(work, name)


def _settled(
    bench: Workbench, value: UnknownValue, status: str, note: str, sentences: tuple[str, ...], who: str, *,
    as_json: bool,
) -> int:  # fmt: skip
    with bench.store.unit() as work:
        work.readings.settle(value, status, note)
        action = "values.set" if status == "set" else "values.ignore"
        more = {"what": sentences[0], "mapping": value.what.mapping, "field": value.what.field}
        auditing.deed(bench, work, who, action, value.id, note, partner=value.what.partner, **more)
        waiting, codes = unknowns.waiting(work, value)
        work.commit()
    commands = [
        f'gateway holds release all --partner {value.what.partner} --code {code} --note "{value.id}"' for code in codes
    ]
    if as_json:
        output.data({"id": value.id, "status": status, "done": list(sentences), "waiting": waiting, "next": commands})
        return 0
    for sentence in sentences:
        output.line(sentence)
    if waiting:
        output.line(f"{waiting} document{' waits' if waiting == 1 else 's wait'} with it and can be read again:")
        for command in commands:
            output.line(f"  {command}")
    return 0
