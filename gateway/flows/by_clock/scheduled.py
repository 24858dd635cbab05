"""What leaves once a day at an agreed time, and shipments that are not there in time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from gateway.config.partner import Partner
from gateway.config.partner_documents import MappingUse
from gateway.flows import advance
from gateway.flows.by_clock import inventory, planning
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.commands import MarkLate

INVENTORY = "inventory"
DOCUMENTS = (INVENTORY, planning.BUYING, planning.MOVING)
"""What may leave by the clock without an order behind it."""
DAILY = "daily "


def overdue(bench: Workbench, work: UnitOfWork) -> list[str]:
    """Shipments that should be there, each by its number and order."""
    tomorrow = bench.today(None, bench.clock()) + timedelta(days=1)
    return [f"{order} {shipment}" for shipment, order in work.shipments.overdue(tomorrow)]


def call_late(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Say of one shipment that it is late, when its day is over for the customer."""
    number, _, shipment = key.partition(" ")
    order = work.orders.get(OrderNumber(number))
    partner = bench.partner(order.partner) if order is not None else None
    if order is not None and partner is not None:
        advance.act(
            bench, work, partner, order, MarkLate(shipment), advance.Step(now=bench.clock(), who="schedule")
        )  # fmt: skip


def documents(bench: Workbench, work: UnitOfWork) -> list[str]:
    """What is to leave today and did not yet: the key names the partner, the entry of its file and the local day."""
    return [
        f"{partner.partner} {use.document} {use.mapping} {day.isoformat()}"
        for partner, use, day in _daily(bench)
        if (last := work.planning.last_done(_name(partner, use))) is None or last < day
    ]


def send(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """One document of the day; the day is noted in the same transaction, so that it never leaves twice."""
    name, document, mapping, said = key.split(" ")
    partner, day = bench.partner(PartnerId(name)), date.fromisoformat(said)
    if partner is None:
        return
    now = bench.clock()
    for each, use, today in _daily(bench):
        if (each.partner, use.document, use.mapping, today) != (name, document, mapping, day):
            continue
        last = work.planning.last_done(_name(partner, use))
        if last is not None and last >= day:
            return
        if document == INVENTORY:
            inventory.send(bench, work, partner, use, now)
        else:
            planning.send_to(bench, work, planning.plan(bench, work), partner, use, now)
        work.planning.done(_name(partner, use), day)


def _daily(bench: Workbench) -> Iterator[tuple[Partner, MappingUse, date]]:
    """Every entry whose time of the day has come, with the local day.

    The time is the partner's wall clock: on the day on which clocks go forward a time that is left out has come
    with the next one, and an hour that comes twice is the same day, on which it is done already.
    """
    now = bench.clock()
    for partner in bench.site.partners.values():
        if partner.status not in ("live", "testing"):
            continue
        local = now.astimezone(bench.site.zone_of(partner))
        for document in DOCUMENTS:
            for use in partner.outputs(document, local.date()):
                if _has_come(use, local):
                    yield partner, use, local.date()


def _has_come(use: MappingUse, local: datetime) -> bool:
    return use.moment.startswith(DAILY) and local.time() >= time.fromisoformat(use.moment.removeprefix(DAILY))


def _name(partner: Partner, use: MappingUse) -> str:
    return f"{partner.partner}:{use.document}:{use.mapping}"
