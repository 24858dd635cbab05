"""The partners: customers who drop files all the time, and hungry ones who take and delete every file the moment it is there."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.scene import CUSTOMERS, OUTBOXES, Customer, Scene, Sent

HUNGER = 0.005
"""Seconds between two looks into an outbox."""
WAITING = 6
"""A customer brings nothing new while so many of the files it brought are not taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as its receiver took it."""

    partner: str
    name: str
    content: bytes


@dataclass(slots=True)
class Crowd:
    """Everybody around a house, each in a thread of its own; ``sent`` and ``taken`` grow while they are at work.

    Who is ``away`` takes nothing.
    """

    scene: Scene
    seed: int
    sent: list[Sent] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    away: set[str] = field(default_factory=set)
    customers: dict[str, Customer] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _ordering: threading.Event = field(default_factory=threading.Event)
    _eating: threading.Event = field(default_factory=threading.Event)
    _most: int = 10**9

    def __post_init__(self) -> None:
        self.customers.update((name, Customer(name, self.seed)) for name in CUSTOMERS)

    def begin(self, *, most: int = 10**9, pause: float = 0.1) -> None:
        """Let everybody begin; each customer brings at most so many files, with a pause after each."""
        self._most = most
        for partner in OUTBOXES:
            self._start(f"eat-{partner}", self._eat, partner)
        for partner in CUSTOMERS:
            self._start(f"order-{partner}", self._order, partner, pause)

    def enough(self) -> None:
        """No customer brings anything new; what is there and what comes is still taken."""
        self._ordering.set()
        for each in self._threads:
            if each.name.startswith("order-"):
                each.join()

    def end(self) -> None:
        """Everybody goes home."""
        self.enough()
        self._eating.set()
        for each in self._threads:
            each.join()

    def send(self, partner: str, file: Sent) -> None:
        """One file by hand."""
        self.sent.append(file)
        self.scene.drop(partner, file.name, file.content)

    def _start(self, name: str, act: Callable[..., None], *arguments: object) -> None:
        def guarded() -> None:
            try:
                act(*arguments)
            except Exception as error:  # noqa: BLE001 - a partner that falls over must be seen
                self.faults.append(f"{name}: {type(error).__name__}: {error}")

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _order(self, partner: str, pause: float) -> None:
        customer = self.customers[partner]
        inbox = self.scene.folder / "inbox" / partner
        for _ in range(self._most):
            while len(list(inbox.iterdir())) >= WAITING and not self._ordering.is_set():
                time.sleep(pause)
            if self._ordering.is_set():
                return
            self.send(partner, customer.file())
            self._ordering.wait(pause)

    def _eat(self, partner: str) -> None:
        outbox = self.scene.folder / "outbox" / partner
        while not self._eating.wait(HUNGER):
            if partner not in self.away and outbox.is_dir():
                self._take(partner, outbox)

    def _take(self, partner: str, outbox: Path) -> None:
        """Take and delete what lies there, but what is hidden."""
        for path in sorted(outbox.iterdir()):
            if path.name.startswith(".") or path.name.endswith(".part"):
                continue
            content = path.read_bytes()
            path.unlink()
            self.taken.append(Taken(partner, path.name, content))
            if partner == "warehouse":
                self._ship(path.name, content.decode())

    def _ship(self, name: str, picks: str) -> None:
        """Pick and ship at once all that a pick list says."""
        titles, *rows = [line.split(",") for line in picks.splitlines()]
        cells = [dict(zip(titles, row, strict=True)) for row in rows]
        lines = ["shipment_number,order_number,line,sku,quantity,uom,ship_date,warehouse"]
        for cell in cells:
            shipment = f"{cell['warehouse']}-{cell['order_number']}"
            kept = (cell[key] for key in ("order_number", "line", "sku", "quantity", "uom"))
            lines.append(",".join([shipment, *kept, "2026-11-20", cell["warehouse"]]))
        self.scene.drop("warehouse", f"shipped-{name}", ("\n".join(lines) + "\n").encode())
