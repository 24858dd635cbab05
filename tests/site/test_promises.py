"""What was promised to a partner: it begins with what happens, ends when the document has left, and costs when late."""

from typing import Any

from tests.site.harness import DEMO, MONDAY, PlayedSite, order, purchase_order

SATURDAY = "2026-11-21T21:00:00Z"
SLA = """sla:
  - {measure: 855_after_850, limit: 24h, fine: "50.00 per order"}
  - {measure: 856_after_ship, limit: 1h, fine: "3%% of goods"}
  - {measure: 810_after_ship, limit: 2d, fine: "10.00 per day"}
"""


def promise(site: PlayedSite, more: str = "") -> None:
    path = site.folder / "partners" / "acme.yaml"
    path.write_text(path.read_text(encoding="utf-8") + SLA.replace("%%", "%") + more, encoding="utf-8")


def shown(site: PlayedSite, now: str, *more: str) -> dict[str, dict[str, Any]]:
    return {each["promise"]: each for each in site.json("promises", "--now", now, *more)}


def alerts(site: PlayedSite) -> list[tuple[Any, ...]]:
    found = site.rows(
        "SELECT code, reference, risk, currency, closed_at FROM alerts WHERE kind = 'promise' ORDER BY opened_at"
    )
    return [(code, reference, risk, currency, closed is not None) for code, reference, risk, currency, closed in found]


def test_what_leaves_in_time_is_kept(site: PlayedSite) -> None:
    promise(site)
    site.drop("acme", "po.edi", (DEMO / "acme-orders-1.edi").read_bytes())
    site.run()
    site.confirm_everything()
    site.run(MONDAY)

    found = [each for each in site.json("promises", "--now", MONDAY, "--all") if "SO-3" not in each["subject"]]
    assert {(each["promise"], each["subject"]) for each in found} == {
        ("855_after_850", "SO-1"), ("855_after_850", "SO-2"), ("856_after_ship", "DAL-SO-1 SO-1"),
        ("856_after_ship", "DAL-SO-2 SO-2"), ("810_after_ship", "DAL-SO-1 SO-1"), ("810_after_ship", "DAL-SO-2 SO-2"),
    }  # fmt: skip
    assert {each["state"] for each in found} == {"kept"}
    # 3 % of 24 tents at 89.95, 48 bags at 64.50 and 36 lanterns at 24.99
    assert [each["at_risk"] for each in found if each["promise"] == "856_after_ship"] == ["184.63", "30.56"]
    # the third order is on hold over the weekend
    assert alerts(site) == [("C-PROMISE", "SO-3", "50.00", "USD", False)]


def test_an_answer_that_is_not_given_in_time_is_told_with_the_money_at_risk(site: PlayedSite) -> None:
    promise(site)
    hold_everything(site)
    site.drop("acme", "po.edi", purchase_order(order("WAITS")))
    site.run()
    found = shown(site, "2026-11-20T20:30:00Z")["855_after_850"]
    assert (found["subject"], found["state"], found["at_risk"], found["currency"]) == (
        "SO-1",
        "running",
        "50.00",
        "USD",
    )
    assert found["due"] == "2026-11-21T20:00:00+00:00"

    site.run(SATURDAY)
    site.run(SATURDAY)
    assert shown(site, SATURDAY)["855_after_850"]["state"] == "missed"
    assert alerts(site) == [("C-PROMISE", "SO-1", "50.00", "USD", False)]
    assert "at risk in all: 50.00 USD" in site.gateway("promises", "--now", SATURDAY).out

    (hold,) = [each for each in site.json("holds", "list") if each["order_number"] == "SO-1"]
    assert site.gateway("holds", "release", hold["id"], "--note", "fine", "--now", MONDAY).code == 0
    site.run(MONDAY)
    assert shown(site, MONDAY) == {}
    assert shown(site, MONDAY, "--all")["855_after_850"]["state"] == "missed"
    assert alerts(site) == [("C-PROMISE", "SO-1", "50.00", "USD", True)]


def hold_everything(site: PlayedSite) -> None:
    """No order of ACME's is within its credit."""
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("  payment: {net_days: 30}\n", "  payment: {net_days: 30}\n  credit: {limit: 1.00}\n"),
        encoding="utf-8",
    )


def test_our_own_acknowledgment_has_a_deadline_and_is_measured_from_the_receipt(site: PlayedSite) -> None:
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("  version: 004010\n", "  version: 004010\n  acknowledge: {deadline: 24h}\n"), encoding="utf-8"
    )
    folder = site.folder / "outbox" / "acme"
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("nobody can put a file here")
    site.drop("acme", "po.edi", purchase_order(order("PO-1")))
    site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")
    running = shown(site, "2026-11-20T20:00:00Z")["997_after_receipt"]
    assert (running["due"], running["at_risk"]) == ("2026-11-21T20:00:00+00:00", None)
    site.gateway("run", "--once", "--now", SATURDAY)
    assert [each[0] for each in alerts(site)] == ["C-PROMISE"]
    folder.unlink()
    site.run(MONDAY)

    assert [(each[0], each[4]) for each in alerts(site)] == [("C-PROMISE", True)]
    assert shown(site, MONDAY, "--all")["997_after_receipt"]["state"] == "missed"


def test_a_fine_per_day_grows_with_each_day_that_has_begun(site: PlayedSite) -> None:
    promise(site, "")
    site.drop("acme", "po.edi", (DEMO / "acme-orders-1.edi").read_bytes())
    site.run()
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("invoice: {out: x12/810}", "invoice: {out: x12/810, when: delivered}"), encoding="utf-8"
    )
    site.confirm_everything()
    site.run(MONDAY)
    billed = "810_after_ship"
    assert shown(site, MONDAY)[billed]["at_risk"] == "10.00"
    site.run("2026-11-26T17:00:00Z")  # due on Wednesday 16:00: the second day has begun

    late = shown(site, "2026-11-26T17:00:00Z")[billed]
    assert (late["state"], late["at_risk"]) == ("missed", "20.00")
