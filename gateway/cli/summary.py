"""What 'gateway run --once' did, for the person who gave the command."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gateway.cli import output
from gateway.cli.terminal.screen import is_watched
from gateway.kernel.words import counted


@dataclass(slots=True)
class Summary:
    """Counts what happens in a run; it is the observer of the flows. Units may run in any thread, one at a time."""

    files: int = 0
    orders: int = 0
    refused: int = 0
    held: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    sent: Counter[str] = field(default_factory=Counter)

    def __call__(self, event: str, facts: Mapping[str, object]) -> None:
        """Note one thing that happened."""
        if event == "file.received":
            self.files += 1
        elif event == "order.placed":
            self.orders += 1
            self.refused += facts.get("state") == "rejected"
        elif event in ("document.held", "document.not_written"):
            self.held[str(facts.get("code", ""))] += 1
        elif event == "document.rejected":
            self.rejected += 1
        elif event in ("document.sent", "ack.sent"):
            self.sent[str(facts.get("document", ""))] += 1

    def sentences(self) -> Iterator[str]:
        """What was done, each with the command that shows more.

        >>> summary = Summary(files=2, orders=1)
        >>> summary("ack.sent", {"document": "997"})
        >>> list(summary.sentences())
        ['2 files read, 1 new order.', 'Sent: 1 997.']
        >>> summary("order.placed", {"state": "rejected"})
        >>> list(summary.sentences())[1]
        "Refused: 1 new order; 'gateway orders show NUMBER' says why."
        """
        if not (self.files or self.orders or self.sent or self.held):
            yield "There was nothing to do."
            return
        yield f"{counted(self.files, 'file')} read, {counted(self.orders, 'new order')}."
        if self.refused:
            refused = counted(self.refused, "new order")
            yield f"Refused: {refused}; 'gateway orders show NUMBER' says why."
        if self.rejected:
            yield f"Rejected: {counted(self.rejected, 'X12 document')}; the sender is told which segment and why."
        if self.sent:
            yield f"Sent: {', '.join(f'{number} {name}' for name, number in self.sent.items())}."
        if self.held:
            codes = ", ".join(f"{number} {code}" for code, number in self.held.items())
            yield f"Waits for somebody: {codes}."

    def tell(self) -> None:
        """Say it to somebody at a terminal; a scheduler gets no mail about work that went well."""
        if not is_watched():
            return
        for each in self.sentences():
            output.talk(each)
        if self.held:
            output.suggest("gateway holds list")
        elif self.orders:
            output.suggest("gateway orders list")
        elif self.files:
            output.suggest("gateway files list")
