"""The JSON Schemas of mapping files and partner guides: keys from the tables that read them, fields from the catalogue.

``fields`` is checked by the canonical document where a file says, or extends a mapping that says, which one it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from gateway.canonical.base import Canonical
from gateway.canonical.meanings import meaning
from gateway.canonical.registry import DOCUMENTS
from gateway.config import guide_additions, guide_rules, meanings_of_mappings
from gateway.config.guide_entries import USES
from gateway.config.mapping_files import names
from gateway.config.mapping_reading import load_spec
from gateway.config.mapping_spec import (
    CHECK_KEYS,
    FORMATS,
    GROUP_KEYS,
    LEVELS,
    RULE_KEYS,
    SETTINGS,
    TABLE_KEYS,
    TOP_KEYS,
)
from gateway.config.partner_guide import GUIDE_KEYS
from gateway.config.schema import DIALECT, as_help, offered, text, words
from gateway.mapping.catalogue import CUSTOM, CatalogueField, fields_of
from gateway.mapping.language.functions import FUNCTIONS

Schema = dict[str, Any]
_TEXTS: Schema = {"type": "array", "items": text()}
_TRUTH: Schema = {"enum": [True, False, "true", "false"]}
_NUMBER: Schema = {"type": ["integer", "string"]}
_NOTHING: Schema = {"type": "null"}
_CONDITION: Schema = {"$ref": "#/$defs/condition"}
_RULE: Schema = {"$ref": "#/$defs/rule"}
_ONE_OR_MANY: Schema = {"anyOf": [text(), _TEXTS]}


def _explained(shapes: Mapping[str, Schema], said: Mapping[str, str]) -> Schema:
    """Keys with what they are for, as the reference pages say it."""
    return {key: {**shape, "description": as_help(said[key])} for key, shape in shapes.items()}


def _object(properties: Mapping[str, Schema], **more: Any) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False, **more}


_LOOKUP = _object(
    {
        "table": text(), "key": text(), "value": text(), "missing": words(("error", "keep", "empty")),
        "also": {"type": "object", "additionalProperties": text()},
    },
    required=["table", "key", "value"],
)  # fmt: skip
_STEPS: Mapping[str, Schema] = {
    "from": _ONE_OR_MANY,
    "const": text(),
    "calc": {"$ref": "#/$defs/expression"},
    "when": _CONDITION,
    "join": text(),
    "trim": words(("both", "left", "right", "none")),
    "match": text(),
    "slice": text(),
    "split": _object({"by": text(), "part": _NUMBER}, required=["by", "part"]),
    "map": {"type": "object", "additionalProperties": text()},
    "lookup": _LOOKUP,
    "plugin": {"anyOf": [text(), {"type": "object", "required": ["name"], "properties": {"name": text()}}]},
    "type": text(),
    "format": text(),
    "decimal": text(), "thousands": text(), "implied_decimals": _NUMBER,
    "round": {"anyOf": [_NUMBER, _object({"to": _NUMBER, "mode": words(("half_up", "even"))}, required=["to"])]},
    "max_length": _NUMBER,
    "pad": _object({"width": _NUMBER, "with": text(), "side": words(("left", "right"))}, required=["width"]),
    "default": text(),
    "required": _TRUTH, "on_error": words((*LEVELS, "empty")),
    "before": text(), "after": text(), "doc": text(),
}  # fmt: skip
_CHECK = {"that": _CONDITION, "say": text(), "level": words(LEVELS), "code": text()}
_TABLE = {"file": text(), "encoding": text(), "delimiter": text(), "unique": _TEXTS}
_SETTINGS = {
    "unmapped": words(("ignore", "warn", "hold")), "on_error": words((*LEVELS, "empty")), "validate": _TEXTS,
    "i_know": _ONE_OR_MANY, "require_tests": _TRUTH,
}  # fmt: skip
_USE = words(USES)
_GUIDE = {
    "use": _USE, "max": {"type": ["integer", "string"]}, "doc": text(), "length": text(), "repeat": _NUMBER,
    "only": _TEXTS, "also": _TEXTS, "segment": text(), "after": text(), "in": text(),
}  # fmt: skip


def mapping_schema(site_mappings: Path | None, custom: Mapping[str, Iterable[str]] | None = None) -> Schema:
    """The schema of the mapping files of a site; ``custom`` are its own fields by document."""
    known = names(site_mappings)
    kinds = {name: spec for name in known if (spec := load_spec(name, site_mappings=site_mappings)[0]) is not None}
    functions = f"Functions: {', '.join(sorted(FUNCTIONS))}."
    defs: Schema = {
        "rule": _object(_explained({key: _STEPS[key] for key in RULE_KEYS}, meanings_of_mappings.STEPS)),
        "value": {"anyOf": [text(), _TEXTS, _RULE, _NOTHING]},
        "group": _any_group(),
        "check": _keyed(_explained(_CHECK, meanings_of_mappings.CHECK), CHECK_KEYS, "that", "say"),
        "condition": text(description=f"A condition; without it there is nothing here. {functions}"),
        "expression": text(description=f"An expression. {functions}"),
        "variables": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/value"}},
        "checks": {"type": ["array", "null"], "items": {"$ref": "#/$defs/check"}},
    }
    choices: list[Schema] = [{"anyOf": [{"required": ["extends"]}, {"required": ["direction", "document", "format"]}]}]
    for document, model in DOCUMENTS.items():
        own = tuple((custom or {}).get(document, ()))
        defs[f"in.{document}"] = _Fields(defs, document, own).of(model)
        defs |= _writing(document, model, own)
        for direction in ("in", "out"):
            parents = [name for name, spec in kinds.items() if (spec.direction, spec.document) == (direction, document)]
            choices += _chosen(direction, document, parents)
    return {
        "$schema": DIALECT,
        "title": "A mapping file",
        **_object(_top(known), required=["gateway", "mapping"]),
        "allOf": choices,
        "$defs": defs,
    }


def guide_schema() -> Schema:
    """The schema of a partner guide."""
    rule = _object({key: _GUIDE[key] for key in dict.fromkeys((*guide_rules.SEGMENT_KEYS, *guide_rules.ELEMENT_KEYS))})
    shapes: Mapping[str, Schema] = {
        "gateway": words(("1",)),
        "guide": text(),
        "extends": text(description="The standard, like 004010/850, or another partner guide."),
        "rules": {"type": ["object", "null"], "additionalProperties": {"anyOf": [_USE, rule, _NOTHING]}},
        "add": {"type": ["array", "null"], "items": _object({key: _GUIDE[key] for key in guide_additions.ADD_KEYS}, required=["segment"])},
        "doc": text(),
    }  # fmt: skip
    top = _object({key: shapes[key] for key in GUIDE_KEYS}, required=["gateway", "guide", "extends"])
    return {"$schema": DIALECT, "title": "A partner guide", **top}


def _top(known: list[str]) -> Schema:
    """The keys at the top of a mapping; what a format's own block may hold is left to the check of the mapping."""
    entries = {"type": ["object", "null"]}
    block = {"type": "object"}
    shapes: Mapping[str, Schema] = {
        "gateway": words(("1",)),
        "mapping": text(),
        "extends": offered(known),
        "direction": words(("in", "out")), "document": words(DOCUMENTS), "format": words(FORMATS),
        "x12": block, "csv": block, "fixed": block, "xml": block, "records": block,
        "template": {"anyOf": [text(), block]},
        "tables": {"type": "object", "additionalProperties": {"anyOf": [_keyed(_explained(_TABLE, meanings_of_mappings.TABLE), TABLE_KEYS, "file"), _NOTHING]}},
        "vars": {"$ref": "#/$defs/variables"},
        "fields": entries,
        "rows": _object({"each": text(), "when": _CONDITION, "sort": text()}, required=["each"]),
        "checks": {"$ref": "#/$defs/checks"},
        "ignore": {"type": ["array", "null"], "items": text()},
        "settings": {"anyOf": [_keyed(_explained(_SETTINGS, meanings_of_mappings.SETTINGS), SETTINGS), _NOTHING]},
        "params": _TEXTS, "revision": text(), "doc": text(),
    }  # fmt: skip
    return _explained({key: shapes[key] for key in TOP_KEYS}, meanings_of_mappings.TOP)


