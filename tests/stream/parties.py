"""Everybody outside: who brings files in every way that is agreed, and who takes what is there the moment it is seen."""

import os
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import paramiko

from tests.stream import street
from tests.stream.street import Customer, Sent, Street

HUNGER = 0.01
WAITING = 25
"""A customer brings nothing new while so much of what it brought is not taken."""
OPEN = 60
"""Nobody orders anything new while so many orders are not billed."""
DONE = ".done"


@dataclass(frozen=True, slots=True)
class Got:
    """A file as its receiver took it, in the ``look``-th look into the folder."""

    partner: str
    name: str
    content: bytes
    look: int


@dataclass(slots=True)
class Parties:
    """All of them, each in a thread; ``sent`` and ``got`` grow while they are at work."""

    street: Street
    seed: int
    sent: list[Sent] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    """Files that were brought once more as they were, by partner and name of the first one."""
    looks: Counter[str] = field(default_factory=Counter)
    answers: list[Sent] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _enough: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    def begin(self, customers: Collection[str], most: int, pause: float) -> None:
        """Let everybody begin; each of these customers brings at most so many files, with about such a pause after each."""
        for name in customers:
            if name in street.ON_OUR_SERVER:
                self._start(name, Visitor(self, name, most, pause).live)
                continue
            self._start(f"{name} brings", self._bring, name, most, pause)
        for name in (*customers, *street.HOUSE):
            if name not in street.ON_OUR_SERVER:
                self._start(f"{name} takes", self._take, name)

    def enough(self) -> None:
        """Nobody brings anything new; what was begun is brought to its end."""
        self._enough.set()
        for each in self._threads:
            if each.name.endswith(" brings"):
                each.join()

    def end(self) -> None:
        """Everybody goes home."""
        self.enough()
        self._ended.set()
        for each in self._threads:
            each.join()

    @property
    def is_enough(self) -> bool:
        """Whether nobody brings anything new."""
        return self._enough.is_set()

    @property
    def is_much_open(self) -> bool:
        """Whether many orders are on their way."""
        ordered = sum(len(each.orders) for each in list(self.sent))
        return ordered - sum(each.partner == "accounting" for each in list(self.got)) > OPEN

    @property
    def is_over(self) -> bool:
        """Whether everybody goes home."""
        return self._ended.is_set()

    def _start(self, name: str, act: Callable[..., None], *arguments: object) -> None:
        def guarded() -> None:
            try:
                act(*arguments)
            except Exception as error:  # noqa: BLE001 - somebody who falls over must be seen
                self.faults.append(f"{name}: {type(error).__name__}: {error}")

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _bring(self, name: str, most: int, pause: float) -> None:
        customer, choice = Customer(name, self.seed), random.Random(f"{self.seed} {name} brings")
        folder = self.street.incoming(name)
        for each in customer.files(most):
            while not self.is_enough and (self.is_much_open or sum(map(Path.is_file, folder.iterdir())) >= WAITING):
                time.sleep(0.1)
            if self.is_enough:
                return
            self.sent.append(each)
            put(folder, each.name, each.content, choice, self._manner(name, choice))
            if name == "acme" and choice.random() < 0.05:
                self.again[f"{name} {customer.control}"] += 1
                put(folder, f"again-{each.name}", each.content, choice, "rename")
            self._enough.wait(choice.uniform(0, 2 * pause))

    def _manner(self, name: str, choice: random.Random) -> str:
        if name == "dora":
            return "marker"
        if name in ("coop", "emil", "faye", "gabi"):
            return choice.choice(["slow", "slow", "rename"])
        return choice.choice(["rename", "part"])

    def _take(self, name: str) -> None:
        folder, number = self.street.outgoing(name), 900_000_000
        while not self._ended.wait(HUNGER):
            self.looks[name] += 1
            for entry in sorted(os.listdir(folder)):  # noqa: PTH208 - one look, as a program of a partner has it
                if entry.startswith(".") or entry.endswith(".part"):
                    continue
                content = (folder / entry).read_bytes()
                (folder / entry).unlink()
                self.got.append(Got(name, entry, content, self.looks[name]))
                if name == "warehouse":
                    self._ship(entry, content.decode())
                if name == "acme" and b"GS*FA*" not in content:
                    number += 1
                    self._acknowledge(content, number)

    def _acknowledge(self, content: bytes, number: int) -> None:
        """Take what came from us, and say so."""
        segments = [each.split("*") for each in content.decode().split("~")]
        ((group),) = [each for each in segments if each[0] == "GS"]
        sets = [each for each in segments if each[0] == "ST"]
        body = [f"AK1*{group[1]}*{group[6]}"]
        body += [segment for each in sets for segment in (f"AK2*{each[1]}*{each[2]}", "AK5*A")]
        body += [f"AK9*A*{len(sets)}*{len(sets)}*{len(sets)}"]
        made = street.interchange("acme", number, "FA", [("997", body)])
        self.answers.append(Sent("acme", f"ack-{number}.edi", made, ()))
        put(self.street.incoming("acme"), f"ack-{number}.edi", made, random.Random(number), "rename")

    def _ship(self, name: str, picks: str) -> None:
        """Pick and ship at once all that a pick list says."""
        titles, *rows = [line.split(",") for line in picks.splitlines()]
        cells = [dict(zip(titles, row, strict=True)) for row in rows]
        lines = ["shipment_number,order_number,line,sku,quantity,uom,ship_date,warehouse"]
        today = time.strftime("%Y-%m-%d", time.gmtime())
        for cell in cells:
            kept = (cell[key] for key in ("order_number", "line", "sku", "quantity", "uom"))
            lines.append(",".join([f"{cell['warehouse']}-{cell['order_number']}", *kept, today, cell["warehouse"]]))
        content = ("\n".join(lines) + "\n").encode()
        put(self.street.incoming("warehouse"), f"shipped-{name}", content, random.Random(name), "rename")


