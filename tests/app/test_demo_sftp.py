"""The demo over our own SFTP server: the same files come out as by folders, and nothing is left running."""

import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.app.demo import acme_sftp
from gateway.app.demo.acme_sftp import Acme, ByFolder
from gateway.config import sftp_server
from gateway.kernel.errors import TransportError
from tests.nursery import nursery
from tests.servers.own import answers, wait_until
from tests.servers.sshd import NOT_TESTED
from tests.site.harness import FRIDAY, ROOT, Answer, PlayedSite, demo_site

HOW_TO_GET_IT = "Install it with: pip install 'gateway-edi[sftp-server]'"
ACME_BRINGS = "ACME brings six orders as X12: 2 files"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> PlayedSite:
    return demo_site(tmp_path_factory.mktemp("origin") / "site")


@pytest.fixture(scope="module")
def by_sftp(origin: PlayedSite, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    return played(origin, tmp_path_factory.mktemp("by-sftp") / "demo")


@pytest.fixture(autouse=True)
def _nothing_is_left_running() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def played(origin: PlayedSite, folder: Path) -> tuple[Path, Answer]:
    answer = origin.gateway("demo", "--keep", str(folder))
    assert answer.code == 0, answer
    assert answer.err == ""
    return folder, answer


def files(folder: Path) -> dict[str, bytes]:
    """What the demo produced, and what it archived."""
    found = [path for name in ("outbox", "inbox", "var/archive") for path in (folder / name).rglob("*")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found if path.is_file()}


def without_sftp(answer: Answer) -> list[str]:
    """The story, but for what it says of SFTP and where it was played."""
    lines = [line for line in answer.out.splitlines() if not re.search("ACME fetched|gateway-edi|^  sftp -i", line)]
    return [re.sub(" over SFTP", "", re.sub(r"/\S+/demo", "DEMO", line)) for line in lines]


def test_the_demo_over_sftp_produces_what_the_demo_by_folders_produces(
    origin: PlayedSite, by_sftp: tuple[Path, Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp_server, "LIBRARY", "no_such_library")
    folder, by_folders = played(origin, tmp_path / "demo")
    assert files(by_sftp[0]) == files(folder)
    assert without_sftp(by_sftp[1]) == without_sftp(by_folders)


def test_the_story_says_what_came_and_went_over_sftp(by_sftp: tuple[Path, Answer]) -> None:
    folder, answer = by_sftp
    lines = answer.out.splitlines()
    assert any(f"{ACME_BRINGS} over SFTP, one order breaks the standard" in each for each in lines)
    sent = [path.name.partition("_")[0] for path in (folder / "outbox/acme").iterdir() if not path.name.startswith(".")]
    assert {"997", "855", "856", "810", "180"} <= set(sent)
    assert lines[-2] == f"ACME fetched {len(sent)} files over SFTP. While 'gateway run' works here, it logs in with:"
    assert lines[-1].startswith(f"  sftp -i {folder}/")
    assert len([each for each in lines if "over SFTP" in each]) == 2


def test_the_demo_leaves_a_site_whose_server_is_known_and_whose_audit_trail_is_whole(
    origin: PlayedSite, by_sftp: tuple[Path, Answer]
) -> None:
    folder, answer = by_sftp
    port = _port(answer)
    shown = origin.json("sftp", "show", "--site", str(folder))
    assert shown["listen"] == f"127.0.0.1:{port}"
    assert shown["host_key"]
    assert [(each["user"], each["keys"]) for each in shown["logins"]] == [("acme", 1)]
    assert stat.S_IMODE((folder / acme_sftp.KEY).stat().st_mode) == 0o600
    assert origin.gateway("audit", "verify", "--site", str(folder)).code == 0
    assert origin.gateway("config", "check", "--site", str(folder)).code == 0
    assert not answers(port)


def test_a_person_goes_on_with_the_command_that_the_demo_says(by_sftp: tuple[Path, Answer], tmp_path: Path) -> None:
    program = shutil.which("sftp")
    if program is None:
        pytest.skip(f"{NOT_TESTED}: there is no sftp here; install openssh-client")
    folder, answer = by_sftp
    _, *said = shlex.split(answer.out.splitlines()[-1])
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    environ.pop("GATEWAY_SITE", None)
    run = nursery().start(["run", "--every", "1", "--now", FRIDAY], folder, environ, tmp_path / "said")
    try:
        wait_until(lambda: answers(_port(answer)), 30)
        options = ["-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-b", "-"]
        done = subprocess.run(
            [program, *options, *said], input="ls -1 outbox\n", capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "outbox/997_1001_000000002.edi" in done.stdout
    finally:
        run.send_signal(signal.SIGTERM)
        assert run.wait(40) == 0, (tmp_path / "said").read_text()


def test_without_the_server_the_demo_is_as_it_was_and_says_how_to_get_it(
    origin: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp_server, "LIBRARY", "no_such_library")
    folder, answer = played(origin, tmp_path / "demo")
    lines = answer.out.splitlines()
    assert any(f"{ACME_BRINGS}, one order breaks the standard" in each for each in lines)
    assert HOW_TO_GET_IT in lines[-1]
    assert answer.out.count("SFTP") == 2, "in one line"
    for name in ("gateway.yaml", "partners/acme.yaml"):
        assert (folder / name).read_bytes() == (origin.folder / name).read_bytes()
    assert not (folder / "var/sftp").exists()


def test_where_nobody_may_listen_the_demo_goes_through_folders_and_says_so(
    origin: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acme_sftp, "HOST", "192.0.2.1")  # of no machine
    folder, answer = played(origin, tmp_path / "demo")
    why = "ACME's files came and went through folders, since our SFTP server could not be used: Cannot assign requested address."
    assert answer.out.splitlines()[-1] == why
    assert (folder / "gateway.yaml").read_bytes() == (origin.folder / "gateway.yaml").read_bytes()
    assert not (folder / acme_sftp.KEY).exists()


def test_a_port_that_another_one_took_meanwhile_is_no_harm(
    origin: PlayedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = origin.copy(tmp_path / "site").folder
    monkeypatch.setattr(acme_sftp, "PATIENCE", 1.0)
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        monkeypatch.setattr(acme_sftp, "_free_port", lambda: port)
        with acme_sftp.served(site, {}) as found:
            assert isinstance(found, ByFolder)
            assert f"The SFTP server cannot listen on 127.0.0.1:{port}" in found.why
    assert (site / "gateway.yaml").read_bytes() == (origin.folder / "gateway.yaml").read_bytes()


def test_a_site_with_a_server_of_its_own_keeps_its_settings(origin: PlayedSite, tmp_path: Path) -> None:
    site = origin.copy(tmp_path / "site").folder
    own = (site / "gateway.yaml").read_text() + 'sftp_server: {listen: "127.0.0.1:1"}\n'
    (site / "gateway.yaml").write_text(own)
    with acme_sftp.served(site, {}) as found:
        assert isinstance(found, ByFolder)
        assert "the site has settings of its own for it" in found.why
    assert (site / "gateway.yaml").read_text() == own


@pytest.mark.parametrize("fault", [TransportError("a test"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_the_server_ends_also_when_the_demo_does_not_come_to_its_end(
    origin: PlayedSite, tmp_path: Path, fault: BaseException
) -> None:
    site, ports = origin.copy(tmp_path / "site").folder, list[int]()

    def ends_early() -> None:
        with acme_sftp.served(site, {}) as found:
            assert isinstance(found, Acme)
            ports.append(found.port)
            raise fault

    with pytest.raises(type(fault)):
        ends_early()
    assert [answers(port) for port in ports] == [False]


def _port(answer: Answer) -> int:
    found = re.search(r"sftp -i \S+ -P (\d+) ", answer.out)
    assert found is not None
    return int(found[1])