def _keyed(shapes: Mapping[str, Schema], keys: Iterable[str], *required: str) -> Schema:
    made = _object({key: shapes[key] for key in keys})
    return {**made, "required": list(required)} if required else made


def _chosen(direction: str, document: str, parents: list[str]) -> Iterator[Schema]:
    """Where ``fields`` must fit a document: the file says so, or what it extends does."""
    then = {"properties": {"fields": {"anyOf": [{"$ref": f"#/$defs/{direction}.{document}"}, _NOTHING]}}}
    said = {"properties": {"direction": {"const": direction}, "document": {"const": document}}}
    yield {"if": {**said, "required": ["direction", "document"]}, "then": then}
    if parents:
        yield {"if": {"properties": {"extends": {"enum": parents}}, "required": ["extends"]}, "then": then}


def _group(fields: Schema) -> Schema:
    """A group whose fields have a schema."""
    return {"$ref": "#/$defs/group", "properties": {"fields": {"anyOf": [fields, _NOTHING]}}}


def _any_group() -> Schema:
    """The keys of every group."""
    shapes: Mapping[str, Schema] = {
        "each": text(),
        "when": _CONDITION, "sort": text(), "limit": _NUMBER, "before": text(), "after": text(), "doc": text(),
        "vars": {"$ref": "#/$defs/variables"}, "fields": {"type": ["object", "null"]},
        "checks": {"$ref": "#/$defs/checks"},
    }  # fmt: skip
    either = [{"required": [key]} for key in ("each", "fields", "vars", "checks", "sort", "limit")]
    return _object(_explained({key: shapes[key] for key in GROUP_KEYS}, meanings_of_mappings.GROUP), anyOf=either)


