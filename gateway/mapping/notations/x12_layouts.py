"""Along which guides an X12 mapping is checked: the standard's in the versions it names, as agreed with the partner."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.config.mapping_spec import MappingSpec
from gateway.config.partner_guide import load_guide
from gateway.config.problems import Located, Origin, Problems
from gateway.config.strict_yaml import YamlList, YamlText
from gateway.formats.x12 import guide as guides
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.guide_overlay import PartnerGuide
from gateway.mapping.options import Options


@dataclass(frozen=True, slots=True)
class Layouts:
    """The set, its versions with their guides, and the partner guides among them."""

    set_id: str
    versions: tuple[str, ...]
    guides: tuple[Guide, ...]
    partner_guides: tuple[PartnerGuide, ...]


def of(spec: MappingSpec, options: Options, site_mappings: Path | None, problems: Problems) -> Layouts | None:
    """The guides of a mapping; None with the problem when it names none that exists."""
    before = len(problems)
    set_id, version = options.word("set"), options.word("version")
    versions = _texts(options, "versions")
    if version and (not versions or spec.direction == "out"):
        versions = (version,)  # what is written has one; the list is mostly that of a mapping it extends
    agreed = _partner_guides(options, set_id, versions, site_mappings, problems)
    laid = [found for each in versions if (found := _guide(options, set_id, each, agreed, problems)) is not None]
    if not laid:
        if len(problems) == before:
            hint = "write x12: {set: 850, versions: [004010]}"
            problems.at(spec.origin, "M020", "the mapping names no set and version", hint)
        return None
    return Layouts(set_id, versions, tuple(laid), tuple(agreed.values()))


def _guide(
    options: Options, set_id: str, version: str, agreed: Mapping[str, PartnerGuide], problems: Problems
) -> Guide | None:
    """The guide of one version, as it was agreed; one we do not have is a problem."""
    own = agreed.get(guides.base_version(version) or "")
    if own is not None and own.standard.set_id == set_id:
        return own.agreed
    found = guides.load(version, set_id)
    if found is None:
        sentence = f"there is no set '{set_id}' of version '{version}'"
        problems.at(options.at("set"), "M040", sentence, f"versions: {', '.join(guides.versions())}")
    return found


def _partner_guides(
    options: Options, set_id: str, versions: tuple[str, ...], site_mappings: Path | None, problems: Problems
) -> dict[str, PartnerGuide]:
    """The partner guides that the mapping names, by their version; each must be for the mapping's own set."""
    found: dict[str, PartnerGuide] = {}
    for name in _listed(options, "guide", problems):
        ready, wrong = load_guide(name, site_mappings=site_mappings)
        problems.extend(wrong)
        if ready is None:
            continue
        standard = ready.standard
        said = f"the partner guide '{name.value}' is for set {standard.set_id} of version {standard.version}"
        if standard.set_id != set_id or standard.version not in map(guides.base_version, versions):
            sentence = f"{said}; the mapping is for set {set_id} of version {', '.join(versions)}"
            problems.at(name.origin, "M104", sentence)
        elif standard.version in found:
            sentence = f"{said}, and so is '{found[standard.version].name}'"
            problems.at(name.origin, "M104", sentence, "one of them may extend the other")
        found.setdefault(standard.version, ready)
    return found


def _texts(options: Options, name: str) -> tuple[str, ...]:
    node = options.node(name)
    if node is not None and not isinstance(node, YamlList):
        options.problems.at(options.at(name), "M020", f"'{name}' is a list, written like [a, b]")
    return tuple(each.value for each in node.items if isinstance(each, YamlText)) if isinstance(node, YamlList) else ()


def _listed(options: Options, name: str, problems: Problems) -> list[Located]:
    """An option that is one text or several, each with its place."""
    node, file = options.node(name), options.at(name).file
    if node is not None and not isinstance(node, YamlList | YamlText):
        problems.at(options.at(name), "M020", f"'{name}' is a name, or a list written like [a, b]")
    nodes = node.items if isinstance(node, YamlList) else (node,)
    return [
        Located(each.value, Origin(file, each.line, each.column))
        for each in nodes
        if isinstance(each, YamlText) and not each.is_removal
    ]
