"""The port on which probes ask: /health whether we live, /ready whether we can work."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gateway.app import health
from gateway.app.health import Health
from gateway.app.pulse import Pulse, noted
from gateway.config.load import Site
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import UsageError
from gateway.kernel.hiding import redacted

SECONDS = 10
Answers = dict[str, Callable[[], Health]]


@contextmanager
def answering(address: str, site: Site, pulse: Pulse, stuck_after: float) -> Iterator[None]:
    """Answer while inside; an empty address answers nobody.

    Raises UsageError when the address cannot be had.
    """
    if not address:
        yield
        return
    host, _, port = address.rpartition(":")
    server = _server(host or "127.0.0.1", int(port), _answers(site, pulse, stuck_after))
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def beating(bench: Workbench, every: float, port: int = 0) -> Iterator[Pulse]:
    """A pulse for a gateway that runs: noted in its file, and told on the port that is named here or in the settings.

    ``every`` is how many seconds lie between two scans: what comes round that seldom is not stuck.
    """
    run = bench.site.settings.run
    stuck_after = max(run.stuck_seconds(), 3 * every)
    pulse = Pulse(f"{socket.gethostname()}-{os.getpid()}")
    with (
        noted(pulse, bench.site.directory / "var", stuck_after, dict(os.environ)),
        answering(f"127.0.0.1:{port}" if port else run.health, bench.site, pulse, stuck_after),
    ):
        yield pulse


def _answers(site: Site, pulse: Pulse, stuck_after: float) -> Answers:
    one_at_a_time = threading.Lock()

    def live() -> Health:
        return health.alive(pulse.beat(), stuck_after)

    def ready() -> Health:
        with one_at_a_time:
            return health.ready(pulse.site or site, pulse.beat(), pulse.watched())

    return {"/health": live, "/health/live": live, "/ready": ready, "/health/ready": ready}


def _server(host: str, port: int, answers: Answers) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        """Answers GET and HEAD; says nothing about itself and logs nothing."""

        timeout = SECONDS
        server_version = "gateway"
        sys_version = ""

        def do_GET(self) -> None:
            """Say how things are: 200 in order, 503 not, 404 for anything else."""
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            """The same without the words."""
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            asked = answers.get(self.path.partition("?")[0].rstrip("/"))
            found = asked() if asked else None
            code = 404 if found is None else 200 if found.ok else 503
            said = {"paths": sorted(answers)} if found is None else found.as_json()
            body = f"{redacted(json.dumps(said))}\n".encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Probes come every few seconds; nobody wants to read that."""

    ThreadingHTTPServer.daemon_threads = True
    try:
        return ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        raise UsageError(
            f"The health port {host}:{port} cannot be had: {error.strerror}.",
            next_step="Name another one with --health-port, or in 'run.health' of gateway.yaml.",
        ) from error