class _Fields:
    """The left side of mappings that read: the fields of a document and of everything in it."""

    def __init__(self, defs: Schema, document: str, custom: tuple[str, ...]) -> None:
        self.defs = defs
        self.custom = custom
        self.suffix = f".{document}" if custom else ""

    def of(self, model: type[Canonical]) -> Schema:
        """The fields of one model, by their dotted names."""
        return _object(dict(self._entries(model, "")))

    def _entries(self, model: type[Canonical], before: str) -> Iterator[tuple[str, Schema]]:
        for name, field in fields_of(model).items():
            dotted = f"{before}{name}"
            if field.kind == CUSTOM:
                yield from ((f"{dotted}.{own}", _rule("A text of our own.")) for own in self.custom)
            elif field.model is None:
                yield dotted, _rule(f"{as_help(meaning(model, name))} {_told(field)}")
            elif field.is_list:
                yield dotted, self._part(model, name, field.model)
            else:
                yield dotted, self._part(model, name, field.model)
                yield from self._entries(field.model, f"{dotted}.")

    def _part(self, model: type[Canonical], name: str, inner: type[Canonical]) -> Schema:
        """A group for a field that has fields of its own."""
        said = as_help(meaning(model, name))
        return {"anyOf": [_group(self._named(inner)), _NOTHING], "description": said}

    def _named(self, model: type[Canonical]) -> Schema:
        """A reference to the fields of a model inside a document."""
        key = f"fields.{model.__name__}{self.suffix}"
        if key not in self.defs:
            self.defs[key] = {}  # it may hold itself
            self.defs[key] = self.of(model)
        return {"$ref": f"#/$defs/{key}"}


def _rule(description: str) -> Schema:
    return {"$ref": "#/$defs/value", "description": description}


def _told(field: CatalogueField) -> str:
    what = f"One of {', '.join(field.codes)}" if field.codes else field.kind.capitalize()
    return f"{what}{', a list' if field.is_list else ''}{'; a document must have it' if field.required else ''}."


def _writing(document: str, model: type[Canonical], custom: tuple[str, ...]) -> Schema:
    """The rules of mappings that write: any place of the format, on the right a field of the document."""
    fields = list(dict.fromkeys(_all_names(model, "", custom, ())))
    source = offered(fields)
    steps = {key: {"$ref": f"#/$defs/rule/properties/{key}"} for key in RULE_KEYS}
    rule = _object({**steps, "from": {"anyOf": [source, _TEXTS]}})
    here = {"$ref": f"#/$defs/out.{document}"}
    entry = {"anyOf": [source, _TEXTS, rule, _group(here), _NOTHING]}
    return {f"out.{document}": {"type": "object", "additionalProperties": entry}}


def _all_names(
    model: type[Canonical], before: str, custom: tuple[str, ...], above: tuple[type[Canonical], ...]
) -> Iterator[str]:
    """Every name that a rule may use somewhere in a document; inside a list they begin anew."""
    for name, field in fields_of(model).items():
        if field.kind == CUSTOM:
            yield from (f"{before}{name}.{own}" for own in custom)
        elif field.model is None:
            yield f"{before}{name}"
        elif field.model not in above:
            inside = partial(_all_names, custom=custom, above=(*above, field.model))
            yield from inside(field.model, "" if field.is_list else f"{before}{name}.")
