"""Valid transaction sets made from a guide with a seed: every set and version gets some of its own."""

from collections.abc import Iterator, Sequence
from random import Random

from gateway.formats.record import Segment
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.guide import ElementSpec, Guide, LoopNode, Node, SegmentSpec, SyntaxNote
from gateway.formats.x12.walk import walk

WORDS = "NORTHERN TENT COMPANY 40 OAK STREET BLUE MARKED CARTON FOR THE FIELD SALE OF SPRING 2027 "
PERIODS = {"D8": "20261120", "D6": "261120", "DT": "202611200815", "RD8": "20261120-20261121", "TM": "0815"}
"""What fits a date time period format qualifier (1250) of which pyx12 knows the form."""

MOST_SEGMENTS = 60
TRIES = 200


def separators_of(version: str) -> Separators:
    return Separators("*", ">", "^" if version >= "004030" else "", "~")


def valid_set(guide: Guide, seed: int) -> list[Segment]:
    """A set without a fault; the same for the same seed. The first of a guide is its smallest."""
    for attempt in range(TRIES):
        random = Random(f"{guide.version}/{guide.set_id}/{seed}/{attempt}")
        found = _numbered(_Maker(random, guide, seed and 1 / (4 + attempt)).segments())
        if len(found) <= MOST_SEGMENTS and not walk(found, guide, separators_of(guide.version)).issues:
            return found
    raise AssertionError(f"no valid {guide.set_id} {guide.version} in {TRIES} tries")


def _numbered(rows: Sequence[list[str]]) -> list[Segment]:
    found = [Segment(row, position) for position, row in enumerate(rows, start=1)]
    found[-1][1] = str(len(found))
    return found


class _Maker:
    """One set: optional parts are there with the given likelihood, values are valid for their specs."""

    def __init__(self, random: Random, guide: Guide, likelihood: float) -> None:
        self.random = random
        self.guide = guide
        self.likelihood = likelihood
        self.levels = 0

    def segments(self) -> list[list[str]]:
        rows = list(self._rows(self.guide.nodes))
        rows[0][1:3], rows[-1][2] = [self.guide.set_id, "0001"], "0001"
        return rows

    def _rows(self, nodes: Sequence[Node]) -> Iterator[list[str]]:
        for node in nodes:
            for _ in range(self._times(node)):
                if isinstance(node, LoopNode):
                    yield from self._rows(node.body)
                else:
                    yield self._segment(node.spec)

    def _times(self, node: Node) -> int:
        if not node.required and self.random.random() >= self.likelihood:
            return 0
        again = node.maximum != 1 and self.likelihood and self.random.random() < 2 * self.likelihood
        return 2 if again else 1

    def _segment(self, spec: SegmentSpec) -> list[str]:
        if spec.id == "HL":
            self.levels += 1
            parent = "" if self.levels == 1 else str(self.random.randint(1, self.levels - 1))
            return _trimmed(["HL", str(self.levels), parent, self._value(spec.elements[2])])
        if spec.id in ("LS", "LE"):
            return [spec.id, "LDT"]
        wanted = self._wanted(spec.elements, spec.syntax)
        values = [self._element(each, at in wanted) for at, each in enumerate(spec.elements, 1)]
        for at in range(1, len(values)):
            if spec.elements[at].reference == "1251" and values[at]:
                values[at] = PERIODS.get(values[at - 1], values[at])
        return _trimmed([spec.id, *values])

    def _wanted(self, specs: Sequence[ElementSpec], notes: Sequence[SyntaxNote]) -> set[int]:
        """Which elements are there: the required ones, some others, and what the syntax notes then ask for."""
        likely = self.likelihood * 1.5
        wanted = {at for at, each in enumerate(specs, 1) if each.required or self.random.random() < likely}
        for _ in range(len(notes) + 1):
            for note in notes:
                first, others = note.positions[0], set(note.positions[1:])
                has = wanted & set(note.positions)
                if note.kind == "E" and len(has) > 1:
                    wanted -= set(sorted(has)[1:])
                elif (note.kind == "P" and has) or (note.kind == "C" and first in has):
                    wanted |= {first} | others
                elif note.kind == "R" and not has:
                    wanted.add(first)
                elif note.kind == "L" and has == {first}:
                    wanted.add(note.positions[1])
        return wanted

    def _element(self, spec: ElementSpec, wanted: bool) -> str:  # noqa: FBT001 - is it there
        if not wanted:
            return ""
        if not spec.components:
            return self._value(spec)
        inner = self._wanted(spec.components, spec.syntax) | {1}
        parts = [self._value(each) if at in inner else "" for at, each in enumerate(spec.components, 1)]
        return ">".join(_trimmed(parts))

    def _value(self, spec: ElementSpec) -> str:
        if spec.codes is not None:
            return self.random.choice(sorted(spec.codes))
        if spec.type == "DT":
            return "20261120"[-spec.maximum :]
        if spec.type == "TM":
            return "0815"
        length = self.random.randint(spec.minimum, max(spec.minimum, min(spec.maximum, spec.minimum + 12)))
        if spec.type[0] in "NR":
            digits = "".join(self.random.choice("123456789") for _ in range(length))
            return f"{digits[:-1]}.{digits[-1]}" if spec.type == "R" and length > 2 else digits
        start = self.random.randrange(len(WORDS))
        return (WORDS * 4)[start : start + length].replace(" ", "-" if length < 4 else " ").strip().ljust(length, "X")


def _trimmed(values: list[str]) -> list[str]:
    while not values[-1]:
        values.pop()
    return values
