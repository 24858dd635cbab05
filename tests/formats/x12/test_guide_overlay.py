"""Partner guides over every guide that we have: what says nothing new changes nothing, what narrows only adds apart."""

from collections.abc import Iterator
from random import Random

import pytest

from gateway.formats.x12 import guide
from gateway.formats.x12.guide import Guide, LoopNode, Node
from gateway.formats.x12.guide_overlay import ANY, ElementRule, PartnerGuide, Rule, SegmentRule, Use, overlay
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.path import Path, parse
from gateway.formats.x12.reader import read
from tests.formats.x12.generate import file_of, random_set
from tests.formats.x12.mutants import mutated
from tests.formats.x12.test_fast_and_exact import GUIDES, layout_of

ROUNDS = 3


def path(text: str) -> Path:
    found = parse(text)
    assert not isinstance(found, str)
    return found


def places(nodes: tuple[Node, ...], inside: str = "") -> Iterator[tuple[str, Node]]:
    """Every node that a rule can name; the first segment of a loop is named by its loop."""
    for node in nodes[1:] if inside else nodes:
        if node.id not in ("ST", "SE"):
            yield inside + node.id, node
        if isinstance(node, LoopNode):
            yield from places(node.body, f"{inside}{node.id}/")


def restated(layout: Guide) -> tuple[Rule, ...]:
    """Everything the standard says, said again."""
    rules: list[Rule] = []
    for text, node in places(layout.nodes):
        use: Use = "required" if node.required else "optional"
        rules.append(SegmentRule(path(text), use, node.maximum or ANY))
        for at, element in enumerate(layout.segments[node.id].elements, start=1):
            length = None if element.components else (element.minimum, element.maximum)
            needed: Use = "required" if element.required else ""
            rules.append(ElementRule(path(f"{text}{at:02d}"), needed, length, element.repeat, element.codes))
    return tuple(rules)


def files(layout: Guide, rng: Random) -> Iterator[bytes]:
    for damage in range(ROUNDS):
        body = random_set(layout, rng)
        texts = mutated(["*".join(segment) for segment in body], rng, damage) if damage else None
        yield file_of(layout, [body] if texts is None else [[text.split("*") for text in texts]])


def pairs(layout: Guide, partner: PartnerGuide, seed: str) -> Iterator[tuple[SetRead, SetRead]]:
    """The same sets, whole and damaged, read without and with a partner guide."""
    for content in files(layout, Random(seed)):
        plain, agreed = (
            [part for part in read(content, guides) if isinstance(part, SetRead)]
            for guides in ({}, {(layout.set_id, layout.version): partner})
        )
        yield from zip(plain, agreed, strict=True)


@pytest.mark.parametrize(("version", "set_id"), GUIDES)
def test_a_guide_that_only_repeats_the_standard_finds_and_permits_nothing(version: str, set_id: str) -> None:
    layout = layout_of(version, set_id)
    for rules in ((), restated(layout)):
        partner = overlay("a/b", layout, rules, ())
        assert partner.agreed is layout
        assert partner.demands == ()
        for plain, agreed in pairs(layout, partner, f"{version}{set_id}"):
            assert agreed.guide_issues == ()
            assert agreed.issues == plain.issues


@pytest.mark.parametrize(("version", "set_id"), [each for each in GUIDES if each[1] in ("850", "856", "810", "832")])
def test_rules_that_only_narrow_leave_the_faults_of_the_standard_alone(version: str, set_id: str) -> None:
    layout = layout_of(version, set_id)
    rng = Random(f"narrow{version}{set_id}")
    nodes = list(places(layout.nodes))
    for _ in range(10):
        chosen = rng.sample(nodes, 5)
        rules: list[Rule] = [SegmentRule(path(text), "required", 1) for text, _ in chosen]
        rules += [ElementRule(path(f"{text}01"), "required", only=frozenset({"ZZ"})) for text, _ in chosen]
        partner = overlay("a/b", layout, tuple(rules), ())
        for plain, agreed in pairs(layout, partner, f"{rng.random()}"):
            assert agreed.issues == plain.issues
            spots = {(i.place.position, i.place.segment, i.place.element, i.place.component) for i in plain.issues}
            found = [
                (i.place.position, i.place.segment, i.place.element, i.place.component) for i in agreed.guide_issues
            ]
            assert found == sorted(found)
            assert not spots & set(found)


@pytest.mark.parametrize(("version", "set_id"), [each for each in GUIDES if each[1] in ("850", "856", "810", "855")])
def test_rules_that_only_widen_take_faults_away_and_add_none(version: str, set_id: str) -> None:
    layout = layout_of(version, set_id)
    rules: list[Rule] = [SegmentRule(path(text), "optional", ANY) for text, _ in places(layout.nodes)]
    rules += [
        ElementRule(path(f"{text}{at:02d}"), "optional", None if element.components else (1, 10_000), 1_000)
        for text, node in places(layout.nodes)
        for at, element in enumerate(layout.segments[node.id].elements, start=1)
    ]
    partner = overlay("a/b", layout, tuple(rules), ())
    for plain, agreed in pairs(layout, partner, f"wide{version}{set_id}"):
        assert agreed.guide_issues == ()
        before = {(issue.fault, issue.place.position, issue.place.element) for issue in plain.issues}
        assert {(issue.fault, issue.place.position, issue.place.element) for issue in agreed.issues} <= before


def test_a_guide_of_another_version_is_not_asked() -> None:
    older = layout_of("004010", "850")
    partner = overlay("a/b", older, (SegmentRule(path("FOB"), "required"),), ())
    newer = guide.load("005010", "850")
    assert newer is not None
    content = file_of(newer, [random_set(newer, Random(1))])
    (found,) = [part for part in read(content, {("850", "004010"): partner}) if isinstance(part, SetRead)]

    assert (found.guide_name, found.guide_issues) == ("", ())
