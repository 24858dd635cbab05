"""What ``gateway stock`` and ``gateway replenish`` do: look, put right, plan."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gateway.app import logs
from gateway.app.run import by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.reading import database
from gateway.cli.work import drain
from gateway.flows import auditing
from gateway.flows.by_clock import planning
from gateway.flows.by_hand import stockroom
from gateway.flows.showing.rows import View
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import UsageError

LEVELS = [
    "warehouse", "sku", "on_hand", "reserved", "in_question", "blocked", "available", "incoming", "backordered",
    "counted_at",
]  # fmt: skip
LEVELS_MAY_GO = ["counted_at", "in_question", "blocked", "incoming", "backordered"]
MOVES = ["at", "who", "warehouse", "kind", "quantity", "on_hand", "reference", "reason"]
WAITING = [
    "since", "order_number", "line", "partner", "po_number", "sku", "quantity", "requested_date", "promised_date",
]  # fmt: skip
MAY_GO = [
    "since",
    "requested_date",
    "partner",
    "on_hand",
    "who",
    "reference",
    "line",
    "counted_at",
    "in_question",
    "blocked",
]
RESERVED = ["order_number", "partner", "po_number", "warehouse", "quantity"]
COMING = ["warehouse", "quantity", "expected_date", "reference"]
BUY = ["warehouse", "sku", "quantity", "uom", "order_by", "needed_by"]
CARRY = ["from_warehouse", "to_warehouse", "sku", "quantity", "uom", "needed_by"]


@dataclass(frozen=True, slots=True)
class Hand:
    """What a person asked for: of which item, how much, why, and when."""

    sku: str
    quantity: str
    reason: str
    who: str
    site: Path | None
    now: str | None
    as_json: bool

    def number(self) -> Decimal:
        """The quantity; raises UsageError when it is none."""
        try:
            found = Decimal(self.quantity)
        except InvalidOperation as error:
            raise UsageError(f"'{self.quantity}' is not a quantity.", next_step="Write it like 5 or -2.5.") from error
        if not found.is_finite():
            raise UsageError(f"'{self.quantity}' is not a quantity.", next_step="Write it like 5 or -2.5.")
        return found


def list_all(site: Path | None, warehouse: str, *, as_json: bool) -> int:
    """Print what stands where."""
    with database(site).unit() as work:
        rows = stockroom.listing(work, warehouse=warehouse)
    output.listed(rows, LEVELS, "no stock", as_json=as_json, may_go=LEVELS_MAY_GO)
    if rows and not as_json:
        output.suggest(f"gateway stock show {rows[0]['sku']}")
    return 0


def show(sku: str, site: Path | None, *, as_json: bool) -> int:
    """Print one item whole."""
    with database(site).unit() as work:
        view = stockroom.item_view(work, sku)
    if as_json:
        output.data(view)
        return 0
    output.line(f"{view['sku']}  {view['description']}  ({view['uom']}, {view['status']})")
    for title, name, columns in (
        ("stock", "warehouses", LEVELS), ("reserved for", "reservations", RESERVED), ("incoming", "incoming", COMING),
        ("waiting", "backorders", WAITING), ("moves", "moves", MOVES),
    ):  # fmt: skip
        if view[name]:
            output.line()
            output.line(f"{title}:")
            output.table(view[name], columns, may_go=MAY_GO)
    return 0


def backorders(site: Path | None, *, as_json: bool) -> int:
    """Print what waits for goods."""
    with database(site).unit() as work:
        rows = stockroom.backorders(work)
    output.listed(rows, WAITING, "nothing waits for goods", as_json=as_json, may_go=MAY_GO)
    if rows and not as_json:
        output.suggest(f"gateway stock show {rows[0]['sku']}")
    return 0


def adjust(hand: Hand, warehouse: str) -> int:
    """Put a counted difference right."""
    return _do(
        hand,
        lambda bench: stockroom.adjust(bench, hand.sku, warehouse, hand.number(), who=hand.who, reason=hand.reason),
    )


def move(hand: Hand, origin: str, target: str) -> int:
    """Bring goods to another warehouse."""
    return _do(
        hand,
        lambda bench: stockroom.move(
            bench, hand.sku, origin, target, hand.number(), who=hand.who, reason=hand.reason
        ),
    )  # fmt: skip


def block(hand: Hand, warehouse: str) -> int:
    """Set goods aside, or give them back."""
    return _do(
        hand, lambda bench: stockroom.block(bench, hand.sku, warehouse, hand.number(), who=hand.who, reason=hand.reason)
    )


def replenish(site: Path | None, warehouse: str, now: str | None, who: str, *, write: bool, as_json: bool) -> int:
    """Print what to move and what to buy, with the figures; send it where that was asked for."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        with bench.store.unit() as work:
            plan = planning.plan(bench, work, warehouse=warehouse)
            written = planning.send(bench, work, plan) if write else 0
            if write:
                auditing.deed(bench, work, who, "replenish", warehouse or "all warehouses", files=written)
            work.commit()
        _plan(planning.view(plan), as_json=as_json)
        if write and not as_json:
            output.line(f"{written} file{'s' if written != 1 else ''} written")
        return drain(bench) if write else os.EX_OK


def _plan(view: View, *, as_json: bool) -> None:
    if as_json:
        output.data(view)
        return
    for title, name, columns in (("to move", "transfers", CARRY), ("to buy", "replenishment", BUY)):
        if view[name]:
            output.line(f"{title}:")
            output.table(view[name], columns)
            for each in view[name]:
                output.line(f"  {each['sku']}: {each['reason']}")
            output.line()
    if not view["transfers"] and not view["replenishment"]:
        output.line("nothing to move and nothing to buy")
    short = [each for each in view["positions"] if each["stockout_date"]]
    if short:
        output.line("stock lasts until:")
        output.table(short, ["stockout_date", "warehouse", "sku", "available", "daily_demand", "incoming"])


def _do(hand: Hand, act: Callable[[Workbench], list[str]]) -> int:
    logs.configure(verbose=False)
    with by_hand(site_of(hand.site)):
        bench = opened(hand.site, hand.now)
        said = act(bench)
        code = drain(bench)
    if hand.as_json:
        with bench.store.unit() as work:
            output.data(stockroom.listing(work, sku=hand.sku))
    else:
        for sentence in said:
            output.line(sentence)
    return code
