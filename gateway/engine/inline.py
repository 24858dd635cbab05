"""The engine that works in this process, one unit after the other, until nothing is left to do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from gateway.flows.ports import UnitInfo, UnitOfWork
from gateway.kernel.errors import GatewayError
from gateway.kernel.ids import PartnerId

DONE, FAILED, WAITING = "done", "failed", "waiting"
Unit = tuple[str, str]


class InlineEngine:
    """Sweeps the tables that are the queue of truth; what was enqueued is among what the sweep finds (rulings 4).

    ``sweep`` gives the units that are due, as kind and key; ``handlers`` does one unit of a kind;
    ``stopping`` is asked between two units whether to leave the rest for later.
    """

    def __init__(
        self, *, sweep: Callable[[], Iterable[Unit]], handlers: Mapping[str, Callable[[str], None]],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._sweep = sweep
        self._handlers = handlers
        self._stopping = stopping
        self._units: dict[Unit, UnitInfo] = {}

    def enqueue(self, work: UnitOfWork, kind: str, key: str, *, partner: PartnerId | None = None) -> None:
        """Hasten a unit; it is done in the next drain, in any case not before its transaction commits."""
        del work, partner
        self._units.setdefault((kind, key), UnitInfo(kind, key, WAITING, 0))

    def units(self) -> list[UnitInfo]:
        """Every unit this engine has seen."""
        return list(self._units.values())

    def retry(self, kind: str, key: str) -> None:
        """Let a failed unit be tried again in this process."""
        known = self._units.get((kind, key))
        if known is not None and known.state == FAILED:
            self._units[kind, key] = replace(known, state=WAITING)

    def drain(self) -> int:
        """Do what is due until nothing new is; returns how many units failed. One that fails stops no other."""
        failed: set[Unit] = set()
        done: set[Unit] = set()
        while True:
            due = [unit for unit in self._sweep() if unit not in failed and unit not in done]
            if not due:
                return len(failed)
            for unit in due:
                if self._stopping():
                    return len(failed)
                (done if self._do(unit) else failed).add(unit)

    def _do(self, unit: Unit) -> bool:
        kind, key = unit
        before = self._units.get(unit, UnitInfo(kind, key, WAITING, 0))
        try:
            self._handlers[kind](key)
        except GatewayError as error:
            self._units[unit] = UnitInfo(kind, key, FAILED, before.attempts + 1, error.sentence)
            return False
        except Exception as error:  # noqa: BLE001 - a defect met by one file must not keep all others waiting
            sentence = f"this is a defect of the gateway: {type(error).__name__}: {error}"
            self._units[unit] = UnitInfo(kind, key, FAILED, before.attempts + 1, sentence)
            return False
        self._units[unit] = UnitInfo(kind, key, DONE, before.attempts + 1)
        return True
