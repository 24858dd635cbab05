"""How logs are written: JSON lines on stderr, or coloured text on a terminal; never file content, never a secret."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from gateway.files.names import visible
from gateway.kernel.hiding import redacted

Event = MutableMapping[str, Any]


def configure(*, verbose: bool) -> None:
    """Set up structlog once for this process; without ``verbose`` only warnings are shown."""
    level = logging.INFO if verbose else logging.WARNING
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            harmless,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def harmless(_logger: object, _method: str, event: Event) -> Event:
    """Every text of an event on one line, without what a terminal would obey and without known secrets."""
    for name, value in event.items():
        event[name] = _harmless(value)
    return event


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return visible(redacted(value))
    if isinstance(value, list | tuple):
        return [_harmless(each) for each in value]
    if isinstance(value, dict):
        return {_harmless(name): _harmless(each) for name, each in value.items()}
    return value if value is None or isinstance(value, bool | int | float) else visible(redacted(str(value)))
