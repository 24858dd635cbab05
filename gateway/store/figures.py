"""What stands open, counted for whoever watches: cheap questions, each on an index of what is open, that hold nobody up."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from gateway.exchange.channels import ChannelHealth
from gateway.exchange.expected import AnswerState
from gateway.exchange.promises import PromiseState
from gateway.store.failures import existing, explaining, readable
from gateway.store.moments import to_moment, to_text
from gateway.store.schema import (
    AWAITED,
    OPEN_ALERT,
    RUNNING,
    UNDELIVERED,
    UNREAD,
    UNSENT,
    WAITING,
    alert_notices,
    alerts,
    bans,
    channel_states,
    clocks,
    dispatches,
    file_holds,
    orders,
    receipts,
    workers,
)

SECONDS = 3
"""So long a question may take: who asks comes again soon."""
_ON_HOLD = "on_hold"


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """How one channel is, and when it last worked (seconds since 1970)."""

    is_well: bool
    last_ok: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands open at one moment; ages in seconds, 0 where nothing waits. Holds by kind and code, alerts by kind, severity and code."""

    holds: Mapping[tuple[str, ...], int]
    outbox: int
    outbox_oldest: float
    acks_overdue: Mapping[str, int]
    channels: Mapping[str, ChannelFigures]
    waiting: int
    waiting_oldest: float
    alerts: Mapping[tuple[str, ...], int]
    promises_late: Mapping[str, int]
    notices: int
    workers: int
    banned: int


@contextmanager
def looking(url: str) -> Iterator[Connection]:
    """A connection that only reads, takes no lock that others wait for, and gives up soon."""
    engine = _engine(url)
    with explaining(url), engine.connect() as connection:
        yield connection


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        options = f"-c statement_timeout={SECONDS}s -c default_transaction_read_only=on"
        return create_engine(
            readable(url, make_url).set(drivername="postgresql+psycopg"), poolclass=NullPool,
            connect_args={"connect_timeout": SECONDS, "application_name": "gateway-metrics", "options": options},
        )  # fmt: skip
    path = make_url(url).database
    engine = create_engine(existing(path or ""), poolclass=NullPool, connect_args={"timeout": SECONDS})

    @event.listens_for(engine, "connect")
    def reads(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    return engine


def figures(connection: Connection, now: datetime) -> Figures:
    """Everything that is counted."""
    holds = _counts(connection, select(file_holds.c.type, file_holds.c.code, func.count()).where(WAITING))
    on_hold = _one(connection, select(func.count()).select_from(orders).where(orders.c.status == _ON_HOLD))
    overdue = (AWAITED, dispatches.c.answer_due < to_text(now), dispatches.c.answer_state == AnswerState.OVERDUE.value)
    late = (RUNNING, clocks.c.due_at < to_text(now), clocks.c.state == PromiseState.MISSED.value)
    return Figures(
        holds={**holds, **({("ORDER", ""): on_hold} if on_hold else {})},
        outbox=_one(connection, select(func.count()).select_from(dispatches).where(UNDELIVERED)),
        outbox_oldest=_age(
            connection, select(dispatches.c.created_at).where(UNDELIVERED).order_by(dispatches.c.sequence), now
        ),
        acks_overdue=_named(connection, select(dispatches.c.document, func.count()).where(*overdue)),
        channels={
            row.key: ChannelFigures(
                row.state == ChannelHealth.OK.value, to_moment(row.last_ok).timestamp() if row.last_ok else None
            )
            for row in connection.execute(
                select(channel_states.c.key, channel_states.c.state, channel_states.c.last_ok)
            )
        },
        waiting=_one(connection, select(func.count()).select_from(receipts).where(UNREAD)),
        waiting_oldest=_age(
            connection, select(receipts.c.received_at).where(UNREAD).order_by(receipts.c.received_at), now
        ),
        alerts=_counts(
            connection, select(alerts.c.kind, alerts.c.severity, alerts.c.code, func.count()).where(OPEN_ALERT)
        ),
        promises_late=_named(connection, select(clocks.c.measure, func.count()).where(*late)),
        notices=_one(connection, select(func.count()).select_from(alert_notices).where(UNSENT)),
        workers=_one(connection, select(func.count()).select_from(workers)),
        banned=_one(connection, select(func.count()).select_from(bans).where(bans.c.banned_until > to_text(now))),
    )


def _one(connection: Connection, question: Select[Any]) -> int:
    return int(connection.execute(question).scalar() or 0)


def _age(connection: Connection, question: Select[Any], now: datetime) -> float:
    """How old the first is; a clock that was put back makes nothing younger than now."""
    since = connection.execute(question.limit(1)).scalar()
    return max(0.0, (now - to_moment(since)).total_seconds()) if since is not None else 0.0


def _named(connection: Connection, question: Select[Any]) -> dict[str, int]:
    asked = question.group_by(question.selected_columns[0])
    return {str(name): int(number) for name, number in connection.execute(asked)}


def _counts(connection: Connection, question: Select[Any]) -> dict[tuple[str, ...], int]:
    asked = question.group_by(*list(question.selected_columns)[:-1])
    return {tuple(map(str, names)): int(number) for *names, number in connection.execute(asked)}
