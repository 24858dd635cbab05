"""What the clock brings: each kind of thing that becomes due without a file, found and done in a transaction of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.flows import advance, billing, deadline, dunning, filling, overdue, silence
from gateway.flows.by_clock import balances, keeping, promises, scheduled
from gateway.flows.by_hand import accounts
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking import payments, return_credit
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.commands import AnswerInTime

AT_ONCE = 100
"""Orders that one transaction looks at."""


@dataclass(frozen=True, slots=True)
class Due:
    """One kind: ``find`` gives the keys that are to be looked at now, ``act`` does what is due of one key.

    A key is looked at once in a run; one that must be looked at again when its order changed carries the version
    of the order, as ``orders_key`` makes it.
    """

    find: Callable[[Workbench, UnitOfWork], list[str]]
    act: Callable[[Workbench, UnitOfWork, str], None]


def orders_key(found: list[tuple[OrderNumber, int]]) -> list[str]:
    """Keys of so many orders at once, each with its version."""
    said = [f"{number}@{version}" for number, version in found]
    return [" ".join(said[at : at + AT_ONCE]) for at in range(0, len(said), AT_ONCE)]


def orders_of(key: str) -> list[OrderNumber]:
    """The orders of a key."""
    return [OrderNumber(each.partition("@")[0]) for each in key.split()]


def members(key: str) -> list[str]:
    """A key for each order of one that is of several; none where it is of one, or of something else."""
    each = key.split()
    return each if len(each) > 1 and all(part.rpartition("@")[2].isdecimal() for part in each) else []


def _unreleased(_bench: Workbench, work: UnitOfWork) -> list[str]:
    return orders_key(work.orders.unreleased())


def _release(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Release to the warehouses what has become due since the decision."""
    for number in orders_of(key):
        order = work.orders.get(number)
        partner = bench.partner(order.partner) if order else None
        if order is not None and partner is not None:
            advance.release_due(bench, work, partner, order, advance.Step(now=bench.clock(), who="schedule"))


def _late(bench: Workbench, work: UnitOfWork) -> list[str]:
    return orders_key(balances.late(bench, work))


def _cancel(bench: Workbench, work: UnitOfWork, key: str) -> None:
    for number in orders_of(key):
        balances.cancel(bench, work, number)


def _expired(bench: Workbench, work: UnitOfWork) -> list[str]:
    return orders_key(balances.expired(bench, work))


def _expire(bench: Workbench, work: UnitOfWork, key: str) -> None:
    for number in orders_of(key):
        balances.expire(bench, work, number)


def _fill(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Whatever made goods free or brought others on their way: who waits gets them."""
    step = advance.Step(now=bench.clock(), who="schedule")
    filling.goods_came(bench, work, [filling.item_of(key)], step, reason="stock is free", came=False)


def _unanswered(bench: Workbench, work: UnitOfWork) -> list[str]:
    now = bench.clock()
    return orders_key(
        [(each.number, each.version) for each in work.orders.unanswered() if deadline.is_due(bench, each, now)]
    )


def _answer(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Answer on hold whoever waits for an answer no longer, or tell people that nobody will."""
    for number in orders_of(key):
        order = work.orders.get(number)
        partner = bench.partner(order.partner) if order else None
        if order is None or partner is None or order.answer_due is None or order.decided or order.answered_on_hold:
            continue
        step = advance.Step(now=bench.clock(), who="schedule")
        tells = deadline.tells(bench, partner, step.now)
        if not tells:
            deadline.alert(bench, work, order, step.now)
        if step.now >= order.answer_due and order.holds:
            order = advance.act(bench, work, partner, order, AnswerInTime(tells=tells), step)
            advance.release_due(bench, work, partner, order, step)


def _unbilled(bench: Workbench, work: UnitOfWork) -> list[str]:
    """Orders with goods shipped and not invoiced that are not billed by the day."""
    found = [(number, version) for number, version, partner in work.orders.unbilled() if not _is_daily(bench, partner)]
    return orders_key(found)


def _bill(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Bill what the agreement wants billed by now: an order whose rest was cancelled, a delivery, what waited."""
    for number in orders_of(key):
        order = work.orders.get(number)
        partner = bench.partner(order.partner) if order else None
        if order is not None and partner is not None:
            billing.waiting(bench, work, partner, order, advance.Step(now=bench.clock(), who="schedule"))


def _days(bench: Workbench, work: UnitOfWork) -> list[str]:
    """Partners billed by the day who have something waiting, with the day that was the last to be billed."""
    found: list[str] = []
    for name in dict.fromkeys(partner for _, _, partner in work.orders.unbilled()):
        partner = bench.partner(name)
        moment = billing.last_moment(bench, partner, bench.clock()) if partner is not None else None
        if moment is not None:
            found.append(f"{name}@{moment:%Y-%m-%d}")
    return found


def _bill_day(bench: Workbench, work: UnitOfWork, key: str) -> None:
    name = PartnerId(key.rpartition("@")[0])
    partner = bench.partner(name)
    orders = [number for number, _, owner in work.orders.unbilled() if owner == name]
    if partner is not None:
        billing.daily(bench, work, partner, orders, advance.Step(now=bench.clock(), who="schedule"))


def _is_daily(bench: Workbench, name: PartnerId) -> bool:
    partner = bench.partner(name)
    return partner is not None and bench.terms(partner).bill.startswith(billing.DAILY)


def _settled(_bench: Workbench, work: UnitOfWork) -> list[str]:
    """Orders that are paid by what happened to themselves: the rest of one that was paid so far is cancelled."""
    return orders_key(work.receivables.settled_orders())


def _settle(bench: Workbench, work: UnitOfWork, key: str) -> None:
    payments.orders_follow(bench, work, orders_of(key), advance.Step(now=bench.clock(), who="schedule"))


DUE: Mapping[str, Due] = MappingProxyType(
    {
        "answer": Due(_unanswered, _answer),
        "cancel": Due(_late, _cancel),
        "expire": Due(_expired, _expire),
        "fill": Due(filling.waiting_items, _fill),
        "release": Due(_unreleased, _release),
        "bill": Due(_unbilled, _bill),
        "bill_day": Due(_days, _bill_day),
        "return_credit": Due(return_credit.find, return_credit.act),
        "late": Due(scheduled.overdue, scheduled.call_late),
        "daily": Due(scheduled.documents, scheduled.send),
        "credits": Due(accounts.credits_due, accounts.apply_due),
        "paid": Due(_settled, _settle),
        "dunning": Due(dunning.due, dunning.remind),
        "ack_overdue": Due(overdue.find, overdue.act),
        "promise": Due(promises.find, promises.act),
        "silent": Due(silence.find, silence.act),
        "keep": Due(keeping.due, keeping.act),
    }
)
"""Each kind by the name its units have; done in this order."""


def act(bench: Workbench, kind: str, key: str) -> None:
    """Do one unit."""
    with bench.store.unit() as work:
        DUE[kind].act(bench, work, key)
        bench.mark(f"{kind}-done")
        work.commit()
    bench.mark(f"{kind}-committed")
