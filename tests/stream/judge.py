"""Judges from outside: what every partner took, read without a line of the gateway's, against what it ordered."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from tests.stream.parties import Got, Parties
from tests.stream.street import CSV, KINDS, X12, XML, Ordered

KEPT_ONCE = {
    X12: ("997", "855", "856", "810"), CSV: ("receipt", "ship-notice", "invoice"), XML: ("receipt", "ship-notice", "invoice"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """One document in a file: what it is, about which order (or which set, of a 997), and how much of what it says."""

    kind: str
    about: str
    goods: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Opened:
    """What is in a file that was taken."""

    papers: list[Paper] = field(default_factory=list)
    interchange: int = 0
    group: int = 0


class TornError(Exception):
    """A file that is not whole."""


def opened(got: Got) -> Opened:
    """Read a file to its end; raises TornError."""
    try:
        if got.content[:3] == b"ISA":
            return _interchange(got.content.decode("ascii"))
        if got.name.endswith(".xml"):
            return Opened(list(_xml(got.content)))
        return Opened(list(_rows(got)))
    except (AssertionError, IndexError, StopIteration, ValueError, KeyError, ET.ParseError) as error:
        raise TornError(f"{got.partner}/{got.name}: {type(error).__name__} {error}: {got.content[-80:]!r}") from error


def _interchange(text: str) -> Opened:
    element, terminator = text[3], text[105]
    assert text.rstrip("\r\n").endswith(terminator) or terminator in "\r\n", "no end"
    rows = [each.strip("\r\n").split(element) for each in text.split(terminator) if each.strip("\r\n")]
    isa, gs, *middle, ge, iea = rows
    assert (isa[0], gs[0], ge[0], iea[0]) == ("ISA", "GS", "GE", "IEA"), "envelope"
    assert (iea[1], iea[2], ge[2]) == ("1", isa[13], gs[6]), "numbers of the envelope"
    found = Opened([], int(isa[13]), int(gs[6]))
    starts = [at for at, row in enumerate(middle) if row[0] == "ST"]
    assert int(ge[1]) == len(starts) > 0, "sets"
    assert starts[0] == 0, "segments before the first set"
    for begin, end in zip(starts, [*starts[1:], len(middle)], strict=True):
        one = middle[begin:end]
        assert one[-1][0] == "SE", "set without end"
        assert (int(one[-1][1]), one[-1][2]) == (len(one), one[0][2]), "count of a set"
        found.papers += _set(one)
    return found


def _set(rows: list[list[str]]) -> Iterator[Paper]:
    def of(name: str) -> list[list[str]]:
        return [row for row in rows if row[0] == name]

    kind = rows[0][1]
    if kind == "997":
        assert {row[1] for row in of("AK5")} == {"A"}, "a set that is not accepted"
        assert of("AK9")[0][1:5] == ["A", *[str(len(of("AK2")))] * 3], "AK9"
        yield from (Paper(kind, f"{of('AK1')[0][2]}/{row[2]}") for row in of("AK2"))
    elif kind == "855":
        assert {row[1] for row in of("ACK")} == {"IA"}, "a line that is not accepted"
        yield Paper(kind, of("BAK")[0][3], _goods((_sku(row), row[2]) for row in of("PO1")))
    elif kind == "856":
        at, by_order = "", defaultdict(list)
        sku = ""
        for row in rows:
            if row[0] == "PRF":
                at = row[1]
            elif row[0] == "LIN":
                sku = _sku(row)
            elif row[0] == "SN1":
                by_order[at].append((sku, row[2]))
        yield from (Paper(kind, order, _goods(goods)) for order, goods in by_order.items())
    else:
        assert kind == "810", kind
        yield Paper(kind, of("BIG")[0][4], _goods((_sku(row), row[2]) for row in of("IT1")))


def _sku(row: list[str]) -> str:
    return next(row[at + 1] for at, each in enumerate(row) if each in ("VN", "VP"))


def _goods(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, int], ...]:
    sums: Counter[str] = Counter()
    for sku, quantity in pairs:
        assert float(quantity) == int(float(quantity)), quantity
        sums[sku] += int(float(quantity))
    return tuple(sorted(sums.items()))


def _rows(got: Got) -> Iterator[Paper]:
    text = got.content.decode()
    assert text.endswith("\n"), "no end"
    titles, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert rows, "no rows"
    assert all(len(row) == len(titles) for row in rows), "rows of another length"
    cells = [dict(zip(titles, row, strict=True)) for row in rows]
    if got.partner == "warehouse":
        kind = "pick"
    elif "invoice_number" in titles:
        kind = "invoice"
    elif "shipment_number" in titles:
        kind = "ship-notice"
    else:
        kind = "receipt"
        assert {cell["status"] for cell in cells} <= {"accepted", "confirmed", "ships"}, cells
    for order in dict.fromkeys(cell["po_number"] for cell in cells):
        mine = [cell for cell in cells if cell["po_number"] == order and cell["sku"]]
        yield Paper(kind, order, _goods((cell["sku"], cell["quantity"]) for cell in mine))


def _xml(content: bytes) -> Iterator[Paper]:
    root = ET.fromstring(content)  # noqa: S314 - our own file
    assert root.tag == "OrderReceipt", root.tag
    goods = [(line.findtext("Sku", ""), line.findtext("Quantity", "")) for line in root.iter("Line")]
    yield Paper("receipt", root.findtext("PoNumber", ""), _goods(goods))


@dataclass(slots=True)
class Verdict:
    """All that is wrong, as sentences; ``missing`` is what may still come."""

    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    papers: int = 0
    gaps: int = 0


def judged(parties: Parties) -> Verdict:
    """What was taken so far, against what was ordered."""
    sent, got, verdict = list(parties.sent), list(parties.got), Verdict()
    papers: defaultdict[tuple[str, str, str], list[tuple[Paper, Got]]] = defaultdict(list)
    numbers: defaultdict[str, list[tuple[int, Got]]] = defaultdict(list)
    names: defaultdict[str, list[Got]] = defaultdict(list)
    for each in got:
        names[f"{each.partner}/{each.name}"].append(each)
        try:
            found = opened(each)
        except TornError as error:
            verdict.wrong.append(f"torn: {error}")
            continue
        if found.interchange:
            numbers[each.partner].append((found.interchange, each))
        for paper in found.papers:
            papers[each.partner, paper.kind, paper.about].append((paper, each))
    orders = [order for file in sent for order in file.orders]
    verdict.papers = sum(map(len, papers.values()))
    for order in orders:
        _order(verdict, order, papers, parties.again)
    verdict.wrong += [f"nobody asked for {kind} {about} at {partner}" for partner, kind, about in papers]
    _numbers(verdict, numbers)
    for name, files in names.items():
        if len(files) > 1 and len({each.content for each in files}) > 1:
            verdict.wrong.append(f"two files of the name {name}")
        if len(files) > 1 and not files[0].name.startswith("997"):
            verdict.wrong.append(f"{len(files)} times the file {name}")
    return verdict


def _order(
    verdict: Verdict,
    order: Ordered,
    papers: dict[tuple[str, str, str], list[tuple[Paper, Got]]],
    again: Mapping[str, int],
) -> None:
    wanted = _goods((sku, str(quantity)) for sku, quantity in order.lines)
    kinds = [(order.partner, kind) for kind in KEPT_ONCE[KINDS[order.partner]]]
    for partner, kind in [*kinds, ("warehouse", "pick"), ("accounting", "invoice")]:
        about = order.control if kind == "997" else order.po_number
        found = papers.pop((partner, kind, about), [])
        most = 1 + (again.get(f"{partner} {order.control.partition('/')[0]}", 0) if kind == "997" else 0)
        if not found:
            verdict.missing.append(f"{kind} {about} for {partner}")
        if len(found) > most:
            verdict.wrong.append(f"{len(found)} times {kind} {about} for {partner}: {[each.name for _, each in found]}")
        if kind == "997" and len({each.content for _, each in found}) > 1:
            verdict.wrong.append(f"different {kind} {about} for {partner}")
        for paper, _ in found:
            if kind != "997" and paper.goods != wanted:
                verdict.wrong.append(f"{kind} {about} for {partner} says {paper.goods}, ordered was {wanted}")


def _numbers(verdict: Verdict, numbers: dict[str, list[tuple[int, Got]]]) -> None:
    """No number twice for other bytes, and none that was seen two looks after a higher one."""
    for partner, drawn in numbers.items():
        contents: defaultdict[int, set[bytes]] = defaultdict(set)
        first: dict[int, int] = {}
        for number, file in drawn:
            contents[number].add(file.content)
            first.setdefault(number, file.look)
            if match := re.search(r"_0*(\d+)\.edi$", file.name):
                assert int(match[1]) == number, file.name
        verdict.wrong += [f"number {at} twice for {partner}" for at, found in contents.items() if len(found) > 1]
        verdict.gaps += max(contents) - min(contents) + 1 - len(contents)
        by_look: defaultdict[int, list[int]] = defaultdict(list)
        for number, look in first.items():
            by_look[look].append(number)
        highest: list[tuple[int, int]] = []  # of each look with news: the highest number seen until then
        for look in sorted(by_look):
            before = max((most for at, most in highest if at < look - 1), default=0)
            verdict.wrong += [f"{partner} saw {each} after {before}" for each in by_look[look] if each < before]
            highest = [*highest[-3:], (look, max([most for _, most in highest] + by_look[look]))]
