"""What is measured against what: programs, inputs, and contests of programs that run in turn on the same file."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench import measure, orders
from bench.measure import MEGABYTE, ROOT, Case, NotMeasuredError, Program

PEERS = ROOT / ".bench-peers"
PASS, HELP, VALIDATE_ONE = "python -c pass", "gateway --help", "gateway validate, one order"
VALIDATE, VALIDATE_ACK = "gateway validate --json", "gateway validate --json --ack"
CHAIN, OF_CHAIN = "gateway run: the whole chain, persisted", "gateway: check, canonical orders, 997, same orders"
CANONICAL = "gateway: check, canonical orders, 997"
PYX12, PYX12_ENVELOPE = "pyx12: validate + 997", "pyx12: envelope only"
SPLIT, LINUXFORHEALTH = "bare split", "linuxforhealth-x12: split only"
GUIDE, GUIDES = "the guide of the 850, loaded", "all guides of all versions, loaded"
FIRST = "the first 850 read: guide loaded, checks compiled"
READY = "x12/850: loaded, checked and compiled"
MAPPED = {
    "x12/850": "x12/850, in", "x12/855": "x12/855, out", "x12/856": "x12/856, out", "x12/810": "x12/810, out",
    "bench/850": "every step, in", "bench/810": "every step, out",
}  # fmt: skip
"""Mappings whose cost per line is told, by the name of their row."""
MIDDLE, LARGE, GROUPED = (
    f"{VALIDATE}, {what}" for what in ("middle file", "large file", "large file in groups of 1,000")
)

# Who else could be asked, and why nobody did; what is not installed on this machine comes on top.
LEFT_OUT = {
    "linuxforhealth-x12, validating": "it ships models of HIPAA sets only and cannot read an 850; its splitter is measured",
    "Bots": "its last release (bots-ediint 3.3.1) needs a Django older than 4, which does not support Python 3.11",
    "StAEDI, imsweb x12-parser": "Java libraries, not on PyPI",
    "node-x12": "a Node library, not on PyPI",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many orders the files have, and how often each contest is run."""

    checked: int
    split: int
    middle: int
    large: int
    rounds: int
    short_rounds: int
    chain: int
    long_rounds: int


FULL = Sizes(
    checked=5_000, split=20_000, middle=4_900, large=50_000, rounds=5, short_rounds=11, chain=1_000, long_rounds=3
)
QUICK = Sizes(checked=200, split=2_000, middle=1_000, large=5_000, rounds=2, short_rounds=3, chain=200, long_rounds=2)
IN_GROUP = 1_000


@dataclass(frozen=True, slots=True)
class Contest:
    """Cases that run in turn, and how often."""

    name: str
    rounds: int
    cases: tuple[Case, ...]


@cache
def has_linuxforhealth() -> bool:
    """Whether the peer works from the folder that `make bench` installs it into."""
    tried = Program(LINUXFORHEALTH, (sys.executable, "-c", "import linuxforhealth.x12.io"), {"PYTHONPATH": str(PEERS)})
    try:
        measure.run(tried)
    except NotMeasuredError:
        return False
    return True


def contests(scratch: Path, sizes: Sizes, only: str = "") -> tuple[Contest, ...]:
    """All contests or the one of a name, with their files written into ``scratch``."""
    programs = Programs(scratch)
    chosen = (make for name, make in MAKERS.items() if only in ("", name))
    return tuple(make(scratch, sizes, programs) for make in chosen)


class Programs:
    """The command lines; what they write goes to ``scratch``, also the maps that pyx12 needs."""

    def __init__(self, scratch: Path) -> None:
        maps = scratch / "maps"
        made = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "bench.peers.pyx12_maps", str(maps)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise NotMeasuredError(f"the maps of pyx12 could not be made: {made.stderr.strip()[-300:]}")
        answer = str(scratch / "answer.edi")
        self.validate = _module(VALIDATE, "gateway", "validate", "{file}", "--json")
        self.validate_ack = _module(VALIDATE_ACK, "gateway", "validate", "{file}", "--json", "--ack", answer)
        self.canonical = _module(CANONICAL, "bench.ours.canonical_orders", "{file}", answer)
        self.chain = _module(CHAIN, "bench.ours.whole_chain", "{file}")
        self.pyx12 = _module(PYX12, "bench.peers.pyx12_validate", "{file}", str(maps), answer)
        self.envelope = _module(PYX12_ENVELOPE, "bench.peers.pyx12_envelope", "{file}")
        self.split = _module(SPLIT, "bench.peers.bare_split", "{file}")
        self.linuxforhealth = Program(
            LINUXFORHEALTH, (sys.executable, "-m", "bench.peers.linuxforhealth_split", "{file}"),
            {"PYTHONPATH": str(PEERS)},
        )  # fmt: skip


