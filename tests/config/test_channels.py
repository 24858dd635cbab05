"""Channels: folders and servers, each with a key that stays; what cannot be meant is told where it stands; no secret is shown."""

from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.config.channels import DirectoryIn, DirectoryOut, SftpIn, SftpOut
from gateway.config.load import Site, load_site
from gateway.config.partner import Partner
from gateway.formats.trailer import Trailer
from gateway.kernel.errors import ConfigurationError
from gateway.kernel.ids import PartnerId
from gateway.kernel.problem import Problem
from tests.config.keys import HASH, public_key

KEY = public_key()
US = "gateway: 1\nus: {qualifier: ZZ, id: NORTHWIND}\n"
ACME = "gateway: 1\npartner: acme\n"
SFTP = f"kind: sftp, host: sftp.acme.example, user: us, password: {{env: ACME_PW}}, host_key: {KEY}, path: /o"
CANARY = "hunter2-Canary"


def shown(folder: Path, acme: str, *, settings: str = US, **others: str) -> list[str]:
    (folder / "partners").mkdir(exist_ok=True)
    (folder / "gateway.yaml").write_text(settings)
    for name, text in {"acme": acme, **others}.items():
        (folder / "partners" / f"{name}.yaml").write_text(text)
    _, problems = load_site(folder, {"ACME_PW": CANARY})
    return [str(problem).removeprefix("partners/acme.yaml:") for problem in problems]


def site_of(folder: Path, acme: str, **others: str) -> Site:
    assert shown(folder, acme, **others) == []
    site, _ = load_site(folder, {"ACME_PW": CANARY})
    assert site is not None
    return site


def partner_of(folder: Path, text: str) -> Partner:
    return site_of(folder, ACME + text).partners[PartnerId("acme")]


def arriving(text: str) -> str:
    return f"{ACME}channels: {{in: [{{{text}}}]}}\n"


