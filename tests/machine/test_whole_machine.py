"""The whole house at work: whatever customers, warehouses, carriers, banks and people do in whatever order, the laws hold.

``make torture`` plays many more and much longer days than ``make test``.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from gateway.canonical.order import Instructions, OrderLine
from gateway.canonical.order import Order as CanonicalOrder
from gateway.canonical.parts import Allocation, Allowance, Dates, ItemIds
from gateway.flows import advance
from gateway.flows.by_hand import accounts, correct, operate, ordering, ship_by_hand, stockroom
from gateway.flows.taking import returns_in
from gateway.kernel.errors import GatewayError
from gateway.orders.commands import CancelOrder, Command, CorrectedValue, CorrectOrder, HoldOrder, RejectOrder
from gateway.orders.ledger import OrderQuery
from gateway.orders.order import Order
from tests import database as databases
from tests.machine import laws
from tests.machine.world import CUSTOMERS, PLACES, SHIP_TO, SKUS, VARIANTS, World, new

PRICES = {"TENT": "89.95", "STOVE": "32.75", "LAMP": "24.99"}
NUMBER = st.integers(0, 1000)
"""Which of the things that are there: this one, counted round."""
FEW = st.integers(1, 12)
CUSTOMER = st.sampled_from(CUSTOMERS)
PLACE = st.sampled_from(PLACES)
SKU = st.sampled_from(SKUS)
DAYS = st.sampled_from([None, None, None, 0, 1, 3, 8])


@dataclass(frozen=True, slots=True)
class Wish:
    """A line of an order: pieces or cases, our price or another, some of it for the first of two stores, less ten percent."""

    sku: str
    quantity: int
    uom: str = "EA"
    price: str | None = None
    first_store: int = 0
    less: bool = False

    def line(self, number: int) -> OrderLine:
        shared = ((101, self.first_store), (102, self.quantity - self.first_store)) if self.first_store else ()
        return OrderLine(
            number=str(number), quantity=Decimal(self.quantity), uom=self.uom, ids=ItemIds(vendor_sku=self.sku),
            unit_price=Decimal(self.price) if self.price else None,
            allocations=tuple(Allocation(location=str(at), quantity=Decimal(some)) for at, some in shared),
            allowances=(Allowance(kind="allowance", code="C310", percent=Decimal(10)),) if self.less else (),
        )  # fmt: skip


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    sku = draw(st.sampled_from([*SKUS * 4, "NO-SUCH"]))
    uom = draw(st.sampled_from(["EA", "CA"])) if sku == "STOVE" else "EA"
    quantity = draw(st.integers(1, 4) if uom == "CA" else st.integers(1, 30))
    price = draw(st.sampled_from([None, None, None, PRICES.get(sku), "20.00"])) if uom == "EA" else None
    first = draw(st.integers(1, quantity - 1)) if quantity > 1 and draw(st.integers(0, 4)) == 4 else 0
    return Wish(sku, quantity, uom, price, first, draw(st.integers(0, 5)) == 5)


class House(RuleBasedStateMachine):
    """One house, from empty shelves on."""

    world: World
    levels: Mapping[Any, Any]

    @initialize(
        variant=st.sampled_from(VARIANTS), counts=st.lists(st.integers(0, 60), min_size=6, max_size=6),
        first=st.lists(st.tuples(CUSTOMER, st.lists(wishes(), min_size=1, max_size=3)), max_size=4),
    )  # fmt: skip
    def open(self, variant: str, counts: list[int], first: list[tuple[str, list[Wish]]]) -> None:
        self.world = new(variant)
        self.levels = {}
        places = [(place, sku) for place in PLACES for sku in SKUS]
        self.count_rows(list(zip(places, counts, strict=True)))
        self.check()
        for who, lines in first:
            self.place(who, lines)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.end()

    def check(self) -> None:
        self.levels = laws.judge(self.world, self.levels)

    def orders(self) -> list[Order]:
        with self.world.bench.store.unit() as work:
            return work.orders.find(OrderQuery())

    def one_of(self, found: list[Any], at: int) -> Any:
        return found[at % len(found)]

    def ask(self, doing: Callable[[], object]) -> None:
        """Somebody asks for something; a refusal in words changes nothing."""
        with suppress(GatewayError):
            doing()
        self.check()

    def any_order(self, at: int, fits: Callable[[Order], bool] = lambda _: True) -> Order | None:
        found = [each for each in self.orders() if fits(each)]
        return self.one_of(found, at) if found else None

    def command(self, at: int, command: Command) -> None:
        order = self.any_order(at)
        if order is not None:
            self.ask(lambda: operate.do(self.world.bench, order.number, "", command, "jo"))

    # ---- orders come in

    @rule(
        who=CUSTOMER, lines=st.lists(wishes(), min_size=1, max_size=4),
        backorder=st.sampled_from([None, None, "ship_complete", "no_backorder", "backorder"]),
        substitution=st.sampled_from([None, None, "allowed"]), after=DAYS, before=DAYS, rush=st.booleans(),
        again=st.integers(0, 9), at=NUMBER, fixed=st.sampled_from([None, None, "15.00"]),
        purpose=st.sampled_from(["original"] * 8 + ["replace", "cancel"]),
    )  # fmt: skip
    def order(
        self, who: str, lines: list[Wish], backorder: Any, substitution: Any, after: int | None, before: int | None,
        rush: bool, again: int, at: int, fixed: str | None, purpose: Any,  # noqa: FBT001
    ) -> None:  # fmt: skip
        known = [each.po_number for each in self.orders() if each.partner == who]
        repeats = known and (again == 0 or purpose != "original")
        today = self.world.now.date()
        document = CanonicalOrder(
            po_number=self.one_of(known, at) if repeats else self.world.number("PO-"), po_date=today, purpose=purpose,
            order_type="rush" if rush else None, instructions=Instructions(backorder=backorder, substitution=substitution),
            dates=Dates(
                cancel_after=today + timedelta(days=after) if after is not None else None,
                ship_not_before=today + timedelta(days=before) if before is not None else None,
            ),
            ship_to=SHIP_TO,
            allowances=(Allowance(kind="charge", code="H090", amount=Decimal(fixed)),) if fixed else (),
            lines=tuple(each.line(number) for number, each in enumerate(lines, start=1)),
        )  # fmt: skip
        self.ask(lambda: ordering.place(self.world.bench, who, [document], "jo"))

    def place(self, who: str, lines: list[Wish]) -> None:
        """An order without anything special."""
        document = CanonicalOrder(
            po_number=self.world.number("PO-"), po_date=self.world.now.date(), ship_to=SHIP_TO,
            lines=tuple(each.line(number) for number, each in enumerate(lines, start=1)),
        )  # fmt: skip
        self.ask(lambda: ordering.place(self.world.bench, who, [document], "jo"))

    @rule(at=NUMBER, accept=st.sampled_from(["", "ours", "theirs"]))
    def release(self, at: int, accept: Any) -> None:
        held = [hold.id for each in self.orders() for hold in each.holds]
        with self.world.bench.store.unit() as work:
            held += [each.id for each in work.exchange.holds()]
        if held:
            what = operate.Release(self.one_of(held, at), "it is all right", accept=accept)
            self.ask(lambda: operate.release(self.world.bench, what))

    @rule(
        at=NUMBER, line=NUMBER, quantity=st.one_of(st.none(), FEW),
        what=st.sampled_from(["reject_hold", "reject", "hold", "cancel", "cancel"]),
    )  # fmt: skip
    def stop(self, at: int, line: int, quantity: int | None, what: str) -> None:
        order = self.any_order(at)
        if order is None:
            return
        held = [hold.id for each in self.orders() for hold in each.holds]
        if what == "reject_hold" and held:
            self.ask(lambda: operate.reject_hold(self.world.bench, self.one_of(held, at), "no"))
        elif what == "reject":
            self.command(at, RejectOrder("no"))
        elif what == "hold":
            self.command(at, HoldOrder("wait"))
        else:
            name = self.one_of([*(each.number for each in order.lines), ""], line)
            some = Decimal(quantity) if quantity is not None and name else None
            self.command(at, CancelOrder("no longer wanted", name, some))

    @rule(at=NUMBER, line=NUMBER, field=st.sampled_from(["quantity", "sku", "price"]), quantity=FEW, sku=SKU)
    def correct(self, at: int, line: int, field: str, quantity: int, sku: str) -> None:
        order = self.any_order(at, lambda each: bool(each.holds) and not each.decided)
        if order is not None:
            value = {"quantity": str(quantity), "sku": sku, "price": PRICES[sku]}[field]
            values = (CorrectedValue(field, value, self.one_of(list(order.lines), line).number),)
            self.ask(lambda: operate.do(self.world.bench, order.number, "", CorrectOrder(values, "asked them"), "jo"))

    @rule(
        at=NUMBER, line=NUMBER, quantity=st.one_of(st.none(), st.integers(0, 40)), price=st.sampled_from([None, "22.22"]),
        action=st.sampled_from(["add", "delete", "change", "quantity_increase", "quantity_decrease", "price_change", "replace"]),
        sku=SKU,
    )  # fmt: skip
    def change(self, at: int, line: int, quantity: int | None, price: str | None, action: str, sku: str) -> None:
        order = self.any_order(at)
        if order is not None:
            number = str(len(order.lines) + 1) if action == "add" else self.one_of(list(order.lines), line).number
            added = {"sku": sku, "uom": "EA", "quantity": quantity or 1} if action in ("add", "replace") else {}
            row = {
                "po_number": order.po_number, "line": number, "action": action, "quantity": quantity, "unit_price": price,
                "change_number": self.world.number("CH"), **added,
            }  # fmt: skip
            self.ask(lambda: self.world.rows(order.partner, "change", row))

    # ---- goods

    def count_rows(self, rows: list[tuple[tuple[str, str], int]]) -> None:
        said = [
            {"warehouse": place, "sku": sku, "on_hand": n, "counted_at": self.world.now.isoformat()}
            for (place, sku), n in rows
        ]
        self.world.rows("warehouse", "stock", *said)

    @rule(place=PLACE, sku=SKU, quantity=st.integers(0, 60))
    def count(self, place: str, sku: str, quantity: int) -> None:
        self.ask(lambda: self.count_rows([((place, sku), quantity)]))

    @rule(
        place=PLACE, sku=SKU, quantity=st.integers(0, 40), days=st.integers(-1, 8), ref=st.sampled_from(["", "A", "B"])
    )
    def expect(self, place: str, sku: str, quantity: int, days: int, ref: str) -> None:
        day = self.world.now.date() + timedelta(days=days)
        row = {"warehouse": place, "sku": sku, "quantity": quantity, "expected_date": day, "reference": ref}
        self.ask(lambda: self.world.rows("erp", "incoming", row))

    @rule(place=PLACE, sku=SKU, quantity=FEW, ref=st.sampled_from(["", "A", "B"]))
    def receive(self, place: str, sku: str, quantity: int, ref: str) -> None:
        row = {"warehouse": place, "sku": sku, "quantity": quantity, "reference": ref}
        self.ask(lambda: self.world.rows("warehouse", "receipt", row))

    @rule(place=PLACE, sku=SKU, quantity=st.integers(-5, 8), what=st.sampled_from(["adjust", "move", "block"]))
    def tidy(self, place: str, sku: str, quantity: int, what: str) -> None:
        bench, some, other = self.world.bench, Decimal(quantity), next(each for each in PLACES if each != place)
        doing: dict[str, Callable[[], object]] = {
            "adjust": lambda: stockroom.adjust(bench, sku, place, some, who="jo", reason="found"),
            "move": lambda: stockroom.move(bench, sku, place, other, some, who="jo", reason="room"),
            "block": lambda: stockroom.block(bench, sku, place, some, who="jo", reason="wet"),
        }
        self.ask(doing[what])

    # ---- shipments

    @rule(at=NUMBER, difference=st.sampled_from([0, 0, 0, 0, -1, -3, 1, 2, 20]), accepted=st.booleans(), line=NUMBER)
    def ship(self, at: int, difference: int, accepted: bool, line: int) -> None:  # noqa: FBT001
        """By hand: all that was told, or less or more of one line."""
        order = self.any_order(at, lambda each: any(one.told for one in each.lines))
        if order is None:
            return
        told = self.one_of([each for one in order.lines for each in one.told], line)
        same = (told.warehouse, told.store)
        said = {
            one.number: one.told_in(told.warehouse, told.store if one.stores else "") for one in order.lines
            if any((each.warehouse, each.store) == same for each in one.told)
        }  # fmt: skip
        changed = self.one_of(sorted(said), line)
        said[changed] = max(Decimal(0), said[changed] + difference)
        note = "they keep it" if accepted else ""
        freight = Decimal("7.35") if at % 3 == 0 else None
        left = ship_by_hand.Left(said, warehouse=told.warehouse, store=told.store, note=note, freight_charge=freight)
        self.ask(lambda: ship_by_hand.ship_order(self.world.bench, order.number, "", left, "jo"))

    @rule(place=PLACE, whole=st.booleans(), at=NUMBER)
    def ship_together(self, place: str, whole: bool, at: int) -> None:  # noqa: FBT001
        """By file: everything that a warehouse was told, of all orders or of one, in one shipment."""
        found = [each for each in self.told() if each["warehouse"] == place]
        if found:
            self.ship_rows(found if whole else [self.one_of(found, at)])

    @rule(at=NUMBER, short=st.integers(0, 3))
    def go_on(self, at: int, short: int) -> None:
        """A usual day: what is due is done, and one order is shipped, perhaps not all of a line."""
        self.world.later(24)
        self.run()
        found = self.told()
        if found:
            first = self.one_of(found, at)
            keys = ("warehouse", "order_number", "store")
            mine = [each for each in found if all(each[key] == first[key] for key in keys)]
            mine[0]["quantity"] = max(Decimal(0), mine[0]["quantity"] - short)
            self.ship_rows(mine)

    def told(self) -> list[dict[str, Any]]:
        """What warehouses were told to pick, row by row."""
        return [
            {"warehouse": told.warehouse, "order_number": order.number, "line": line.number, "quantity": told.quantity,
             "store": told.store}
            for order in self.orders() for line in order.lines for told in line.told
        ]  # fmt: skip

    def ship_rows(self, rows: list[dict[str, Any]]) -> None:
        number, day = self.world.number("S-"), self.world.bench.today(None, self.world.now)
        more = {"shipment_number": number, "ship_date": day, "tracking": f"T-{number}"}
        self.ask(lambda: self.world.rows("warehouse", "shipped", *(each | more for each in rows)))

    @precondition(lambda self: any(each.shipments for each in self.orders()))
    @rule(
        at=NUMBER,
        event=st.sampled_from(["in_transit", "exception", "delivered", "arrived"]),
        some=st.one_of(st.none(), FEW),
    )
    def carry(self, at: int, event: str, some: int | None) -> None:
        shipment = self.one_of([name for each in self.orders() for name in each.shipments], at)
        now = self.world.now
        row = {"shipment_number": shipment, "event": event, "at": now.isoformat(), "quantity": some}
        if event == "arrived":
            row = {"shipment_number": shipment, "delivered_date": now.date()}
        self.ask(lambda: self.world.rows("carrier", "carrier", row))

    # ---- goods come back

    @precondition(lambda self: any(each.shipments for each in self.orders()))
    @rule(at=NUMBER, line=NUMBER, quantity=FEW, action=st.sampled_from(["credit", "replace"]))
    def ask_return(self, at: int, line: int, quantity: int, action: str) -> None:
        order = self.any_order(at, lambda each: bool(each.shipments))
        if order is not None:
            row = {
                "po_number": order.po_number, "line": self.one_of(list(order.lines), line).number, "quantity": quantity,
                "reason": "damaged", "action": action, "return_number": self.world.number("R"),
            }  # fmt: skip
            self.ask(lambda: self.world.rows(order.partner, "return", row))

    @precondition(lambda self: any(each.returns for each in self.orders()))
    @rule(
        at=NUMBER, quantity=st.integers(1, 5), to=st.sampled_from(["restock", "scrap", "refurbish", "end"]),
        credited=st.booleans(),
    )  # fmt: skip
    def come_back(self, at: int, quantity: int, to: Any, credited: bool) -> None:  # noqa: FBT001
        returns = [each for order in self.orders() for each in order.returns]
        found = [(made.rma, each) for made in returns for each in made.lines]
        rma, line = self.one_of([each for each in found if each[1].waits] or found, at)
        some = min(Decimal(quantity), line.waits or Decimal(1))
        bench = self.world.bench
        step = advance.Step(self.world.now, "jo")
        what = returns_in.Received(rma, line.line, some, to, credited=credited)

        def doing() -> None:
            with bench.store.unit() as work:
                if to == "end":
                    returns_in.end(bench, work, rma, "no more", step, cancels=not line.received)
                else:
                    returns_in.receive(bench, work, what, step)
                work.commit()

        self.ask(doing)

    # ---- money

    def invoices(self, *, credit: bool = False) -> list[Any]:
        with self.world.bench.store.unit() as work:
            return [each for each in work.invoices.find() if each.is_credit == credit]

    @precondition(lambda self: self.invoices())
    @rule(
        at=NUMBER, line=NUMBER, quantity=st.one_of(st.none(), st.integers(1, 5)), price=st.sampled_from([None, "19.99"]),
        everything=st.booleans(), again=st.booleans(),
    )  # fmt: skip
    def correct_invoice(
        self,
        at: int,
        line: int,
        quantity: int | None,
        price: str | None,
        everything: bool,  # noqa: FBT001
        again: bool,  # noqa: FBT001
    ) -> None:
        bill = self.one_of(self.invoices(), at)
        order = self.one_of(list(bill.orders), line)
        what = correct.Correction(bill.number, "wrong", everything=True)
        if not everything:
            with self.world.bench.store.unit() as work:
                lines = next(each for each in work.orders.bills(order) if each.number == bill.number).lines
            if not lines:
                return
            what = correct.Correction(
                bill.number, "wrong", self.one_of(list(lines), line).line, Decimal(quantity) if quantity else None,
                Decimal(price) if price else None, order=order,
            )  # fmt: skip
        doing = correct.rebill if again else correct.credit
        self.ask(lambda: doing(self.world.bench, what))

    @precondition(lambda self: self.invoices())
    @rule(
        at=NUMBER, other=NUMBER, how=st.sampled_from(["exact", "exact", "short", "discount", "over", "unknown", "two", "back"]),
        by=st.sampled_from(CUSTOMERS),
    )  # fmt: skip
    def pay(self, at: int, other: int, how: str, by: str) -> None:
        bill, second = self.one_of(self.invoices(), at), self.one_of(self.invoices(), other)
        owed = bill.total - bill.paid
        row: dict[str, Any] = {
            "payment_number": self.world.number("B"), "payment_date": self.world.now.date(), "partner": bill.partner,
            "amount": owed, "invoice_number": bill.number, "paid": owed,
        }  # fmt: skip
        rows = [row]
        if how == "short":
            kept = min(owed, Decimal("9.90"))
            row |= {"amount": owed - kept, "paid": owed - kept, "deduction": kept, "reason": "06"}
        elif how == "discount":
            off = (owed * Decimal("0.02")).quantize(Decimal("0.01"))
            row |= {"amount": owed - off, "paid": owed - off, "discount": off}
        elif how == "over":
            row |= {"amount": owed + 10, "paid": owed + 10, "partner": by}
        elif how == "unknown":
            row |= {"amount": Decimal(50), "paid": Decimal(50), "invoice_number": "INV9999999"}
        elif how == "two":
            row["amount"] = owed + second.total
            rows.append({**row, "invoice_number": second.number, "paid": second.total})
        elif how == "back":
            row |= {"amount": -bill.paid, "paid": -bill.paid}
        if row["amount"]:
            self.ask(lambda: self.world.rows("accounting", "paid", *rows))

    @rule(
        at=NUMBER, other=NUMBER, amount=st.sampled_from([None, None, "5.00"]),
        what=st.sampled_from(["apply", "oldest", "unapply", "refund", "move", "credit"]),
    )  # fmt: skip
    def settle(self, at: int, other: int, amount: str | None, what: str) -> None:
        bench, some = self.world.bench, Decimal(amount) if amount else None
        with bench.store.unit() as work:
            payments = work.receivables.payments()
        invoices, credits_ = self.invoices(), self.invoices(credit=True)
        if not (payments if what != "credit" else credits_) or not invoices:
            return
        invoice = self.one_of(invoices, other).number
        if what == "credit":
            credit = self.one_of(credits_, at).number
            self.ask(lambda: accounts.apply_credit(bench, credit, invoice, some, accounts.Asked("so")))
            return
        own = self.one_of(payments, at)
        number, asked = own.payment.number, accounts.Asked("so", partner=own.partner)
        target = next(each for each in CUSTOMERS if each != own.partner)
        doing: dict[str, Callable[[], object]] = {
            "apply": lambda: accounts.apply(bench, number, invoice, some, asked),
            "oldest": lambda: accounts.apply_oldest(bench, number, asked),
            "unapply": lambda: accounts.unapply(bench, number, invoice if at % 2 else "", asked),
            "refund": lambda: accounts.refund(bench, number, some, asked),
            "move": lambda: accounts.move(bench, number, target, some, asked),
        }
        self.ask(doing[what])

    @rule(at=NUMBER, amount=st.sampled_from([None, "5.00"]), accepted=st.booleans())
    def judge_claim(self, at: int, amount: str | None, accepted: bool) -> None:  # noqa: FBT001
        bench, some = self.world.bench, Decimal(amount) if amount else None
        with bench.store.unit() as work:
            claims = [each.claim.number for each in work.receivables.claims()]
        if claims:
            number, asked = self.one_of(claims, at), accounts.Asked("so")
            if accepted:
                self.ask(lambda: accounts.accept(bench, number, some, asked))
            else:
                self.ask(lambda: accounts.reject(bench, number, asked))

    # ---- time

    @rule(hours=st.sampled_from([1, 6, 24, 24, 72, 240]))
    def wait(self, hours: int) -> None:
        self.world.later(hours)
        self.run()

    @rule()
    def run(self) -> None:
        """Do what is due; doing it once more changes nothing."""
        self.world.drain()
        self.check()
        before = self.dump()
        self.world.drain()
        assert [each for each in self.dump() if each not in set(before)] == []
        self.check()

    def dump(self) -> list[str]:
        return databases.dump(databases.url_in(self.world.folder))


TORTURE = int(os.environ.get("GATEWAY_TORTURE", "0"))
EXAMPLES, STEPS = (TORTURE, 60) if TORTURE else (8, 25)
TestHouse = House.TestCase
TestHouse.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink], print_blob=True,
)  # fmt: skip
