"""Marks on types of the configuration: short forms that may be written, and names that are known.

Each mark says both how a value is read and how the JSON Schema shows it.
"""

from collections.abc import Collection
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

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
