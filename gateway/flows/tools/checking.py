"""Check mappings: all of a site whether used or not, or the named ones, every problem of all of them at once."""

from dataclasses import dataclass, replace
from pathlib import Path

from gateway.config import mapping_files
from gateway.config.partner_guide import guide_names, load_guide
from gateway.config.problems import Located, Origin
from gateway.config.strict_yaml import YamlMap, YamlText, load
from gateway.flows.tools.cases import case_folders
from gateway.flows.tools.desk import Desk
from gateway.kernel.errors import NotFoundError
from gateway.kernel.problem import Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """The mappings and partner guides that were looked at, and everything that was found in them."""

    names: tuple[str, ...]
    guides: tuple[str, ...]
    problems: tuple[Problem, ...]


def check(desk: Desk, words: list[str]) -> Checked:
    """Look at the mappings of these names or files; without any, at all of the site and at its partner guides."""
    names: list[str] = []
    guides: list[str] = []
    found: set[Problem] = set()
    if not words:
        names = desk.own()
        guides = guide_names(desk.mappings)
        for guide in guides:
            found.update(load_guide(Located(guide, Origin(guide, 1, 1)), site_mappings=desk.mappings)[1])
    for word in words:
        desk, name = _meant(desk, word)
        names.append(name)
    for name in names:
        found.update(problems(desk, name))
    return Checked(tuple(names), tuple(guides), tuple(sorted(found)))


def problems(desk: Desk, name: str) -> tuple[Problem, ...]:
    """Everything wrong with one mapping; raises NotFoundError when there is none."""
    path, shown = mapping_files.find(name, desk.mappings)
    if path is None:
        raise desk.missing(name)
    found = desk.looked_at(name)[1]
    is_own = not path.is_relative_to(mapping_files.builtin_folder())
    if not is_own or case_folders(path) or any(each.code == "M090" for each in found):
        return found
    hint = (
        f"put a sample into mappings/{name}{mapping_files.TESTS}/first/ and say 'gateway mapping test {name} --update'"
    )
    return (*found, Problem(shown, 1, 1, "M090", "the mapping has no test", hint, "warning"))


def _meant(desk: Desk, word: str) -> tuple[Desk, str]:
    """The mapping of a name, or of a file wherever it lies: its folder is found by the name it says it has."""
    path = Path(word)
    if path.suffix != ".yaml" or mapping_files.find(word, desk.mappings)[0] is not None:
        return desk, word
    if not path.is_file():
        raise NotFoundError(f"There is no file {word}.")
    whole = path.resolve()
    if desk.mappings is not None and whole.is_relative_to(desk.mappings.resolve()):
        return desk, whole.relative_to(desk.mappings.resolve()).as_posix().removesuffix(".yaml")
    name = _own_name(whole) or f"{whole.parent.name}/{whole.stem}"
    steps = len(name.split("/"))
    if whole.as_posix().removesuffix(".yaml").endswith(f"/{name}") and steps < len(whole.parts):
        return replace(desk, mappings=whole.parents[steps - 1]), name
    return replace(desk, mappings=whole.parent.parent), f"{whole.parent.name}/{whole.stem}"


def _own_name(path: Path) -> str:
    try:
        node, _ = load(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError:
        return ""
    said = node.get("mapping") if isinstance(node, YamlMap) else None
    return said.value if isinstance(said, YamlText) else ""
