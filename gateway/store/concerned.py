"""What a change of the configuration concerns: what of each partner is open, and which documents a mapping has read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.exc import DBAPIError

from gateway.kernel.errors import StoreError
from gateway.store.failures import explained
from gateway.store.inspected import engine_to_look, schema_of
from gateway.store.schema import AWAITED, UNDELIVERED, VERSION, WAITING, dispatches, file_holds, orders
from gateway.store.schema import read_documents as documents

_DONE = ("closed", "paid", "cancelled", "rejected")


@dataclass(frozen=True, slots=True)
class Open:
    """What of a partner is not done yet; ``leaving`` are the files that are to leave, by their channel."""

    orders: int = 0
    holds: int = 0
    awaited: int = 0
    leaving: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Concerned:
    """What is open of each partner, and how many documents each mapping has read."""

    partners: Mapping[str, Open] = field(default_factory=dict)
    read: Mapping[str, int] = field(default_factory=dict)


def concerned(url: str, partners: Iterable[str], mappings: Iterable[str]) -> Concerned | StoreError:
    """What a database says; nothing is changed. A database without tables of this version knows of nothing."""
    try:
        engine = engine_to_look(url)
    except StoreError as error:
        return error
    try:
        with engine.connect() as connection:
            if schema_of(connection) != VERSION:
                return StoreError("The database is not of this version.", next_step="gateway db upgrade")
            return Concerned(
                {each: _open(connection, each) for each in partners},
                {each: _count(connection, documents, documents.c.mapping == each) for each in mappings},
            )
    except DBAPIError as error:
        return explained(error, url)
    finally:
        engine.dispose()


def _open(connection: Connection, partner: str) -> Open:
    by_channel = (
        select(dispatches.c.channel, func.count())
        .where(UNDELIVERED, dispatches.c.partner == partner)
        .group_by(dispatches.c.channel)
    )
    return Open(
        orders=_count(connection, orders, orders.c.partner == partner, orders.c.status.not_in(_DONE)),
        holds=_count(connection, file_holds, WAITING, file_holds.c.partner == partner),
        awaited=_count(connection, dispatches, AWAITED, dispatches.c.partner == partner),
        leaving={str(channel): int(number) for channel, number in connection.execute(by_channel)},
    )


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar() or 0)
