"""The port on which probes ask: /health whether we live, /ready whether we can work, /metrics what we did and what stands open."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from gateway.app import health
from gateway.app.health import Health
from gateway.app.port import Answers, Said, listening
from gateway.app.pulse import Pulse, noted
from gateway.config.load import Site
from gateway.flows.happening import Observer, nobody
from gateway.flows.workbench import Workbench
from gateway.kernel.hiding import redacted

JSON = "application/json"


@contextmanager
def answering(address: str, site: Site, pulse: Pulse, stuck_after: float) -> Iterator[Observer]:
    """Answer while inside; an empty address answers nobody, and nothing is counted then.

    Raises UsageError when the address cannot be had.
    """
    if not address:
        yield nobody
        return
    from gateway.app.metrics import Metrics  # noqa: PLC0415 - who asks for no port does not pay for what it tells

    metrics = Metrics(site, pulse)
    host, _, port = address.rpartition(":")
    with listening(host or "127.0.0.1", int(port), _answers(site, pulse, stuck_after, metrics.text)):
        yield metrics.observer


@contextmanager
def beating(bench: Workbench, every: float, port: int = 0) -> Iterator[tuple[Workbench, Pulse]]:
    """A pulse for a gateway that runs: noted in its file, and told on the port that is named here or in the settings.

    ``every`` is how many seconds lie between two scans: what comes round that seldom is not stuck. What happens on the
    workbench that comes back is counted.
    """
    run = bench.site.settings.run
    stuck_after = max(run.stuck_seconds(), 3 * every)
    pulse = Pulse(f"{socket.gethostname()}-{os.getpid()}")
    with (
        noted(pulse, bench.site.directory / "var", stuck_after, dict(os.environ)),
        answering(f"127.0.0.1:{port}" if port else run.health, bench.site, pulse, stuck_after) as observer,
    ):
        yield replace(bench, observer=observer), pulse


def _answers(site: Site, pulse: Pulse, stuck_after: float, metrics: Callable[[str], tuple[bytes, str]]) -> Answers:
    one_at_a_time = threading.Lock()

    def live(_accept: str) -> Said:
        return _said(health.alive(pulse.beat(), stuck_after))

    def ready(_accept: str) -> Said:
        with one_at_a_time:
            return _said(health.ready(pulse.site or site, pulse.beat(), pulse.watched()))

    def told(accept: str) -> Said:
        body, kind = metrics(accept)
        return Said(200, body, kind)

    return {"/health": live, "/health/live": live, "/ready": ready, "/health/ready": ready, "/metrics": told}


def _said(found: Health) -> Said:
    body = f"{redacted(json.dumps(found.as_json()))}\n".encode()
    return Said(200 if found.ok else 503, body, JSON)
