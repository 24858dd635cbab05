"""Every code that the catalogue explains is produced for real and seen where it says; what nothing produces is not in it."""

from pathlib import Path

import pytest

from gateway.kernel.catalogue import book
from tests.codes import scenes
from tests.codes.scenes import SCENES
from tests.codes.seen import Scene


@pytest.mark.parametrize("scene", SCENES, ids=lambda each: f"{each.__module__.rpartition('.')[2]}.{each.__name__}")
def test_a_scene_shows_its_codes_where_the_catalogue_says(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list(scene(tmp_path, monkeypatch))

    shown = {(each.code, each.shown) for each in seen}
    assert [code for code in scenes.codes_of(scene) if code not in {each.code for each in seen}] == []
    assert {code for code, _ in shown} <= set(book.ENTRIES), "explain it in gateway/kernel/catalogue"
    assert [each for each in sorted(shown) if each[1] not in book.ENTRIES[each[0]].shown] == []


def test_every_code_of_the_catalogue_is_produced_by_a_scene_or_a_golden_case() -> None:
    assert scenes.without_a_scene() == [], "write a scene in tests/codes, or remove the code that nothing produces"


def test_every_code_that_a_scene_names_is_in_the_catalogue() -> None:
    named = {code for scene in SCENES for code in scenes.codes_of(scene)} | set(scenes.of_golden_cases())

    assert named <= set(book.ENTRIES)
