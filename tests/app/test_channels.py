"""Every channel of a site is built by its kind; what this version cannot use is refused before anything is done."""

from pathlib import Path

import pytest

from gateway.app import channels
from gateway.app.build import load, workbench
from gateway.app.channels import Kind, Stopping
from gateway.config.channels import ChannelIn, ChannelOut
from gateway.config.load import Site
from gateway.config.partner import Partner
from gateway.flows.file_ports import Outlet
from gateway.flows.ports import Mark
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import ConfigurationError, TransportError
from gateway.kernel.ids import DispatchId
from gateway.transports.directory import DirectoryInlet
from gateway.transports.directory_out import DirectoryOutlet
from tests.config.keys import public_key

SFTP = f"{{kind: sftp, host: h, user: u, password: {{env: PW}}, host_key: {public_key()}, path: /o}}"


def with_channels(folder: Path, written: str, status: str = "live") -> Path:
    (folder / "partners").mkdir(exist_ok=True)
    (folder / "gateway.yaml").write_text("gateway: 1\n")
    (folder / "partners" / "acme.yaml").write_text(f"gateway: 1\npartner: acme\nstatus: {status}\n{written}")
    return folder


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_kind_that_this_version_cannot_use_is_told_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, direction: str
) -> None:
    monkeypatch.setattr(channels, "KINDS", {"directory": channels.KINDS["directory"]})
    site = with_channels(tmp_path, f"channels:\n  {direction}:\n    - {{path: x}}\n    - {SFTP}\n")

    with pytest.raises(ConfigurationError) as caught:
        load(site, {"PW": "x"})

    (problem,) = caught.value.problems
    assert str(problem).startswith(
        "partners/acme.yaml:7:14: error P004: channels of kind 'sftp' are not part of this installation"
    )


class Mailbox:
    """A place files are put into, of a kind that only this test has."""

    def __init__(self, key: str) -> None:
        self.key = key

    def stage(self, dispatch: DispatchId, name: str, content: bytes) -> None: ...
    def is_staged(self, dispatch: DispatchId, name: str) -> bool:
        return self.key == f"{dispatch}{name}"

    def publish(self, dispatch: DispatchId, name: str) -> None: ...
    def is_unseen(self, dispatch: DispatchId, name: str) -> bool:
        return self.is_staged(dispatch, name)

    def withdraw(self, dispatch: DispatchId, name: str) -> None: ...
    def secure(self) -> None: ...
    def close(self) -> None: ...


def test_another_kind_is_added_in_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(_bench: Workbench, partner: Partner, channel: ChannelIn) -> int:
        asked.append(f"{partner.partner} {channel.key}")
        return 3

    def put(_site: Site, _work: Path, _mark: Mark, _stopping: Stopping, channel: ChannelOut) -> Outlet:
        return Mailbox(channel.key)

    monkeypatch.setattr(channels, "KINDS", {**channels.KINDS, "sftp": Kind(poll=ask, outlet=put)})
    with_channels(tmp_path, f"channels: {{in: [{{path: x}}, {SFTP}], out: [{SFTP}]}}\n")
    loaded = load(tmp_path, {"PW": "x"})
    bench = workbench(loaded, system_clock, {})

    ((partner, channel),) = channels.polled(bench)
    assert channels.poll(bench, partner, channel) == 3
    assert asked == ["acme sftp:acme:in2"]
    (inlet,) = channels.inlets(bench)
    assert isinstance(inlet, DirectoryInlet)
    assert (inlet.folder, inlet.key) == (tmp_path / "x", "x")
    outlet = channels.outlets(loaded.site, tmp_path)
    assert isinstance(outlet("sftp:acme:out1"), Mailbox)
    assert isinstance(outlet("outbox/elsewhere"), DirectoryOutlet)
    with pytest.raises(TransportError, match="no channel sftp:acme:gone any more"):
        outlet("sftp:acme:gone")


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_channels_of_a_partner_that_is_not_live_are_left_alone(tmp_path: Path, status: str) -> None:
    loaded = load(with_channels(tmp_path, "", status), {})
    bench = workbench(loaded, system_clock, {})

    assert channels.inlets(bench) == []
    assert channels.polled(bench) == []
