"""F-17: a partner that is away for three days."""

from datetime import timedelta
from pathlib import Path

from gateway.kernel.errors import ChannelDownError
from tests.flows.post import KEY, house


def test_f_17_a_partner_that_is_away_for_three_days_gets_everything_once_and_in_order(tmp_path: Path) -> None:
    site = house(tmp_path)
    away = ChannelDownError("acme does not answer.")
    site.post.down = away
    names = [f"{number:03d}" for number in range(72)]
    for name in names:  # a file an hour; the gateway looks every five minutes
        site.owe(name)
        for _ in range(12):
            site.scan(timedelta(minutes=5))
    assert len(site.post.tries) < 100  # back-off
    assert set(site.post.tries) == {names[0]}  # order
    assert site.alerts() == [f"channel:{KEY}"]  # alarm, once
    site.post.down = None
    while site.state().failures:
        site.scan(timedelta(minutes=5))
    assert site.post.arrived == names
    site.scan(timedelta(days=1))
    assert site.post.arrived == names
    assert (site.alerts(), site.holds()) == ([], [])
