"""Marks on types of the configuration: short forms that may be written, and names that are known.

Each mark says both how a value is read and how the JSON Schema shows it.
"""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError, core_schema

UNKNOWN_KEY = "unknown_key"


class Short:
    """Marks a section for which the text of one of its keys may be written alone."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put a text under its key."""
        return core_schema.no_info_before_validator_function(
            lambda value: {self.key: value} if isinstance(value, str) else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The text, or the section."""
        long = handler(schema)
        return {"anyOf": [handler.resolve_ref_schema(long)["properties"][self.key], long]}


class ByKind:
    """Marks a section that is one of several, by what its ``kind`` says; the first one where it says nothing."""

    def __init__(self, models: Mapping[str, type[BaseModel]]) -> None:
        self.models = models

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read it with the model of its kind, so that all that is said about it is about that one."""
        return core_schema.no_info_before_validator_function(self._read, handler(source))

    def _read(self, value: Any) -> Any:
        if isinstance(value, tuple(self.models.values())):
            return value
        first = next(iter(self.models))
        kind = value.get("kind", first) if isinstance(value, dict) else first
        if kind in self.models:
            return self.models[kind].model_validate(value)
        words: InitErrorDetails = {
            "type": "literal_error", "loc": ("kind",), "input": kind, "ctx": {"expected": ", ".join(self.models)}
        }  # fmt: skip
        raise ValidationError.from_exception_data("kind", [words])


class KnownKey:
    """Marks the keys of a mapping that has one of some names; another one is told as an unknown key."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Refuse what is not known."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The names."""
        return {"type": "string", "enum": list(self.known)}

    def _check(self, key: str) -> str:
        if key not in self.known:
            raise PydanticCustomError(UNKNOWN_KEY, "unknown key", {"known": " ".join(self.known)})
        return key


class ForEach:
    """Marks a mapping for which one list may be written: it is meant for every key."""

    def __init__(self, keys: Collection[str]) -> None:
        self.keys = keys

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put a list under every key."""
        return core_schema.no_info_before_validator_function(
            lambda value: dict.fromkeys(self.keys, value) if isinstance(value, list) else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The list, or the mapping."""
        each = handler(schema)
        return {"anyOf": [each["additionalProperties"], each]}


class OneOrMany:
    """Marks a list for which a single entry may be written."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put a single entry into a list."""
        return core_schema.no_info_before_validator_function(
            lambda value: value if isinstance(value, list | tuple) else [value], handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """One entry, or the list."""
        many = handler(schema)
        return {"anyOf": [many["items"], many]} if "items" in many else many
