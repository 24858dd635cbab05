"""A real https server of a test alone, on this machine, that keeps what is posted to it."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Hook:
    """What was posted, under which names it was asked for, and what it answers."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    status: int = 204
    answer: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    def said(self) -> list[dict[str, Any]]:
        """What was posted, read."""
        return [json.loads(each) for each in self.bodies]


@contextmanager
def serving(context: ssl.SSLContext) -> Iterator[Hook]:
    """A server while inside."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook.paths.append(self.path)
            hook.headers.append({name.lower(): value for name, value in self.headers.items()})
            hook.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(hook.status)
            for name, value in hook.answer.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(hook.content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    context.sni_callback = lambda _socket, name, _context: hook.names.append(name)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Who hangs up is what a test is about."""

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    hook.port = int(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
