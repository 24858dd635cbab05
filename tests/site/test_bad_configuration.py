"""Our own mistakes: file, line, column and a suggestion; nothing is processed until they are mended."""

import json

import pytest

from tests.site.harness import PlayedSite, order, purchase_order


def break_file(site: PlayedSite, name: str, old: str, new: str) -> None:
    path = site.folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("name", "old", "new", "hint"),
    [
        ("partners/acme.yaml", "status:", "statsu:", "status"),
        ("partners/acme.yaml", "x12/850", "x12_850", "x12/850"),
        ("gateway.yaml", "time_zone:", "timezone:", "time_zone"),
    ],
)
def test_a_misspelt_word_is_found_with_its_place_and_a_suggestion(
    site: PlayedSite, name: str, old: str, new: str, hint: str
) -> None:
    break_file(site, name, old, new)
    site.drop("acme", "po.edi", purchase_order(order("G-1")))
    answer = site.gateway("config", "check")
    assert answer.code == 1
    (line,) = [line for line in answer.out.splitlines() if line.startswith(f"{name}:")]
    assert line.split(":")[1].isdigit()
    assert line.split(":")[2].isdigit()
    assert hint in answer.out
    run = site.gateway("run", "--once")
    assert run.code == 4
    assert f"{name}:" in run.err
    assert site.inbox() == ["po.edi"]
    assert not site.outbox("acme")


def test_a_wrong_path_in_a_mapping_is_found_with_its_place(site: PlayedSite) -> None:
    (site.folder / "mappings" / "acme").mkdir(exist_ok=True)
    mapping = site.folder / "mappings" / "acme" / "850.yaml"
    mapping.write_text("gateway: 1\nmapping: acme/850\nextends: x12/850\nfields:\n  po_number: BGE03\n")
    break_file(site, "partners/acme.yaml", "x12/850", "acme/850")
    answer = site.gateway("config", "check")
    assert answer.code == 1
    assert "mappings/acme/850.yaml:5:14" in answer.out
    assert "BEG" in answer.out
    assert site.gateway("run", "--once").code == 4


def test_a_mistake_in_a_mapping_keeps_nobody_from_looking_and_one_in_a_partner_file_does(site: PlayedSite) -> None:
    site.drop_master()
    site.drop("acme", "po.edi", purchase_order(order("G-1")))
    site.run()
    break_file(site, "partners/acme.yaml", "x12/850", "x12/no-such")
    for words in (("orders", "list"), ("holds", "list"), ("files", "list"), ("dispatch", "list"), ("stock", "list")):
        assert site.gateway(*words).code == 0, words
    assert "G-1" in site.gateway("orders", "list").out
    assert site.gateway("orders", "hold", "G-1", "--reason", "x").code == 4
    break_file(site, "partners/acme.yaml", "status:", "statsu:")
    refused = site.gateway("orders", "list")
    assert (refused.code, refused.out) == (4, "")
    assert "partners/acme.yaml:" in refused.err


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("partners/acme.yaml", "zzzzqqq: 1\n"),
        ("partners/acme.yaml", "sla: [{limit: 4h}]\n"),
        ("partners/acme.yaml", "time_zone: Nowhere/Land\n"),
        ("partners/acme.yaml", "serves: [DAL]\n"),
        ("gateway.yaml", "run: {workers: many}\n"),
        ("gateway.yaml", "grace: [1]\n"),
        ("gateway.yaml", "us: [\n"),
    ],
)
def test_each_mistake_is_told_with_what_repairs_it(site: PlayedSite, file: str, text: str) -> None:
    path = site.folder / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    shown = site.gateway("config", "check")
    found = json.loads(site.gateway("config", "check", "--json").out)

    assert shown.code == 1
    assert found
    assert all(each["hint"] for each in found), found
    assert shown.out.count("    hint: ") == len(found)
