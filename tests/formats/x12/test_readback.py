"""The glance at what was written accepts nothing that the exact way does not."""

from random import Random

import pytest

from gateway.formats.x12 import guide, readback, verify
from gateway.formats.x12.guide import Guide
from gateway.formats.x12.guide_overlay import PartnerGuides
from tests.formats.x12.generate import Body, Size, file_of, random_set

GUIDES = [(version, set_id) for version in guide.versions() for set_id in guide.set_ids(version)]
DAMAGES = 12
SIGNS = b"*~>^ \r\n\tA1Z0.-\x00\xc3"


def layout_of(version: str, set_id: str) -> Guide:
    found = guide.load(version, set_id)
    assert found is not None
    return found


def exactly(content: bytes, meant: list[Body], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    with monkeypatch.context() as patch:
        patch.setattr(readback, "surely_says", lambda *_: False)
        return verify.faults(content, meant)


def damaged(content: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(content))
    sign = bytes([rng.choice(SIGNS)])
    return rng.choice(
        (
            content[:at] + sign + content[at:],
            content[:at] + sign + content[at + 1 :],
            content[:at] + content[at + 1 :],
            content[:at],
            content + content[:at],
        )
    )


@pytest.mark.parametrize(("version", "set_id"), GUIDES)
def test_what_is_accepted_at_a_glance_has_no_fault_when_it_is_read_exactly(
    version: str, set_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout, rng = layout_of(version, set_id), Random(f"read back {version} {set_id}")
    meant = [random_set(layout, rng, Size(30, 0.3)) for _ in range(rng.choice((1, 2)))]
    content = file_of(layout, meant, after=rng.choice(("", "\n", "\r\n")))

    for broken in (content, *(damaged(content, rng) for _ in range(DAMAGES))):
        if readback.surely_says(broken, meant):
            assert exactly(broken, meant, monkeypatch) == []


def test_a_good_file_is_accepted_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    layout, rng = layout_of("004010", "997"), Random("a good file")
    meant = [random_set(layout, rng, Size(0, 0.1)) for _ in range(3)]
    content = file_of(layout, meant)

    assert readback.surely_says(content, meant)
    assert exactly(content, meant, monkeypatch) == []
    assert not readback.surely_says(content, meant[:2])
    assert not readback.surely_says(content, [*meant, meant[0]])
    assert not readback.surely_says(content + content, meant)


def test_a_partner_guide_is_always_read_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_content: bytes, _meant: object) -> bool:
        raise AssertionError("a guide was passed over")

    monkeypatch.setattr(readback, "surely_says", never)
    layout, rng = layout_of("004010", "997"), Random("with a guide")
    meant = [random_set(layout, rng, Size(0, 0.1))]
    guides: PartnerGuides = {("004010", "850"): None}  # type: ignore[dict-item]

    assert verify.faults(file_of(layout, meant), meant, guides=guides) == []
