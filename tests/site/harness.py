"""A throw-away copy of the repository's own site, driven as a user drives it."""

import io
import json
import os
import shutil
import uuid
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gateway.app import build
from gateway.canonical.base import Canonical
from gateway.cli import moment
from gateway.cli.main import run_app
from gateway.config.partner_documents import MappingUse
from gateway.flows import sweeping, write
from gateway.flows.ports import UnitOfWork
from gateway.flows.second_opinion import compare
from gateway.flows.workbench import Workbench
from gateway.flows.write import Letter
from gateway.kernel.clock import fixed_clock
from tests import database as databases
from tests.nursery import nursery
from tests.preparing import prepared_once

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "gateway" / "demo"
FRIDAY, MONDAY = "2026-11-20T20:00:00Z", "2026-11-23T16:00:00Z"
MASTER = ("items", "item-ids", "warehouses", "prices")
HOUSE = ("acme", "warehouse", "accounting", "erp")
"""Whose files a site of the tests has: ACME is its only customer, unless a test adds one."""

GLANCE = 0.01
"""Seconds between the two looks at a file: here files appear whole; processes of their own wait as the program does."""

OF_THE_DAY = ('INSERT INTO "alert_notices" ', "INSERT INTO \"site\" VALUES('pruned'")


@cache
def objections_to(content: bytes) -> tuple[str, ...]:
    """What pyx12 says against a file that is not a judged difference."""
    return tuple(each.line() for each in compare(content) if each.holds)


written_without_a_look = write.several


def validated(
    bench: Workbench, work: UnitOfWork, what: Letter, use: MappingUse, documents: Sequence[Canonical]
) -> None:
    """Write documents as the program does, which trusts its own: here each must be what validation makes of it."""
    for each in documents:
        again = type(each).model_validate(each.model_dump(exclude_unset=True))
        assert repr(again) == repr(each)
        assert again.model_dump_json(exclude_unset=True) == each.model_dump_json(exclude_unset=True)
    written_without_a_look(bench, work, what, use, documents)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class PlayedSite:
    """A site in a folder of its own."""

    folder: Path

    def environ(self) -> dict[str, str]:
        """Where the database of the site is, when it is no file of it."""
        return databases.environ(self.folder)

    def database(self) -> str:
        """The URL of its database."""
        return databases.url_in(self.folder)

    def rows(self, question: str, **values: object) -> list[tuple[Any, ...]]:
        """What the database says to a question that no command asks."""
        return databases.tell(self.database(), question, **values)

    def copy(self, folder: Path) -> "PlayedSite":
        """A site like this one, with its own database."""
        return site_like(self.folder, folder)

    def drop(self, inbox: str, name: str, content: bytes | str) -> None:
        target = self.folder / "inbox" / inbox / name
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{name}")
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.rename(target)

    def drop_master(self, *, stock: bool = True) -> None:
        for name in MASTER:
            self.drop("erp", f"{name}.csv", (DEMO / f"{name}.csv").read_bytes())
        self.run()
        if stock:
            self.drop("warehouse", "stock.csv", (DEMO / "stock.csv").read_bytes())
            self.run()

    def gateway(self, *arguments: str, crash_at: str = "") -> Answer:
        """Say one command; in a process of its own where that is to be killed, else here, which starts much faster."""
        answer = self._process(*arguments, crash_at=crash_at) if crash_at else self._here(*arguments)
        assert "Traceback" not in answer.err, answer.err
        return answer

    def _process(self, *arguments: str, crash_at: str) -> Answer:
        """A process that is killed, born of one that has read the program; all it said is in ``err``."""
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "CRASH_AT": crash_at}
        environ.pop("GATEWAY_SITE", None)
        environ |= self.environ()
        log = self.folder / f".said-{uuid.uuid4().hex}"
        code = nursery().start(list(arguments), self.folder, environ, log).wait(120)
        return Answer(code, "", log.read_text(encoding="utf-8"))

    def _here(self, *arguments: str) -> Answer:
        said, talked = io.BytesIO(), io.BytesIO()
        out, err = (io.TextIOWrapper(each, encoding="utf-8", newline="", write_through=True) for each in (said, talked))
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.delenv("GATEWAY_SITE", raising=False)
            for name, value in self.environ().items():
                patch.setenv(name, value)
            patch.setattr(build, "prepare", prepared_once)
            patch.setattr(write, "several", validated)
            patch.setattr(sweeping, "LOOK_AGAIN", GLANCE)
            patch.setattr(moment, "system_clock", fixed_clock(datetime.fromisoformat(self._now(arguments))))
            patch.chdir(self.folder)
            code = run_app(list(arguments))
        return Answer(code, said.getvalue().decode(), talked.getvalue().decode())

    def _now(self, arguments: tuple[str, ...]) -> str:
        """The moment of a command that names none: that of the last one that did, so that no test hangs on today."""
        said = self.folder / ".said-last"
        if "--now" in arguments and (named := arguments[arguments.index("--now") + 1]).startswith("20"):
            said.write_text(named, encoding="utf-8")
        return said.read_text(encoding="utf-8") if said.is_file() else FRIDAY

    def run(self, now: str = FRIDAY, *, crash_at: str = "", expect: int = 0) -> Answer:
        answer = self.gateway("run", "--once", "--now", now, crash_at=crash_at)
        assert answer.code == expect, (answer.code, answer.out, answer.err)
        self.ask_pyx12()
        return answer

    def ask_pyx12(self) -> None:
        """Show every X12 file that left to the second opinion; nothing may hold it, acknowledgments included."""
        for name, content in self.outbox().items():
            if name.endswith(".edi"):
                assert objections_to(content) == (), name

    def json(self, *arguments: str) -> Any:
        answer = self.gateway(*arguments, "--json")
        assert answer.code == 0, (answer.out, answer.err)
        return json.loads(answer.out)

    def outbox(self, partner: str = "") -> dict[str, bytes]:
        """Every file in the outbox by its path below it."""
        base = self.folder / "outbox" / partner
        return {
            str(path.relative_to(base)): path.read_bytes()
            for path in sorted(base.rglob("*"))
            if path.is_file() and path.name != ".gitkeep"
        }

    def inbox(self) -> list[str]:
        base = self.folder / "inbox"
        return sorted(path.name for path in base.rglob("*") if path.is_file() and path.name != ".gitkeep")

    def state(self) -> tuple[dict[str, bytes], list[str], list[str]]:
        """What a run may change: the outbox, the inbox and the database, but for what comes round with the days.

        That is what people are reminded of, and when what is old was looked for.
        """
        rows = databases.dump(self.database())
        return self.outbox(), self.inbox(), [each for each in rows if not each.startswith(OF_THE_DAY)]

    def confirm_everything(self) -> None:
        """Play the warehouse: confirm each pick list that lies in its folder, whole."""
        for name, content in self.outbox("warehouse").items():
            titles, *rows = [line.split(",") for line in content.decode().splitlines()]
            cells = [dict(zip(titles, row, strict=False)) for row in rows]
            shipment = f"{cells[0]['warehouse']}-{cells[0]['order_number']}"
            lines = ["shipment_number,order_number,line,sku,quantity,uom,ship_date,carrier_scac,warehouse"]
            lines += [
                ",".join([shipment, *(cell[key] for key in ("order_number", "line", "sku", "quantity", "uom")),
                          "2026-11-23", "UPGN", cell["warehouse"]])
                for cell in cells
            ]  # fmt: skip
            self.drop("warehouse", f"confirm-{name}", "\n".join(lines) + "\n")


