"""The power goes at any operation, and with it what was not on disk: who was answered has an order, and each has one."""

import os
import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from gateway.app import build
from gateway.app.build import load, workbench
from gateway.app.run import run_once
from gateway.files.disk import Disk
from gateway.kernel.clock import fixed_clock
from tests import database
from tests.site.harness import FRIDAY, PlayedSite, new_site, order, purchase_order
from tests.torture.power import Power, PowerCutError
from tests.torture.workers import SCALE

STEP = 1 if SCALE > 1 else 4
NAMES = ("one.edi", "two.edi")


@pytest.fixture(scope="module")
def doorstep(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    site = new_site(tmp_path_factory.mktemp("power") / "site", on=database.SQLITE)
    site.drop_master()
    for number, name in enumerate(NAMES, start=1):
        site.drop("acme", name, purchase_order(order(f"P-{number}"), control=number))
    return site


def run_until_cut(site: PlayedSite, power: Power, patch: pytest.MonkeyPatch) -> bool:
    """One run in this process; whether the power went."""
    patch.setattr(build, "watch_of", lambda _plan: power)
    bench = workbench(load(site.folder, {}), fixed_clock(datetime.fromisoformat(FRIDAY)), {})
    assert bench.disk == replace(Disk(), watch=power)
    try:
        run_once(bench)
    except PowerCutError:
        return True
    finally:
        bench.store.engine.dispose()  # type: ignore[attr-defined]
    return False


def test_f_03_what_a_power_cut_takes_was_never_acknowledged(doorstep: PlayedSite, tmp_path: Path) -> None:
    undisturbed = doorstep.copy(tmp_path / "undisturbed")
    undisturbed.run()
    last, cuts = 1, 0
    while True:
        site = doorstep.copy(tmp_path / f"cut-{last}")
        (tmp_path / f"graves-{last}").mkdir()
        power = Power(tmp_path / f"graves-{last}", last)
        with pytest.MonkeyPatch.context() as patch:
            if not run_until_cut(site, power, patch):
                break
        cuts += 1
        power.cut(random.Random(f"{last}-{os.environ.get('GATEWAY_SEED', '1')}"))
        acknowledged = {name for name in site.outbox("acme") if name.startswith("997")}
        if acknowledged:
            assert site.rows("SELECT count(*) FROM orders")[0][0] >= len(acknowledged)
        site.run()
        assert site.outbox() == undisturbed.outbox(), last
        assert site.inbox() == []
        assert sorted(each["po_number"] for each in site.json("orders", "list")) == ["P-1", "P-2"]
        last += STEP
    assert cuts > 5
