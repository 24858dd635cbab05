"""Which version of units a process makes and does."""

from gateway.store.schema import VERSION

PROTOCOL = 1
"""Grows when a unit means something else than before under the same name."""
UNIT_VERSION = f"{VERSION}.{PROTOCOL}"
"""A unit is done by a process of the version that made it, or made anew from the tables by a later one."""
