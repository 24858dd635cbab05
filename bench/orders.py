"""Synthetic 004010 purchase orders of any size: valid, and the same bytes for the same numbers.

Usage: python -m bench.orders FILE --orders 1000 --lines 10 [--per-interchange 100]
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GOODS = ("KETTLE", "TOASTER", "LADLE", "TRAY", "MUG", "WHISK", "SIEVE", "CARAFE", "GRATER", "APRON", "PLATTER", "JUG")
KINDS = ("ENAMEL", "COPPER", "OAK", "GLASS", "RED", "GREY", "TALL", "FLAT", "COTTON")
PLACES = (("OMAHA", "NE", "68102"), ("TULSA", "OK", "74103"), ("RENO", "NV", "89501"), ("MOBILE", "AL", "36602"))
CARRIERS = ("UPSN", "FDEG", "ODFL")
UNITS = ("EA", "CA", "BX")
MAPPED, MAPPED_LINES = 1000, 100
"""The documents, and the lines of each, that the contest of mappings maps."""
CHAIN_ITEMS = 200
"""The items that the orders of the whole chain ask for."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written: its orders, segments and bytes."""

    path: Path
    orders: int
    segments: int
    size: int


def write(path: Path, *, orders: int, lines: int = 10, per_interchange: int | None = None, seed: int = 850) -> Made:
    """Write interchanges of one group each, ``per_interchange`` orders in each (default: all of them in one)."""
    segments = 0
    with path.open("w", encoding="ascii", newline="") as file:
        source = random.Random(seed)  # noqa: S311 - reproducible, not secret
        for each in _segments(source, orders, lines, per_interchange or orders):
            file.write(f"{each}~")
            segments += 1
    return Made(path, orders, segments, path.stat().st_size)


def chain(path: Path, *, orders: int, lines: int = 10, control: int = 1, first: int = 1) -> Made:
    """Write one interchange of orders that the demo site takes, at the prices of the house of `gateway bench`.

    It is made without the product: who starts the programs that are measured must stay small.
    """
    source = random.Random(control)  # noqa: S311 - reproducible, not secret
    segments = list(_chain(source, orders, lines, control, first))
    path.write_text("".join(f"{each}~\n" for each in segments), encoding="ascii", newline="")
    return Made(path, orders, len(segments), path.stat().st_size)


def chain_files(folder: Path, *, orders: int, share: int, lines: int = 10) -> Made:
    """Fill a folder with such files, ``share`` orders in each."""
    folder.mkdir(exist_ok=True)
    made = [
        chain(
            folder / f"orders-{at:06}.edi",
            orders=min(share, orders - at),
            lines=lines,
            control=1 + at // share,
            first=1 + at,
        )
        for at in range(0, orders, share)
    ]
    return Made(folder, orders, sum(each.segments for each in made), sum(each.size for each in made))


def _chain(source: random.Random, orders: int, lines: int, control: int, first: int) -> Iterator[str]:
    yield f"ISA*00*{'':10}*00*{'':10}*ZZ*{'ACMESTORES':15}*ZZ*{'NORTHWIND':15}*261120*0815*U*00401*{control:09}*0*P*>"
    yield f"GS*PO*ACMESTORES*NORTHWIND*20261120*0815*{control}*X*004010"
    for number in range(1, orders + 1):
        body = [
            f"BEG*00*SA*PO{first + number - 1:08}**20261120", "REF*DP*123", "DTM*010*20261120", "N1*ST*ACME DC 3*92*0003",
            "N3*1400 COMMERCE PARK", "N4*FORT WORTH*TX*76177*US",
        ]  # fmt: skip
        for line in range(1, lines + 1):
            item = source.randrange(CHAIN_ITEMS)
            body.append(f"PO1*{line}*{source.randint(1, 20)}*EA*{1 + item % 9}.95*PE*VP*SKU{item:04}")
        yield from (f"ST*850*{number:04}", *body, f"CTT*{lines}", f"SE*{len(body) + 3}*{number:04}")
    yield f"GE*{orders}*{control}"
    yield f"IEA*1*{control:09}"


def _segments(source: random.Random, orders: int, lines: int, share: int) -> Iterator[str]:
    for control, first in enumerate(range(0, orders, share), start=1):
        count = min(share, orders - first)
        yield (
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{'KITCHENRETAIL':15}*ZZ*{'POTSANDPANS':15}*260302*0815*U*00401*{control:09}*0*T*>"
        )
        yield f"GS*PO*KITCHENRETAIL*POTSANDPANS*20260302*0815*{control}*X*004010"
        for index in range(count):
            body = [*_header(source, first + index), *_lines(source, lines)]
            number = f"{index + 1:04}"
            yield f"ST*850*{number}"
            yield from body
            yield f"SE*{len(body) + 2}*{number}"
        yield f"GE*{count}*{control}"
        yield f"IEA*1*{control:09}"


def _header(source: random.Random, index: int) -> Iterator[str]:
    day = source.randint(1, 28)
    yield f"BEG*00*SA*PO{7000000 + index}**202603{day:02}"
    yield "CUR*BY*USD"
    yield f"REF*DP*{source.randint(1, 999):03}"
    yield f"REF*IA*{source.randint(1, 999999):06}"
    yield f"PER*BD*BUYING DESK {source.randint(1, 40)}*TE*402555{source.randint(0, 9999):04}"
    yield "FOB*CC"
    yield "ITD*01*3*2**10**30"
    yield f"DTM*010*202604{day:02}"
    yield f"DTM*001*202605{day:02}"
    yield f"TD5**2*{source.choice(CARRIERS)}*M"
    for role, name in (("BY", "KITCHEN RETAIL"), ("ST", "KITCHEN RETAIL DC")):
        city, state, code = source.choice(PLACES)
        yield f"N1*{role}*{name}*92*{source.randint(1, 9999):04}"
        yield f"N3*{source.randint(1, 9999)} MARKET STREET"
        yield f"N4*{city}*{state}*{code}*US"
    yield "N1*VN*POTS AND PANS*92*V0815"


def _lines(source: random.Random, lines: int) -> Iterator[str]:
    pieces = cents = 0
    for number in range(1, lines + 1):
        quantity, price = source.randint(1, 480), source.randint(25, 99999)
        pieces, cents = pieces + quantity, cents + quantity * price
        yield (
            f"PO1*{number}*{quantity}*{source.choice(UNITS)}*{_amount(price)}**BP*{source.randint(0, 99999999):08}"
            f"*VP*PP-{source.randint(0, 999999):06}*UP*{source.randint(0, 999999999999):012}"
        )
        yield f"PID*F****{source.choice(KINDS)} {source.choice(GOODS)} {source.randint(1, 99)}"
    yield f"CTT*{lines}*{pieces}"
    yield f"AMT*TT*{_amount(cents)}"


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic 850 file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--orders", type=int, default=1)
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--per-interchange", type=int)
    parser.add_argument("--seed", type=int, default=850)
    given = parser.parse_args()
    made = write(
        given.file, orders=given.orders, lines=given.lines, per_interchange=given.per_interchange, seed=given.seed
    )
    print(f"{made.path}: {made.orders:,} orders, {made.segments:,} segments, {made.size:,} bytes")


if __name__ == "__main__":
    main()
