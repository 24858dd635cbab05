"""A small discrete-event simulation of gateways at work: nodes with cores, a database with cores and a log, rows that are held.

Everything it knows of a real machine is in :class:`Costs`, which is measured. The same seed gives the same run.
"""

import heapq
import itertools
import math
import random
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

HOT = 8
"""How many of the most wanted items are followed one by one; the others are hardly ever wanted by two at once."""
FILES_WAITING = 8
"""Files for each worker that lie there at any moment when as many come as can be done."""
IN_PIECES = 10
"""Orders that are worked on before somebody else may have the core."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds for one order of ten lines from its file to its invoice, and what is shared by a batch.

    ``goods`` is the part of all of it that comes when the goods leave, ``goods_held`` the seconds of it for which stock is
    held; ``stock_held`` and ``counters_held`` are those of what comes before.
    """

    gateway: float
    server: float
    counters_held: float
    stock_held: float
    commit: float
    commits: float
    files: float
    goods: float = 0.0
    goods_held: float = 0.0


@dataclass(frozen=True, slots=True)
class House:
    """What is simulated: ``nodes`` with so many workers, a core for each; ``batch`` orders are one unit of work.

    The database has cores of its own unless ``shared``: then all work on those cores, which are of one machine.
    """

    nodes: int
    workers: int
    database_cores: int
    batch: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked: orders per second (0: as many as can be done), and the share of each partner and of each item.

    Goods leave from so many ``warehouses``, of which each tells in files of its own. With ``batches`` so many files lie there
    at the beginning, shared out to the partners, and no more come.
    """

    per_second: float
    partners: Sequence[float]
    items: Sequence[float]
    lines: int = 10
    warehouses: int = 1
    batches: int = 0
    seconds: float = 60.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run showed: orders per second, seconds until a batch was done (median, 95 and 99 of 100), what was in use."""

    per_second: float
    median: float
    p95: float
    p99: float
    gateways_busy: float
    database_busy: float
    log_busy: float
    waited_for_rows: float


class Resource:
    """Something that so many can use at once; the others wait in line."""

    def __init__(self, world: "World", capacity: int) -> None:
        self._world, self._free, self._waiting = world, capacity, deque[Callable[[], None]]()

    def take(self, go_on: Callable[[], None]) -> None:
        """Go on as soon as it is one's turn."""
        if self._free:
            self._free -= 1
            self._world.at(0.0, go_on)
        else:
            self._waiting.append(go_on)

    def give(self) -> None:
        """Let the next one have it."""
        if self._waiting:
            self._world.at(0.0, self._waiting.popleft())
        else:
            self._free += 1


class Log:
    """The log of a database: whoever commits while it is being written waits for the next write, which takes all of them."""

    def __init__(self, world: "World", seconds: float) -> None:
        self._world, self._seconds, self._waiting = world, seconds, list[Callable[[], None]]()
        self._writing = False
        self.busy = 0.0

    def commit(self, go_on: Callable[[], None]) -> None:
        """Go on when it is on disk."""
        self._waiting.append(go_on)
        if not self._writing:
            self._write()

    def _write(self) -> None:
        self._writing, taken, self._waiting = True, self._waiting, []
        self.busy += self._seconds

        def written() -> None:
            self._writing = False
            for go_on in taken:
                go_on()
            if self._waiting and not self._writing:
                self._write()

        self._world.at(self._seconds, written)


class World:
    """The clock and what happens next."""

    def __init__(self) -> None:
        self.now = 0.0
        self._next: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()

    def at(self, seconds: float, what: Callable[[], None]) -> None:
        """Do something so many seconds from now; what is due at the same time is done in the order it was asked."""
        heapq.heappush(self._next, (self.now + seconds, next(self._count), what))

    def run(self, until: float) -> None:
        """Let time pass."""
        while self._next and self._next[0][0] <= until:
            self.now, _, what = heapq.heappop(self._next)
            what()


Step = tuple[str, object, float]
"""``use`` a resource for seconds, ``take`` or ``give`` it, ``commit`` to a log, or ``wait``."""


def zipf(count: int, skew: float = 1.0) -> list[float]:
    """The shares of ``count`` partners or items, the largest first.

    >>> [round(share, 2) for share in zipf(3)]
    [0.55, 0.27, 0.18]
    """
    weights = [1 / rank**skew for rank in range(1, count + 1)]
    total = sum(weights)
    return [each / total for each in weights]


