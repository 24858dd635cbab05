"""What the clock brings: each kind of thing that becomes due without a file, found and done in a transaction of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.flows import accounts, advance, dunning
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber

Unit = tuple[str, str]
AT_ONCE = 100
"""Orders that one transaction looks at."""


@dataclass(frozen=True, slots=True)
class Due:
    """One kind: ``find`` gives the keys that are to be looked at now, ``act`` does what is due of one key.

    A key is looked at once in a run; one that must be looked at again when its order changed carries the version
    of the order, as ``orders_key`` makes it.
    """

    find: Callable[[Workbench, UnitOfWork], list[str]]
    act: Callable[[Workbench, UnitOfWork, str], None]


def orders_key(found: list[tuple[OrderNumber, int]]) -> list[str]:
    """Keys of so many orders at once, each with its version."""
    said = [f"{number}@{version}" for number, version in found]
    return [" ".join(said[at : at + AT_ONCE]) for at in range(0, len(said), AT_ONCE)]


def orders_of(key: str) -> list[OrderNumber]:
    """The orders of a key."""
    return [OrderNumber(each.partition("@")[0]) for each in key.split()]


def _unreleased(_bench: Workbench, work: UnitOfWork) -> list[str]:
    return orders_key(work.orders.unreleased())


def _release(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Release to the warehouses what has become due since the decision."""
    for number in orders_of(key):
        order = work.orders.get(number)
        partner = bench.partner(order.partner) if order else None
        if order is not None and partner is not None:
            advance.release_due(bench, work, partner, order, advance.Step(now=bench.clock(), who="schedule"))


DUE: Mapping[str, Due] = MappingProxyType(
    {
        "release": Due(_unreleased, _release),
        "credits": Due(accounts.credits_due, accounts.apply_due),
        "dunning": Due(dunning.due, dunning.remind),
    }
)
"""Each kind by the name its units have; done in this order."""


def found(bench: Workbench, work: UnitOfWork) -> list[Unit]:
    """Everything to be looked at now."""
    return [(kind, key) for kind, due in DUE.items() for key in due.find(bench, work)]


def act(bench: Workbench, kind: str, key: str) -> None:
    """Do one unit."""
    with bench.store.unit() as work:
        DUE[kind].act(bench, work, key)
        work.commit()
