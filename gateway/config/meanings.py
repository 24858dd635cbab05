"""What each key of gateway.yaml and of a partner file is for."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.config.located import Section
from gateway.config.meanings_of_partners import PARTNERS
from gateway.config.meanings_of_settings import SETTINGS
from gateway.config.meanings_of_terms import TERMS

MEANINGS: Mapping[str, Mapping[str, str]] = MappingProxyType({**SETTINGS, **PARTNERS, **TERMS})
"""By the name of the section and the key as it is written."""


def meaning(model: type[Section], key: str) -> str:
    """What a key of a section is for, as the section or what it is made of says; empty where nothing is said."""
    said = (MEANINGS.get(each.__name__, {}).get(key) for each in model.__mro__)
    return next((found for found in said if found), "")
