"""What Prometheus is told: counted here as things happen, or asked of the database when somebody wants to know."""

import platform
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from gateway.app.metric_names import NAMED
from gateway.app.pulse import Pulse
from gateway.config.load import Site
from gateway.engine.counting import standing
from gateway.files.names import visible
from gateway.files.release import release
from gateway.flows.happening import Observer, nobody
from gateway.kernel.clock import Clock, system_clock
from gateway.kernel.errors import StoreError
from gateway.kernel.hiding import redacted
from gateway.store.figures import Figures, figures, looking
from gateway.store.schema import VERSION

KEPT = 5.0
"""Seconds for which what the database said is said again: many may ask, it is asked once."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
IN, OUT = "in", "out"
RESULTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "document.mapped": (IN, "mapped"), "document.held": (IN, "held"), "document.rejected": (IN, "rejected"),
        "document.not_written": (OUT, "held"), "document.sent": (OUT, "sent"), "ack.sent": (OUT, "sent"),
    }
)  # fmt: skip
"""What happened to a document: which way it went, and what became of it."""
LOGINS = MappingProxyType({"sftp.login": "accepted", "sftp.refused": "refused", "sftp.banned": "banned"})
OTHER, MOST_TYPES, LONGEST = "other", 100, 40
"""What documents are called beyond so many kinds of them."""
DUPLICATES = ("bytes", "interchange", "order")
OF_ANY = ("gateway_build_info", "gateway_figures_age_seconds")
"""Of one process, and told by any command as well."""
Asked = tuple[Figures, Mapping[str, int]]


class Counters:
    """Counts what one process does; it is the observer of the flows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # when a counter began is when the process did
        self._files = _counter(registry, "gateway_files_received_total")
        self._documents = _counter(registry, "gateway_documents_total")
        self._duplicates = _counter(registry, "gateway_duplicates_total")
        self._failures = _counter(registry, "gateway_channel_failures_total")
        self._logins = _counter(registry, "gateway_sftp_logins_total")
        named = NAMED["gateway_document_processing_seconds"]
        self._took = Histogram(named.name, named.says, registry=registry, buckets=BUCKETS)
        self._types: set[str] = set()
        for kind in DUPLICATES:
            self._duplicates.labels(kind)
        for result in LOGINS.values():
            self._logins.labels(result)

    def _type(self, facts: Mapping[str, object]) -> str:
        """Which document; partners may name sets as they like, and each name would be kept for ever."""
        name = str(facts.get("document", ""))[:LONGEST]
        if len(self._types) >= MOST_TYPES and name not in self._types:
            return OTHER
        self._types.add(name)
        return _shown(name)

    def __call__(self, event: str, facts: Mapping[str, object]) -> None:
        """Count one thing that happened."""
        if event in RESULTS:
            way, result = RESULTS[event]
            number = facts.get("count", 1)
            self._documents.labels(self._type(facts), way, result).inc(number if isinstance(number, int) else 1)
            took = facts.get("duration_s")
            if event == "document.mapped" and isinstance(took, float):
                self._took.observe(took)
        elif event == "file.received":
            self._files.inc()
        elif event == "file.duplicate":
            self._duplicates.labels(facts.get("kind", "")).inc()
        elif event in ("channel.failed", "channel.stopped"):
            self._failures.labels(_shown(facts.get("channel", ""))).inc()
        elif event in LOGINS:
            self._logins.labels(LOGINS[event]).inc()


def _shown(label: object) -> str:
    """A label without secrets, and without what a terminal would obey."""
    return visible(redacted(str(label)))


def _counter(registry: CollectorRegistry | None, name: str) -> Counter:
    return Counter(name, NAMED[name].says, NAMED[name].labels, registry=registry)


class Asking:
    """Asks the database at most every ``KEPT`` seconds; while one asks, and when it cannot be asked, the last answer counts."""

    def __init__(self, site: Site, clock: Clock, errors: Counter) -> None:
        self._site, self._clock, self._errors = site, clock, errors
        self._one_at_a_time = threading.Lock()
        self._said: Asked | None = None
        self._tried = self._at = -KEPT
        self.is_up = False

    def asked(self) -> Asked | None:
        """What the database says; None when it never said anything."""
        if time.monotonic() - self._tried >= KEPT and self._one_at_a_time.acquire(blocking=self._said is None):
            try:
                if time.monotonic() - self._tried >= KEPT:
                    self._ask()
            finally:
                self._one_at_a_time.release()
        return self._said

    @property
    def age(self) -> float:
        """How old what it said is, in seconds."""
        return time.monotonic() - self._at

    def _ask(self) -> None:
        self._tried = time.monotonic()
        try:
            with looking(self._site.settings.database_url(self._site.directory)) as connection:
                self._said = figures(connection, self._clock()), standing(connection)
        except StoreError:
            self.is_up = False
            self._errors.inc()
        else:
            self.is_up, self._at = True, time.monotonic()


