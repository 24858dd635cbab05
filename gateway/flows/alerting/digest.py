"""The digest: once a day, at a time of the site's zone, all that is open."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeVar

from gateway.exchange.alerts import Alert, Change, Notice, Severity
from gateway.exchange.promises import Promise, PromiseState
from gateway.flows.alerting import wording
from gateway.flows.alerting.opening import HOLD
from gateway.flows.alerting.wording import Said
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.causes import CAUSES
from gateway.kernel.ids import NoticeId
from gateway.kernel.words import counted

Each = TypeVar("Each")
DAY = "digest_day"
"""Under which name the site knows for which day the last digest was made."""
LONGEST = timedelta(days=1)
"""For longer no digest waits for its next try."""
SILENT, OVERDUE = "silence", ("ack", "promise")
"""The kinds of alerts that tell of files that did not come, and of answers."""


def day_due(bench: Workbench, work: UnitOfWork) -> date | None:
    """The day whose digest is to leave now: the wall clock of the site says so, and none was made for it."""
    asked = bench.site.settings.alerts.digest
    if asked is None:
        return None
    local = bench.clock().astimezone(bench.site.settings.zone())
    if local.time().replace(tzinfo=None) < asked.moment():
        return None
    last = work.site.get(DAY)
    return local.date() if last is None or last < local.date().isoformat() else None


def act(bench: Workbench, work: UnitOfWork) -> None:
    """Let the digest of the day leave; its day is noted in the same transaction, so that it never leaves twice."""
    day = day_due(bench, work)
    asked = bench.site.settings.alerts.digest
    if day is not None and asked is not None and work.site.put(DAY, day.isoformat()):
        for each in work.notices.letters(asked.route, bench.clock() + LONGEST):
            if each.notice.change is Change.DIGEST:  # one of a day on which the route did not work
                work.alerts.failed(each.notice.id, "A later digest took its place.", again_at=None)
        send(bench, work, asked.route)


def send(bench: Workbench, work: UnitOfWork, route: str) -> NoticeId:
    """Let what is open now leave over a route."""
    notice = Notice(NoticeId(bench.new_id()[:32]), None, route, Change.DIGEST, bench.clock(), said(bench, work).kept())
    work.alerts.add_notice(notice)
    return notice.id


def said(bench: Workbench, work: UnitOfWork) -> Said:
    """What is open now."""
    now, zone = bench.clock(), bench.site.settings.zone()
    alerts = work.alerts.listed()
    head = counted(len(alerts), "open alert")
    severities = wording.by_severity(alerts)
    lines = [f"As of {wording.moment(now, zone)}: {head}{f' ({severities})' if severities else ''}.", ""]
    for section in (_risk(work, alerts, now), _by_severity(alerts, zone), _holds(work, alerts), _answers(work, alerts, now, zone),
                    _silent(alerts)):  # fmt: skip
        lines += section
    return Said(
        f"[gateway] digest: {head}{f', {severities}' if severities else ''}", "\n".join([*lines, wording.FOOTER])
    )


def _risk(work: UnitOfWork, alerts: Sequence[Alert], now: datetime) -> list[str]:
    late = [(each.risk, each.currency) for each in _untold(work, now)]
    total = wording.money([*((each.risk, each.currency) for each in alerts), *late])
    return [f"Money at risk: {total}", ""] if total else []


def _by_severity(alerts: Sequence[Alert], zone: tzinfo) -> list[str]:
    """Each that has no section of its own."""
    lines: list[str] = []
    others = [each for each in alerts if each.kind not in (HOLD, SILENT, *OVERDUE)]
    for severity in reversed(Severity):
        found = [each for each in others if each.severity is severity]
        lines += _section(severity.value.capitalize(), found, lambda each: _line(each, zone))
    return lines


def _holds(work: UnitOfWork, alerts: Sequence[Alert]) -> list[str]:
    counted = Counter((each.code, each.partner) for each in alerts if each.kind == HOLD)
    told = {each.key for each in alerts}
    counted.update((each.code, each.partner) for each in work.exchange.holds() if f"{HOLD}:{each.id}" not in told)
    if not counted:
        return []
    lines = [f"On hold: {sum(counted.values())} (gateway holds list)"]
    for (code, partner), count in counted.most_common(wording.MOST_NAMED):
        title = f" {CAUSES[code].title}" if code in CAUSES else ""
        lines.append(wording.short(f"    {count} x {code}{title}{f' ({partner})' if partner else ''}".strip(), 200))
    return [lines[0], *(f"    {each}" for each in lines[1:]), ""]


def _answers(work: UnitOfWork, alerts: Sequence[Alert], now: datetime, zone: tzinfo) -> list[str]:
    promised = [
        f"{each.measure} {each.subject} ({each.partner}), due {wording.moment(each.due_at, zone)}"
        for each in _untold(work, now)
    ]
    told = [_line(each, zone) for each in alerts if each.kind in OVERDUE]
    return _section("Answers and promises: overdue, or rejected", [*told, *promised], str)


def _untold(work: UnitOfWork, now: datetime) -> list[Promise]:
    """What is overdue and has no alert yet."""
    return [each for each in work.clocks.overdue(now) if each.state is PromiseState.RUNNING]


def _silent(alerts: Sequence[Alert]) -> list[str]:
    return _section("Silent partners", [each for each in alerts if each.kind == SILENT], lambda each: each.reason)


def _section(title: str, found: Sequence[Each], text: Callable[[Each], str]) -> list[str]:
    if not found:
        return []
    return [f"{title}: {len(found)}", *_named(found, text), ""]


def _named(found: Sequence[Each], text: Callable[[Each], str]) -> Iterator[str]:
    for each in found[: wording.MOST_NAMED]:
        yield f"    {wording.short(text(each), 300)}"
    if len(found) > wording.MOST_NAMED:
        yield f"    and {len(found) - wording.MOST_NAMED} more"


def _line(alert: Alert, zone: tzinfo) -> str:
    who = f" ({alert.partner})" if alert.partner else ""
    return f"{alert.code} {alert.reason}{who}, since {wording.moment(alert.opened_at, zone)}".strip()
