"""Find the rule of a field in a mapping, and where in which file of the site it is written."""

from dataclasses import dataclass
from pathlib import Path

from gateway.config import mapping_files
from gateway.config.mapping_spec import EntrySpec, GroupSpec, MappingSpec, RuleSpec


@dataclass(frozen=True, slots=True)
class RulePlace:
    """A rule with the keys that lead to it in a mapping file: ``fields``, ``lines``, ``fields``, ``uom``."""

    rule: RuleSpec
    keys: tuple[str, ...]

    @property
    def is_built_in(self) -> bool:
        """Whether it stands in a mapping that comes with the gateway."""
        return self.rule.target.origin.file.startswith("built-in ")

    def file(self, site_mappings: Path) -> Path:
        """The file of the site it stands in."""
        return site_mappings.parent / self.rule.target.origin.file


def find(spec: MappingSpec, field: str) -> RulePlace | None:
    """The rule of a canonical field: ``lines.ids.upc``, also ``lines[2].ids.upc``."""
    return _find(spec.body, _without_numbers(field), ())


def _find(group: GroupSpec, field: str, keys: tuple[str, ...]) -> RulePlace | None:
    for kind, entries in (("fields", group.fields), ("vars", group.vars)):
        for entry in entries:
            found = _in(entry, field, (*keys, kind))
            if found is not None:
                return found
    return None


def _in(entry: EntrySpec, field: str, keys: tuple[str, ...]) -> RulePlace | None:
    name = entry.target.value
    if isinstance(entry, RuleSpec):
        return RulePlace(entry, (*keys, name)) if name == field else None
    return _find(entry, field.removeprefix(f"{name}."), (*keys, name)) if field.startswith(f"{name}.") else None


def _without_numbers(field: str) -> str:
    parts = field.split("[")
    return parts[0] + "".join(part.partition("]")[2] for part in parts[1:])


def own_file(name: str, site_mappings: Path) -> Path | None:
    """The file of a mapping of the site; None for a built-in one or where there is none."""
    path, _ = mapping_files.find(name, site_mappings)
    return path if path is not None and not path.is_relative_to(mapping_files.builtin_folder()) else None
