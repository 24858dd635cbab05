"""A partner at our own SFTP server, while the gateway is killed: what it was told is true, and every order is answered once."""

import itertools
import os
import random
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.nursery import nursery
from tests.servers.own import Client, answers, free_port, wait_until
from tests.servers.sshd import new_key
from tests.site.harness import FRIDAY, ROOT, PlayedSite, new_site, order, purchase_order
from tests.torture.workers import SCALE

ROUNDS = 3 * SCALE
PATIENCE = 180.0


@dataclass(slots=True)
class Partner:
    """ACME: puts orders and gives them their names, fetches and removes answers, and begins again whatever happens."""

    client: Client
    folder: Path
    sent: int = 0
    fetched: list[tuple[str, bytes]] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        self._threads += [threading.Thread(target=self._order), threading.Thread(target=self._fetch)]
        for each in self._threads:
            each.start()

    def end(self) -> None:
        self._ended.set()
        for each in self._threads:
            each.join()

    def _order(self) -> None:
        while not self._ended.is_set():
            name, local = f"po-{self.sent + 1}", self.folder / "order"
            local.write_text(purchase_order(order(f"PO-{self.sent + 1}"), control=self.sent + 1))
            if self._is_put(local, name):
                self.sent += 1
            self._ended.wait(0.5)

    def _is_put(self, local: Path, name: str) -> bool:
        put = (f"-rm inbox/{name}.part", f"put {local} inbox/{name}.part", f"rename inbox/{name}.part inbox/{name}.edi")
        if self.client.sftp(*put).code == 0:
            return True
        return (
            self.client.sftp(f"ls -1 inbox/{name}.edi").code == 0
        )  # it has its name, and nobody could say so any more

    def _fetch(self) -> None:
        """Fetch and remove all that lies there; what is gone afterwards was fetched whole, since it is removed after that."""
        begun: set[str] = set()
        while True:
            is_last = self._ended.wait(0.5)
            said = self.client.sftp("ls -1 outbox")
            if said.code != 0:
                if is_last and not answers(self.client.port):
                    return
                continue
            names = {line.partition("/")[2] for line in said.out.splitlines() if line.startswith("outbox/")}
            self.fetched += [(name, (self.folder / name).read_bytes()) for name in sorted(begun - names)]
            if is_last:
                return
            begun = names
            both = [(f"get outbox/{name} {self.folder}/{name}", f"rm outbox/{name}") for name in sorted(names)]
            self.client.sftp(*itertools.chain.from_iterable(both))


def a_site(folder: Path, port: int, key: Path) -> PlayedSite:
    site = new_site(folder)
    site.drop_master()
    acme, settings = site.folder / "partners" / "acme.yaml", site.folder / "gateway.yaml"
    acme.write_text(f"{acme.read_text()}sftp: {{keys: {key.with_name('acme.pub').read_text().strip()}}}\n")
    settings.write_text(f'{settings.read_text()}sftp_server: {{listen: "127.0.0.1:{port}", rate: 9999/m}}\n')
    return site


def test_a_partner_at_our_own_server_loses_nothing_and_gets_nothing_twice_whenever_we_are_killed(
    tmp_path: Path,
) -> None:
    port, key, chance = free_port(), new_key(tmp_path / "acme"), random.Random(20261126)
    site = a_site(tmp_path / "site", port, key)
    environ = {**os.environ, **site.environ(), "PYTHONPATH": str(ROOT)}
    run = nursery().start(["run", "--every", "0.5", "--now", FRIDAY], site.folder, environ, tmp_path / "said-0")
    wait_until(lambda: answers(port), 60)
    (tmp_path / "partner").mkdir()
    partner = Partner(Client(site.folder, port, key), tmp_path / "partner")
    partner.begin()
    try:
        for number in range(1, ROUNDS + 1):
            time.sleep(chance.uniform(1, 6))
            run.send_signal(signal.SIGKILL)
            run.wait()
            lying = [each for each in (site.folder / "inbox/acme").iterdir() if not each.name.startswith(".")]
            assert all(each.read_bytes().rstrip().endswith(b"~") for each in lying), "nobody sees half a file"
            said = tmp_path / f"said-{number}"
            run = nursery().start(["run", "--every", "0.5", "--now", FRIDAY], site.folder, environ, said)
            wait_until(lambda: answers(port), 60)
        wanted = partner.sent + 3
        wait_until(lambda: partner.sent >= wanted, PATIENCE)
        wait_until(lambda: _answered(partner) >= set(range(1, wanted + 1)), PATIENCE)
    finally:
        partner.end()
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == 0, (tmp_path / f"said-{ROUNDS}").read_text()
    for _ in range(2):
        site.run()
    orders = sorted(int(each["po_number"].removeprefix("PO-")) for each in site.json("orders", "list"))
    assert orders in (list(range(1, partner.sent + 1)), list(range(1, partner.sent + 2))), (
        "the last one may have come too"
    )
    every = [*partner.fetched, *site.outbox("acme").items()]
    assert all(content.rstrip().endswith(b"~") for _, content in every)
    assert max(Counter(name for name, _ in every).values()) == 1
    for number in orders:
        assert sum(b"*855*" in each and f"*PO-{number}*".encode() in each for _, each in every) == 1, number
    assert all("Traceback" not in each.read_text() for each in tmp_path.glob("said-*"))


def _answered(partner: Partner) -> set[int]:
    """The numbers of the orders that have an 855."""
    return {
        int(piece.partition(b"*")[0])
        for _, content in list(partner.fetched) if b"*855*" in content
        for piece in content.split(b"*PO-")[1:]
    }  # fmt: skip
