"""What must be true in the end: each order and each document exactly once, as the partners saw them and as the house has it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.exchange.dispatch import DispatchState
from gateway.exchange.receipt import ReceiptState
from gateway.orders import stock
from tests.machine.laws import LAWS, look
from tests.torture.crowd import Crowd, Taken
from tests.torture.reading import read
from tests.torture.scene import PLENTY, Owed, Scene


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the partners saw, against what was owed to them."""

    missing: tuple[Owed, ...]
    twice: tuple[Owed, ...]
    unasked: tuple[Owed, ...]
    repeated_numbers: tuple[str, ...]
    same_names: tuple[str, ...]
    gaps: int
    documents: int

    @property
    def faultless(self) -> bool:
        """Whether everybody got everything exactly once."""
        return not (self.missing or self.twice or self.unasked or self.repeated_numbers or self.same_names)

    def __str__(self) -> str:
        kinds = {
            name: Counter(each.document for each in getattr(self, name)) for name in ("missing", "twice", "unasked")
        }
        shown = {name: (dict(count), getattr(self, name)[:5]) for name, count in kinds.items() if count}
        return (
            f"{self.documents} documents, {self.gaps} gaps in control numbers; {shown or 'all once'}"
            + (f"; control numbers twice: {self.repeated_numbers[:9]}" if self.repeated_numbers else "")
            + (f"; names twice: {self.same_names[:9]}" if self.same_names else "")
        )


def seen_by_partners(crowd: Crowd) -> Verdict:
    """Judge what was taken so far."""
    taken = list(crowd.taken)
    owed = Counter(each for sent in list(crowd.sent) for each in sent.owes())
    got: Counter[Owed] = Counter()
    numbers: Counter[str] = Counter()
    highest: dict[str, list[int]] = {}
    for each in taken:
        found = read(each)
        got.update(found.documents)
        numbers.update(f"{each.partner} ISA {number}" for number in found.interchanges)
        numbers.update(f"{each.partner} GS {number}" for number in found.groups)
        highest.setdefault(each.partner, []).extend(found.interchanges)
    return Verdict(
        missing=tuple(sorted((owed - got).elements())),
        twice=tuple(sorted(each for each, count in got.items() if count > 1)),
        unasked=tuple(sorted(each for each in got if each not in owed)),
        repeated_numbers=_repeated(numbers),
        same_names=_repeated(Counter(f"{each.partner}/{each.name}" for each in taken)),
        gaps=sum(max(each) - min(each) + 1 - len(set(each)) for each in highest.values() if each),
        documents=sum(got.values()),
    )


def _repeated(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(each for each, count in counts.items() if count > 1))


def pending(crowd: Crowd) -> str:
    """Empty when everybody has everything; else what is still missing."""
    verdict = seen_by_partners(crowd)
    waiting = crowd.scene.inbox()
    return f"not taken: {waiting[:9]}; {verdict}" if verdict.missing or waiting else ""


def the_house_is_in_order(scene: Scene, crowd: Crowd, *, poisoned: Iterable[str] = ()) -> None:
    """What the house has, by every law of the machine; ``poisoned`` are orders that were sent and may not be there."""
    bench, left_out = scene.opened(), set(poisoned)
    with bench.store.unit() as work:
        seen = look(bench, work)
        for law in LAWS:
            law(seen)
        names = Counter(order.po_number for order in seen.orders)
        wanted = {po for sent in crowd.sent for po, _ in sent.orders} - left_out
        assert names == Counter(wanted)
        assert {each.state for each in work.exchange.dispatches()} <= {DispatchState.DELIVERED}
        unread = {each.file_name for each in work.exchange.receipts(state=ReceiptState.RECEIVED)}
        assert unread == {sent.name for sent in crowd.sent for po, _ in sent.orders if po in left_out}
        assert work.exchange.holds() == []
        assert all(not stock.reservations(order) for order in seen.orders)
        shipped = sum(line.quantity.shipped for order in seen.orders for line in order.lines)
        shelves = list(work.stock.shelves())
        assert sum(each.on_hand for each in shelves) == PLENTY * len(shelves) - shipped
        assert all(each.reserved == 0 for each in shelves)
    bench.store.engine.dispose()  # type: ignore[attr-defined]
    nothing_lies_around(scene)


def nothing_lies_around(scene: Scene) -> None:
    """No claimed file, no staged file, no half-written file."""
    work = [path for path in (scene.folder / "var" / "work").rglob("*") if path.is_file()]
    assert work == []
    hidden = [path for path in (scene.folder / "outbox").rglob(".*") if path.is_file()]
    assert hidden == []
    assert scene.inbox() == []


def torn(taken: Iterable[Taken]) -> list[str]:
    """The files that cannot be read to their end."""
    found = []
    for each in taken:
        try:
            read(each)
        except (AssertionError, IndexError, ValueError, KeyError) as error:
            found.append(f"{each.partner}/{each.name}: {error}")
    return found
