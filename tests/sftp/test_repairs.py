"""What 'gateway partner test' says of a channel that cannot be used mends it, whatever keeps us out."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.servers.sshd import Sshd
from tests.sftp.served import OUT, Served, served

OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


@pytest.fixture
def acme(tmp_path: Path, sftp_server: Sshd) -> Served:
    return served(tmp_path / "site", sftp_server, sent_by_folder=False)


def outcome(acme: Served) -> tuple[bool, list[str], list[str]]:
    """Whether the channel out is well, what it passed, and the lines that mend it."""
    answer = acme.site.gateway("partner", "test", "acme", "--channel", OUT, "--json")

    (said,) = json.loads(answer.out)
    assert answer.code == (0 if said["ok"] else 6)
    assert bool(said["repair"]) != said["ok"]
    return said["ok"], said["passed"], said["repair"].splitlines()


def rewritten(acme: Served, pattern: str, new: str) -> str:
    """Write the partner file otherwise; what stood there."""
    path = acme.site.folder / "partners/acme.yaml"
    text = path.read_text(encoding="utf-8")
    found = re.search(pattern, text)
    assert found is not None, text
    path.write_text(re.sub(pattern, lambda _: new, text), encoding="utf-8")
    return found[0]


def typed(acme: Served, line: str) -> str:
    command = line.partition("   (")[0]
    if command.startswith("gateway "):
        return acme.site.gateway(*command.split()[1:]).out
    return subprocess.run(
        ["bash", "-c", command], cwd=acme.site.folder, check=True, capture_output=True, text=True
    ).stdout


def test_a_host_key_that_changed_is_shown_by_the_command_that_is_named(acme: Served) -> None:
    known = rewritten(acme, r"ssh-ed25519 [A-Za-z0-9+/=]+", OTHER)

    ok, passed, repair = outcome(acme)
    assert (ok, passed) == (False, ["name", "connection"])
    assert "partners/acme.yaml:" in repair[0]
    shown = re.search(r"host_key: (.*)", typed(acme, repair[0]))
    assert shown is not None
    rewritten(acme, re.escape(OTHER), shown[1])

    assert shown[1] == known
    assert outcome(acme)[0]
    assert repair[-1] == f"gateway partner test acme --channel {OUT}"


def test_a_refused_login_shows_the_key_that_they_are_to_have(acme: Served) -> None:
    rewritten(acme, r"user: \S+,", "user: somebody-else,")

    ok, passed, repair = outcome(acme)

    assert (ok, passed[-1]) == (False, "host key")
    assert "for 'somebody-else'" in repair[0]
    assert typed(acme, repair[0]).startswith("ssh-")


def test_a_key_that_is_missing_can_be_made_where_it_is_looked_for(acme: Served) -> None:
    rewritten(acme, r"key: \{file: [^}]*\}", "key: {file: secrets/acme_ed25519}")

    ok, passed, repair = outcome(acme)
    assert (ok, passed) == (False, [])
    typed(acme, repair[0])

    assert outcome(acme)[1][-1] == "host key", "it can be read now, and is to be known there"


@pytest.mark.parametrize(
    ("pattern", "new", "after", "words"),
    [
        (r"host: [\d.]+", "host: nowhere.invalid", "", "getent hosts nowhere.invalid"),
        (r"port: \d+", "port: 1", "name", "nc -vz 127.0.0.1 1 "),
        (r"path: /?\S*in-from-us", "path: /no-such-folder", "login", "sftp -P "),
    ],
)
def test_what_keeps_us_out_is_told_with_the_place_in_the_partner_file(
    acme: Served, pattern: str, new: str, after: str, words: str
) -> None:
    rewritten(acme, pattern, new)

    ok, passed, repair = outcome(acme)

    assert (ok, passed[-1:] or [""]) == (False, [after])
    assert repair[0].startswith(words)
    assert "partners/acme.yaml:" in repair[0]
    assert "->" in acme.site.gateway("partner", "test", "acme").out


def test_a_folder_of_ours_that_is_missing_or_a_file_is_made_by_what_is_said(tmp_path: Path, sftp_server: Sshd) -> None:
    acme = served(tmp_path / "site", sftp_server)
    folder = acme.site.folder / "outbox/acme"
    for harm in (lambda: None, lambda: folder.write_text("oops")):
        if folder.is_dir():
            folder.rmdir()
        harm()
        answer = acme.site.gateway("partner", "test", "acme", "--channel", "outbox/acme")
        assert answer.code == 6
        line = answer.out.partition("-> ")[2].strip()
        typed(acme, line)
        assert acme.site.gateway("partner", "test", "acme", "--channel", "outbox/acme").code == 0


def test_the_doctor_says_the_same_when_it_may_connect(acme: Served) -> None:
    rewritten(acme, r"user: \S+,", "user: somebody-else,")

    said = json.loads(acme.site.gateway("doctor", "--connect", "--json").out)

    servers = [each for each in said["findings"] if each["name"] == "server"]
    assert {each["level"] for each in servers} == {"problem"}
    assert all("gateway partner test acme" in each["repair"] for each in servers)
