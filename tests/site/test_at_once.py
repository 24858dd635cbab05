"""Several processes on one PostgreSQL at the same moment: all is done once, whoever does it."""

import os
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from tests import database as databases
from tests.nursery import Child, nursery
from tests.servers import smtpd
from tests.site.harness import FRIDAY, ROOT, PlayedSite, new_site, order, purchase_order
from tests.site.test_ack_clock import agree
from tests.site.test_alerts import MAIL

MANY, ORDERS = 3, 8
ON_MONDAY = (datetime.fromisoformat(FRIDAY) + timedelta(days=3)).isoformat()
TELL = (
    "alerts: {routes: [{name: office, to: office@northwind.example}], remind: 30d, "
    'digest: {at: "07:00", route: office}}\n'
)


def begun(site: PlayedSite, *words: str) -> Child:
    """A command in a process of its own."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **site.environ()}
    for name in ("GATEWAY_SITE", "CRASH_AT"):
        environ.pop(name, None)
    return nursery().start(list(words), site.folder, environ, site.folder / ".said")


def run_at_once(site: PlayedSite, now: str) -> None:
    """So many runs that begin at the same moment, and one that finds what they left to each other."""
    codes = [each.wait(180) for each in [begun(site, "run", "--once", "--now", now) for _ in range(MANY)]]
    assert codes == [0] * MANY, (site.folder / ".said").read_text()
    site.run(now)


def test_of_runs_at_once_nothing_is_done_twice_and_nobody_is_told_twice(tmp_path: Path) -> None:
    """Orders, their answers, a hold, mails, a digest, overdue answers, the nightly removal, the audit trail."""
    site = new_site(tmp_path / "site", on=databases.POSTGRESQL)
    site.drop_master()
    agree(site)
    settings = site.folder / "gateway.yaml"
    with smtpd.serving() as server:
        settings.write_text(settings.read_text() + MAIL.format(port=server.port) + TELL)
        for number in range(1, ORDERS + 1):
            site.drop("acme", f"po-{number}.edi", purchase_order(order(f"O-{number}"), control=number))
        site.drop("acme", "letter.edi", b"Dear sirs\n" * 20)
        run_at_once(site, FRIDAY)
        run_at_once(site, ON_MONDAY)
        subjects = Counter(re.sub(r"\d+", "#", each) for each in server.subjects())

    assert sorted(each["po_number"] for each in site.json("orders", "list")) == [f"O-{n}" for n in range(1, ORDERS + 1)]
    left = b"".join(site.outbox("acme").values()).decode()
    assert Counter(re.findall(r"BAK\*00\*AD\*(O-\d)", left)) == {f"O-{n}": 1 for n in range(1, ORDERS + 1)}
    assert Counter(re.findall(r"AK1\*PO\*(\d+)", left)) == {str(n): 1 for n in range(1, ORDERS + 1)}
    numbers = re.findall(r"IEA\*1\*(\d+)", left)
    assert len(numbers) == len(set(numbers)) == 2 * ORDERS
    assert [each["code"] for each in site.json("holds", "list")] == ["F-BINARY"]
    alerts = Counter(each["kind"] for each in site.json("alerts", "list", "--all"))
    assert alerts == {"hold": 1, "ack": ORDERS}
    assert subjects.total() == 3 + 1, subjects  # the hold, a digest on both days, what is overdue
    assert site.gateway("audit", "verify").code == 0
    assert site.rows("SELECT count(*) FROM workers") == [(0,)]
    assert list((site.folder / "var" / "work").iterdir()) == []
