"""How often Python looks for garbage that holds itself: seldom, for orders and segments hold nothing in circles."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 50
"""New objects until the young are looked at, and how often that is until the older ones are."""


def seldom() -> None:
    """Look so often from now on; with Python's own 700 a tenth of a large file's time is spent looking."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def never_again() -> None:
    """This process ends: what is left goes with it, and looking through all of it would take a tenth of a second."""
    gc.freeze()
