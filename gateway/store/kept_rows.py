"""Rows of one table that are read together, changed in memory and written together, each found by its key."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update

from gateway.store.session import Session
from gateway.store.statements import InRows, Prepared

NEW, CHANGED, SAME = "new", "changed", "same"
Key = tuple[str, ...]
Row = Mapping[str, Any]


class KeptRows:
    """The rows of a table that a unit of work changes next; they are locked when they are read.

    A key that was not learned is not known here: neither what is in the database nor that nothing is.
    """

    def __init__(self, session: Session, table: Table) -> None:
        self._session = session
        self._table = table
        self._names = tuple(column.name for column in table.primary_key.columns)
        self._kept: dict[Key, Row | None] = {}
        self._new: dict[Key, None] = {}
        self._changed: dict[Key, None] = {}
        session.keeps(write=self.write, forget=self.forget)

    @property
    def waits(self) -> bool:
        """Whether something is still to be written."""
        return bool(self._new or self._changed)

    def learn(self, keys: Iterable[Key]) -> None:
        """Read the rows of these keys, all with one statement."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._kept]
        if missing:
            given = {"keys": self._session.listed_rows(missing)}
            self.keep(missing, self._session.rows(_find(self._table), given))

    def keep(self, keys: Iterable[Key], rows: Iterable[Any]) -> None:
        """Take what was read and locked elsewhere: these rows, and that there are no others of these keys."""
        self._kept |= dict.fromkeys(key for key in keys if key not in self._kept)
        for row in rows:
            found = row._asdict()
            self._kept[tuple(found[name] for name in self._names)] = found

    def knows(self, key: Key) -> bool:
        """Whether it is known what stands under a key."""
        return key in self._kept

    def row(self, key: Key) -> Row | None:
        """The row of a key that is known."""
        return self._kept[key]

    def put(self, key: Key, values: Row) -> str:
        """Insert or update the row of a key that is known; says whether it was new, changed or the same."""
        before = self._kept[key]
        if before is None:
            self._kept[key] = {**dict(zip(self._names, key, strict=True)), **values}
            self._new[key] = None
            return NEW
        if all(before[name] == value for name, value in values.items()):
            return SAME
        self._kept[key] = {**before, **values}
        if key not in self._new:
            self._changed[key] = None
        return CHANGED

    def write(self) -> None:
        """Hand over what is to be written, in an order that is always the same."""
        for key in sorted(self._new):
            row = self._kept[key] or {}
            self._session.add(_add(self._table, tuple(row)), row)
        for key in sorted(self._changed):
            row = self._kept[key] or {}
            known = {f"known_{name}": value for name, value in zip(self._names, key, strict=True)}
            new = {f"new_{name}": value for name, value in row.items() if name not in self._names}
            self._session.add(_change(self._table), known | new)
        self._new.clear()
        self._changed.clear()

    def forget(self) -> None:
        """Drop what was read; nothing of it may wait."""
        self._kept.clear()


@cache
def _find(table: Table) -> Prepared:
    keys = list(table.primary_key.columns)
    return Prepared(select(table).where(InRows(keys, "keys")).order_by(*keys).with_for_update())


@cache
def _add(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).values({name: bindparam(name) for name in names}))


@cache
def _change(table: Table) -> Prepared:
    mine = [column == bindparam(f"known_{column.name}") for column in table.primary_key.columns]
    new: dict[str, Any] = {
        column.name: bindparam(f"new_{column.name}")
        for column in table.columns
        if column.name not in table.primary_key.columns
    }
    return Prepared(update(table).where(*mine).values(new))