def leaving(text: str) -> str:
    return f"{ACME}channels: {{out: [{{{text}}}]}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (arriving("path: x, hots: y"), "3:27: error P001: 'hots' is not a key here"),
        (arriving("kind: sftp, hots: y, host: h, user: u, path: /o"), "3:30: error P001: 'hots' is not a key here\n    hint: did you mean 'host'?"),
        (arriving("kind: sftp, host: h, path: /o"), "3:17: error P002: the key 'user' is missing"),
        (arriving("kind: directory"), "3:17: error P002: the key 'path' is missing"),
        (arriving("kind: sftp, private_key: {file: x}, host: h, user: u, path: /o"), "3:30: error P001: 'private_key' is not a key here"),
        (arriving(f"{SFTP}, after: keep"), "error P003: 'after': 'keep' is nothing to do with a file that was taken; write delete, leave, or move archive/"),
        (arriving(f"{SFTP}, after: move ../x"), "error P003: 'after': '../x' is not a folder of their server; write it like /outgoing"),
        (arriving(f"{SFTP}, after: move ."), "error P004: 'after' moves a file to where it is taken from; it would be taken again\n    hint: write a folder beside or below it: move archive/"),
        (arriving(f"{SFTP}, every: 5s"), "error P003: 'every': '5s' is too often; a server is asked every 30s at most"),
        (arriving(f"{SFTP}, port: 0"), "error P003: 'port' is at least 1, not '0'"),
        (arriving("path: x, ready: [finished]"), "3:35: error P003: 'ready': 'finished' does not say when a file is ready; write rename, content, stable 20s or marker {name}.done"),
        (arriving("path: x, ready: [stable soon]"), "3:35: error P003: 'ready': 'soon' is not a duration; write it like 20s, 5m, 24h or 3d"),
        (arriving("path: x, marker: done"), "3:35: error P003: 'marker': 'done' does not name a marker; write it like {name}.done, or {stem}.ok without the ending"),
        (arriving("path: x, marker: '{file}.done'"), "3:35: error P003: 'marker': '{file}.done' does not name a marker; write it like {name}.done, or {stem}.ok without the ending"),
        (arriving("path: x, marker: '{name}.a', ready: ['marker {name}.b']"), "3:27: error P004: the marker is said in 'ready' and in 'marker'; one of them is enough\n    hint: remove it"),
        (arriving("path: x, trailer: '*'"), "3:36: error P003: 'trailer': '*' could be any row; write what only the last one begins with, like EOF* or TRL,{count}"),
        (arriving(f"{SFTP}, trailer: 'E{{rows}}'"), "error P003: 'trailer': 'E{rows}' has '{rows}', which stands for nothing; known are * and {count}, or {count+2} where they count two rows more"),
        (arriving("path: x, file_limit: big"), "3:39: error P003: 'file_limit': 'big' is not a size; write it like 32kB, 200MB or 2GB"),
        (leaving("path: x, retry: {first: 2h}"), "3:35: error P003: 'retry': 'first' is not longer than 'max', and 'max' not longer than 'give_up'"),
        (leaving("path: x, retry: {factor: 0.5}"), "3:44: error P003: 'factor' is at least 1, not '0.5'"),
        (leaving(f"{SFTP}, staging: atomic"), "error P003: 'staging' is one of rename, none, not 'atomic'"),
        (leaving("path: x, hold_when_unsure: true"), "3:28: error P001: 'hold_when_unsure' is not a key here"),
        (ACME + "channels: {expect: [{document: ordr, by: '08:00'}]}\n", "3:32: error P003: 'document': 'ordr' is not known\n    hint: did you mean 'order'?"),
        (ACME + "channels: {expect: [{document: order, by: 8:00}]}\n", "3:43: error P003: 'by': '8:00' is not a time of day; write it like 08:00"),
        (ACME + "channels: {expect: [{document: order, by: '08:00', days: mo-fr}]}\n", "3:58: error P003: 'days': 'mo-fr' is not a day of the week; write mon, tue, wed, thu, fri, sat, sun or mon-fri"),
        (ACME + "channels: {expect: [{document: order, by: '08:00'}]}\n", "3:32: error P004: nothing reads 'order' from this partner, so none can be expected\n    hint: add 'order: {in: MAPPING}' to 'documents', or remove the entry"),
        (ACME + "sla: [{measure: 865_after_860, limit: 24h}]\n", "3:17: error P004: '865_after_860' is never done: no mapping of this partner writes 'change_acknowledgment'\n    hint: add 'change_acknowledgment: {out: MAPPING}' to 'documents', or remove it"),
        (ACME + "documents: {invoice: {out: a}}\nsla: [{measure: 810_after_ship, limit: 1d}, {measure: 810_after_ship, limit: 2d}]\n", "4:55: error P004: '810_after_ship' is promised twice\n    hint: remove one of them"),
        (ACME + "sla: [{measure: 997_after_receipt, limit: 24h}]\n", "3:17: error P004: '997_after_receipt' is never done: this partner gets no 997 and no 999 from us\n    hint: remove it, or say 'functional: {kind: \"997\"}' below 'x12.acknowledge'"),
        (ACME + "sla: [{measure: 855_after_80, limit: 24h}]\n", "3:17: error P003: 'measure' is one of 997_after_receipt, 855_after_850, 865_after_860, 856_after_ship, 810_after_ship, not '855_after_80'\n    hint: did you mean '855_after_850'?"),
        (ACME + "sla: [{measure: 855_after_850, limit: 24h, fine: much}]\n", "3:50: error P003: 'fine': 'much' is not a fine; write it like '50.00 per order' or '3% of goods'"),
        (ACME + "sftp: {user: acme}\n", "3:1: error P002: a login needs 'keys' or a 'password_hash', or nobody can use it\n    hint: write 'keys: [ssh-ed25519 AAAA...]' below it"),
        (ACME + "sftp: {password_hash: scrypt$99999999$8$1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAA}\n", "3:23: error P003: 'password_hash': this hash costs too much, or cannot be; 'gateway sftp hash-password' makes one"),
        (ACME + "sftp: {keys: [ssh-ed25519 AAAA]}\n", "3:15: error P003: 'keys': this is not a public key; write the whole line, like 'ssh-ed25519 AAAA...'"),
        (ACME + "alerts: {to: acme}\n", "3:14: error P003: 'to': 'acme' is not a mail address; write it like edi@example.com"),
        (ACME + "alerts: {to: edi@acme.example}\n", "3:14: error P004: nobody could send it: gateway.yaml has no section 'mail'\n    hint: write 'mail: {host: ..., from: ...}' in gateway.yaml"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place_in_words(tmp_path: Path, text: str, expected: str) -> None:
    (found,) = shown(tmp_path, text)

    assert found.endswith(expected)


def test_a_server_needs_its_key_and_one_way_to_log_in(tmp_path: Path) -> None:
    bare = "kind: sftp, host: h, port: 2222, user: u, path: /o"
    both = f"{bare}, host_key: {KEY}, key: {{env: ACME_PW}}, password: {{env: ACME_PW}}"

    key, way = (line.partition(": ")[2] for line in shown(tmp_path, arriving(bare)))
    assert key.startswith("error P002: the key 'host_key' is missing: without it nobody knows whose server answers\n")
    assert key.endswith("'gateway partner scan-host-key h --port 2222' shows what answers there now")
    assert way.startswith("error P002: we log in with a key or with a password: write one of 'key' and 'password'\n")
    assert "one of 'key' and 'password'" in shown(tmp_path, leaving(both))[0]
    assert "'passphrase' opens a key" in shown(tmp_path, leaving(f"{SFTP}, passphrase: {{env: ACME_PW}}"))[0]


def test_the_defaults_of_a_server_are_those_of_the_page(tmp_path: Path) -> None:
    acme = partner_of(tmp_path, f"channels: {{in: [{{{SFTP}}}], out: [{{{SFTP}}}]}}\n")
    (inlet,), (outlet,) = acme.inlets(), acme.outlets()

    assert isinstance(inlet, SftpIn)
    assert (inlet.port, inlet.every, inlet.after, inlet.moves_to, inlet.timeout) == (22, "5m", "delete", "", "30s")
    assert (inlet.host_key, inlet.patterns, inlet.ready) == ((KEY,), ("*",), ("rename", "content"))
    assert isinstance(outlet, SftpOut)
    assert (outlet.retry.first, outlet.retry.factor, outlet.retry.max, outlet.retry.give_up) == (
        "30s", Decimal(2), "1h", "3d"
    )  # fmt: skip
    assert (outlet.staging, outlet.hold_when_unsure) == ("rename", False)
    assert acme.folders() == ()
    assert acme.folders_out() == ()


def test_each_channel_has_a_key_that_stays(tmp_path: Path) -> None:
    text = (
        f"channels: {{in: [{{path: a/b/}}, {{{SFTP}}}, {{name: night, {SFTP}2}}], "
        f"out: [{{{SFTP}}}, {{path: o}}, {{name: copies, {SFTP}}}]}}\n"
    )
    acme = partner_of(tmp_path, text)

    assert [each.key for each in acme.inlets()] == ["a/b", "sftp:acme:in2", "sftp:acme:night"]
    assert [each.key for each in acme.outlets()] == ["sftp:acme:out1", "o", "sftp:acme:copies"]
    assert (acme.outlet().key, acme.outlet("copies").key) == ("sftp:acme:out1", "sftp:acme:copies")
    assert isinstance(acme.folders()[0], DirectoryIn)
    assert isinstance(acme.folders_out()[0], DirectoryOut)
    assert [each.key for each in Partner.model_validate({"gateway": "1", "partner": "b"}).inlets()] == ["inbox/b"]


def test_two_channels_to_servers_never_have_one_key(tmp_path: Path) -> None:
    text = f"{ACME}channels: {{in: [{{name: x, {SFTP}}}], out: [{{name: x, {SFTP}}}]}}\n"
    (found,) = shown(tmp_path, text)

    assert "two channels to servers are called 'x'" in found


def test_when_a_file_is_ready_is_what_is_listed(tmp_path: Path) -> None:
    plain = partner_of(tmp_path, "channels: {in: [{path: x}]}\n").folders()[0]
    text = "channels: {in: [{path: x, ready: [rename, stable 20s, 'marker \"{stem}.ok\"'], file_limit: 1MB}]}\n"
    said = partner_of(tmp_path, text).folders()[0]
    by_key = partner_of(tmp_path, "channels: {in: [{path: x, marker: '{name}.done'}]}\n").folders()[0]

    assert (plain.proves_content, plain.stable_for, plain.marker_name, plain.limit(9)) == (True, None, "", 9)
    assert (said.proves_content, said.stable_for, said.marker_name) == (False, timedelta(seconds=20), "{stem}.ok")
    assert said.limit(9) == 1_000_000
    assert by_key.marker_name == "{name}.done"


def test_the_last_row_is_agreed_for_each_channel(tmp_path: Path) -> None:
    text = f"channels: {{in: [{{path: x, trailer: 'EOF,{{count+1}}'}}, {{{SFTP}, trailer: EOF*}}, {{path: y}}]}}\n"
    endings = [each.ending for each in partner_of(tmp_path, text).inlets()]

    assert endings == [Trailer.of("EOF,{count+1}"), Trailer.of("EOF*"), None]


def test_what_is_moved_is_seen_from_the_folder(tmp_path: Path) -> None:
    (inlet,) = partner_of(tmp_path, f"channels: {{in: [{{{SFTP}, after: move  done/2026/}}]}}\n").inlets()

    assert isinstance(inlet, SftpIn)
    assert (inlet.after, inlet.moves_to) == ("move done/2026", "done/2026")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (SFTP, SFTP, "acme takes files from '/o' on sftp.acme.example too"),
        (SFTP, SFTP.replace("sftp.acme", "SFTP.Acme"), "acme takes files from '/o' on SFTP.Acme.example too"),
        (SFTP, f"{SFTP}ld, after: move /o", "acme takes files from '/o' on sftp.acme.example; what is moved there would be taken again"),
        (f"{SFTP}, after: move done", f"{SFTP}/done", "acme moves files to '/o/done' on sftp.acme.example that it has taken"),
    ],
    ids=["the same folder", "the same host in capitals", "moved into it", "moved to it"],
)  # fmt: skip
def test_a_folder_of_a_server_is_asked_by_one_channel(tmp_path: Path, first: str, second: str, said: str) -> None:
    beta = arriving(second).replace("acme\n", "beta\n")
    (found,) = shown(tmp_path, arriving(first), beta=beta)

    assert said in found


