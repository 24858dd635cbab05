"""Every generated set is valid: what is written of it is read back as the same segments without a fault."""

from random import Random

import pytest

from gateway.formats.x12 import guide
from gateway.formats.x12.emit import COMPONENT, REPETITION
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from tests.formats.x12.generate import PLAIN, Body, Size, file_of, random_set

GUIDES = [(version, set_id) for version in guide.versions() for set_id in guide.set_ids(version)]


def layout_of(version: str, set_id: str) -> Guide:
    found = guide.load(version, set_id)
    assert found is not None
    return found


def plain(body: Body) -> Body:
    """A body as it stands in a file: real separators, nothing empty at an end."""
    joined = [[each.replace(COMPONENT, ">").replace(REPETITION, "^") for each in segment] for segment in body]
    for segment in joined:
        while not segment[-1]:
            segment.pop()
    return joined


@pytest.mark.parametrize(("version", "set_id"), GUIDES)
def test_a_random_set_is_read_back_as_it_is_and_without_a_fault(version: str, set_id: str) -> None:
    layout = layout_of(version, set_id)
    rng = Random(f"{version} {set_id}")
    sizes = [Size(0, 0.1), Size(40, 0.3), Size(120, 0.5)]
    bodies = [random_set(layout, rng, size) for size in sizes]
    found = [part for part in read(file_of(layout, bodies, separators=PLAIN)) if isinstance(part, SetRead)]
    assert [each.issues for each in found] == [()] * len(sizes)
    assert [[list(segment) for segment in each.segments[1:-1]] for each in found] == [plain(body) for body in bodies]


def test_the_same_seed_gives_the_same_set() -> None:
    layout = layout_of("005010", "856")
    one, other = (random_set(layout, Random(7)) for _ in range(2))
    assert one == other
