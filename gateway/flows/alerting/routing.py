"""Which change of which alert goes over which route, and when: what has one cause goes together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from gateway.config.alerts import Route
from gateway.config.load import Site
from gateway.documents.registry import OWED
from gateway.exchange.alerts import Alert, Change, Notice, NoticeState, Severity
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import NoticeId

log = structlog.get_logger()
SETTLE = timedelta(seconds=20)
"""For so long the first of a cause waits for others of it."""
GROUPED = timedelta(minutes=5)
"""Of one cause no more than one message leaves in this time over a route."""
PARTNER = "partner:"
"""How the routes are called that partner files name."""
SETS = {each.x12_set: each.document for owed in OWED.values() for each in owed if each.x12_set}
"""What partners call our documents; routes name them as mappings do."""
UNTOLD = "It was over before it was told."
Last = dict[tuple[str, Change, str], Notice | None]


@dataclass(frozen=True, slots=True)
class Way:
    """One route with what it wants to be told; ``partner`` is that of the partner file that names it."""

    name: str
    route: Route
    partner: str = ""

    def wants(self, alert: Alert) -> bool:
        """Whether an alert goes this way; that a route itself fails goes over the others."""
        asked = self.route
        return (
            alert.severity.rank >= Severity(asked.severity).rank
            and (not asked.partners or alert.partner in asked.partners)
            and (not self.partner or alert.partner == self.partner)
            and (not asked.documents or SETS.get(alert.document, alert.document) in asked.documents)
            and (not asked.kinds or alert.kind in asked.kinds)
            and alert.key != failing_key(self.name)
        )


def failing_key(route: str) -> str:
    """The key of the alert that a route does not work."""
    return f"route:{route}"


def ways(site: Site) -> Mapping[str, Way]:
    """The routes of a site by their names, those of its partner files last."""
    found = {each.name: Way(each.name, each) for each in site.settings.alerts.routes}
    for partner in site.partners.values():
        if partner.alerts.to:
            name = f"{PARTNER}{partner.partner}"
            found[name] = Way(name, Route(name=partner.partner, to=partner.alerts.to), partner.partner)
    return found


def act(bench: Workbench, work: UnitOfWork) -> None:
    """Share out what changed, and log it."""
    known, last = ways(bench.site), Last()
    for notice in work.notices.unrouted():
        alert = work.alerts.get(notice.alert) if notice.alert is not None else None
        if alert is not None and notice.change is Change.OPENED:
            _opened(bench, work, alert, [each for each in known.values() if each.wants(alert)], last)
        elif alert is not None:
            _closed(bench, work, alert, last)
        work.alerts.sent(notice.id, bench.clock())
        if alert is not None:
            _log(alert, notice.change)


def _opened(bench: Workbench, work: UnitOfWork, alert: Alert, wanted: list[Way], last: Last) -> None:
    """A notice for each route, and one that comes again and again as long as the alert is open."""
    remind = bench.site.settings.alerts.reminder()
    for way in wanted:
        _add(bench, work, alert, way.name, Change.OPENED, last)
        if remind:
            again = Notice(_id(bench), alert.id, way.name, Change.REMINDED, alert.opened_at + remind)
            work.alerts.add_notice(again)


def _closed(bench: Workbench, work: UnitOfWork, alert: Alert, last: Last) -> None:
    """The end is told where the beginning was; what was over before anybody was told, nobody is told of."""
    for notice in work.alerts.notices_of(alert.id):
        waits = notice.state is NoticeState.WAITING
        if notice.change is Change.REMINDED and waits:
            work.alerts.failed(notice.id, "", again_at=None)
        elif notice.change is Change.OPENED and notice.route and not work.alerts.withdraw(notice.id, UNTOLD):
            _add(bench, work, alert, notice.route, Change.CLOSED, last)


def _add(bench: Workbench, work: UnitOfWork, alert: Alert, route: str, change: Change, last: Last) -> None:
    key, now = (route, change, alert.cause), bench.clock()
    if alert.cause and key not in last:
        last[key] = work.notices.last_of_cause(*key)
    at_once = alert.severity is Severity.CRITICAL or not alert.cause
    due = _again(work, alert, route, change, now) if at_once else _moment(last.get(key), now)
    notice = Notice(_id(bench), alert.id, route, change, due)
    if work.alerts.add_notice(notice) and alert.cause:
        last[key] = notice


def _again(work: UnitOfWork, alert: Alert, route: str, change: Change, now: datetime) -> datetime:
    """What leaves at once, unless the very same was told a moment ago: what comes and goes fills nobody's mailbox."""
    last = work.notices.last_of_key(route, change, alert.key)
    if last is None:
        return now
    return max(now, (last.sent_at or last.due_at) + GROUPED)


def _moment(last: Notice | None, now: datetime) -> datetime:
    """When it leaves: with what waits of the same cause, or so long after what left of it."""
    if last is None:
        return now + SETTLE
    if last.state is NoticeState.WAITING and not last.body:
        return last.due_at
    return max(now + SETTLE, (last.sent_at or last.due_at) + GROUPED)


def _id(bench: Workbench) -> NoticeId:
    return NoticeId(bench.new_id()[:32])


def _log(alert: Alert, change: Change) -> None:
    """The log is a route that is always on."""
    facts = {"alert": alert.id, "kind": alert.kind, "severity": alert.severity.value, "code": alert.code,
             "partner": alert.partner, "reference": alert.reference}  # fmt: skip
    if change is Change.CLOSED:
        log.info("alert.closed", **facts, note=alert.note)
    elif alert.severity is Severity.CRITICAL:
        log.error("alert.opened", **facts, reason=alert.reason)
    else:
        log.info("alert.opened", **facts, reason=alert.reason)
