"""What two transactions at once must not both do on PostgreSQL; on SQLite a transaction is alone from its beginning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from sqlalchemy import Connection, bindparam, select, text

from gateway.kernel.errors import ConflictError
from gateway.store.schema import orders

_LOCK = text("SELECT pg_advisory_xact_lock(each) FROM unnest(CAST(:names AS bigint[])) AS each")
_PLACED = select(
    orders.c.number, orders.c.po_number, orders.c.release_number, orders.c.purpose, orders.c.placed_at
).where(
    orders.c.partner == bindparam("of"), orders.c.test == bindparam("in_test"),
    orders.c.po_number.in_(bindparam("po_numbers", expanding=True)),
)  # fmt: skip
_BUCKETS = 256
"""Keys of orders are locked in so many drawers for each partner: a big file must not fill the server's table of locks."""
Key = tuple[tuple[str, str], ...]
"""Columns and values that tell one order of a partner from another: what the agreement calls a duplicate."""


def is_shared(connection: Connection) -> bool:
    """Whether others may write at the same time."""
    return connection.dialect.name == "postgresql"


def alone_with(connection: Connection, names: Iterable[str]) -> None:
    """Wait until nobody else is at things of these names, and have them until the transaction ends."""
    if is_shared(connection) and (wanted := sorted({_number(name) for name in names})):
        connection.execute(_LOCK, {"names": wanted})


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


@dataclass(slots=True)
class _Asked:
    """What a unit of work saw when it asked for the orders of a key."""

    since: str
    found: set[str] = field(default_factory=set)


class KeysOfOrders:
    """Which orders of a key a unit of work saw before it placed one more: at its end there must be no others.

    Keys are locked only then, all at once and in order, so that units are in each other's way for no longer than a commit.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._asked: dict[tuple[str, bool, Key], _Asked] = {}
        self._own: set[str] = set()

    def seen(
        self, partner: str, key: Mapping[str, str], *, test: bool, since: str, found: Iterable[str]
    ) -> None:  # fmt: skip
        """These are the orders of a key as of now."""
        if is_shared(self._connection):
            asked = self._asked.setdefault((partner, test, tuple(sorted(key.items()))), _Asked(since))
            asked.found.update(found)

    def added(self, number: str) -> None:
        """An order of this unit of work."""
        self._own.add(number)

    def check(self) -> None:
        """Raise ConflictError when another transaction placed an order under one of the keys; the last thing before a commit."""
        if self._own and self._asked:
            alone_with(self._connection, (_drawer(partner, key) for partner, _, key in self._asked))
            for partner, test in sorted({(partner, test) for partner, test, _ in self._asked}):
                self._check(partner, test=test)
        self._asked.clear()
        self._own.clear()

    def _check(self, partner: str, *, test: bool) -> None:
        mine = {key: asked for (of, as_test, key), asked in self._asked.items() if (of, as_test) == (partner, test)}
        names = {tuple(name for name, _ in key) for key in mine}
        numbers = sorted({value for key in mine for name, value in key if name == "po_number"})
        for row in self._connection.execute(_PLACED, {"of": partner, "in_test": test, "po_numbers": numbers}):
            for columns in names:
                asked = mine.get(tuple((name, getattr(row, name)) for name in columns))
                known = asked is None or row.placed_at < asked.since or row.number in asked.found | self._own
                if not known:
                    raise ConflictError(
                        f"{partner} ordered {row.po_number} in another file at the same moment; nothing was done.",
                        next_step="Try again.",
                    )


def _drawer(partner: str, key: Key) -> str:
    return f"order:{partner}:{_number(repr(key)) % _BUCKETS}"
