"""The pages as a whole: each is found from the index, each link leads to its place, and none needs more than Markdown.

``make docs`` builds the site of them, and fails on any warning; it takes longer than all of this and is not part of the tests.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from docs.site import build, pages
from tests.architecture.code_map import ROOT
from tests.docs import examples

SOURCES = pages.sources()
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))
OF_SPHINX = re.compile(r"^(?:```\{|:::)|\{(?:ref|doc|term|download|eval-rst|any|numref)\}`", re.MULTILINE)


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _led_to(index: Path) -> Counter[Path]:
    text = index.read_text(encoding="utf-8")
    return Counter((index.parent / link.path).resolve() for link in pages.links(text) if link.is_ours and link.path)


def test_every_page_is_in_exactly_one_part_of_the_index() -> None:
    index, decisions = (_led_to(each) for each in pages.INDEXES)
    wanted = [each for each in SOURCES if each != pages.INDEX]
    found = {each: index[each] + (decisions[each] if each != pages.INDEX else 0) for each in wanted}

    assert {_name(page): count for page, count in found.items() if count != 1} == {}


def test_each_page_of_the_index_has_a_line_that_says_what_it_is_for() -> None:
    lines = [each for each in pages.INDEX.read_text(encoding="utf-8").splitlines() if "](" in each]

    assert [line for line in lines if not re.fullmatch(r"- \[[^\]]+\]\([^)]+\): .{10,150}\.", line)] == []


@pytest.mark.parametrize("page", SOURCES, ids=_name)
def test_a_link_to_a_place_of_a_page_finds_it(page: Path) -> None:
    lost = [
        f"{link.path}#{link.anchor}"
        for link in pages.links(page.read_text(encoding="utf-8"))
        if link.is_ours and link.anchor and link.anchor not in _places((page.parent / link.path).resolve(), page)
    ]

    assert lost == []


def _places(there: Path, page: Path) -> tuple[str, ...]:
    target = page if there.is_dir() else there
    return pages.anchors(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("An SFTP server of our own", "an-sftp-server-of-our-own"),
        ("`gateway bench`: what, and how?", "gateway-bench-what-and-how"),
        ("partners/NAME.yaml", "partnersnameyaml"),
        ("[Paths](paths.md) and *rules*", "paths-and-rules"),
    ],
)
def test_a_heading_is_named_as_on_the_hosts_of_code(heading: str, place: str) -> None:
    assert pages.slug(heading) == place


def test_the_same_heading_twice_gets_a_number() -> None:
    assert pages.anchors("# A\n\n## When\n\n```\n## no heading\n```\n\n## When\n") == ("a", "when", "when-1")


@pytest.mark.parametrize("page", SOURCES, ids=_name)
def test_a_page_is_plain_markdown(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert OF_SPHINX.findall(text) == []
    assert re.match(r"# \S", text), "a page begins with its title"
    assert len(re.findall(r"^# ", pages.prose(text), re.MULTILINE)) == 1, "a page has one title"


UNTRIED = {
    "answer-an-order-change.md": "one command for each decision, tried in tests/site",
    "back-up-and-bring-back.md": "the database under a site is exchanged: tried in tests/site/test_restored.py",
    "be-told.md": "mail and webhooks need servers: tried with real ones (tests/servers) in tests/site",
    "check-a-file.md": "its commands run in tests/architecture/test_documents_run.py",
    "decide-a-hold.md": "one command for each decision, tried in tests/site",
    "handle-holds.md": "what to do for each kind of hold; the tour of the site plays the looking",
    "measure-a-machine.md": "its figures are those of the machine",
    "move-to-postgresql.md": "needs a server: tried in tests/store",
    "promise-and-fill-backorders.md": "takes weeks of a calendar; tried in tests/golden",
    "read-an-answer.md": "its commands run in tests/architecture/test_documents_run.py",
    "run-every-day.md": "about processes that go on running: tried in tests/app",
    "say-when-a-file-is-complete.md": "about files that grow: tried in tests/transports and tests/cases/test_folders.py",
    "see-what-a-change-affects.md": "compares with what ran last: tried in tests/site/test_plan.py",
    "send-a-file-again.md": "needs a partner that is away: tried in tests/site/test_outage.py",
    "take-goods-back.md": "the page about the warehouse plays a return",
    "use-a-plug-in.md": "its package is built in tests/docs/test_plug_in_page.py",
    "use-sftp.md": "needs a server of a partner: tried in tests/sftp",
    "who-did-what.md": "shows names and hashes of one day: tried in tests/cases/test_audit.py",
}


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.name)
def test_a_recipe_is_tried_or_says_why_it_cannot_be(page: Path) -> None:
    tried = examples.is_tested(page) or examples.is_played(page)

    assert tried != (page.name in UNTRIED), "it is tried and listed in UNTRIED, or neither"


def test_the_site_has_each_page_once_and_one_for_each_part_of_the_index() -> None:
    site = pages.site()
    titles = pages.parts(pages.INDEX.read_text(encoding="utf-8"))

    assert len(site) == len(SOURCES) + len(titles)
    listed = Counter(
        (ROOT / name).parent.joinpath(entry[1] or entry[2]).resolve()
        for name, text in site.items()
        for contents in re.findall(r"```\{toctree\}\n:hidden:\n\n(.*?)```", text, re.DOTALL)
        for entry in re.finditer(r"^(?:.* <(.+)>|(.+))$", contents, re.MULTILINE)
    )
    assert listed == Counter({(ROOT / name).resolve(): 1 for name in site if name != "index.md"})


def test_a_page_that_moves_keeps_its_links() -> None:
    page = pages.DOCS / "how-to" / "new.md"
    text = "[a](../../ARCHITECTURE.md#layers), [b](../README.md), [c](#here), [d](https://example.com)\n```\n[e](f.md)\n```\n"

    moved = pages.moved(text, page, "how-to.md")

    assert moved == (
        "[a](explanation/architecture.md#layers), [b](index.md), [c](#here), [d](https://example.com)\n"
        "```\n[e](f.md)\n```\n"
    )


@pytest.mark.parametrize(
    "loaded",
    [
        '<script src="https://cdn.example.com/a.js">',
        '<link rel="stylesheet" href="//fonts.example.com/a.css">',
        "@import url(https://fonts.example.com/a.css);",
        "src: url('http://fonts.example.com/a.woff')",
    ],
)
def test_what_a_page_would_load_from_elsewhere_is_found(loaded: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f'<a href="https://example.com">no</a>{loaded}', encoding="utf-8")

    assert len(list(build.loaded_from_elsewhere(tmp_path))) == 1
