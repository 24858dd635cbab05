"""What is kept for so long only, as a value: a piece of it that was looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """So many old things that were ``looked`` at, in their order: those that nothing needs are ``free``, each with its bytes.

    ``after`` says where the next piece begins; it is empty where there is none.
    """

    free: tuple[tuple[str, int], ...]
    looked: int
    after: str
