"""The small port under attack: nobody slow, loud or many keeps a probe from its answer, and nothing said comes back."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from gateway.app import port as ports
from gateway.app.port import AT_ONCE, Said, listening
from tests.app.test_health import free_port, wait_for

SAID = Said(200, b'{"status": "ok"}\n', "application/json")


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(ports, "SECONDS", 0.7)
    number = free_port()
    with listening("127.0.0.1", number, {"/health": lambda _accept: SAID}):
        yield number


@contextmanager
def talking(port: int, said: bytes = b"") -> Iterator[socket.socket]:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as talk:
        talk.sendall(said)
        yield talk


def heard(talk: socket.socket) -> bytes:
    """Everything until the end; empty where the connection was cut."""
    found = b""
    try:
        while piece := talk.recv(1 << 16):
            found += piece
    except ConnectionResetError:
        return found
    return found


def asked(port: int, method: str = "GET", path: str = "/health", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())


def answers(port: int) -> bool:
    try:
        return asked(port)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def test_head_has_the_head_of_get_and_no_body(port: int) -> None:
    code, body, headers = asked(port, "HEAD")
    assert (code, body, headers["Content-Length"]) == (200, b"", str(len(SAID.body)))
    assert headers["Server"].strip() == "gateway"


def test_a_path_that_is_not_known_is_told_which_are_and_is_not_said_again(port: int) -> None:
    code, body, _ = asked(port, path="/secret-canary/../../etc/passwd?x=canary")
    assert code == 404
    assert b"canary" not in body
    assert b'"paths": ["/health"]' in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_but_get_and_head_is_understood(port: int, method: str) -> None:
    assert asked(port, method)[0] == 501


def test_a_query_and_a_slash_at_the_end_do_not_matter(port: int) -> None:
    assert asked(port, path="/health/?verbose=1")[0] == 200


def test_a_flood_of_headers_is_refused(port: int) -> None:
    flood = b"".join(b"X-%d: y\r\n" % number for number in range(10_000))
    with talking(port, b"GET /health HTTP/1.1\r\n" + flood + b"\r\n") as talk:
        assert heard(talk)[9:12] in (b"431", b"")
    assert asked(port)[0] == 200


def test_a_line_that_does_not_end_is_refused(port: int) -> None:
    with talking(port, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n") as talk:
        assert heard(talk)[9:12] in (b"414", b"")
    assert asked(port)[0] == 200


def test_who_sends_a_byte_now_and_then_is_cut_off(port: int) -> None:
    began = time.monotonic()
    with talking(port, b"GET /health HTTP/1.1\r\n") as talk:
        talk.settimeout(0.2)
        gone = False
        while not gone and time.monotonic() - began < 8:
            try:
                talk.sendall(b"X")
                gone = talk.recv(100) == b""
            except TimeoutError:
                continue
            except OSError:
                gone = True
    assert gone
    assert time.monotonic() - began < 5


def test_silent_connections_beyond_the_limit_are_closed_and_the_port_answers_again_soon(port: int) -> None:
    """While strangers of this machine hold all places nobody is heard; they are out after a moment."""
    quiet = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(AT_ONCE)]
    try:
        time.sleep(0.3)
        with talking(port, b"GET /health HTTP/1.0\r\n\r\n") as talk:
            assert heard(talk) == b""
        wait_for(lambda: answers(port), 8)
    finally:
        for each in quiet:
            each.close()


def test_who_hangs_up_in_the_middle_is_no_news(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(20):
        with talking(port, b"GET /health HTTP/1.0\r\n\r\n"):
            pass
    assert asked(port)[0] == 200
    assert capfd.readouterr().err == ""
