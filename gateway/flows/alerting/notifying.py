"""Send what is due over a route: each message is put together once and then sent until it has left, or for so long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from gateway.exchange.alerts import Alert, Change, Notice, NoticeState, Severity
from gateway.exchange.units import Owed
from gateway.flows.alerting import routing, wording
from gateway.flows.alerting.opening import new_id
from gateway.flows.alerting.wording import Said
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import ChannelDownError, ConfigurationError, GatewayError, UnsureError
from gateway.kernel.ids import NoticeId

log = structlog.get_logger()
NOTICE = "notice"
"""The kind of the units that send."""
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
"""How long one waits after the first failure, and at most; each time twice as long."""
TRIES = 80
"""How often a message is tried: for some three days."""
ALARMING = 3
"""After so many failures in a row the others are told that a route does not work."""
WITH = "with:"
"""What the body of a notice begins with that is told by the message of another one."""


@dataclass(frozen=True, slots=True)
class Post:
    """One message: what it says, its own notice, and all the notices that it tells.

    ``is_fresh``: it was put together just now, so nobody can have sent it before.
    """

    said: Said
    notice: Notice
    members: tuple[Notice, ...]
    is_fresh: bool = False


def find(bench: Workbench, work: UnitOfWork) -> list[Owed]:
    """A unit for each route over which something is to leave now; its key has the moment, so that each try is another one."""
    return [Owed(NOTICE, f"{route}@{due.isoformat()}") for route, due in work.notices.due_routes(bench.clock())]


def act(bench: Workbench, key: str) -> None:
    """Send what is due over the route of a key; what does not leave is due again later. It never fails."""
    route = key.rpartition("@")[0]
    with bench.alone(f"{NOTICE}:{route}") as alone:
        if alone:
            send(bench, route, bench.clock())


def send(bench: Workbench, route: str, until: datetime) -> None:
    """Send what is due by a moment."""
    with bench.store.unit() as work:
        posts = _posts(bench, work, route, until)
        work.commit()
    bench.mark("notice-composed")
    if route not in routing.ways(bench.site):
        _dropped(bench, posts, f"There is no route '{route}' any more.")
        return
    down: GatewayError | None = None
    for post in posts:
        if down is None:
            down = _sent(bench, route, post)
        else:
            _later(bench, post, down.sentence, anew=post.is_fresh)
    if posts:
        _tell_of_route(bench, route, down)


def at_end(bench: Workbench) -> None:
    """Before a run ends: what waits only for others of its cause leaves now, for nobody would send it later."""
    until = bench.clock() + routing.GROUPED
    with bench.store.unit() as work:
        routes = [route for route, _ in work.notices.due_routes(until)]
    for route in routes:
        with bench.alone(f"{NOTICE}:{route}") as alone:
            if alone:
                send(bench, route, until)


def _posts(bench: Workbench, work: UnitOfWork, route: str, until: datetime) -> list[Post]:
    """The messages: those that were put together before, and new ones, each of all that is told of one cause.

    After a time in which nothing left over the route it is one message for each kind of change, whatever the causes. What
    failed is not tried again before its time, also at the end of a run.
    """
    now = bench.clock()
    letters = [
        each for each in work.notices.letters(route, until) if each.notice.attempts == 0 or each.notice.due_at <= now
    ]
    was_down = any(each.notice.attempts and not each.notice.body for each in letters)
    fresh: dict[tuple[Change, str], list[Notice]] = {}
    ready: dict[NoticeId, list[Notice]] = {}
    for each in letters:
        notice = each.notice
        if notice.body:
            owner = NoticeId(notice.body.removeprefix(WITH)) if notice.body.startswith(WITH) else notice.id
            ready.setdefault(owner, []).append(notice)
        else:
            cause = "" if was_down or notice.change is Change.REMINDED else each.cause or notice.id
            fresh.setdefault((notice.change, cause), []).append(notice)
    posts = [post for members in ready.values() if (post := _known(members)) is not None]
    for (change, _), members in fresh.items():
        post = _composed(bench, work, change, members)
        posts += [post] if post is not None else []
    return posts


def _known(members: list[Notice]) -> Post | None:
    for each in members:
        said = wording.kept(each.body)
        if said is not None:
            return Post(said, each, tuple(members))
    return None


def _composed(bench: Workbench, work: UnitOfWork, change: Change, members: list[Notice]) -> Post | None:
    """Put a message together and keep it; reminders of what is over by now, or was told just now, tell nothing."""
    named: list[Alert] = []
    telling: list[Notice] = []
    for each in members:
        alert = work.alerts.get(each.alert) if each.alert is not None else None
        if alert is None or (change is Change.REMINDED and alert.closed_at is not None):
            work.alerts.failed(each.id, "", again_at=None)
            continue
        if change is Change.REMINDED and (at := _early(bench, work, alert, each.route)) is not None:
            work.notices.again(each.id, at)
            continue
        telling.append(each)
        named.append(alert)
    if not telling:
        return None
    named.sort(key=lambda each: (-each.severity.rank, each.opened_at, each.id))
    said = wording.told(change, named[: wording.MOST_NAMED], len(telling), bench.site.settings.zone())
    first = max(telling, key=lambda each: each.attempts)  # who had a message before keeps its id
    others = {each.id: f"{WITH}{first.id}" for each in telling if each is not first}
    work.notices.compose({first.id: said.kept(), **others})
    return Post(said, first, tuple(telling), is_fresh=True)


def _early(bench: Workbench, work: UnitOfWork, alert: Alert, route: str) -> datetime | None:
    """When somebody is to be reminded of an alert that they are told of only now, or were not long ago."""
    remind = bench.site.settings.alerts.reminder()
    for each in work.alerts.notices_of(alert.id):
        if each.change is Change.OPENED and each.route == route:
            at = bench.clock() if each.state is NoticeState.WAITING else each.sent_at
            if at is not None and at + remind > bench.clock():
                return at + remind
    return None


def _sent(bench: Workbench, route: str, post: Post) -> GatewayError | None:
    """Send one; what keeps all others of the route from leaving too, else None."""
    try:
        bench.sender(route).send(post.said.message(post.notice.id))
    except GatewayError as error:
        why = _why(error)
        log.warning("notice.failed", route=route, notice=post.notice.id, error=why)
        is_down = isinstance(error, ChannelDownError)
        _later(bench, post, why, anew=is_down and post.is_fresh and not isinstance(error, UnsureError))
        return error if is_down else None
    bench.mark("notice-sent")
    now, remind = bench.clock(), bench.site.settings.alerts.reminder()
    with bench.store.unit() as work:
        recurring = [each for each in post.members if each.change is Change.REMINDED]
        for each in recurring:
            work.notices.again(each.id, now + remind)
        work.notices.sent([each.id for each in post.members if each.change is not Change.REMINDED], now)
        work.notices.hasten(route, now, usual=now + routing.GROUPED)
        work.commit()
    log.info("notice.sent", route=route, notice=post.notice.id, changes=len(post.members))
    return None


def _why(error: GatewayError) -> str:
    """What kept a message from leaving; of a secret that cannot be read, why."""
    if isinstance(error, ConfigurationError):
        return "; ".join(each.sentence for each in error.problems)
    return error.sentence


def _later(bench: Workbench, post: Post, error: str, *, anew: bool) -> None:
    """Try a message again later. ``anew``: nobody has it for sure, so it is put together again with what there is by then."""
    again = bench.clock() + min(FIRST * 2 ** min(post.notice.attempts, 10), LONGEST)
    with bench.store.unit() as work:
        for each in post.members:
            work.alerts.failed(each.id, error, again_at=again if each.attempts + 1 < TRIES else None)
        if anew:
            work.notices.compose({each.id: "" for each in post.members})
        work.commit()


def _dropped(bench: Workbench, posts: Sequence[Post], why: str) -> None:
    with bench.store.unit() as work:
        for each in (member for post in posts for member in post.members):
            work.alerts.failed(each.id, why, again_at=None)
        work.commit()


def _tell_of_route(bench: Workbench, route: str, down: GatewayError | None) -> None:
    """That a route fails is told over the others."""
    with bench.store.unit() as work:
        key, now = routing.failing_key(route), bench.clock()
        failures = work.notices.failing(route)
        if down is not None and failures >= ALARMING:
            reason = f"Nobody can be told over the route '{route}': {down.sentence}"
            work.alerts.open(Alert(new_id(bench), key, "route", Severity.ERROR, reason, now, reference=route[:200]))
        elif down is None and failures == 0:
            work.alerts.close(key, "", now)
        work.commit()
