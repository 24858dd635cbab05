"""What a partner asks for in ISA01 to ISA04 leaves in every interchange to it, and is told nowhere else."""

from pathlib import Path

import pytest

from gateway.config.load import load_site
from gateway.config.secrets import ELSEWHERE
from tests.site.harness import PlayedSite, order, purchase_order

US = "gateway: 1\nus: {qualifier: ZZ, id: NORTHWIND}\n"
ACME = "gateway: 1\npartner: acme\nx12: {them: {qualifier: ZZ, id: A}, security: %s}\n"
SHOWN = "s3cr3tpass"


def said(folder: Path, security: str, **environ: str) -> list[str]:
    (folder / "gateway.yaml").write_text(US)
    (folder / "partners").mkdir(exist_ok=True)
    (folder / "partners" / "acme.yaml").write_text(ACME % security)
    return [str(each) for each in load_site(folder, environ)[1]]


def secure(site: PlayedSite, how: str) -> None:
    path = site.folder / "partners" / "acme.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("x12:\n", f"x12:\n  security: {how}\n", 1), encoding="utf-8")
    assert "security" in path.read_text(encoding="utf-8")


def test_the_password_stands_in_what_leaves_and_nowhere_in_what_is_said(site: PlayedSite) -> None:
    (site.folder / "secret").write_text(f"{SHOWN}\n")
    secure(site, '{isa01: "03", isa02: "", isa03: "01", isa04: {file: secret}}')
    site.drop("acme", "po.edi", purchase_order(order("PO-1")))

    answer = site.run()
    told = [site.gateway("-v", "orders", "show", "PO-1", "--partner", "acme"), site.gateway("partner", "show", "acme")]
    told += [site.gateway("config", "show", "--json"), site.gateway("partner", "show", "acme", "--json")]

    heads = {content[:50] for name, content in site.outbox("acme").items() if name.endswith(".edi")}
    assert len(site.outbox("acme")) > 1
    assert heads == {f"ISA*03*{' ' * 10}*01*{SHOWN}*ZZ*NORTHWIND      ".encode()}
    assert [each for each in (answer, *told) if SHOWN in each.out + each.err] == []


def test_without_the_secret_nothing_leaves_and_the_way_out_is_told(site: PlayedSite) -> None:
    secure(site, '{isa03: "01", isa04: {env: ACME_ISA04}}')
    site.drop("acme", "po.edi", purchase_order(order("PO-1")))

    answer = site.gateway("run", "--once", "--now", "2026-11-20T20:00:00Z")

    assert answer.code != 0
    assert "the environment has no ACME_ISA04" in answer.err
    assert site.outbox("acme") == {}


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ("{isa04: hunter2}", f"error P003: 'isa04': {ELSEWHERE}"),
        ("{isa04: {env: PW}}", "warning P003: 'isa04': the environment has no PW"),
        ("{isa02: {env: LONG}}", "error P003: 'isa02': the value is too long; ISA02 and ISA04 have 10 characters"),
        ("{isa04: {env: STAR}}", "error P003: 'isa04': the value has a separator of this partner in it"),
        ("{isa04: {env: UMLAUT}}", "error P003: 'isa04': the value has characters that cannot stand in an ISA"),
        ("{isa01: x}", "error P003: 'isa01' does not have the form it must have, not 'x'"),
    ],
)
def test_what_cannot_be_is_told_without_the_value(tmp_path: Path, security: str, expected: str) -> None:
    (found,) = said(tmp_path, security, LONG="elevenchars", STAR="a*b", UMLAUT="pässw")

    assert found.endswith(expected)
    assert not {"hunter2", "elevenchars", "a*b", "pässw"} & set(found.replace("'", " ").split())