class Gateways:
    """One database with the nodes that work on it."""

    def __init__(self, costs: Costs, house: House, demand: Demand) -> None:
        self._costs, self._house, self._demand = costs, house, demand
        self._world = World()
        workers = house.nodes * house.workers
        self._workers = Resource(self._world, workers)
        self._cores = Resource(self._world, house.database_cores if house.shared else workers)
        self._server = self._cores if house.shared else Resource(self._world, house.database_cores)
        self._log = Log(self._world, costs.commit)
        self._rows: dict[object, Resource] = defaultdict(lambda: Resource(self._world, 1))
        self._random = random.Random(demand.seed)  # noqa: S311 - reproducible, not secret
        self._upto = list(itertools.accumulate(demand.partners))
        lines = house.batch * demand.lines
        self._unasked = [(1 - share) ** lines for share in demand.items[:HOT]]
        self._done: list[tuple[float, float]] = []
        self._used: dict[int, float] = defaultdict(float)
        self._waited = 0.0

    def run(self) -> Seen:
        """Let the demand come for its time; the first fifth warms up and does not count."""
        if self._demand.batches:
            return self._through()
        for _ in range(self._house.nodes * self._house.workers * FILES_WAITING if not self._demand.per_second else 0):
            self._begin(again=True)
        if self._demand.per_second:
            self._arrive()
        self._world.run(self._demand.seconds)
        return self._seen(self._demand.seconds / 5, self._demand.seconds)

    def _through(self) -> Seen:
        """Let all that lies there go through."""
        for each in range(self._demand.batches):
            self._begin(again=False, partner=each % len(self._demand.partners))
        self._world.run(math.inf)
        return self._seen(0.0, self._world.now)

    def _seen(self, warm: float, seconds: float) -> Seen:
        counted = [(end, took) for end, took in self._done if end >= warm]
        took = sorted(took for _, took in counted) or [math.inf]
        capacity = self._house.nodes * self._house.workers
        return Seen(
            len(counted) * self._house.batch / (seconds - warm), _at(took, 0.5), _at(took, 0.95), _at(took, 0.99),
            self._used[id(self._cores)] / seconds / (self._house.database_cores if self._house.shared else capacity),
            self._used[id(self._server)] / seconds / self._house.database_cores,
            self._log.busy / seconds, self._waited / max(len(self._done), 1),
        )  # fmt: skip

    def _arrive(self) -> None:
        gap = self._random.expovariate(self._demand.per_second / self._house.batch)

        def came() -> None:
            self._begin(again=False)
            self._arrive()

        self._world.at(gap, came)

    def _begin(self, *, again: bool, partner: int | None = None) -> None:
        if partner is None:
            partner = self._random.choices(range(len(self._upto)), cum_weights=self._upto)[0]
        begun = self._world.now

        def ended() -> None:
            self._done.append((self._world.now, self._world.now - begun))
            if again:
                self._begin(again=True)

        self._play(self._unit(partner), ended)

    def _unit(self, partner: int) -> Iterator[Step]:
        """One batch: the orders of a partner, then their goods from a warehouse; each takes one unit after the other."""
        costs, goods = self._costs, self._costs.goods
        yield from self._half(("partner", partner), 1 - goods, costs.stock_held, costs.counters_held)
        if goods:
            warehouse = self._random.randrange(self._demand.warehouses)
            yield from self._half(("warehouse", warehouse), goods, costs.goods_held, 0.0)

    def _half(self, sender: object, share: float, stock_held: float, counters_held: float) -> Iterator[Step]:
        """A unit of work: what needs no shared row, then what holds some, then what holds all, then the commit."""
        costs, orders = self._costs, self._house.batch
        whole = costs.gateway + costs.server
        items = [self._rows["item", item] for item in self._hot()] if stock_held else []
        held = sorted([(counters_held, [self._rows["numbers", sender]]), (stock_held, items)], key=_longest_first)
        yield "hold", self._rows["turn", sender], 0.0
        yield "take", self._workers, 0.0
        left = share * whole
        for seconds, rows in held:
            yield from self._work(orders, max(left - seconds, 0.0) / whole)
            left = min(left, seconds)
            for row in rows:
                yield "hold", row, 0.0
        yield from self._work(orders, left / whole)
        for _ in range(max(round(costs.commits * orders * share), 1)):
            yield "commit", self._log, 0.0
        for row in (row for _, rows in held for row in rows):
            yield "give", row, 0.0
        yield "wait", None, costs.files * orders * share
        yield "give", self._workers, 0.0
        yield "give", self._rows["turn", sender], 0.0

    def _work(self, orders: int, share: float) -> Iterator[Step]:
        for _ in range(0, orders, IN_PIECES):
            yield "use", self._cores, self._costs.gateway * IN_PIECES * share
            yield "use", self._server, self._costs.server * IN_PIECES * share

    def _hot(self) -> list[int]:
        """Which of the most wanted items are in a batch."""
        drawn = self._random.random
        return [item for item, unasked in enumerate(self._unasked) if drawn() > unasked]

    def _play(self, steps: Iterator[Step], ended: Callable[[], None]) -> None:
        def go_on() -> None:
            step = next(steps, None)
            if step is None:
                ended()
            else:
                self._do(step, go_on)

        go_on()

    def _do(self, step: Step, go_on: Callable[[], None]) -> None:
        what, resource, seconds = step
        if isinstance(resource, Log):
            resource.commit(go_on)
        elif not isinstance(resource, Resource):
            self._world.at(seconds, go_on)
        elif what == "use":
            self._use(resource, seconds, go_on)
        elif what == "hold":
            self._hold(resource, go_on)
        elif what == "take":
            resource.take(go_on)
        else:
            resource.give()
            go_on()

    def _use(self, resource: Resource, seconds: float, go_on: Callable[[], None]) -> None:
        def ended() -> None:
            resource.give()
            go_on()

        def begun() -> None:
            self._used[id(resource)] += seconds
            self._world.at(seconds, ended)

        resource.take(begun)

    def _hold(self, resource: Resource, go_on: Callable[[], None]) -> None:
        since = self._world.now

        def held() -> None:
            self._waited += self._world.now - since
            go_on()

        resource.take(held)


def simulate(costs: Costs, house: House, demand: Demand) -> Seen:
    """Let gateways work on one database."""
    return Gateways(costs, house, demand).run()


def _longest_first(held: tuple[float, list[Resource]]) -> float:
    return -held[0]


def _at(values: Sequence[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)]
