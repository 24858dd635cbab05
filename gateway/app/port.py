"""A small HTTP server for probes: few connections, little patience, and nothing that a stranger says is believed or logged."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from gateway.kernel.errors import UsageError

SECONDS = 10.0
"""So long a connection may last in all, however busy it makes itself."""
AT_ONCE = 32
"""Connections at once; one more is closed unheard."""
MOST_PATH = 200
"""Characters of a path that are looked at."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its status, its body, and what that is."""

    code: int
    body: bytes
    kind: str


Answers = Mapping[str, Callable[[str], Said]]
"""What is answered on each path; it is told which formats the asker takes."""


class Port(ThreadingHTTPServer):
    """Threads for a few connections; those that last too long are cut off."""

    daemon_threads = True
    request_queue_size = AT_ONCE

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._guard = threading.Lock()
        self._open: dict[Any, float] = {}
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hear a connection, if there is room for it."""
        with self._guard:
            is_full = len(self._open) >= AT_ONCE
            if not is_full:
                self._open[request] = time.monotonic()
        if is_full:
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """It is over."""
        with self._guard:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Cut off who takes too long: its thread ends with an error that nobody hears."""
        late = time.monotonic() - SECONDS
        with self._guard:
            old = [each for each, since in self._open.items() if since < late]
        for each in old:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up in the middle is no news."""


@contextmanager
def listening(host: str, port: int, answers: Answers) -> Iterator[None]:
    """Answer while inside; raises UsageError when the address cannot be had."""
    try:
        server = Port((host, port), _handler(answers))
    except OSError as error:
        raise UsageError(
            f"The health port {host}:{port} cannot be had: {error.strerror}.",
            next_step="Name another one with --health-port, or in 'run.health' of gateway.yaml.",
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers GET and HEAD; says nothing about itself and logs nothing."""

        timeout = SECONDS
        server_version = "gateway"
        sys_version = ""

        def do_GET(self) -> None:
            """Say what is asked for; 404 for anything else."""
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            """The same without the words."""
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            asked = answers.get(self.path[:MOST_PATH].partition("?")[0].rstrip("/"))
            said = asked(self.headers.get("Accept", "")) if asked else _unknown(answers)
            self.send_response(said.code)
            self.send_header("Content-Type", said.kind)
            self.send_header("Content-Length", str(len(said.body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            if with_body:
                self.wfile.write(said.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Probes come every few seconds; nobody wants to read that."""

    return Handler


def _unknown(answers: Answers) -> Said:
    return Said(404, f"{json.dumps({'paths': sorted(answers)})}\n".encode(), "application/json")
