"""What the words of states mean to a person: bad, waiting or done; the one table of colours and marks."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Meaning(Enum):
    """What a state asks of the person who reads it; the value is the colour it has in addition to its word."""

    BAD = "bold red"
    WAITING = "yellow"
    DONE = "green"
    PLAIN = ""


MARK: Mapping[Meaning, str] = MappingProxyType({Meaning.BAD: "! "})
"""What stands before a word that asks for somebody, so that it is found without colour too."""

_WORDS: Mapping[Meaning, str] = MappingProxyType(
    {
        Meaning.BAD: "on_hold rejected overdue failed held given_up given-up missed late failing stopped critical error unsure lost"
        " disputed unknown refused",
        Meaning.WAITING: "received sliced ready staged waiting expected running due backordered partially_allocated picking"
        " partially_shipped partially_invoiced partially_paid partial warning open queued pending requested authorised"
        " partially_received reminded growing quiet duplicate",
        Meaning.DONE: "processed delivered accepted kept met ok sent shipped invoiced paid closed credited settled done active live",
        Meaning.PLAIN: "confirmed allocated released packed cancelled info none expired withdrawn opened digest testing suspended",
    }
)
_PHRASES: Mapping[str, Meaning] = MappingProxyType(
    {
        "accepted with errors": Meaning.WAITING, "partially accepted": Meaning.BAD, "answered twice": Meaning.BAD,
        "partly paid": Meaning.WAITING, "in transit": Meaning.WAITING, "being written": Meaning.WAITING,
    }
)  # fmt: skip
MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {word: meaning for meaning, words in _WORDS.items() for word in words.split()} | dict(_PHRASES)
)


def meaning(state: str) -> Meaning:
    """What a state means; a word that is not known is plain.

    >>> meaning("on_hold"), meaning("no such word")
    (<Meaning.BAD: 'bold red'>, <Meaning.PLAIN: ''>)
    """
    return MEANINGS.get(state, Meaning.PLAIN)
