"""JSON Schemas of gateway.yaml and the partner files, made of the models that read them.

Our YAML takes every scalar as text, an editor does not: where text is expected an editor may see a number or a
boolean, and where a number is expected a text that is one.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from gateway.config.located import Section
from gateway.config.meanings import meaning
from gateway.config.partner import Partner
from gateway.config.partner_documents import MAPPING
from gateway.config.settings import Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCALAR = ("string", "number", "boolean")
_TRUTHS = (True, False, "true", "false", "yes", "no", "on", "off")


def settings_schema() -> dict[str, Any]:
    """The schema of gateway.yaml."""
    return _schema(Settings, "gateway.yaml", ())


def partner_schema(mappings: Iterable[str] = ()) -> dict[str, Any]:
    """The schema of a partner file; ``mappings`` are offered where one is named."""
    return _schema(Partner, "A partner file", mappings)


def text(**more: Any) -> dict[str, Any]:
    """The schema of a text as an editor sees it."""
    return {"type": list(SCALAR), **more}


def words(known: Iterable[str]) -> dict[str, Any]:
    """The schema of one of some words; those that look like numbers or truths may be written without quotes."""
    return {"enum": [form for word in known for form in (word, *_bare(word))]}


def offered(known: Iterable[str], **more: Any) -> dict[str, Any]:
    """The schema of a text for which some are offered."""
    listed = list(known)
    return {"anyOf": [{"enum": listed}, text()], **more} if listed else text(**more)


def as_help(said: str) -> str:
    """A sentence of the reference pages as an editor shows it.

    >>> as_help("See [repairs](x12.md#repairs) for `BOM`.")
    "See repairs for 'BOM'."
    """
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", said).replace("`", "'")


def _bare(word: str) -> list[Any]:
    """What an editor takes a word for that is written without quotes, if not for text."""
    if re.fullmatch(r"-?\d+", word):
        return [int(word)]
    return [word == "true"] if word in ("true", "false") else []


class _Generator(GenerateJsonSchema):
    """Schemas for people who write YAML: each key says what it is for."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        for key, shape in made.get("properties", {}).items():
            if said := meaning(schema["cls"], key):
                shape["description"] = as_help(said)
        return made

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), "type": list(SCALAR)}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {**super().int_schema(schema), "type": ["integer", "string"], "pattern": r"^[+-]?\d+$"}

    def bool_schema(self, _schema: core_schema.BoolSchema) -> JsonSchemaValue:
        return {"enum": list(_TRUTHS)}

    def date_schema(self, _schema: core_schema.DateSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        return words(str(each) for each in schema["expected"])


def _schema(model: type[Section], title: str, mappings: Iterable[str]) -> dict[str, Any]:
    made = model.model_json_schema(schema_generator=_Generator)
    ready = _tidied(made, tuple(mappings))
    return {"$schema": DIALECT, **ready, "title": title}


def _tidied(node: Any, mappings: tuple[str, ...]) -> Any:
    """Without what only says the name again; documents and mappings by their names."""
    if isinstance(node, list):
        return [_tidied(each, mappings) for each in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("format") == MAPPING:
        return offered(mappings, minLength=1, description=node.get("description", "The name of a mapping."))
    result = {key: _tidied(value, mappings) for key, value in node.items() if not _is_noise(key, value)}
    if isinstance(result.get("description"), str):
        result["description"] = " ".join(result["description"].replace("``", "'").split())
    names = result.pop("propertyNames", {}).get("enum")
    if names is not None:
        result["properties"] = dict.fromkeys(names, result["additionalProperties"])
        result["additionalProperties"] = False
    return result


def _is_noise(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and not isinstance(value, str | int))
