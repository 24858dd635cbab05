"""What a scan of the folders found and did not take, told once: holds for things in folders, alerts for disks and folders."""

import structlog

from gateway.exchange.alerts import Alert, Severity
from gateway.exchange.receipt import FileHold, Refusal
from gateway.flows.ports import UnitOfWork
from gateway.flows.sweeping import DISK, Found
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import GatewayError
from gateway.kernel.ids import AlertId, PartnerId

log = structlog.get_logger()

MOST_NAMED = 20
"""So many things of a folder are listed one by one; of the others how many they are."""
CODES = ("S-FILETYPE", "F-MARKER", "F-TOO-LARGE", "F-UNREADABLE")
KINDS = {DISK: "disk"}
GONE = "It is not there any more, or was taken."


def report(bench: Workbench, found: Found) -> None:
    """Bring holds and alerts to what was found; nothing is written when it is the same as before."""
    for trouble in found.troubles.values():
        log.error(
            "disk.full" if trouble.key == DISK else "channel.failed", partner=trouble.partner, error=trouble.sentence
        )
    state = {each.key: each.sentence for each in found.troubles.values()}
    state |= {
        f"{each.code}:{partner}:{shown}/{each.name}": each.sentence
        for (partner, shown), refusals in found.refused.items()
        for each in refusals
    }
    state |= {f"unknown:{each}": "" for each in found.unknown}
    if state == bench.intake.told:
        return
    try:
        with bench.store.unit() as work:
            _hold(bench, work, found)
            _alert(bench, work, found)
            work.commit()
    except GatewayError as error:  # a database on a full disk takes nothing either: it is told with the next scan
        log.warning("scan.not_told", error=error.sentence)
        bench.intake.told = None
        return
    bench.intake.told = state


def _hold(bench: Workbench, work: UnitOfWork, found: Found) -> None:
    listed = set(work.exchange.open_keys(CODES))
    wanted: dict[str, tuple[PartnerId, str, Refusal]] = {}
    for (partner, shown), refusals in found.refused.items():
        for each in _named(refusals, partner, shown, listed):
            wanted.setdefault(_key(partner, each), (partner, shown, each))
    for key in sorted(listed - wanted.keys()):
        code, _, rest = key.partition(":")
        if code in CODES and PartnerId(rest.partition(":")[0]) in found.partners - found.unknown:
            work.exchange.end_listed(key, GONE)
    for key, (partner, _, each) in wanted.items():
        if key not in listed:
            log.warning("file.refused", partner=partner, file=each.name, code=each.code, error=each.sentence)
            hold = FileHold(
                id=bench.new_hold_id(), type="FILE", code=each.code, reason=each.sentence, since=bench.clock(),
                partner=partner, receipt=None, file_name=each.name, key=key,
            )  # fmt: skip
            work.exchange.hold(hold)


def _named(refusals: list[Refusal], partner: PartnerId, shown: str, listed: set[str]) -> list[Refusal]:
    """As many as are told one by one, those before all that are listed already, and the number of the others."""
    once = list({_key(partner, each): each for each in refusals}.values())
    if len(once) <= MOST_NAMED:
        return once
    first = sorted(once, key=lambda each: (_key(partner, each) not in listed, each.name))
    rest = len(first) - MOST_NAMED
    sentence = f"{rest} more things in {shown} are not taken; {MOST_NAMED} are listed one by one."
    return [*first[:MOST_NAMED], Refusal(f"{shown}/ ({rest} more)", first[MOST_NAMED].code, sentence)]


def _key(partner: PartnerId, refusal: Refusal) -> str:
    return f"{refusal.code}:{partner}:{refusal.name}"


def _alert(bench: Workbench, work: UnitOfWork, found: Found) -> None:
    """One alert for each disk and folder that does not work; it ends when that does again."""
    known = {each.key for each in work.alerts.listed() if each.key == DISK or each.kind == "folder"}
    for key in known - found.troubles.keys():
        work.alerts.close(key, "It works again.", bench.clock())
    for key, trouble in found.troubles.items():
        alert = Alert(
            id=AlertId(bench.new_id()), key=key, kind=KINDS.get(key, "folder"), code=trouble.code,
            severity=Severity.CRITICAL if key == DISK else Severity.ERROR, reason=trouble.sentence,
            opened_at=bench.clock(), partner=trouble.partner, cause=trouble.code,
        )  # fmt: skip
        work.alerts.open(alert)
