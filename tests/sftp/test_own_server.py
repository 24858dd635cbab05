"""Both of our ends at once: our SFTP channels at our own SFTP server, where they log in with a password."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.flows import polling
from gateway.kernel.errors import ChannelStoppedError
from gateway.kernel.ids import DispatchId
from gateway.transports.sftp.connection import connect
from gateway.transports.sftp.outlet import SftpOutlet
from gateway.transports.sftp.server import Server
from tests.servers.own import PASSWORD, Own, host_key, serving, wait_until
from tests.site.harness import PlayedSite, new_site, order, purchase_order

VARIABLE = "OF_NORTHWIND_AT_ACME"


@dataclass(frozen=True, slots=True)
class Both:
    """Our site, and the server of ACME, which is one of ours too."""

    site: PlayedSite
    own: Own

    def server(self, password: str = PASSWORD) -> Server:
        """How we log in there."""
        key = " ".join(host_key(self.own.folder).split()[:2])
        return Server("127.0.0.1", self.own.port, "acme", (key,), "/inbox", 5.0, password=password)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    monkeypatch.setattr(polling, "LOOK_AGAIN", 0.05)
    monkeypatch.setenv(VARIABLE, PASSWORD)
    site = new_site(tmp_path / "site")
    with serving(tmp_path / "own", rate="9999/m") as own:
        partner = site.folder / "partners" / "acme.yaml"
        login = (
            f"kind: sftp, host: 127.0.0.1, port: {own.port}, user: acme, password: {{env: {VARIABLE}}}, "
            f"host_key: {host_key(own.folder)}, timeout: 5s"
        )
        text = f"channels:\n  in:\n    - {{{login}, path: /outbox}}\n  out:\n    - {{{login}, path: /inbox}}\n"
        partner.write_text(partner.read_text() + text)
        yield Both(site, own)


def test_orders_are_fetched_and_answers_put_with_a_password_from_a_secret(both: Both) -> None:
    both.site.drop_master()
    both.own.lay_out("acme", "po-1.edi", purchase_order(order("R-1")).encode())
    said = both.site.run()
    assert both.own.outbox() == [], "fetched and removed"
    answers = {name: (both.own.folder / "inbox/acme" / name).read_bytes() for name in both.own.inbox()}
    assert sorted(name.partition("_")[0] for name in answers) == ["855", "997"]
    assert all(content.rstrip().endswith(b"~") for content in answers.values())
    assert both.own.arrived.is_set()
    assert PASSWORD not in said.out + said.err


def test_the_channel_that_files_leave_through_is_tested_to_its_end(both: Both) -> None:
    said = both.site.gateway("partner", "test", "acme", "--write")
    assert "(out): in order (name, connection, host key, login, folder, writing)." in said.out
    assert both.own.inbox() == []


def test_a_wrong_password_stops_the_channel_and_is_tried_once(both: Both) -> None:
    with pytest.raises(ChannelStoppedError) as refused:
        connect(both.server("quite another one"))
    assert "does not let 'acme' in with the password" in refused.value.sentence
    assert "quite another one" not in refused.value.sentence
    wait_until(lambda: [each for each in both.own.audit() if each[1] == "sftp.refused"] == [("acme", "sftp.refused")])


def test_a_file_that_was_put_and_not_noted_is_put_again_and_gets_its_name(both: Both) -> None:
    outlet, one = SftpOutlet(both.server(), hold_when_unsure=False, mark=lambda _window: None), DispatchId("d1")
    with closing(outlet):
        for _ in range(2):
            outlet.stage(one, "855_1.edi", b"ISA~IEA~")
        assert both.own.inbox() == [".gateway-d1"]
        assert outlet.is_staged(one, "855_1.edi")
        outlet.publish(one, "855_1.edi")
        assert both.own.inbox() == ["855_1.edi"]
        assert not outlet.is_staged(one, "855_1.edi")
