"""The settings of a mapping: what data without a rule and failing steps do, which check digits must be right."""

from dataclasses import dataclass

from gateway.config.mapping_spec import MappingSpec
from gateway.config.problems import Problems
from gateway.config.strict_yaml import YamlList, YamlText
from gateway.mapping.language import check_digits


@dataclass(frozen=True, slots=True)
class MappingSettings:
    """What holds for the whole mapping; ``unmapped`` is ignore, warn or hold, and ``sample`` where nothing is said: warn now and then."""

    unmapped: str = "sample"
    on_error: str = "hold"
    validate: tuple[str, ...] = ()


def read_settings(spec: MappingSpec, problems: Problems) -> MappingSettings:
    """The settings of a mapping; those that are one of a few words were checked when it was read."""
    return MappingSettings(
        _word(spec, "unmapped", "sample"), _word(spec, "on_error", "hold"), _validate(spec, problems)
    )


def _word(spec: MappingSpec, name: str, otherwise: str) -> str:
    node = spec.settings[name][0] if name in spec.settings else None
    return node.value if isinstance(node, YamlText) and not node.is_removal else otherwise


def _validate(spec: MappingSpec, problems: Problems) -> tuple[str, ...]:
    if "validate" not in spec.settings:
        return ()
    node, origin = spec.settings["validate"]
    if isinstance(node, YamlText) and node.is_removal:
        return ()
    known = tuple(check_digits.LENGTHS)
    nodes = node.items if isinstance(node, YamlList) else (node,)
    found = [each.value for each in nodes if isinstance(each, YamlText)]
    for each in found:
        if each not in known:
            problems.unknown(origin, "M020", f"'validate' lists {', '.join(known)}, not '{each}'", each, known)
    return tuple(found)
