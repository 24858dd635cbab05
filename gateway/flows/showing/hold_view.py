"""One open hold whole: its reason and figures, whose it is, how it ends, what waits because of it, and since when."""

from datetime import datetime, timedelta

from gateway.flows import differences
from gateway.flows.differences import Difference
from gateway.flows.ports import UnitOfWork
from gateway.flows.showing.rows import View, holds
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.orders.holds.hold_rules import RULES
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import HoldType


def hold_view(work: UnitOfWork, target: str, now: datetime) -> View:
    """The hold of an id, or the only one of an order; raises NotFoundError when none is open."""
    names = ("id", "order_number", "po_number")
    found = [each for each in holds(work) if target in (each[name] for name in names)]
    if not found:
        step = "'gateway holds list' shows the open ones."
        raise NotFoundError(f"There is no open hold '{target}'.", next_step=step)
    if len(found) > 1:
        ids = ", ".join(f"{each['id']} ({each['code']})" for each in found)
        raise UsageError(f"{target} has several open holds: {ids}.", next_step="Name one by its id.")
    row = found[0]
    rule = RULES[HoldType(row["type"])]
    age = now - datetime.fromisoformat(row["since"])
    return {
        **row, **(_of_order(work, row["id"]) or _of_file(work, row["id"])), "owner": rule.owner, "release": rule.ends, "effect": rule.effect,
        "age": spoken(age),
    }  # fmt: skip


def spoken(age: timedelta) -> str:
    """An age in its largest units.

    >>> spoken(timedelta(days=1, hours=2, minutes=5))
    '1 d 2 h'
    """
    minutes = max(0, int(age.total_seconds())) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _of_order(work: UnitOfWork, target: str) -> View:
    """The figures a hold of an order was decided on, and how the order differs from the one that it repeats."""
    for test in (False, True):
        for order in work.orders.find(OrderQuery(status="on_hold", test=test)):
            for hold in order.holds:
                if hold.id == target:
                    differs = order.differs if hold.code == "C-DUP-PO" else ()
                    rows = [Difference(each.field, each.earlier or None, each.now or None) for each in differs]
                    return {"figures": dict(hold.figures), "difference": differences.table(rows)}
    return {}


def _of_file(work: UnitOfWork, target: str) -> View:
    """How what a held file brings differs from what came before under the same number."""
    kept = (each for each in work.exchange.holds() if each.id == target)
    return {"figures": {}, "difference": next((differences.of_figures(each.figures) for each in kept), [])}
