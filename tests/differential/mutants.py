"""Break valid sets in every way we can think of, with a seed: one kind of damage, sometimes two, per mutant."""

from collections.abc import Callable
from random import Random

from gateway.formats.record import Segment
from gateway.formats.x12.guide import ENVELOPE, ElementSpec, Guide

Rows = list[list[str]]
Kind = Callable[[Random, Guide, Rows], None]


def _some(random: Random, rows: Rows) -> int:
    """The index of any segment between ST and SE, of ST when there is none."""
    return random.randrange(1, len(rows) - 1) if len(rows) > 2 else 0


def _some_element(random: Random, guide: Guide, rows: Rows) -> tuple[list[str], int, ElementSpec] | None:
    """Any element that stands somewhere, with its spec."""
    spots = [
        (row, at, guide.segments[row[0]].elements[at - 1])
        for row in rows[1:-1]
        if row[0] in guide.segments
        for at in range(1, min(len(row), len(guide.segments[row[0]].elements) + 1))
        if row[at]
    ]
    return random.choice(spots) if spots else None


def drop_segment(random: Random, _guide: Guide, rows: Rows) -> None:
    del rows[_some(random, rows)]


def double_segment(random: Random, _guide: Guide, rows: Rows) -> None:
    at = _some(random, rows)
    rows[at:at] = [list(rows[at]) for _ in range(random.choice((1, 1, 2, 30)))]


def swap_segments(random: Random, _guide: Guide, rows: Rows) -> None:
    one, other = _some(random, rows), _some(random, rows)
    rows[one], rows[other] = rows[other], rows[one]


def foreign_segment(random: Random, guide: Guide, rows: Rows) -> None:
    name = random.choice(sorted(guide.known_segments - set(guide.segments) - set(ENVELOPE)))
    rows.insert(_some(random, rows), [name, "1"])


def unknown_segment(random: Random, _guide: Guide, rows: Rows) -> None:
    rows.insert(_some(random, rows), [random.choice(("XYZ", "Z9Z", "n1", "", "PURCHASE", "B 1")), "1", "2"])


def misplaced_segment(random: Random, guide: Guide, rows: Rows) -> None:
    """A segment of this set, with valid content, somewhere."""
    copies = [row for row in rows[1:-1] if row[0] in guide.segments]
    if copies:
        rows.insert(_some(random, rows), list(random.choice(copies)))


def clear_element(random: Random, guide: Guide, rows: Rows) -> None:
    found = _some_element(random, guide, rows)
    if found:
        found[0][found[1]] = ""


def fill_element(random: Random, _guide: Guide, rows: Rows) -> None:
    row = rows[_some(random, rows)]
    row += [""] * random.randrange(3)
    row[random.randrange(1, len(row)) if len(row) > 1 else 0 :][:1] = [random.choice(("1", "ZZ", "EA", "20261120"))]


def lengthen_element(random: Random, guide: Guide, rows: Rows) -> None:
    found = _some_element(random, guide, rows)
    if found:
        row, at, spec = found
        row[at] += ("7" if spec.type[0] in "NRDT" else "X") * random.choice((1, 3, 90))


def shorten_element(random: Random, guide: Guide, rows: Rows) -> None:
    found = _some_element(random, guide, rows)
    if found:
        found[0][found[1]] = found[0][found[1]][:1]


def bad_code(random: Random, guide: Guide, rows: Rows) -> None:
    found = _some_element(random, guide, rows)
    if found:
        found[0][found[1]] = random.choice(("??", "Z?", "zz", "9_9", "0"))


def bad_value(random: Random, guide: Guide, rows: Rows) -> None:
    """Wrong numbers, dates, times and texts, put where such a type stands."""
    found = _some_element(random, guide, rows)
    if found:
        row, at, spec = found
        row[at] = random.choice(BAD_VALUES.get(spec.type[:1] if spec.type[0] in "NR" else spec.type, BAD_VALUES["AN"]))


BAD_VALUES = {
    "DT": ("20261332", "20260229", "20280229", "17760704", "2026112", "261120", "2026-1-1", "ABCDEFGH", "99999999"),
    "TM": ("2460", "2360", "235959", "2359599", "23595999", "12", "081", "08155", "AB15", "240000"),
    "N": ("12A", "1.5", "-5", "+5", "1E2", "-", " 1", "1,000", "007"),
    "R": ("12A", "1.5", "-5.25", "+5", "1E2", "-", "5.", ".5", ".", "1,000.00", "1.2.3", "-0"),
    "ID": ("??", "zz", " ", "Ä", "A ", "\x07"),
    "AN": (" ", "   ", "TEXT ", " TEXT", "CAFÉ", "A\tB", "A\x07B", "a^b", "x>y", "\x1d", "text 😀", "tilde`"),
}  # fmt: skip


def too_many_elements(random: Random, guide: Guide, rows: Rows) -> None:
    row = rows[_some(random, rows)]
    spec = guide.segments.get(row[0])
    row += [""] * ((len(spec.elements) if spec else 3) + 1 - len(row)) + ["X"] * random.choice((1, 1, 2))


def trailing_separators(random: Random, _guide: Guide, rows: Rows) -> None:
    rows[_some(random, rows)] += [""] * random.choice((1, 2, 20))


def components(random: Random, guide: Guide, rows: Rows) -> None:
    """Too many, too few or wrong components; in an element that has none, components at all."""
    found = _some_element(random, guide, rows)
    spots = [
        (row, at) for row in rows[1:-1] if row[0] in guide.segments
        for at, spec in enumerate(guide.segments[row[0]].elements, 1) if spec.components and at < len(row)
    ]  # fmt: skip
    if spots and random.random() < 0.8:
        row, at = random.choice(spots)
        row[at] = random.choice((row[at] + ">" * 20 + "A", ">1", "EA>>2", ">", "??>1", row[at] + "^" + row[at], "EA>A"))
    elif found:
        found[0][found[1]] += ">A"


def relations(random: Random, guide: Guide, rows: Rows) -> None:
    """Break a syntax note: one of its elements goes, or comes."""
    spots = [(row, note) for row in rows[1:-1] if row[0] in guide.segments for note in guide.segments[row[0]].syntax]
    if spots:
        row, note = random.choice(spots)
        at = random.choice(note.positions)
        row += [""] * (at + 1 - len(row))
        row[at] = "" if row[at] else "1"


def wrong_envelope(random: Random, _guide: Guide, rows: Rows) -> None:
    what = random.randrange(4)
    if what == 0:
        del rows[-1]
    elif what == 1:
        rows[-1][1] = random.choice(("", "ABC", "99999999999"))
    elif what == 2:
        rows[0][2] = random.choice(("", "1", "0000000001"))
    else:
        rows[0] += ["", "X", "Y"]


KINDS: tuple[Kind, ...] = (
    drop_segment, double_segment, swap_segments, foreign_segment, unknown_segment, misplaced_segment,
    clear_element, fill_element, lengthen_element, shorten_element, bad_code, bad_value, bad_value,
    too_many_elements, trailing_separators, components, relations, wrong_envelope,
)  # fmt: skip


def mutant(segments: list[Segment], guide: Guide, seed: str) -> tuple[str, list[Segment]]:
    """The kinds of damage done and the damaged set, positions counted anew."""
    random = Random(seed)
    rows = [list(segment) for segment in segments]
    kinds = [random.choice(KINDS) for _ in range(random.choice((1, 1, 1, 2)))]
    for kind in kinds:
        kind(random, guide, rows)
    return "+".join(kind.__name__ for kind in kinds), [Segment(row, at) for at, row in enumerate(rows, start=1)]
