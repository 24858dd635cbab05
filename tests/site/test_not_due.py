"""An order whose ship window has not begun waits without keeping a run busy."""

from datetime import UTC, datetime, timedelta
from itertools import count

from gateway.app.build import load, workbench
from gateway.app.run import inline_engine
from tests.site.harness import PlayedSite, order, purchase_order


def test_a_run_ends_while_an_order_is_not_due_although_the_clock_goes_on(site: PlayedSite) -> None:
    site.drop("acme", "later.edi", purchase_order(order("LATER-1", more="DTM*037*20261218")))
    site.run()
    start, ticks, asked = datetime(2026, 11, 20, 20, tzinfo=UTC), count(), count()
    bench = workbench(load(site.folder, {}), lambda: start + timedelta(milliseconds=next(ticks)), {})
    engine = inline_engine(bench, stopping=lambda: next(asked) > 20)

    assert engine.drain() == 0

    assert next(asked) < 5
    (waiting,) = site.json("orders", "list")
    assert waiting["status"] == "allocated"
