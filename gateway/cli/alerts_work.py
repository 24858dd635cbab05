"""What somebody must be told: listed, shown, ended by hand, tried."""

from pathlib import Path
from typing import Any

from gateway.app import logs
from gateway.app.run import by_hand, finish
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.reading import database
from gateway.exchange.alerts import Alert, Change, Message, Notice, NoticeState
from gateway.flows.alerting import digest as digesting
from gateway.flows.alerting import routing
from gateway.flows.alerting.opening import HOLD
from gateway.flows.workbench import Workbench
from gateway.kernel.causes import CAUSES
from gateway.kernel.errors import NotFoundError, RefusedError, UsageError
from gateway.kernel.ids import AlertId

COLUMNS = ["id", "severity", "since", "code", "partner", "about", "times", "reason"]
MAY_GO = ["times", "over_since", "about", "id"]
TOLD = ["route", "change", "state", "at", "tries", "error"]


def list_all(site: Path | None, *, every: bool, as_json: bool) -> int:
    """Print the alerts, the worst first."""
    with database(site).unit() as work:
        found = work.alerts.listed(open_only=not every)
    found.sort(key=lambda each: (each.closed_at is not None, -each.severity.rank))
    rows = [_row(each) for each in found]
    if as_json:
        output.data(rows)
    elif rows:
        columns = [*COLUMNS[:3], *(["over_since"] if every else []), *COLUMNS[3:]]
        output.table(rows, [each for each in columns if any(row[each] for row in rows)], may_go=MAY_GO)
        output.suggest(f"gateway alerts show {rows[0]['id']}")
    else:
        output.line("no alerts")
    return 0


def show(target: str, site: Path | None, *, as_json: bool) -> int:
    """Print one alert whole."""
    bench = opened(site)
    with bench.store.unit() as work:
        alert = _found(work.alerts.get(AlertId(target)), target)
        notices = [each for each in work.alerts.notices_of(alert.id) if each.route and not _is_moot(each)]
    row = _row(alert)
    step = CAUSES[alert.code].next_step if alert.code in CAUSES else ""
    told = sorted((_notice(each) for each in notices), key=lambda each: str(each["at"]))
    if as_json:
        output.data({**row, "next_step": step or None, "notices": told})
        return 0
    output.told(f"{row['id']}  {row['severity']} {row['code'] or row['kind']}  {alert.reason}")
    for name in ("partner", "about", "document", "since", "over_since", "times", "at_risk", "note"):
        if row[name]:
            output.line(f"  {name.replace('_', ' ')}: {row[name]}")
    if step:
        output.told(step, indent="  ")
    if told:
        output.table(told, [each for each in TOLD if any(row[each] for row in told)], indent="  ")
    else:
        output.line(
            "  nobody was told: no route wants it"
            if routing.ways(bench.site)
            else "  nobody was told: there is no route"
        )
    return 0


def close(target: str, note: str, who: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """End an alert."""
    logs.configure(verbose=False)
    if not note.strip():
        raise UsageError("It is not said why.", next_step="Say it with --note.")
    with by_hand(site_of(site)):
        bench = opened(site, now)
        with bench.store.unit() as work:
            alert = _found(work.alerts.get(AlertId(target)), target)
            if alert.closed_at is not None or not work.alerts.close(alert.key, note, bench.clock()):
                raise RefusedError(f"The alert {target} is over already.")
            work.audit.note(who, "alert.closed", target, at=bench.clock(), partner=alert.partner, detail={"note": note})
            work.commit()
        if not as_json:
            output.line(f"{target} is over: {note}")
        finish(bench)
        with bench.store.unit() as work:
            row = _row(_found(work.alerts.get(AlertId(target)), target))
    if as_json:
        output.data(row)
    elif row["kind"] == HOLD:
        output.suggest(f"gateway holds show {row['about']}")
    return 0


def try_route(route: str, site: Path | None, now: str | None, *, as_json: bool) -> int:
    """Send a message over a route."""
    bench = opened(site, now)
    known = routing.ways(bench.site)
    if route not in known:
        names = ", ".join(known) or "none"
        raise NotFoundError(f"There is no route '{route}'.", next_step=f"gateway.yaml and partner files name: {names}.")
    text = f"This is a test of the route '{route}'. Nothing is wrong."
    message = Message(bench.new_id(), "[gateway] test", text)
    bench.sender(route).send(message)
    if as_json:
        output.data({"route": route, "taken": True, "message": message.id})
    else:
        output.line(f"{route}: it was taken")
    return 0


def digest(site: Path | None, now: str | None, *, send: bool, as_json: bool) -> int:
    """Print the digest of this moment, or send it."""
    logs.configure(verbose=False)
    if not send:
        bench = opened(site, now)
        with bench.store.unit() as work:
            said = digesting.said(bench, work)
        if as_json:
            output.data({"subject": said.subject, "text": said.text, "route": None})
            return 0
        output.line(said.subject)
        output.line()
        output.block(said.text)
        if bench.site.settings.alerts.digest is not None:
            output.suggest("gateway alerts digest --send")
        return 0
    with by_hand(site_of(site)):
        return _sent(opened(site, now), as_json=as_json)


def _sent(bench: Workbench, *, as_json: bool) -> int:
    asked = bench.site.settings.alerts.digest
    if asked is None:
        raise UsageError(
            "gateway.yaml asks for no digest.", next_step="Write 'alerts: {digest: {at: \"07:00\", route: NAME}}'."
        )
    with bench.store.unit() as work:
        said = digesting.said(bench, work)
    bench.sender(asked.route).send(said.message(bench.new_id()))
    if as_json:
        output.data({"subject": said.subject, "text": said.text, "route": asked.route})
    else:
        output.line(f"{asked.route}: the digest was taken")
    return 0


def _is_moot(notice: Notice) -> bool:
    """A reminder of what is over tells nothing any more."""
    return notice.change is Change.REMINDED and notice.state is NoticeState.FAILED


def _found(alert: Alert | None, target: str) -> Alert:
    if alert is None:
        raise NotFoundError(f"There is no alert '{target}'.", next_step="'gateway alerts list --all' shows all.")
    return alert


def _row(each: Alert) -> dict[str, Any]:
    return {
        "id": each.id, "kind": each.kind, "severity": each.severity.value, "code": each.code, "partner": each.partner,
        "document": each.document, "about": each.reference, "reason": each.reason, "cause": each.cause,
        "since": each.opened_at.isoformat(timespec="seconds"),
        "over_since": each.closed_at.isoformat(timespec="seconds") if each.closed_at is not None else None,
        "times": each.times, "at_risk": f"{each.risk:.2f} {each.currency}" if each.risk is not None else None,
        "note": each.note,
    }  # fmt: skip


def _notice(each: Notice) -> dict[str, Any]:
    at = each.sent_at if each.state is NoticeState.SENT and each.sent_at is not None else each.due_at
    return {
        "id": each.id, "route": each.route, "change": each.change.value, "state": each.state.value,
        "at": at.isoformat(timespec="seconds"), "tries": each.attempts, "error": each.last_error,
    }  # fmt: skip
