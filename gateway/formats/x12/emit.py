"""Write interchanges: envelope, counts and numbers are ours, the bodies are the mapping's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.formats.x12.delimiters import Separators

COMPONENT = "\ufdd0"
"""Between the components of an element in a body; the interchange's own separator takes its place."""

REPETITION = "\ufdd1"
"""Between the repetitions of an element in a body; the interchange's own separator takes its place."""

_VERSIONS_WITH_REPETITION = "00402"
_ID_LENGTH = 15


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, in which version, with which separators; ``after_segment`` is decoration ("", LF or CRLF)."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    group_sender: str
    group_receiver: str
    version: str
    usage: str
    separators: Separators
    after_segment: str = ""


@dataclass(frozen=True, slots=True)
class Emitted:
    """The bytes, and what of the data could not be written as it was."""

    content: bytes
    warnings: tuple[str, ...]


def interchange(
    envelope: Envelope, *, functional_id: str, set_id: str, sets: Iterable[Iterable[Sequence[str]]], isa13: int,
    gs06: int, now: datetime,
) -> Emitted:  # fmt: skip
    """One interchange with one group of sets; ``sets`` are bodies without ST and SE, ``now`` is local time.

    SE01, GE01 and IEA01 are counted here, ST02 runs from 0001.
    """
    writer = _Writer(envelope)
    writer.isa(isa13, now)
    group = ["GS", functional_id, envelope.group_sender, envelope.group_receiver, f"{now:%Y%m%d}", f"{now:%H%M}",
             str(gs06), "X", envelope.version]  # fmt: skip
    writer.write(group)
    count = 0
    for count, body in enumerate(sets, start=1):
        before = writer.count
        writer.write(["ST", set_id, f"{count:04d}"])
        for segment in body:
            writer.write(segment)
        writer.write(["SE", str(writer.count - before + 1), f"{count:04d}"])
    writer.write(["GE", str(count), str(gs06)])
    writer.write(["IEA", "1", f"{isa13:09d}"])
    return Emitted(writer.content(), tuple(writer.warnings))


def standalone_ta1(envelope: Envelope, ta1_segment: Sequence[str], *, isa13: int, now: datetime) -> bytes:
    """A TA1 alone in its interchange: IEA01 0, ISA14 0 (rulings 14)."""
    writer = _Writer(envelope)
    writer.isa(isa13, now)
    writer.write(ta1_segment)
    writer.write(["IEA", "0", f"{isa13:09d}"])
    return writer.content()


class _Writer:
    """Segments to text, with the delimiters kept out of the data."""

    def __init__(self, envelope: Envelope) -> None:
        self.envelope = envelope
        self.separators = envelope.separators
        self.parts: list[str] = []
        self.count = 0
        self.warnings: list[str] = []
        self.reserved = {
            self.separators.element, self.separators.component, self.separators.terminator, *self._repetition()
        }  # fmt: skip

    def _repetition(self) -> tuple[str, ...]:
        return (self.separators.repetition,) if self._repeats() else ()

    def _repeats(self) -> bool:
        return bool(self.separators.repetition) and self._interchange_version() >= _VERSIONS_WITH_REPETITION

    def _interchange_version(self) -> str:
        return self.envelope.version[:5]

    def isa(self, control: int, now: datetime) -> None:
        """The ISA in its fixed width; ISA14 is 0: we ask for no TA1."""
        envelope = self.envelope
        fields = [
            "ISA", "00", " " * 10, "00", " " * 10,
            envelope.sender_qualifier, self._clean(envelope.sender, "ISA06").ljust(_ID_LENGTH)[:_ID_LENGTH],
            envelope.receiver_qualifier, self._clean(envelope.receiver, "ISA08").ljust(_ID_LENGTH)[:_ID_LENGTH],
            f"{now:%y%m%d}", f"{now:%H%M}", self.separators.repetition if self._repeats() else "U",
            self._interchange_version(), f"{control:09d}", "0", envelope.usage,
        ]  # fmt: skip
        text = self.separators.element.join([*fields, self.separators.component])
        self.parts.append(text + self.separators.terminator + envelope.after_segment)

    def write(self, segment: Sequence[str]) -> None:
        """One segment without empty elements at its end."""
        elements = [self._element(value, f"{segment[0]}{at:02d}") for at, value in enumerate(segment)]
        while len(elements) > 1 and not elements[-1]:
            elements.pop()
        self.parts.append(
            self.separators.element.join(elements) + self.separators.terminator + self.envelope.after_segment
        )
        self.count += 1

    def content(self) -> bytes:
        """Everything written so far."""
        return "".join(self.parts).encode("utf-8")

    def _element(self, value: str, where: str) -> str:
        if COMPONENT not in value and REPETITION not in value:
            return self._clean(value, where)
        repeated = [self._components(part, where) for part in value.split(REPETITION)]
        return self.separators.repetition.join(repeated).rstrip(self.separators.repetition)

    def _components(self, value: str, where: str) -> str:
        cleaned = [self._clean(part, where) for part in value.split(COMPONENT)]
        return self.separators.component.join(cleaned).rstrip(self.separators.component)

    def _clean(self, value: str, where: str) -> str:
        bad = [character for character in value if character in self.reserved or not character.isprintable()]
        if not bad:
            return value.rstrip() if value.endswith(" ") else value
        for character in dict.fromkeys(bad):
            value = value.replace(character, " ")
        self.warnings.append(f"{where}: a character that separates segments or elements was replaced by a blank")
        return value.strip()
