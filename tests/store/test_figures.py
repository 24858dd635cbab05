"""What is counted for whoever watches: on both databases, without writing, without waiting, and on indexes of what is open."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, create_engine, event, text

from gateway.kernel.errors import StoreError
from gateway.store import figures
from gateway.store.figures import looking

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
LARGE = ("orders", "receipts", "dispatches", "file_holds", "alerts", "clocks", "alert_notices")
"""Tables that grow with the history; the others are as large as the site."""


def test_of_an_empty_database_everything_is_nothing(database: str) -> None:
    with looking(database) as connection:
        found = figures.figures(connection, NOW)
    assert (found.outbox, found.outbox_oldest, found.waiting, found.waiting_oldest) == (0, 0.0, 0, 0.0)
    assert (found.holds, found.acks_overdue, found.channels, found.alerts, found.promises_late) == ({}, {}, {}, {}, {})
    assert (found.notices, found.workers, found.banned) == (0, 0, 0)


def test_who_looks_cannot_write(database: str) -> None:
    with pytest.raises(StoreError), looking(database) as connection:
        connection.execute(text("DELETE FROM workers"))


def test_a_database_that_is_away_is_told_in_a_sentence() -> None:
    with pytest.raises(StoreError), looking("sqlite:////nowhere/at/all.db"):
        pass


def test_no_question_reads_a_table_that_grows_from_end_to_end(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    """SQLite says how it would answer each question: by an index, whatever the history is."""
    if not database.startswith("sqlite"):
        return  # its planner reads small tables whole, and says so
    asked: list[tuple[str, object]] = []
    before = figures._engine

    def noting(url: str) -> Engine:
        engine = before(url)
        event.listen(engine, "before_cursor_execute", lambda _c, _k, said, words, *_: asked.append((said, words)))
        return engine

    monkeypatch.setattr(figures, "_engine", noting)
    with looking(database) as connection:
        figures.figures(connection, NOW)
    engine = create_engine(database)
    with engine.connect() as connection:
        for said, words in asked:
            plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", words)]  # type: ignore[arg-type]
            for step in plan:
                is_large = any(f" {table}" in f" {step} " for table in LARGE)
                assert not (step.startswith("SCAN") and is_large and "INDEX" not in step), (said, plan)
    engine.dispose()
    assert len(asked) > 10