@dataclass(frozen=True, slots=True, eq=False)
class Standing(Collector):
    """What stands in the database and on the disk, and how the process turns."""

    site: Site
    asking: Asking
    pulse: Pulse | None

    def collect(self) -> Iterable[Metric]:
        """Each with its samples of now."""
        yield _gauge("gateway_build_info", [((release(), VERSION, platform.python_version()), 1)])
        said = self.asking.asked()
        yield _one("gateway_database_up", int(self.asking.is_up))
        if said is not None:
            yield _one("gateway_figures_age_seconds", round(self.asking.age, 3))
            yield from _of_database(*said)
        yield from self._of_disk()
        if self.pulse is not None:
            beat = self.pulse.beat()
            yield _each("gateway_loop_age_seconds", beat.turned)
            yield CounterMetricFamily(
                "gateway_units_done", NAMED["gateway_units_done_total"].says, beat.units
            )  # fmt: skip

    def _of_disk(self) -> Iterator[Metric]:
        var = self.site.directory / "var"
        if var.is_dir():
            yield _one("gateway_disk_free_bytes", shutil.disk_usage(var).free)
        site = self.pulse.site if self.pulse is not None and self.pulse.site is not None else self.site
        yield _one("gateway_disk_reserve_bytes", site.settings.run.reserve())


def _of_database(found: Figures, units: Mapping[str, int]) -> Iterator[Metric]:
    yield _one("gateway_documents_held", sum(found.holds.values()))
    yield _gauge("gateway_holds", found.holds.items())
    yield _one("gateway_outbox_pending", found.outbox)
    yield _one("gateway_outbox_oldest_age_seconds", found.outbox_oldest)
    yield _each("gateway_ack_overdue", found.acks_overdue)
    yield _each("gateway_channel_up", {key: int(each.is_well) for key, each in found.channels.items()})
    last = {key: each.last_ok for key, each in found.channels.items() if each.last_ok is not None}
    yield _each("gateway_channel_last_success_timestamp_seconds", last)
    yield _one("gateway_files_waiting", found.waiting)
    yield _one("gateway_files_oldest_waiting_age_seconds", found.waiting_oldest)
    yield _each("gateway_units", units)
    yield _gauge("gateway_alerts_open", found.alerts.items())
    yield _each("gateway_promises_late", found.promises_late)
    yield _one("gateway_notices_waiting", found.notices)
    yield _one("gateway_workers", found.workers)
    yield _one("gateway_sftp_banned_addresses", found.banned)


def _one(name: str, value: float) -> GaugeMetricFamily:
    return _gauge(name, [((), value)])


def _each(name: str, found: Mapping[str, float]) -> GaugeMetricFamily:
    return _gauge(name, [((key,), value) for key, value in found.items()])


def _gauge(name: str, samples: Iterable[tuple[Sequence[str], float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, NAMED[name].says, labels=NAMED[name].labels)
    for labels, value in samples:
        family.add_metric([_shown(each) for each in labels], value)
    return family


class Metrics:
    """All metrics of a process with a ``pulse``; without one those that any command can say of a site."""

    def __init__(self, site: Site, pulse: Pulse | None = None, clock: Clock = system_clock) -> None:
        self._registry = registry = CollectorRegistry(auto_describe=False)
        self.observer: Observer = nobody
        if pulse is not None:
            self.observer = Counters(registry)
            ProcessCollector(registry=registry)
        errors = _counter(None, "gateway_scrape_errors_total")
        self._asking = Asking(site, clock, errors)
        registry.register(Standing(site, self._asking, pulse))
        if pulse is not None:
            registry.register(errors)  # last: what this very scrape met is in it

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """Everything as text: as OpenMetrics where that is asked for, else as Prometheus always read it; and its kind."""
        if openmetrics.CONTENT_TYPE_LATEST.partition(";")[0] in accept:
            said: bytes = openmetrics.generate_latest(self._registry)  # type: ignore[no-untyped-call]
            return said, openmetrics.CONTENT_TYPE_LATEST
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4

    def samples(self) -> list[dict[str, object]]:
        """For programs: the name, labels and value of each."""
        families = self._registry.collect()
        return [
            {"name": each.name, "labels": each.labels, "value": each.value} for one in families for each in one.samples
        ]

    @property
    def is_up(self) -> bool:
        """Whether the database answered when it was last asked."""
        return self._asking.is_up
