"""Everything a flow works with: the checked site, the prepared mappings and the filled ports."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from threading import Event

from gateway.config import agreement
from gateway.config.load import Site
from gateway.config.partner import Partner
from gateway.config.settings import Labels
from gateway.files.disk import Disk
from gateway.flows.alert_ports import Sender
from gateway.flows.file_ports import Archive, Outlet
from gateway.flows.happening import Observer, nobody
from gateway.flows.intake import Intake
from gateway.flows.looks import Looks
from gateway.flows.ports import Mark, Store
from gateway.kernel.clock import Clock, system_clock
from gateway.kernel.errors import NotFoundError
from gateway.kernel.ids import HoldId, PartnerId
from gateway.mapping.prepare import PreparedMapping
from gateway.orders.terms import Terms


def no_sender(route: str) -> Sender:
    """Of a site that tells nobody."""
    raise NotFoundError(f"There is no route '{route}'.", next_step="Name it under 'alerts.routes' of gateway.yaml.")


@dataclass(frozen=True, slots=True)
class Workbench:
    """The site and its ports; ``new_id`` gives unique ids, ``mark`` names crash windows to the tests.

    ``intake`` is what this process remembers between two scans. ``agreed`` remembers the terms of each partner file.
    ``sender`` makes what sends over a route of alerts. ``alone`` says whether nobody else has a name while inside.
    ``tried``: of whoever tries every channel and file once, whatever its time, those that failed; None for who waits
    until their time comes by the ``wall`` clock, which no ``--now`` stops. ``stop`` is set when this process is to end:
    what takes long is cut off then. ``observer`` counts what happens.
    """

    site: Site
    mappings: Mapping[str, PreparedMapping]
    store: Store
    archive: Archive
    outlet: Callable[[str], Outlet]
    clock: Clock
    new_id: Callable[[], str]
    mark: Mark
    work_folder: Path
    alone: Callable[[str], AbstractContextManager[bool]] = lambda _name: nullcontext(enter_result=True)
    sender: Callable[[str], Sender] = no_sender
    disk: Disk = field(default=Disk())
    looks: Looks = field(default_factory=Looks)
    intake: Intake = field(default_factory=Intake)
    agreed: dict[str, tuple[Partner, Terms]] = field(default_factory=dict)
    tried: set[str] | None = None
    wall: Clock = system_clock
    stop: Event = field(default_factory=Event)
    observer: Observer = nobody

    def partner(self, partner: PartnerId) -> Partner | None:
        """The partner's file, or None when there is none of that name."""
        return self.site.partners.get(partner)

    def terms(self, partner: Partner) -> Terms:
        """The commercial terms of a partner as its file and the tables it names say them."""
        known = self.agreed.get(partner.partner)
        if known is None or known[0] is not partner:
            known = (partner, agreement.terms(partner, self.site.settings, self.site.tables))
            self.agreed[partner.partner] = known
        return known[1]

    def labels(self, partner: Partner) -> Labels:
        """What the carton numbers and labels for a partner are made of: its own, else the site's."""
        return partner.labels.over(self.site.settings.labels)

    def new_hold_id(self) -> HoldId:
        """A short id people can type."""
        return HoldId(f"H-{self.new_id()[:8]}")

    def today(self, partner: Partner | None, now: datetime) -> date:
        """The business date in the partner's time zone, else the site's."""
        return _day(now, self.site.zone_of(partner))

    def end_of(self, day: date, partner: Partner | None) -> datetime:
        """The last second of a business date of the partner, else of the site."""
        return datetime.combine(day + timedelta(days=1), time(), self.site.zone_of(partner)) - timedelta(seconds=1)


@lru_cache(maxsize=256)
def _day(now: datetime, zone: tzinfo) -> date:
    """A moment is asked for its day for everything that it brings."""
    return now.astimezone(zone).date()