def test_each_partner_has_a_login_of_its_own(tmp_path: Path) -> None:
    one = f"{ACME}sftp: {{keys: {KEY} bob@example, password_hash: {HASH}}}\n"
    other = f"gateway: 1\npartner: beta\nsftp: {{user: acme, keys: [{KEY}]}}\n"

    acme = site_of(tmp_path, one).partners[PartnerId("acme")]
    assert acme.sftp is not None
    assert (acme.login_user(), acme.sftp.keys) == ("acme", (KEY,))
    (found,) = shown(tmp_path, one, beta=other)
    assert found == "partners/beta.yaml:3:14: error P004: acme logs in as 'acme' too; each has a login of its own"


@pytest.mark.parametrize(
    "written",
    [
        f"channels: {{in: [{{kind: sftp, host: h, user: u, path: /o, password: {CANARY}}}]}}\n",
        f"channels: {{in: [{{kind: sftp, host: h, user: u, path: /o, key: {{env: {CANARY}}}}}]}}\n",
        f"sftp: {{password_hash: {CANARY}}}\n",
        f"sftp: {{keys: {CANARY}}}\n",
    ],
    ids=["a password", "a variable that is none", "a password for a hash", "a key that is none"],
)
def test_a_secret_that_stands_in_the_file_is_refused_and_never_repeated(tmp_path: Path, written: str) -> None:
    found = shown(tmp_path, ACME + written)

    assert "error P003" in found[0]
    assert CANARY not in "\n".join(found)


