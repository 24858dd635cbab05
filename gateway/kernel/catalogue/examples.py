"""A message of each code as it is really given; made of what the tests produce (``python -m tests.codes.examples --write``)."""

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, str] = MappingProxyType({})