def put(folder: Path, name: str, content: bytes, choice: random.Random, manner: str) -> None:
    """Bring a file: in one rename, in one rename from a name of those who upload, or slowly under its own name."""
    if manner in ("rename", "part"):
        part = folder / (f".{name}" if manner == "rename" else f"{name}.part")
        part.write_bytes(content)
        part.rename(folder / name)
        return
    cuts = sorted(choice.randint(0, len(content)) for _ in range(choice.randint(1, 3)))
    with (folder / name).open("wb") as file:
        for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
            file.write(content[begin:end])
            file.flush()
            time.sleep(choice.uniform(0.0, 0.4))
    if manner == "marker":
        (folder / f"{name}{DONE}").touch()


@dataclass(slots=True)
class Visitor:
    """A customer at our own server: brings what it has, takes what lies there, connects again whenever it is cut off."""

    parties: Parties
    name: str
    most: int
    pause: float
    _to_bring: list[Sent] = field(default_factory=list)
    _seen: dict[str, bytes] = field(default_factory=dict)
    """What was fetched, and perhaps not removed."""

    def live(self) -> None:
        """Until the end."""
        files = Customer(self.name, self.parties.seed).files(self.most)
        choice = random.Random(f"{self.parties.seed} {self.name}")
        while not self.parties.is_over:
            with suppress(OSError, EOFError, paramiko.SSHException), self._connected() as client:
                while not self.parties.is_over:
                    self._visit(client, files, choice)
            time.sleep(0.1)

    @contextmanager
    def _connected(self) -> Iterator[paramiko.SFTPClient]:
        with socket.create_connection(("127.0.0.1", self.parties.street.port), timeout=5) as connection:
            transport = paramiko.Transport(connection)
            transport.banner_timeout = transport.auth_timeout = 5
            try:
                transport.start_client(timeout=5)
                transport.auth_publickey(self.name, paramiko.PKey.from_path(self.parties.street.key))
                client = paramiko.SFTPClient.from_transport(transport)
                assert client is not None
                channel = client.get_channel()
                assert channel is not None
                channel.settimeout(10)
                yield client
            finally:
                transport.close()

    def _visit(self, client: paramiko.SFTPClient, files: Iterator[Sent], choice: random.Random) -> None:
        if self._to_bring:  # whether it arrived is not known: what any program does is to put it again
            self.parties.again[f"{self.name} {int(self._to_bring[0].name[5:10])}"] += 1
        elif not (self.parties.is_enough or self.parties.is_much_open or len(client.listdir("/inbox")) >= WAITING):
            new = list(islice(files, 1))
            self._to_bring += new
            self.parties.sent += new
        for each in list(self._to_bring):
            with client.open(f"/inbox/{each.name}", "wb") as target:
                target.write(each.content)
            if client.stat(f"/inbox/{each.name}").st_size == len(each.content):  # its close does not say what it met
                self._to_bring.remove(each)
        self._fetch(client)
        time.sleep(choice.uniform(0, self.pause))

    def _fetch(self, client: paramiko.SFTPClient) -> None:
        self.parties.looks[self.name] += 1
        for entry in sorted(client.listdir("/outbox")):
            with client.open(f"/outbox/{entry}", "rb") as source:
                content = source.read()
                if len(content) != source.stat().st_size:
                    raise OSError("cut off")
            if self._seen.get(entry) != content:
                self.parties.got.append(Got(self.name, entry, content, self.parties.looks[self.name]))
            self._seen[entry] = content
            client.remove(f"/outbox/{entry}")
            del self._seen[entry]
