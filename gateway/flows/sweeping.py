"""Look into every folder at once, take what is ready, and say what is not taken and why."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from gateway.exchange.alerts import NOBODY
from gateway.exchange.receipt import Refusal, Seen
from gateway.flows import receive
from gateway.flows.file_ports import Inlet
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import DiskError, TransportError
from gateway.kernel.ids import ChannelKey, PartnerId

LOOK_AGAIN = 0.2
"""Seconds between the two looks a file must pass unchanged (rulings 21); one such pause is for all folders of a scan."""
Fits = Callable[[int], str]
"""Says why so many bytes more are not to be written to our disk; empty when they may."""
DISK = "disk:var"
Waiting = dict[ChannelKey, tuple[Inlet, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps files from being taken, by what it is about: our disk, or a folder."""

    key: str
    code: str
    sentence: str
    partner: PartnerId = NOBODY


@dataclass(slots=True)
class Found:
    """What came of one scan: how many files, and what of each folder is not taken.

    Of the ``partners`` whose folders were scanned those are ``unknown`` of which not everything could be seen.
    """

    partners: frozenset[PartnerId] = frozenset()
    taken: int = 0
    troubles: dict[str, Trouble] = field(default_factory=dict)
    refused: dict[tuple[PartnerId, str], list[Refusal]] = field(default_factory=dict)
    unknown: set[PartnerId] = field(default_factory=set)

    def met(self, trouble: Trouble) -> None:
        """Something is wrong; the first sentence about a thing counts."""
        self.troubles.setdefault(trouble.key, trouble)


def sweep(bench: Workbench, inlets: Sequence[Inlet], fits: Fits) -> Found:
    """Take every file that is ready. A folder that cannot be read keeps no other waiting; a full disk takes nothing in."""
    found = Found(frozenset(each.partner for each in inlets))
    try:
        finish(bench, found)
        _refuse_when_full(fits)
        _sweep(bench, inlets, fits, found)
    except DiskError as error:
        found.met(Trouble(DISK, "T-DISK", error.sentence))
        found.unknown |= found.partners
    finally:
        for each in inlets:
            each.close()
    return found


def _refuse_when_full(fits: Fits) -> None:
    if full := fits(0):
        raise DiskError(full)


def finish(bench: Workbench, found: Found) -> None:
    """Try again with what was claimed and could not be received."""
    again = list(bench.intake.unfinished.values())
    if again:
        found.taken += len(receive.receive_left(bench, again))


def _sweep(bench: Workbench, inlets: Iterable[Inlet], fits: Fits, found: Found) -> None:
    looked = [each for each in inlets if _done(found, each, each.look)]
    if not looked:
        return
    time.sleep(LOOK_AGAIN)
    for each, seen in _seen(bench, looked, found):
        _done(found, each, partial(_take, bench, each, seen, fits, found))
        found.refused[each.partner, each.shown] = each.refusals()
        for fault in each.faults():
            found.met(Trouble(DISK, "T-DISK", fault))


def _done(found: Found, inlet: Inlet, act: Callable[[], bool]) -> bool:
    """Whether something was done with a folder; one that cannot be used is told."""
    try:
        return act()
    except DiskError:
        raise
    except TransportError as error:
        found.met(Trouble(f"folder:{inlet.key}", "T-FOLDER", error.sentence, inlet.partner))
        found.unknown.add(inlet.partner)
        return False


def _seen(bench: Workbench, looked: Iterable[Inlet], found: Found) -> list[tuple[Inlet, dict[str, Seen]]]:
    """Since when what waits looks as it does, of all folders in one transaction; of none where nothing waits."""
    waiting: Waiting = {}
    for each in looked:
        _done(found, each, partial(_wait, each, waiting))
    if not any(looks for _, looks in waiting.values()):
        return [(each, {}) for each, _ in waiting.values()]
    now, observed = bench.clock(), system_clock()
    with bench.store.unit() as work:
        seen = {
            key: dict(work.exchange.observe_all(key, looks, now, observed=observed))
            for key, (_, looks) in waiting.items() if looks
        }  # fmt: skip
        work.commit()
    return [(each, seen.get(key, {})) for key, (each, _) in waiting.items()]


def _wait(inlet: Inlet, waiting: Waiting) -> bool:
    waiting[inlet.key] = inlet, inlet.waiting()
    return True


def _take(bench: Workbench, inlet: Inlet, seen: dict[str, Seen], fits: Fits, found: Found) -> bool:
    names = inlet.ready(seen, bench.clock())
    most = bench.site.settings.run.batch_files
    at = 0
    while at < len(names):
        some, full = names[at : at + most], ""
        while some and (full := fits(inlet.size_of(some))):
            some.pop()
        claims = inlet.claim(some)
        for _ in claims:
            bench.mark("claimed")
        found.taken += len(receive.receive_all(bench, claims))
        if full:
            found.met(Trouble(DISK, "T-DISK", f"{inlet.shown}: {full}"))
            return True
        at += len(some)
    return True
