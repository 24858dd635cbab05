"""Change files of a site together: tried in a copy of its mappings first, written only when the whole passes the check."""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.config import rewrite
from gateway.config.rewrite import Refused
from gateway.config.strict_yaml import Node, YamlList, YamlMap, YamlText, load
from gateway.flows.tools.desk import Desk
from gateway.kernel.errors import ConfigurationError, NotFoundError, RefusedError
from gateway.kernel.problem import has_errors


@dataclass(frozen=True, slots=True)
class Edit:
    """One file and what it will hold; ``before`` is None for a new one."""

    path: Path
    before: bytes | None
    after: bytes

    def said(self, site: Path) -> str:
        """``changed mappings/bigmart/850.yaml``."""
        return f"{'wrote' if self.before is None else 'changed'} {self.path.relative_to(site).as_posix()}"


def edited(path: Path, change: Callable[[str], str | Refused]) -> Edit:
    """A change of a YAML file; raises RefusedError where it cannot be made."""
    try:
        before = path.read_bytes()
        return Edit(path, before, fit(change(before.decode("utf-8")), path).encode("utf-8"))
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path.name}.") from error
    except UnicodeDecodeError as error:
        raise RefusedError(f"{path.name} is not UTF-8.") from error


def fit(text: str | Refused, path: Path) -> str:
    """A changed text; raises RefusedError where it could not be changed."""
    if isinstance(text, Refused):
        raise RefusedError(f"{path.name} was not changed: {text.sentence}.", next_step="Make the change by hand.")
    return text


def text_at(text: str, place: Sequence[str | int]) -> str | None:
    """The text that stands at a place of a YAML file; None where something else or nothing does."""
    node: Node | None = load(text, "")[0]
    for part in place:
        if isinstance(node, YamlMap) and isinstance(part, str):
            node = node.get(part)
        elif isinstance(node, YamlList) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            return None
    return node.value if isinstance(node, YamlText) else None


def apply(desk: Desk, edits: Sequence[Edit], mapping: str) -> None:
    """Write the edits; raises ConfigurationError, and writes nothing, when a mapping would have an error with them."""
    folder = desk.folder()
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".gateway-try-") as copy:
        trial = Path(copy) / folder.name
        shutil.copytree(folder, trial, copy_function=_second_name)
        for each in edits:
            if each.path.is_relative_to(folder):
                target = trial / each.path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                target.write_bytes(each.after)
        tried = replace(desk, mappings=trial)
        affected = [mapping, *(name for name in tried.own() if name != mapping and mapping in tried.chain(name))]
        found = tuple(sorted({problem for name in affected for problem in tried.looked_at(name)[1]}))
    if has_errors(found):
        raise ConfigurationError(found)
    for each in edits:
        if each.before is None:
            each.path.parent.mkdir(parents=True, exist_ok=True)
            each.path.write_bytes(each.after)
        else:
            rewrite.replace_file(each.path, each.after)


def _second_name(source: str, target: str) -> str:
    """A second name for a file, which is only replaced and never changed; a copy where that is not possible."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
