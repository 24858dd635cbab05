"""What the errors of channels tell, and what a person is asked to do about them."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.exchange.channels import Channel, ChannelHealth, ChannelState, Direction
from gateway.exchange.remote import RemoteLook
from gateway.kernel.errors import ChannelDownError, ChannelStoppedError, TransportError
from gateway.kernel.ids import ChannelKey, PartnerId

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
ACME = Channel(ChannelKey("outbox/acme"), PartnerId("acme"), Direction.OUT, "directory")


def test_a_channel_that_is_down_is_tried_again_and_a_stopped_one_is_not() -> None:
    down = ChannelDownError("The server of acme does not answer.", next_step="Wait.")
    stopped = ChannelStoppedError("Another host key.", code="S-HOST-KEY", next_step="Compare it by phone.")
    assert (down.retryable, stopped.retryable) == (True, False)
    assert (stopped.code, stopped.next_step) == ("S-HOST-KEY", "Compare it by phone.")
    for each in (down, stopped):
        assert isinstance(each, TransportError)
        assert each.exit_code == 6


@pytest.mark.parametrize(
    ("state", "waits"),
    [
        (ChannelState(ACME), False),
        (ChannelState(ACME, ChannelHealth.FAILING), False),
        (ChannelState(ACME, ChannelHealth.FAILING, retry_at=NOW), False),
        (ChannelState(ACME, ChannelHealth.FAILING, retry_at=NOW + timedelta(seconds=1)), True),
        (ChannelState(ACME, ChannelHealth.STOPPED, retry_at=NOW - timedelta(days=1)), True),
    ],
)
def test_a_channel_waits_for_its_next_try_or_for_a_person(state: ChannelState, *, waits: bool) -> None:
    assert state.waits(NOW) is waits


def test_a_file_that_grew_or_was_written_again_is_another_one() -> None:
    first = RemoteLook("po.edi", b"po.edi", 512, 1_795_000_000)
    later = RemoteLook("po.edi", b"po.edi", 512, 1_795_000_001)
    longer = RemoteLook("po.edi", b"po.edi", 513, 1_795_000_000)
    assert len({first.signature, later.signature, longer.signature}) == 3
