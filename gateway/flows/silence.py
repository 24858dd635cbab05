"""Files that partners are to bring by a time of the day: whether each came, and who is told when one did not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from gateway.config.partner import Partner
from gateway.exchange import moments
from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.promises import ExpectedFile, ExpectedState
from gateway.exchange.receipt import Receipt, ReceiptState
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import AlertId, PartnerId

SILENT = "F-SILENT"
WATCHED = ("live", "testing")
BEFORE = timedelta(hours=12)
"""A file counts for a day when it came on that day, and this long before its time if that is longer."""
READING = timedelta(minutes=15)
"""So long at most it is waited for a file that is there to be read."""
MOST_DAYS = 7
"""So far back is looked for what was missed while nobody looked."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A file of ``document`` that is to come by a time on some weekdays (Monday 0), with some patience after it."""

    partner: Partner
    document: str
    by: time
    days: frozenset[int]
    grace: timedelta
    zone: tzinfo

    @property
    def key(self) -> str:
        """What names it for good."""
        return f"{self.partner.partner}:{self.document}:{self.by:%H:%M}"

    def last(self, now: datetime) -> tuple[date, datetime] | None:
        """The last day whose time has come, and when that was."""
        return moments.last_moment(self.by, self.days, self.zone, now)

    def day_of(self, came: datetime) -> tuple[date, datetime] | None:
        """The day for which a file counts that came at a moment, and by when it should have come."""
        coming = moments.next_moment(self.by, self.days, self.zone, came - timedelta(microseconds=1))
        if coming is not None:
            begins = min(moments.moment_of(coming[0], time(), self.zone), coming[1] - BEFORE)
            if came >= begins:
                return coming
        return self.last(came)


def expectations(bench: Workbench, partner: Partner) -> Iterator[Expectation]:
    """What is expected of a partner; entries of one document and one time are one."""
    known: dict[tuple[str, str], Expectation] = {}
    for each in partner.channels.expect:
        same = known.get((each.document, each.by))
        days, grace = each.weekdays(), each.patience()
        if same is not None:
            days, grace = days | same.days, max(grace, same.grace)
        zone = bench.site.zone_of(partner)
        known[each.document, each.by] = Expectation(partner, each.document, each.moment(), days, grace, zone)
    yield from known.values()


def find(bench: Workbench, work: UnitOfWork) -> list[str]:
    """Every expectation and day whose time is over and of which nothing is known; those of before we looked count not."""
    watched = [
        each for partner in bench.site.partners.values() if partner.channels.expect and partner.status in WATCHED
        for each in expectations(bench, partner)
    ]  # fmt: skip
    if not watched:
        return []
    now, known = bench.clock(), work.expected.last_days(each.key for each in watched)
    return [f"{each.key}@{day}" for each in watched for day, _ in _unknown(each, known.get(each.key), now)]


def _unknown(what: Expectation, known: date | None, now: datetime) -> Iterator[tuple[date, datetime]]:
    """The days of which nothing is known although their time is over, the earliest first.

    Of one that was never looked at only today counts.
    """
    since = known if known is not None else now.astimezone(what.zone).date() - timedelta(days=1)
    found: list[tuple[date, datetime]] = []
    before = now - what.grace
    while len(found) < MOST_DAYS:
        last = what.last(before)
        if last is None or last[0] <= since:
            break
        found.append(last)
        before = last[1] - timedelta(microseconds=1)
    yield from reversed(found)


def act(bench: Workbench, work: UnitOfWork, key: str) -> None:
    """Nothing came by the time of a day: it is noted and told, unless something that came is still to be read."""
    name, _, said = key.rpartition("@")
    partner = bench.partner(PartnerId(name.split(":")[0]))
    what = next((each for each in expectations(bench, partner) if each.key == name), None) if partner else None
    if what is None or work.expected.get(name, date.fromisoformat(said)) is not None:
        return
    if _unread(work, what.partner, bench.clock()):
        return
    _missed(bench, work, what, date.fromisoformat(said))


def _unread(work: UnitOfWork, partner: Partner, now: datetime) -> bool:
    """Whether something that came just now is not read yet; what cannot be read at all is no excuse for long."""
    waiting = work.exchange.receipts(state=ReceiptState.RECEIVED, partner=PartnerId(partner.partner))
    return any(each.received_at > now - READING for each in waiting)


def came(bench: Workbench, work: UnitOfWork, receipt: Receipt, documents: tuple[str, ...]) -> None:
    """A file came: it is noted for its day, and who was called silent is not any more."""
    partner = bench.partner(receipt.partner)
    if partner is None or not documents or not partner.channels.expect:
        return
    for what in expectations(bench, partner):
        counts = _counts(work, what, receipt.received_at) if what.document in documents else None
        if counts is None:
            continue
        for day, _ in _unknown(what, work.expected.last_days([what.key]).get(what.key), receipt.received_at):
            if day < counts[0]:
                _missed(bench, work, what, day)
        _came(work, what, receipt, *counts)
        told = f"{receipt.file_name} came at {receipt.received_at:%Y-%m-%d %H:%M} UTC"
        work.alerts.close(_alert_key(what), told, bench.clock())


def _counts(work: UnitOfWork, what: Expectation, at: datetime) -> tuple[date, datetime] | None:
    """The day for which a file counts: the last one while its patience is not over, else the one it came for."""
    last = what.last(at)
    if last is not None and at <= last[1] + what.grace and work.expected.get(what.key, last[0]) is None:
        return last
    return what.day_of(at)


def _came(work: UnitOfWork, what: Expectation, receipt: Receipt, day: date, by: datetime) -> None:
    """The first file of a day says whether it was in time; what comes after it changes nothing."""
    known = work.expected.get(what.key, day)
    if known is not None and known.state is not ExpectedState.MISSED:
        return
    late = known is not None or receipt.received_at > by + what.grace
    state = ExpectedState.LATE if late else ExpectedState.MET
    work.expected.note(ExpectedFile(what.key, day, state, receipt.received_at, receipt.id))


def _missed(bench: Workbench, work: UnitOfWork, what: Expectation, day: date) -> None:
    now = bench.clock()
    if not work.expected.note(ExpectedFile(what.key, day, ExpectedState.MISSED, now)):
        return
    by = moments.moment_of(day, what.by, what.zone)
    local = by.astimezone(what.zone)
    work.alerts.open(
        Alert(
            id=AlertId(bench.new_id()), key=_alert_key(what), kind="silence", severity=Severity.ERROR,
            reason=f"No file with '{what.document}' came from {what.partner.name or what.partner.partner} until "
            f"{local:%Y-%m-%d %H:%M} ({by.astimezone(UTC):%H:%M} UTC).",
            opened_at=now, code=SILENT, partner=PartnerId(what.partner.partner), document=what.document,
            reference=day.isoformat(), cause=f"{SILENT}:{what.partner.partner}",
        )
    )  # fmt: skip


def _alert_key(what: Expectation) -> str:
    return f"{SILENT}:{what.key}"