def site_like(origin: Path, folder: Path) -> PlayedSite:
    """A copy of a site, with its own database."""
    played = PlayedSite(Path(shutil.copytree(origin, folder)))
    databases.beside(origin, folder)
    return played


def new_site(folder: Path, *, second_opinion: bool = False, on: str = databases.EVERYWHERE) -> PlayedSite:
    """A copy of the repository's site without any run-time state.

    ``on`` names the kind of its database. Every file that leaves is shown to pyx12 by ``ask_pyx12``, in this process, where its maps are made once; with
    ``second_opinion`` the gateway asks it as well, as it does by default.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = (ROOT / "gateway.yaml").read_text(encoding="utf-8")
    unasked = "" if second_opinion else "second_opinion: {first: 0, sample: 0}\n"
    (folder / "gateway.yaml").write_text(settings + unasked, encoding="utf-8")
    for name in ("partners", "mappings"):
        (folder / name).mkdir()
    for name in HOUSE:
        shutil.copy(ROOT / "partners" / f"{name}.yaml", folder / "partners")
    (folder / "inbox").mkdir()
    (folder / "outbox").mkdir()
    databases.place(on, folder)
    return PlayedSite(folder)


def demo_site(folder: Path) -> PlayedSite:
    """A site with every partner of the demo, in which 'gateway demo' plays in a copy of it."""
    played = new_site(folder, on=databases.SQLITE)
    for name in ("partners", "mappings"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    return played


def purchase_order(*sets: str, control: int = 1, sender: str = "ACMESTORES", receiver: str = "NORTHWIND") -> str:
    """An interchange of ACME's with the given sets (bodies from BEG on, one segment a line)."""
    segments = [
        f"ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*261120*0815*U*00401*{control:09d}*0*P*>",
        f"GS*PO*{sender}*{receiver}*20261120*0815*{control}*X*004010",
    ]
    for number, body in enumerate(sets, start=1):
        inner = [line.strip() for line in body.strip().splitlines()]
        segments += [f"ST*850*{number:04d}", *inner, f"SE*{len(inner) + 2}*{number:04d}"]
    segments += [f"GE*{len(sets)}*{control}", f"IEA*1*{control:09d}"]
    return "~\n".join(segments) + "~\n"


def order(po_number: str, *lines: str, more: str = "") -> str:
    """The body of one purchase order; ``lines`` are PO1 segments, the default is one tent."""
    items = lines or ("PO1*1*2*EA*89.95*PE*VP*TENT-2P",)
    return "\n".join(
        [
            f"BEG*00*SA*{po_number}**20261120",
            *([more] if more else []),
            "DTM*010*20261130",
            "N1*ST*ACME DC 3*92*0003", "N3*1400 COMMERCE PARK", "N4*FORT WORTH*TX*76177*US",
            *items,
            f"CTT*{len(items)}",
        ]
    )  # fmt: skip
