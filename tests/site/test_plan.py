"""'gateway config plan' says what a change affects before it counts, and 'config show' where each value comes from."""

import errno
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gateway.app.build import load
from gateway.app.comparing.kept import keep
from tests.site.harness import PlayedSite, order, purchase_order

OWN = "gateway: 1\nmapping: acme/850\nextends: x12/850\ndirection: in\ndocument: order\n"


def changed(site: PlayedSite, name: str, old: str, new: str) -> None:
    path = site.folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def plan(site: PlayedSite, *words: str) -> Any:
    return site.json("config", "plan", *words)


def test_before_anything_ran_there_is_nothing_to_compare_with(tmp_path: Path, site: PlayedSite) -> None:
    kept = site.folder / "var/configuration"
    kept.rename(tmp_path / "away")

    answer = site.gateway("config", "plan")

    assert (answer.code, "Nothing ran here yet" in answer.out) == (0, True)


def test_what_is_the_same_is_said_to_be_the_same(site: PlayedSite) -> None:
    assert "Nothing is different" in site.gateway("config", "plan").out
    assert plan(site)["changes"] is False


def test_a_partner_that_moves_is_told_with_what_waits_and_what_is_open(site: PlayedSite) -> None:
    site.drop(
        "acme", "one.edi", purchase_order(order("PO-1"), order("PO-2", "PO1*1*2*EA*1.00*PE*VP*TENT-2P"), control=1)
    )
    site.run()
    site.drop("acme", "two.edi", purchase_order(order("PO-3"), control=2))
    changed(site, "partners/acme.yaml", "status: live", "status: testing")
    changed(site, "partners/acme.yaml", "\nterms:", "\nchannels: {in: [{path: inbox/acme-new}]}\nterms:")
    changed(site, "gateway.yaml", "currency: USD", "currency: EUR")

    said = plan(site)

    assert said["settings"] == [{"name": "currency", "old": "USD", "new": "EUR"}]
    (acme,) = said["partners"]
    assert acme["status"] == {"name": "status", "old": "live", "new": "testing"}
    assert [(each["key"], each["what"], each["waiting"]) for each in acme["channels"]] == [
        ("inbox/acme", "gone", 1), ("inbox/acme-new", "new", 0)
    ]  # fmt: skip
    assert acme["open"]["orders"] == len(site.json("orders", "list", "--partner", "acme"))
    assert "mkdir -p inbox/acme-new && mv inbox/acme/* inbox/acme-new/" in said["steps"]
    shown = site.gateway("config", "plan").out
    assert "currency: USD -> EUR" in shown
    assert "gateway orders list --partner acme" in shown


def test_the_steps_of_a_plan_leave_nothing_behind(site: PlayedSite) -> None:
    site.drop("acme", "one.edi", purchase_order(order("PO-1"), control=1))
    changed(site, "partners/acme.yaml", "\nterms:", "\nchannels: {in: [{path: inbox/acme-new}]}\nterms:")

    move = next(each for each in plan(site)["steps"] if each.startswith("mkdir"))
    subprocess.run(["bash", "-c", move], cwd=site.folder, check=True)
    site.run()

    assert [each["po_number"] for each in site.json("orders", "list")] == ["PO-1"]
    assert plan(site)["changes"] is False


def test_a_mapping_that_reads_otherwise_is_told_with_the_replay_of_what_it_read(site: PlayedSite) -> None:
    (site.folder / "mappings/acme").mkdir(parents=True)
    mapping = site.folder / "mappings/acme/850.yaml"
    mapping.write_text(OWN, encoding="utf-8")
    changed(site, "partners/acme.yaml", "order: {in: x12/850}", "order: {in: acme/850}")
    before = plan(site)
    assert {each["mapping"]: each["what"] for each in before["mappings"]} == {
        "acme/850": "new", "x12/850": "no longer used"
    }  # fmt: skip
    site.drop("acme", "one.edi", purchase_order(order("PO-1"), control=1))
    site.run()
    mapping.write_text(f"{OWN}fields:\n  department: REF(DP)02\n", encoding="utf-8")

    said = plan(site)

    assert [(each["mapping"], each["what"], each["users"], each["read"]) for each in said["mappings"]] == [
        ("acme/850", "changed", ["acme (order)"], 1)
    ]
    assert said["steps"][0] == "gateway mapping replay acme/850 --last 50"
    assert site.gateway(*said["steps"][0].split()[1:]).code in (0, 1)


