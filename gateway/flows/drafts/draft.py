"""What a draft is made of: the text of a partner file, perhaps a mapping to be completed, and what to tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gateway.config.settings import Us
from gateway.config.yaml_text import Value, written

COMMENT = "# "


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of a partner, what it is called, and who we are where that is known."""

    name: str
    content: bytes
    us: Us | None = None

    def stem(self) -> str:
        """The file's name without its ending, as it may be part of a mapping's name."""
        stem = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in Path(self.name).stem)
        return stem.strip("-").lower() or "file"


@dataclass(frozen=True, slots=True)
class DraftedMapping:
    """A mapping that somebody completes: its name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A partner to be completed: ``x12`` as in the file, ``documents`` its lines, ``notes`` what to tell about it.

    ``documents`` leave a drafted mapping out until somebody has completed it; ``complete`` are the lines that name it.
    """

    x12: Mapping[str, Value] = field(default_factory=dict)
    documents: Sequence[str] = ()
    complete: Sequence[str] = ()
    mapping: DraftedMapping | None = None
    notes: tuple[str, ...] = ()

    def completed(self) -> "Draft":
        """The draft with its mapping in use, because nothing is missing in it."""
        return replace(self, documents=self.complete or self.documents)

    def text(self, partner: str, source: str = "") -> str:
        """The partner file: a draft, so that nothing is read or sent before somebody has looked at it."""
        lines = [
            f"# Drafted from {source}: look at every line of it."
            if source
            else "# Everything not written here has a default."
        ]
        lines += ["gateway: 1", f"partner: {written(partner)}", f"name: {written(partner)}"]
        lines += ["# draft: nothing is read or sent yet. Set it to 'testing', later to 'live'.", "status: draft"]
        if self.x12:
            lines += ["x12:", *(f"  {key}: {written(value)}" for key, value in self.x12.items())]
        if self.documents:
            lines += ["documents:", *(f"  {line}" for line in self.documents)]
        return "\n".join(lines) + "\n"


def commented(lines: Sequence[str]) -> list[str]:
    """Lines that do not count until somebody takes the mark away."""
    return [f"{COMMENT}{line}" for line in lines]