def test_a_secret_is_read_where_it_is_named_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "pw").write_text(f"{CANARY}\r\n")
    text = SFTP.replace("{env: ACME_PW}", "{file: secrets/pw}")
    acme = partner_of(tmp_path, f"channels: {{in: [{{{text}}}], out: [{{{SFTP}}}]}}\n")

    for channel in (*acme.inlets(), *acme.outlets()):
        assert isinstance(channel, SftpIn | SftpOut)
        assert channel.password is not None
        assert channel.password.value(tmp_path, {"ACME_PW": CANARY}) == CANARY
    said = f"{acme!r} {acme} {acme.in_json} {acme.model_dump(mode='json', by_alias=True)}"
    assert CANARY not in said
    assert "secrets/pw" not in said
    assert "***" in said


def test_a_secret_that_is_not_there_is_a_warning_at_its_place(tmp_path: Path) -> None:
    text = SFTP.replace("{env: ACME_PW}", "{file: secrets/none}")
    site, (problem,) = load_site_with(tmp_path, arriving(text))

    assert (problem.level, problem.code, problem.line) == ("warning", "P003", 3)
    assert problem.sentence == "'password': secrets/none cannot be read: No such file or directory"
    (inlet,) = site.partners[PartnerId("acme")].inlets()
    assert isinstance(inlet, SftpIn)
    assert inlet.password is not None
    with pytest.raises(ConfigurationError):
        inlet.password.value(tmp_path, {})


