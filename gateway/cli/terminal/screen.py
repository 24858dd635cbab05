"""Who reads what is printed: a person at a terminal, how wide it is and whether it takes colour; or a program."""

import os
import shutil
import sys
from typing import TextIO

LEAST = 24
"""The fewest characters a wrapped column or sentence keeps, however narrow the terminal is."""


def is_watched() -> bool:
    """Whether results go to a person: to a terminal, or to where FORCE_COLOR says that a person reads them."""
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def width() -> int | None:
    """How many columns a person sees; None where results go into a file or another program, which want whole lines."""
    return max(shutil.get_terminal_size().columns, 1) if is_watched() else None


def takes_colour() -> bool:
    """Whether results may have colour: not where NO_COLOR is set, nor on a terminal that knows none."""
    return is_watched() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def can_redraw(stream: TextIO) -> bool:
    """Whether a line that stands there already can be drawn anew: on a real terminal only."""
    return stream.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")
