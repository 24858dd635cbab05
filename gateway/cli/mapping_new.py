"""The command that begins a mapping from a parent, a sample, or both."""

from pathlib import Path

from gateway.cli import output, schema
from gateway.cli.desk import desk_of
from gateway.flows.tools import checking, starter
from gateway.flows.tools.drafting import draft
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.kernel.problem import has_errors


def new(name: str, parent: str, sample: Path | None, document: str, site: Path | None) -> int:
    """Write the mapping and its first test, and say what is left to do; 1 when the check finds something."""
    desk = desk_of(site)
    starter.checked_name(desk, name)
    if sample is not None and not sample.is_file():
        raise NotFoundError(f"There is no file {sample}.")
    if not parent and sample is None:
        raise UsageError(
            "A mapping begins from another one or from a sample.", next_step="Add --from x12/850, or --sample FILE."
        )
    text = _text(name, parent, sample, document, site)
    modeline = schema.modeline("mapping", name.count("/") + 1)
    made = starter.write(desk, name, text, modeline, sample)
    for path in made:
        output.line(f"wrote {path.relative_to(desk.folder().parent).as_posix()}")
    found = [each for each in checking.problems(desk, name) if each.code != "M090"]
    for each in found:
        output.block(str(each))
    output.talk(
        f"Next: look at {made[0].name}, then 'gateway mapping test {name} --update', then name it in the partner file."
    )
    return 1 if has_errors(found) else 0


def _text(name: str, parent: str, sample: Path | None, document: str, site: Path | None) -> str:
    desk = desk_of(site)
    content = sample.read_bytes() if sample is not None else b""
    if not parent:
        return draft(name, document, content)
    base = desk.prepared(parent)
    env = desk.environment("", dict.fromkeys(base.params, ""), sample.name if sample is not None else "")
    return starter.extending(name, base, (sample.name, content) if sample is not None else None, env)
