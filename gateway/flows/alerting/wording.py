"""What notices say: plain text in which whatever partners sent stands as it is, and moves nothing."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from gateway.exchange.alerts import Alert, Change, Message, Severity
from gateway.files.names import visible
from gateway.flows.alerting.opening import HOLD
from gateway.kernel.causes import CAUSES
from gateway.kernel.hiding import redacted

MOST_NAMED = 50
"""So many alerts are named in one message; the others are counted."""
LONGEST_SUBJECT, LONGEST_REASON = 150, 1000
FOOTER = "-- \nSent by the EDI gateway. Nobody reads answers to this address."


@dataclass(frozen=True, slots=True)
class Said:
    """The subject and the text of a message, as they are kept until it has left."""

    subject: str
    text: str

    def kept(self) -> str:
        """As it stands in the table."""
        return json.dumps({"subject": self.subject, "text": self.text}, ensure_ascii=False)

    def message(self, notice: str) -> Message:
        """What leaves, under the id of its notice."""
        return Message(notice, self.subject, self.text)


def kept(body: str) -> Said | None:
    """What was put together before; None where the notice tells nothing by itself."""
    if not body.startswith("{"):
        return None
    said = json.loads(body)
    return Said(said["subject"], said["text"])


def told(change: Change, alerts: Sequence[Alert], count: int, zone: tzinfo) -> Said:
    """The message for one change of so many alerts, of which these are named."""
    text = [_lead(change, alerts, count), ""]
    for each in alerts:
        text += [*_about(each, change, zone), ""]
    if count > len(alerts):
        text += [f"and {count - len(alerts)} more: gateway alerts list", ""]
    return Said(_subject(change, alerts, count), "\n".join([*text, *_next_steps(change, alerts), FOOTER]))


def money(amounts: Sequence[tuple[Decimal | None, str]]) -> str:
    """Sums by currency.

    >>> money([(Decimal("50.00"), "USD"), (None, ""), (Decimal("9.5"), "USD")])
    '59.50 USD'
    """
    sums: dict[str, Decimal] = {}
    for amount, currency in amounts:
        if amount is not None:
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    return ", ".join(f"{sums[each]:.2f} {each}".rstrip() for each in sorted(sums))


def moment(at: datetime, zone: tzinfo) -> str:
    """A moment as people of the site write it."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def short(text: str, most: int) -> str:
    """One line of no more than so many characters, that no terminal and no mail reader obeys, without any secret of ours."""
    line = visible(redacted(" ".join(text.split())))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def by_severity(alerts: Sequence[Alert]) -> str:
    """How many of which severity, the worst first."""
    counted = Counter(each.severity for each in alerts)
    return ", ".join(f"{counted[each]} {each.value}" for each in reversed(Severity) if counted[each])


def _subject(change: Change, alerts: Sequence[Alert], count: int) -> str:
    first, head = alerts[0], "gateway"
    what = f"{first.code} {_title(first)}".strip() or first.reason
    who = f" ({first.partner})" if first.partner else ""
    many = f"{count} x " if count > 1 else ""
    match change:
        case Change.CLOSED:
            said = f"{many}{what}{who}" if _is_one_cause(alerts) else f"{count} alerts"
            return short(f"[{head}] over: {said}", LONGEST_SUBJECT)
        case Change.REMINDED:
            return short(
                f"[{head}] still open: {count} alert{'s' if count > 1 else ''}, {by_severity(alerts)}", LONGEST_SUBJECT
            )
        case _:
            if not _is_one_cause(alerts):
                return short(f"[{head}] {first.severity.value}: {count} alerts, {by_severity(alerts)}", LONGEST_SUBJECT)
            return short(f"[{head}] {first.severity.value}: {many}{what}{who}", LONGEST_SUBJECT)


def _title(alert: Alert) -> str:
    known = CAUSES.get(alert.code)
    return known.title if known is not None else short(alert.reason, 80)


def _lead(change: Change, alerts: Sequence[Alert], count: int) -> str:
    match change:
        case Change.CLOSED:
            return "This is over:" if count == 1 else f"These {count} are over:"
        case Change.REMINDED:
            return "This is still open:" if count == 1 else f"These {count} are still open:"
        case _:
            if count == 1:
                return "This needs somebody:"
            if _is_one_cause(alerts):
                return f"{count} of one cause, {by_severity(alerts)}:"
            return f"{count} while nothing could be sent over this route, {by_severity(alerts)}:"


def _is_one_cause(alerts: Sequence[Alert]) -> bool:
    return len({each.cause for each in alerts}) == 1


def _about(alert: Alert, change: Change, zone: tzinfo) -> list[str]:
    facts: Mapping[str, str] = {
        "partner": alert.partner, "about": alert.reference, "document": alert.document, "since": moment(alert.opened_at, zone),
        "times": str(alert.times) if alert.times > 1 else "",
        "at risk": money([(alert.risk, alert.currency)]),
        "over since": moment(alert.closed_at, zone) if alert.closed_at is not None else "",
        "note": alert.note if change is Change.CLOSED else "",
        "look": _command(alert),
    }  # fmt: skip
    head = f"{alert.severity.value.upper()} {alert.code}".rstrip()
    lines = [f"{head}: {short(alert.reason, LONGEST_REASON)}"]
    return [*lines, *(f"    {name}: {short(value, 300)}" for name, value in facts.items() if value)]


def _command(alert: Alert) -> str:
    if alert.kind == HOLD:
        return f"gateway holds show {alert.key.partition(':')[2]}"
    return f"gateway alerts show {alert.id}"


def _next_steps(change: Change, alerts: Sequence[Alert]) -> list[str]:
    codes = dict.fromkeys(each.code for each in alerts if each.code in CAUSES)
    if change is Change.CLOSED or not codes:
        return []
    return ["What to do:", *(f"    {code}: {CAUSES[code].next_step}" for code in codes), ""]
