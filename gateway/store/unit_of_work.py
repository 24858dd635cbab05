"""One transaction at a time: the only way to the database."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from gateway.exchange.units import Owed
from gateway.kernel.errors import StoreError
from gateway.kernel.ids import PartnerId
from gateway.store.alerts import Alerts
from gateway.store.attempts import Attempts
from gateway.store.audit import AuditTrail, nothing_noted
from gateway.store.awaited import AwaitedAnswers
from gateway.store.backorders import Backorders
from gateway.store.bans import Bans
from gateway.store.beside import Beside
from gateway.store.cartons import Cartons
from gateway.store.channels import Channels
from gateway.store.clocks import Clocks
from gateway.store.copies import Copies
from gateway.store.customers import Customers
from gateway.store.debts import Debts
from gateway.store.exchange import Exchange
from gateway.store.expected_files import ExpectedFiles
from gateway.store.failures import explaining, readable
from gateway.store.goods import Goods
from gateway.store.invoices import Invoices
from gateway.store.looking import Looking
from gateway.store.master import Master
from gateway.store.moves import Moves
from gateway.store.notices import Notices
from gateway.store.orders import Orders
from gateway.store.owed import OwedDocuments
from gateway.store.planning import Planning
from gateway.store.pruning import Pruning
from gateway.store.readings import Readings
from gateway.store.receivables import Receivables
from gateway.store.remote_files import RemoteFiles
from gateway.store.returns import Returns
from gateway.store.session import Session
from gateway.store.shipments import Shipments
from gateway.store.site_values import SiteValues
from gateway.store.slices import Slices
from gateway.store.stock import StockLevels

BUSY_SECONDS = 30
POOL = 16
"""Connections that a process keeps: two for each worker, since numbers are reserved beside the unit of work."""
CONNECTION = {
    "connect_timeout": 10, "keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 25000, "application_name": "gateway",
}  # fmt: skip
SESSION = (
    f"SET lock_timeout = '{BUSY_SECONDS}s'; SET statement_timeout = '10min'; SET timezone = 'UTC'; "
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 25000"
)
"""Nobody waits for ever: who waits longer for a row is told so, and what a dead machine had locked is free in half a minute."""
Enqueue = Callable[[Connection, Sequence[Owed]], None]
"""Tells the engine, inside the transaction, which units follow from it."""


def tell_nobody(_connection: Connection, _owed: Sequence[Owed]) -> None:
    """For an engine that finds all units in the tables."""


class SqlUnitOfWork:
    """Everything inside commits together at ``commit`` or not at all."""

    def __init__(
        self, connection: Connection, enqueue: Enqueue = tell_nobody, beside: Beside | None = None
    ) -> None:  # fmt: skip
        self._connection = connection
        self._beside = beside
        self._tell = enqueue
        self._owed: dict[Owed, None] = {}
        self._then: list[Callable[[], None]] = []
        self._session = session = Session(connection)
        backorders, debts = Backorders(session), Debts(session)
        self.orders = Orders(session, backorders, debts)
        self.customers = Customers(session, self.orders, debts)
        self.master = Master(session)
        self.moves = Moves(session)
        self.stock = StockLevels(session, self.moves)
        self.goods = Goods(session, backorders)
        self.planning = Planning(session)
        self.shipments = Shipments(session)
        self.receivables = Receivables(session, debts)
        self.exchange = Exchange(session, self._owed)
        self.owed = OwedDocuments(session)
        self.cartons = Cartons(session)
        self.readings = Readings(session)
        self.returns = Returns(session)
        self.invoices = Invoices(session)
        self.slices = Slices(session)
        self._of_files_in_and_out(session)

    def _of_files_in_and_out(self, session: Session) -> None:
        """What stands beside the business: channels, what people are told, what they did."""
        self.channels = Channels(session)
        self.remote = RemoteFiles(session)
        self.attempts = Attempts(session)
        self.bans = Bans(session)
        self.alerts = Alerts(session)
        self.notices = Notices(session)
        self.awaited = AwaitedAnswers(session)
        self.clocks = Clocks(session)
        self.expected = ExpectedFiles(session)
        self.audit = AuditTrail(session, self._beside.head if self._beside is not None else nothing_noted)
        self.site = SiteValues(session)
        self.copies = Copies(session)
        self.pruning = Pruning(session)
        self.looking = Looking(session)

    def enqueue(self, kind: str, key: str, partner: PartnerId | None = None) -> None:
        """Let a unit follow from this one: it is told to the engine by the commit, or never."""
        self._owed[Owed(kind, key, partner)] = None

    def when_committed(self, then: Callable[[], None]) -> None:
        """Let something be said of what is done here, when it is surely done; else never."""
        self._then.append(then)

    def commit(self) -> None:
        """Make it so."""
        self._session.flush()
        self.orders.check()
        if self._owed:
            self._tell(self._connection, list(self._owed))
        self._owed.clear()
        head = self.audit.write()
        told, used = list(self._session.told), self._session.numbers.used()
        self._session.told.clear()
        if self._beside is not None and told:
            self._beside.before_commit(told)
        self._session.commit()
        if self._beside is not None and (used or head or told):
            last = [str(each["claim"]) for each in told if "claim" in each]
            self._beside.after_commit(used, head, last[-1] if last else None)
        then, self._then = self._then, []
        for each in then:
            each()

    def end(self) -> None:
        """What was not committed never was."""
        self._session.numbers.give_back(committed=False)


class SqlStore:
    """Opens units of work on one database; an engine is made once and shared by threads.

    ``enqueue`` is told what follows from a transaction, inside it. ``beside``: where it is noted how far it got.
    """

    def __init__(self, url: str, beside: Beside | None = None) -> None:
        self.url = url
        self.beside = beside
        self.engine = engine_for(url)
        self.enqueue: Enqueue = tell_nobody

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for what no unit of work does: looking after the database itself."""
        with explaining(self.url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def unit(self) -> Iterator[SqlUnitOfWork]:
        """A unit of work; what was not committed is rolled back at its end."""
        with explaining(self.url), self.engine.connect() as connection:
            work = SqlUnitOfWork(connection, self.enqueue, self.beside)
            try:
                yield work
            finally:
                work.end()


def engine_for(url: str) -> Engine:
    """An engine for a database of either kind; raises StoreError for a URL of any other."""
    return _sqlite(url) if url.startswith("sqlite") else _postgresql(readable(url, make_url))


def _sqlite(url: str) -> Engine:
    """Its transactions take their lock when they begin, so that no read is overtaken (rulings 7)."""
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

    @event.listens_for(engine, "checkin")
    def free(connection: Any, _record: Any) -> None:
        if connection is not None and connection.in_transaction:  # its commit was refused, and nobody else gets to work
            connection.rollback()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL) -> Engine:
    """READ COMMITTED with locked rows; a connection that broke is noticed before it is used."""
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise StoreError(
            f"'database.url' names a database of the kind '{url.get_backend_name()}'.",
            next_step="Use postgresql://user:password@host:5432/gateway or sqlite:///var/gateway.db.",
        )
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), connect_args=CONNECTION, isolation_level="READ COMMITTED",
        pool_size=POOL, max_overflow=2 * POOL, pool_pre_ping=True, pool_recycle=1800,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.autocommit = True
        connection.execute(SESSION)
        connection.autocommit = False

    return engine
