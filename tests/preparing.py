"""A mapping prepared as the program prepares it, once in a process for the same files: most sites of the tests have the same ones."""

import hashlib
from pathlib import Path
from typing import Any

from gateway.config import mapping_files
from gateway.kernel.problem import Problem
from gateway.mapping.prepare import PreparedMapping, prepare

Ready = tuple[PreparedMapping | None, tuple[Problem, ...]]

_PREPARED: dict[tuple[object, ...], Ready] = {}


def prepared_once(name: str, *, site_mappings: Path | None = None, **settings: Any) -> Ready:
    """The mapping of a name with its problems."""
    files = sorted(path for path in site_mappings.rglob("[!.]*") if path.is_file()) if site_mappings is not None else []
    if any(path.suffix == ".py" for path in files):  # a plug-in is imported anew
        return prepare(name, site_mappings=site_mappings, **settings)
    if mapping_files.is_builtin(name):  # it knows nothing of a site but what stands in its own place there
        own = {each.name for each in mapping_files.builtin_folder().iterdir()}
        files = [path for path in files if path.relative_to(site_mappings or path).parts[0] in own]
    shown = tuple((str(path.relative_to(site_mappings or path)), path.read_bytes()) for path in files)
    said = {key: value for key, value in settings.items() if value}  # what is not said is empty
    key = (name, hashlib.sha256(repr(shown).encode()).hexdigest(), repr(sorted(said.items())))
    if key not in _PREPARED:
        _PREPARED[key] = prepare(name, site_mappings=site_mappings, **settings)
    return _PREPARED[key]


def built_in(direction: str = "") -> list[PreparedMapping]:
    """Every built-in mapping, or those of one direction."""
    found = (prepared_once(name)[0] for name in mapping_files.builtin_names())
    return [each for each in found if each is not None and direction in ("", each.direction)]
