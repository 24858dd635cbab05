"""The hash that names an exact version of a mapping: its rules, its tables, the functions and the gateway it runs with."""

import hashlib

from gateway.config.mapping_spec import MappingSpec
from gateway.files.release import release
from gateway.mapping.language.plugins import Plugins
from gateway.mapping.language.tables import Tables


def of(spec: MappingSpec, tables: Tables, plugins: Plugins) -> str:
    """The same for the same files, wherever they stand."""
    read = [(name, table.digest) for name, table in sorted(tables.read.items()) if table is not None]
    named = [(name, each.file.value, each.encoding, each.delimiter) for name, each in sorted(spec.tables.items())]
    parts = (
        spec.name, spec.direction, spec.document, spec.format, sorted(spec.options.items()), spec.body, spec.ignore,
        spec.params, sorted(spec.settings.items()), named, read, plugins.versions, release(),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()
