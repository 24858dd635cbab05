"""The engine that works in this process, one unit after the other, until nothing is left to do."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import Any

from gateway.exchange.units import UnitInfo
from gateway.kernel.errors import GatewayError

DONE, FAILED, WAITING = "done", "failed", "waiting"
MOST_TOGETHER = 100
"""How many units of one kind are done at once: what a batch costs is shared by them, and a stop waits for no more."""
Unit = tuple[str, str]
Together = Callable[[Sequence[str]], Mapping[Any, GatewayError]]
"""Does several units of a kind and says which failed; as safe to repeat as one."""
NOTHING_TOGETHER: Mapping[str, Together] = MappingProxyType({})
Apart = Callable[[str, str], Sequence[str]]
"""Makes a unit of each member of one of this kind and key; their keys, none where it has no members."""


class InlineEngine:
    """Sweeps the tables that are the queue of truth; what was enqueued is among what the sweep finds (rulings 4).

    ``sweep`` gives the units that are due, as kind and key; ``handlers`` does one unit of a kind, ``together`` several
    that follow each other; ``apart`` makes units of the members of one that failed; ``stopping`` is asked between two
    steps whether to leave the rest for later.
    """

    def __init__(
        self, *, sweep: Callable[[], Iterable[Unit]], handlers: Mapping[str, Callable[[str], None]],
        together: Mapping[str, Together] = NOTHING_TOGETHER, apart: Apart = lambda _kind, _key: (),
        stopping: Callable[[], bool] = lambda: False, last: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._sweep = sweep
        self._handlers = handlers
        self._together = together
        self._apart = apart
        self._stopping = stopping
        self._last = last
        self._units: dict[Unit, UnitInfo] = {}
        self._faults: dict[Unit, GatewayError] = {}

    def units(self) -> list[UnitInfo]:
        """Every unit this engine has seen."""
        return list(self._units.values())

    def faults(self) -> list[GatewayError]:
        """What went wrong with those units that failed."""
        return list(self._faults.values())

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
            for kind, keys in self._steps([unit for unit in due if unit[0] not in self._last] or due):
                if self._stopping():
                    return len(failed)
                for key, fault in self._do(kind, keys):
                    self._note(kind, key, fault)
                    (failed if fault else done).add((kind, key))

    def _steps(self, due: Iterable[Unit]) -> Iterator[tuple[str, list[str]]]:
        """What is done at once."""
        for kind, units in groupby(due, key=lambda unit: unit[0]):
            keys = [key for _, key in units]
            most = MOST_TOGETHER if kind in self._together else 1
            yield from ((kind, keys[at : at + most]) for at in range(0, len(keys), most))

    def _do(self, kind: str, keys: list[str]) -> Iterator[tuple[str, GatewayError | None]]:
        """Each unit with what went wrong, or None; where several fail at once each is tried by itself."""
        try:
            if kind in self._together:
                faults = self._together[kind](keys)
            else:
                self._handlers[kind](keys[0])
                faults = {}
        except Exception as error:  # noqa: BLE001 - a defect met by one file must not keep all others waiting
            members = keys if len(keys) > 1 else self._apart(kind, keys[0])
            if members:
                for key in members:
                    yield from self._do(kind, [key])
                if len(keys) == 1:
                    yield keys[0], None  # its members stand for it now
                return
            defect = f"this is a defect of the gateway: {type(error).__name__}: {error}"
            yield keys[0], error if isinstance(error, GatewayError) else GatewayError(defect)
            return
        yield from ((key, faults.get(key)) for key in keys)

    def _note(self, kind: str, key: str, fault: GatewayError | None) -> None:
        before = self._units.get((kind, key), UnitInfo(kind, key, WAITING, 0))
        state, said = (DONE, "") if fault is None else (FAILED, fault.sentence)
        self._units[kind, key] = UnitInfo(kind, key, state, before.attempts + 1, said)
        self._faults.pop((kind, key), None)
        if fault is not None:
            self._faults[kind, key] = fault
