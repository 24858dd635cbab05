"""A partner's place for files as a test has it, a clock that a test turns, and the gateway that delivers there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.app import units
from gateway.app.build import load, workbench
from gateway.exchange.channels import ChannelState
from gateway.exchange.dispatch import Attempt, Dispatch, DispatchState
from gateway.flows import channel_health
from gateway.flows.workbench import Workbench
from gateway.kernel.clock import system_clock
from gateway.kernel.errors import ChannelDownError, TransportError
from gateway.kernel.ids import ChannelKey, DispatchId, PartnerId
from tests.config.keys import public_key

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACME = PartnerId("acme")
KEY = ChannelKey("outbox/acme")
REMOTE = f"{{kind: sftp, host: h, user: u, password: {{env: PW}}, host_key: {public_key()}, path: /o, hold_when_unsure: true}}"


@dataclass(slots=True)
class Post:
    """What arrived, in order. ``down`` is met by every file, ``refused`` by those of a name, each where it is to be met.

    There is ``room`` for so many files that are not handed over yet.
    """

    arrived: list[str] = field(default_factory=list)
    staged: dict[str, bytes] = field(default_factory=dict)
    tries: list[str] = field(default_factory=list)
    down: TransportError | None = None
    refused: dict[str, TransportError] = field(default_factory=dict)
    where: str = "stage"
    room: int = 1_000
    opened: int = 0

    def open(self, _key: str) -> "Post":
        self.opened += 1
        return self

    def stage(self, _dispatch: DispatchId, name: str, content: bytes) -> None:
        self._meet("stage", name)
        if len(self.staged) == self.room:
            raise ChannelDownError("No space is left at acme.")
        self.staged[name] = content

    def is_staged(self, _dispatch: DispatchId, name: str) -> bool:
        return name in self.staged

    def publish(self, _dispatch: DispatchId, name: str) -> None:
        self._meet("publish", name)
        del self.staged[name]
        self.arrived.append(name)

    def is_unseen(self, _dispatch: DispatchId, name: str) -> bool:
        return name in self.staged

    def withdraw(self, _dispatch: DispatchId, name: str) -> None:
        del self.staged[name]

    def secure(self) -> None:
        self._meet("secure", "")

    def close(self) -> None:
        self.opened -= 1

    def _meet(self, step: str, name: str) -> None:
        if step != self.where:
            return
        self.tries.append(name)
        for error in (self.down, self.refused.get(name)):
            if error is not None:
                raise error


@dataclass(slots=True)
class House:
    """One partner, acme, and a gateway that works for it as a process does that runs the site."""

    bench: Workbench
    post: Post
    now: datetime = NOW
    count: int = 0

    def owe(self, *names: str, channel: str = KEY) -> None:
        """Files that are to leave, in one transaction."""
        with self.bench.store.unit() as work:
            for name in names:
                self.count += 1
                own = f"{self.count:09d}"
                work.exchange.add_dispatch(
                    Dispatch(DispatchId(f"D-{name}"), ACME, "810", name, own, name, channel, name.encode(), self.now)
                )
            work.commit()

    def scan(self, after: timedelta = timedelta()) -> None:
        """What a process does with its next look, so much later."""
        self.now += after
        for each in units.found(self.bench, by_clock=False):
            units.act(self.bench, each.kind, each.key)

    def state(self, channel: str = KEY) -> ChannelState:
        with self.bench.store.unit() as work:
            return work.channels.state(channel_health.way_of(self.bench, ACME, ChannelKey(channel)).channel)

    def file(self, name: str) -> Dispatch:
        with self.bench.store.unit() as work:
            found = work.exchange.dispatch(DispatchId(f"D-{name}"))
        assert found is not None
        return found

    def states(self) -> dict[str, DispatchState]:
        with self.bench.store.unit() as work:
            return {each.file_name: each.state for each in work.exchange.files_out()}

    def attempts(self, name: str) -> list[Attempt]:
        with self.bench.store.unit() as work:
            return work.attempts.of(DispatchId(f"D-{name}"))

    def holds(self) -> list[str]:
        with self.bench.store.unit() as work:
            return [f"{each.code} {each.file_name}" for each in work.exchange.holds()]

    def alerts(self) -> list[str]:
        with self.bench.store.unit() as work:
            return [each.key for each in work.alerts.listed()]


def house(folder: Path, out: str = "{path: outbox/acme}") -> House:
    """A site of its own; ``out`` is the channel of the partner."""
    (folder / "partners").mkdir()
    (folder / "gateway.yaml").write_text("gateway: 1\n")
    (folder / "partners" / "acme.yaml").write_text(f"gateway: 1\npartner: acme\nchannels: {{out: [{out}]}}\n")
    post = Post()
    made = House(workbench(load(folder, {"PW": "x"}), system_clock, {}), post)
    told: Callable[[], datetime] = lambda: made.now  # noqa: E731 - the clock of the house
    made.bench = replace(made.bench, outlet=post.open, clock=told, wall=told)
    return made
