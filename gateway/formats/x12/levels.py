"""Number the HL levels of a body: ids, parents and whether there are levels inside (X12: HL01, HL02, HL04)."""

from collections.abc import Iterable, Iterator, Sequence

HL = "HL"
_DEPTH = 2


def level(depth: int, code: str) -> list[str]:
    """An HL that the writer numbers; ``depth`` is 1 at the top, ``code`` is HL03 (S, O, P, I ...).

    Until it is numbered HL01 is empty and the depth stands in the place of the parent.
    """
    return [HL, "", str(depth), code]


def numbered(body: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The body with each level numbered depth first; an HL that has a number already is left as it is.

    Raises ValueError for a level that lies more than one below the one before it.

    >>> [segment[1:] for segment in numbered([level(1, "S"), level(2, "O"), level(2, "O")])]
    [['1', '', 'S', '1'], ['2', '1', 'O', '0'], ['3', '1', 'O', '0']]
    """
    if isinstance(body, tuple) and not any([segment[0] == HL for segment in body]):  # noqa: C419 - twice as quick
        yield from body
        return
    following_ones = iter(body)
    segments: list[Sequence[str]] = []
    for segment in following_ones:
        if segment[0] == HL and _is_open(segment):
            segments = [segment, *following_ones]  # from here on what follows decides what a level says
        else:
            yield segment
    depths = [int(each[_DEPTH]) for each in segments if each[0] == HL and _is_open(each)]
    above: list[int] = []
    count = 0
    for segment in segments:
        if segment[0] != HL or not _is_open(segment):
            yield segment
            continue
        depth = depths[count]
        following = depths[count + 1] if count + 1 < len(depths) else 0
        if not 1 <= depth <= len(above) + 1:
            raise ValueError(f"an HL level of depth {depth} follows one of depth {len(above)}")
        count += 1
        above[depth - 1 :] = [count]
        parent = str(above[depth - 2]) if depth > 1 else ""
        yield [HL, str(count), parent, segment[3], "1" if following > depth else "0"]


def _is_open(segment: Sequence[str]) -> bool:
    """Whether an HL is still to be numbered."""
    return len(segment) > _DEPTH and not segment[1] and segment[_DEPTH].isdecimal()
