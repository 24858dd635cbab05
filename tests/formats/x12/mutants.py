"""Seeded damage to the segments of a set: dropped, doubled, swapped, renamed, cut, lengthened, replaced."""

from random import Random

Texts = list[str]

_VALUES = (
    "",
    " ",
    "X" * 90,
    "??",
    "20261399",
    "261120",
    "2460",
    "1.5.5",
    "-",
    "+1",
    "NaN",
    "a>b",
    "1^2",
    "é",
    "\x07",
    "EA",
    "0",
    " EA",
    "EA ",
)


def mutated(texts: Texts, rng: Random, changes: int = 1) -> Texts:
    """The segments between ST and SE with ``changes`` pieces of damage; ``*`` separates elements."""
    damaged = list(texts)
    for _ in range(changes):
        if damaged:
            rng.choice(_KINDS)(damaged, rng)
    return damaged


def _drop(texts: Texts, rng: Random) -> None:
    del texts[rng.randrange(len(texts))]


def _double(texts: Texts, rng: Random) -> None:
    at = rng.randrange(len(texts))
    texts[at:at] = [texts[at]] * rng.choice((1, 1, 2, 12))


def _swap(texts: Texts, rng: Random) -> None:
    a, b = rng.randrange(len(texts)), rng.randrange(len(texts))
    texts[a], texts[b] = texts[b], texts[a]


def _rename(texts: Texts, rng: Random) -> None:
    at = rng.randrange(len(texts))
    name, mark, rest = texts[at].partition("*")
    texts[at] = rng.choice(("XYZ", "BIG", "N1", "REF", "HL", "", name[:1], name + "9")) + mark + rest


def _replace(texts: Texts, rng: Random) -> None:
    at = rng.randrange(len(texts))
    elements = texts[at].split("*")
    if len(elements) > 1:
        elements[rng.randrange(1, len(elements))] = rng.choice(_VALUES)
        texts[at] = "*".join(elements)


def _lengthen(texts: Texts, rng: Random) -> None:
    at = rng.randrange(len(texts))
    texts[at] += "*" * rng.randrange(1, 5) + rng.choice(_VALUES)


def _cut(texts: Texts, rng: Random) -> None:
    at = rng.randrange(len(texts))
    elements = texts[at].split("*")
    texts[at] = "*".join(elements[: rng.randrange(1, len(elements) + 1)])


_KINDS = (_drop, _double, _swap, _rename, _replace, _replace, _replace, _lengthen, _cut)