def _checking(scratch: Path, sizes: Sizes, programs: Programs) -> Contest:
    one, many = _file(scratch, 1, 10), _file(scratch, sizes.checked, 10)
    cases = (
        _per_order(VALIDATE_ACK, programs.validate_ack, many, one, repeat=5),
        _per_order(CANONICAL, programs.canonical, many, one),
        _per_order(PYX12, programs.pyx12, many, one),
        _per_order(PYX12_ENVELOPE, programs.envelope, many, one),
    )
    return Contest("checking", sizes.rounds, cases)


def _chain(scratch: Path, sizes: Sizes, programs: Programs) -> Contest:
    # What is beside it costs so little for each order that only many of them stand out of the noise of the start.
    one, some, many = (
        orders.chain(scratch / f"chain-{count}.edi", orders=count) for count in (1, sizes.chain, 10 * sizes.chain)
    )
    cases = (
        _per_order(CHAIN, programs.chain, some, one),
        _per_order(OF_CHAIN, programs.canonical, many, one),
    )
    return Contest("chain", sizes.long_rounds, cases)


def _splitting(scratch: Path, sizes: Sizes, programs: Programs) -> Contest:
    one, many = _file(scratch, 1, 10), _file(scratch, sizes.split, 10)
    cases = [
        _per_order(VALIDATE, programs.validate, many, one),
        _per_order(SPLIT, programs.split, many, one, repeat=5),
    ]
    if has_linuxforhealth():
        cases.append(_per_order(LINUXFORHEALTH, programs.linuxforhealth, many, one, repeat=5))
    return Contest("splitting", sizes.rounds, tuple(cases))


def _growing(scratch: Path, sizes: Sizes, programs: Programs) -> Contest:
    one = _file(scratch, 1, 20)
    cases = (
        _per_order(MIDDLE, programs.validate, _file(scratch, sizes.middle, 20), one, repeat=5),
        _per_order(GROUPED, programs.validate, _file(scratch, sizes.large, 20, IN_GROUP), one),
        _per_order(LARGE, programs.validate, _file(scratch, sizes.large, 20), one),
    )
    return Contest("growing", sizes.rounds, cases)


def _starting(scratch: Path, sizes: Sizes, _programs: Programs) -> Contest:
    cases = (
        Case(PASS, Program(PASS, (sys.executable, "-c", "pass"))),
        Case(HELP, _module(HELP, "gateway", "--help")),
        Case(VALIDATE_ONE, _module(VALIDATE_ONE, "gateway", "validate", "{file}"), _file(scratch, 1, 10).path),
    )
    return Contest("starting", sizes.short_rounds, cases)


def _loading(scratch: Path, sizes: Sizes, _programs: Programs) -> Contest:
    # The words stand where a file would: the base loads no guide, so that what Python itself loads is taken off.
    load = _module("guides", "bench.ours.load_guides", "{file}")
    wanted = {GUIDE: Path("850"), GUIDES: Path("all"), FIRST: _file(scratch, 1, 10).path}
    cases = (Case(name, load, each, Path("none"), repeat=3) for name, each in wanted.items())
    mapping = Case(
        READY,
        _module("mapping", "bench.ours.map_lines", "{file}"),
        Path("compiled:x12/850"),
        Path("none:x12/850"),
        repeat=3,
    )
    return Contest("loading", sizes.short_rounds, (*cases, mapping))


def _mapping(_scratch: Path, sizes: Sizes, _programs: Programs) -> Contest:
    # The words stand where a file would: the base makes the documents and maps none.
    program = _module("mapping", "bench.ours.map_lines", "{file}")
    units, words = orders.MAPPED * orders.MAPPED_LINES, f"{orders.MAPPED} documents of {orders.MAPPED_LINES} lines"
    cases = (
        Case(row, program, Path(f"map:{name}"), Path(f"ready:{name}"), units, words=words)
        for name, row in MAPPED.items()
    )
    return Contest("mapping", sizes.rounds, tuple(cases))


MAKERS: Mapping[str, Callable[[Path, Sizes, Programs], Contest]] = {
    "starting": _starting, "loading": _loading, "checking": _checking, "splitting": _splitting, "growing": _growing, "mapping": _mapping,
    "chain": _chain,
}  # fmt: skip


def missing() -> dict[str, str]:
    """Who is left out, and why."""
    absent = dict(LEFT_OUT)
    if not has_linuxforhealth():
        absent["linuxforhealth-x12"] = "it could not be installed here"
    if importlib.util.find_spec("pyx12") is None:
        absent["pyx12"] = "it is not installed here"
    return absent


def _module(name: str, module: str, *arguments: str) -> Program:
    return Program(name, (sys.executable, "-m", module, *arguments))


def _file(scratch: Path, count: int, lines: int, share: int | None = None) -> orders.Made:
    path = scratch / f"orders-{count}-{lines}-{share or count}.edi"
    return orders.write(path, orders=count, lines=lines, per_interchange=share)


def _per_order(name: str, program: Program, many: orders.Made, one: orders.Made, *, repeat: int = 1) -> Case:
    """What each further order of a file costs, beside the file with one."""
    words = f"{many.orders:,} orders, {many.segments:,} segments, {many.size / MEGABYTE:,.1f} MB"
    return Case(name, program, many.path, one.path, many.orders - 1, repeat, words)
