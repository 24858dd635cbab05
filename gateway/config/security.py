"""ISA01 to ISA04 of what we send: what a partner or its network asks for to let our interchanges in."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, PrivateAttr

from gateway.config.located import Section
from gateway.config.secrets import SecretSource, no_secret
from gateway.config.values import Qualifier
from gateway.kernel.errors import TransportError

LONGEST = 10
"""ISA02 and ISA04 have ten characters."""
NOTHING = ("00", "", "00", "")
Four = tuple[str, str, str, str]


def _none_or_named(value: Any) -> Any:
    return None if value == "" else no_secret(value)


Named = Annotated[SecretSource | None, BeforeValidator(_none_or_named)]


class Security(Section):
    """ISA01 to ISA04 of what we send; the values stand in a file or in the environment, and are never told."""

    isa01: Qualifier = "00"
    isa02: Named = None
    isa03: Qualifier = "00"
    isa04: Named = None

    _values: Four | None = PrivateAttr(None)
    _fault: str = PrivateAttr("")

    def known(self, directory: Path, environ: Mapping[str, str], separators: str) -> "Security":
        """The same with its values, where they can be read here and now and can stand in an ISA."""
        found = self.model_copy()
        fault = next((fault for _, fault in self.faults(directory, environ, separators)), "")
        found._fault = fault  # noqa: SLF001 - a copy of our own
        if not fault:
            said = [source.value(directory, environ) if source else "" for source in (self.isa02, self.isa04)]
            found._values = (self.isa01, said[0], self.isa03, said[1])  # noqa: SLF001 - same
        return found

    def faults(self, directory: Path, environ: Mapping[str, str], separators: str) -> Iterator[tuple[str, str]]:
        """What is wrong with each value, by its key; the value itself is never repeated."""
        for key, source in (("isa02", self.isa02), ("isa04", self.isa04)):
            if source is None:
                continue
            fault = source.fault(directory, environ)
            if not fault:
                fault = _misfit(source.value(directory, environ), separators)
            if fault:
                yield key, fault

    def written(self, partner: str) -> Four:
        """What leaves to a partner as ISA01 to ISA04; raises TransportError where it cannot be known here."""
        if self._values is None:
            raise TransportError(
                f"Nothing can be written to {partner}: 'x12.security' of its partner file cannot be used, for {self._fault or 'it was not read'}.",
                next_step="Let the secret stand where the partner file says; what waits leaves then by itself.",
            )
        return self._values


def _misfit(value: str, separators: str) -> str:
    if len(value) > LONGEST:
        return f"the value is too long; ISA02 and ISA04 have {LONGEST} characters"
    if not value.isascii() or not value.isprintable():
        return "the value has characters that cannot stand in an ISA"
    if any(each in value for each in separators):
        return "the value has a separator of this partner in it"
    return ""
