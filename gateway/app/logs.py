"""How logs are written: JSON lines on stderr, or coloured text on a terminal; never file content."""

import logging
import sys

import structlog


def configure(*, verbose: bool) -> None:
    """Set up structlog once for this process; without ``verbose`` only warnings are shown."""
    level = logging.INFO if verbose else logging.WARNING
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