def load_site_with(folder: Path, acme: str) -> tuple[Site, tuple[Problem, ...]]:
    shown(folder, acme)
    site, problems = load_site(folder, {})
    assert site is not None
    return site, problems


@pytest.mark.parametrize("wrong", ["{}", "{env: A, file: b}", "{value: x}"])
def test_a_secret_stands_in_exactly_one_place(tmp_path: Path, wrong: str) -> None:
    found = shown(tmp_path, arriving(SFTP.replace("{env: ACME_PW}", wrong)))

    assert len(found) == 1
    assert "error P00" in found[0]


def test_what_is_expected_and_promised_is_read(tmp_path: Path) -> None:
    text = (
        "documents: {order: {in: csv/order}, acknowledgment: {out: csv/ack}, shipment: {out: csv/asn}}\n"
        "channels: {expect: [{document: order, by: '08:00'}, {document: order, by: '17:30', days: [sat-mon, wed], grace: 30m}]}\n"
        "sla: [{measure: 855_after_850, limit: 24h, fine: 50.00 per order}, {measure: 856_after_ship, limit: 1h, fine: 3% of goods}]\n"
    )
    acme = partner_of(tmp_path, text)
    first, second = acme.channels.expect

    assert (first.moment(), sorted(first.weekdays()), first.patience()) == (time(8), [0, 1, 2, 3, 4], timedelta())
    assert (sorted(second.weekdays()), second.patience()) == ([0, 2, 5, 6], timedelta(minutes=30))
    assert [each.fine for each in acme.sla] == ["50.00 per order", "3% of goods"]


def test_the_deadline_of_an_answer_and_of_theirs_is_read(tmp_path: Path) -> None:
    text = (
        "x12: {them: {qualifier: ZZ, id: ACME}, acknowledge: {deadline: 1h}}\n"
        "documents: {invoice: {out: [a, {mapping: b, expect_997: 1d}], expect_997: 4h}, shipment: {out: c}}\n"
    )
    acme = partner_of(tmp_path, text)

    assert acme.identity().acknowledge.deadline == "1h"
    assert [use.expect_997 for use in acme.uses()] == ["4h", "1d", None]


def test_each_channel_is_known_with_the_place_of_its_kind(tmp_path: Path) -> None:
    site = site_of(tmp_path, f"{ACME}channels:\n  in:\n    - {{{SFTP}}}\n    - {{path: x}}\n")

    assert [(each.channel.key, each.origin.line, each.origin.column) for each in site.channels] == [
        ("sftp:acme:in1", 5, 14), ("x", 6, 7), ("outbox/acme", 4, 3)
    ]  # fmt: skip