def test_a_copy_and_a_revision_can_be_compared_with(site: PlayedSite, tmp_path: Path) -> None:
    git = ["git", "-c", "user.email=a@example.com", "-c", "user.name=a"]
    for words in (["init", "-q"], ["add", "gateway.yaml", "partners"], ["commit", "-qm", "as it is"]):
        subprocess.run([*git, *words], cwd=site.folder, check=True)
    copy = site.copy(tmp_path / "copy")
    changed(site, "partners/acme.yaml", "net_days: 30", "net_days: 45")

    for against in ("HEAD", str(copy.folder)):
        (acme,) = plan(site, "--against", against)["partners"]
        assert acme["settings"] == [{"name": "terms.payment.net_days", "old": "30", "new": "45"}]


@pytest.mark.parametrize("against", ["no-such-thing", "-x", "--upload-pack=x", "partners"])
def test_what_cannot_be_compared_with_is_refused_with_a_sentence(site: PlayedSite, against: str) -> None:
    answer = site.gateway("config", "plan", f"--against={against}")

    assert answer.code == 5
    assert against in answer.err


def test_mistakes_are_told_instead_of_a_plan(site: PlayedSite) -> None:
    changed(site, "partners/acme.yaml", "status: live", "stauts: live")

    answer = site.gateway("config", "plan")

    assert answer.code == 1
    assert "did you mean 'status'?" in answer.out


def test_secrets_are_in_no_plan_and_no_show(site: PlayedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_PASSWORD", "canary-4471")
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    channel = (
        f'{{kind: sftp, host: h.example, user: us, password: {{env: ACME_PASSWORD}}, host_key: "{key}", path: /in}}'
    )
    changed(site, "partners/acme.yaml", "\nterms:", f"\nchannels: {{out: [{channel}]}}\nterms:")

    said = [site.gateway(*words) for words in (["config", "plan"], ["config", "show", "--partner", "acme"])]

    assert all("***" in each.out and "canary" not in each.out + each.err for each in said)


def test_each_value_of_a_partner_says_where_it_comes_from(site: PlayedSite) -> None:
    rows = {each["name"]: each for each in site.json("config", "show", "--partner", "acme")}

    assert rows["status"]["origin"].startswith("partners/acme.yaml:")
    assert rows["documents.order.0.in.0.mapping"]["origin"].startswith("partners/acme.yaml:")
    assert rows["x12.us.id"]["origin"].startswith("gateway.yaml:")
    assert (rows["x12.charset"]["value"], rows["x12.charset"]["origin"]) == ("extended", "default")
    assert site.gateway("config", "show", "--partner", "acmee").code == 5


def test_what_ran_last_is_kept_as_it_was_and_for_us_alone(site: PlayedSite) -> None:
    kept = site.folder / "var/configuration"
    changed(site, "gateway.yaml", "currency: USD", "currency: EUR")
    assert "currency: USD" in (kept / "gateway.yaml").read_text(encoding="utf-8")

    site.run()

    assert "currency: EUR" in (kept / "gateway.yaml").read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    assert [each.name for each in kept.parent.glob(".configuration*")] == []


def test_a_disk_that_takes_no_copy_has_no_piece_of_one_afterwards(
    site: PlayedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(site, "gateway.yaml", "currency: USD", "currency: EUR")
    found = load(site.folder, dict(os.environ)).site

    def full(_source: Path, copy: Path) -> None:
        copy.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    keep(found)

    var = site.folder / "var"
    assert [each.name for each in var.glob(".configuration*")] == []
    assert "currency: USD" in (var / "configuration/gateway.yaml").read_text(encoding="utf-8")
