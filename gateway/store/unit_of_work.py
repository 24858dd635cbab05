"""One transaction at a time: the only way to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError

from gateway.kernel.errors import StoreError
from gateway.store.cartons import Cartons
from gateway.store.customers import Customers
from gateway.store.exchange import Exchange
from gateway.store.goods import Goods
from gateway.store.invoices import Invoices
from gateway.store.master import Master
from gateway.store.moves import Moves
from gateway.store.orders import Orders
from gateway.store.owed import OwedDocuments
from gateway.store.planning import Planning
from gateway.store.readings import Readings
from gateway.store.receivables import Receivables
from gateway.store.returns import Returns
from gateway.store.shipments import Shipments
from gateway.store.stock import StockLevels

BUSY_SECONDS = 30


class SqlUnitOfWork:
    """Everything inside commits together at ``commit`` or not at all."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.orders = Orders(connection)
        self.customers = Customers(connection)
        self.master = Master(connection)
        self.moves = Moves(connection)
        self.stock = StockLevels(connection, self.moves)
        self.goods = Goods(connection)
        self.planning = Planning(connection)
        self.shipments = Shipments(connection)
        self.receivables = Receivables(connection)
        self.exchange = Exchange(connection)
        self.owed = OwedDocuments(connection)
        self.cartons = Cartons(connection)
        self.readings = Readings(connection)
        self.returns = Returns(connection)
        self.invoices = Invoices(connection)

    def commit(self) -> None:
        """Make it so."""
        self.exchange.flush()
        self.owed.flush()
        self.planning.flush()
        self.stock.flush()
        self.moves.flush()
        self._connection.commit()
        self.stock.forget()


class SqlStore:
    """Opens units of work on one database; an engine is made once and shared by threads."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)

    @contextmanager
    def unit(self) -> Iterator[SqlUnitOfWork]:
        """A unit of work; what was not committed is rolled back at its end."""
        try:
            with self.engine.connect() as connection:
                yield SqlUnitOfWork(connection)
        except DatabaseError as error:
            raise StoreError(
                f"The database could not be used: {error.orig}.",
                next_step="If another program has it open, close that first; else look at the disk and its rights.",
            ) from error


def engine_for(url: str) -> Engine:
    """An engine whose transactions take their lock when they begin, so that no read is overtaken (rulings 7)."""
    if not url.startswith("sqlite"):
        return create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
