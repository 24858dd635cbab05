"""How a table fits a width: less important columns go, long texts are wrapped, and at last each row becomes a block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.cli.terminal.columns import NAMES, SENTENCES
from gateway.cli.terminal.screen import LEAST

GAP, READABLE = 2, 48


@dataclass(frozen=True, slots=True)
class Fit:
    """The columns that stand with their widths, and those that had to go; without widths each row is a block."""

    widths: Mapping[str, int]
    gone: tuple[str, ...] = ()


def fit(natural: Mapping[str, int], width: int, may_go: Sequence[str]) -> Fit:
    """How columns of these widths fit; those that ``may_go`` go in this order, as few as need be.

    >>> fit({"id": 10, "lines": 5, "reason": 90}, 50, ["lines"])
    Fit(widths={'id': 10, 'lines': 5, 'reason': 31}, gone=())
    >>> fit({"id": 10, "lines": 5, "reason": 90}, 38, ["lines"])
    Fit(widths={'id': 10, 'reason': 26}, gone=('lines',))
    >>> fit({"id": 10, "reason": 90}, 30, [])
    Fit(widths={}, gone=())
    """
    left, gone = dict(natural), []
    leaving = [each for each in may_go if each in natural]
    while (found := _widths(left, width)) is None:
        if not leaving:
            return Fit({})
        gone.append(leaving.pop(0))
        del left[gone[-1]]
    return Fit(found, tuple(gone))


def _widths(natural: Mapping[str, int], width: int) -> dict[str, int] | None:
    """The widths of all columns, the wrapped ones as wide as they can be; None where it is too narrow.

    Names are copied by whoever reads them: where each can stay whole, sentences are wrapped instead.

    >>> _widths({"file": 30, "summary": 60}, 80)
    {'file': 30, 'summary': 48}
    """
    room = width - GAP * (len(natural) - 1)
    wrapped = {name: wide for name, wide in natural.items() if name in SENTENCES | NAMES}
    room -= sum(wide for name, wide in natural.items() if name not in wrapped)
    found = {name: min(wide, LEAST) for name, wide in wrapped.items()}
    room -= sum(found.values())
    if room < 0:
        return None
    sentences, names = ([each for each in wrapped if each in kind] for kind in (SENTENCES, NAMES))
    whole = sum(wrapped[each] - found[each] for each in names) <= room
    readable, all_of = ([(each, READABLE) for each in sentences], [(each, width) for each in names])
    wished = [*all_of, *readable] if whole else [*readable, *all_of]
    for name, most in (*wished, *((each, width) for each in sentences)):
        more = max(0, min(wrapped[name], most, found[name] + room) - found[name])
        found[name], room = found[name] + more, room - more
    return {name: found.get(name, wide) for name, wide in natural.items()}
