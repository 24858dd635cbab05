"""How logs are written: JSON lines on stderr, or text on a terminal; never file content, never a secret."""

import io
import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

from gateway.config.settings import Logging
from gateway.files.names import visible
from gateway.kernel.happenings import FIRST
from gateway.kernel.hiding import redacted

Event = MutableMapping[str, Any]
AGREED = Logging()


class _AboveProgress(io.TextIOBase):
    """Whatever stderr is at the moment of a line: while a progress bar is drawn, what keeps lines above it."""

    def write(self, text: str, /) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(*, verbose: bool, agreed: Logging = AGREED) -> None:
    """Set up structlog for this process; without ``verbose`` only warnings are shown, unless the site agreed otherwise."""
    level = logging.getLevelNamesMapping()[(agreed.level or "warning").upper()]
    if verbose and agreed.level is None:
        level = logging.INFO
    is_text = agreed.format == "text" or (agreed.format == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            harmless,
            ordered,
            _text() if is_text else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _AboveProgress())),
    )


def _text() -> structlog.dev.ConsoleRenderer:
    """Colours only where somebody sees them and wants them; the level is a word as well."""
    colors = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    return structlog.dev.ConsoleRenderer(colors=colors, sort_keys=False, timestamp_key="ts")


def harmless(_logger: object, _method: str, event: Event) -> Event:
    """Every text of an event on one line, without what a terminal would obey and without known secrets."""
    for name, value in event.items():
        event[name] = _harmless(value)
    return event


def ordered(_logger: object, _method: str, event: Event) -> Event:
    """What every line has comes first, in one order."""
    return {**{name: event[name] for name in FIRST if name in event}, **event}


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return visible(redacted(value))
    if isinstance(value, list | tuple):
        return [_harmless(each) for each in value]
    if isinstance(value, dict):
        return {_harmless(name): _harmless(each) for name, each in value.items()}
    return value if value is None or isinstance(value, bool | int | float) else visible(redacted(str(value)))
