"""The moment a command acts or judges at: now, or what ``--now`` says."""

from datetime import UTC, datetime

from gateway.kernel.clock import Clock, fixed_clock, system_clock
from gateway.kernel.errors import UsageError


def clock_of(now: str | None) -> Clock:
    """The clock of a command: the system's, or one that stands still at ``--now``."""
    if now is None:
        return system_clock
    try:
        moment = datetime.fromisoformat(now)
    except ValueError as error:
        raise UsageError(f"--now '{now}' is not a moment.", next_step="Write it like 2026-11-21T12:00:00Z.") from error
    return fixed_clock((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
