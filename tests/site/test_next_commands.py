"""Each list and each view ends with the command that helps next, and that command works on the same site."""

import re
import shlex
from pathlib import Path

import pytest

from tests.site.harness import MONDAY, PlayedSite, order, purchase_order, site_like

ENDS = re.compile(r"^ *-> (gateway .*)$", re.MULTILINE)
SENTENCE = re.compile(r" (?:shows|tells) (?:the|how) .*")
LISTS = (
    "orders list", "orders list --status on_hold", "orders list --code C-PRICE", "files list", "files list --code X-REJECTED",
    "holds list", "dispatch list", "dispatch list --document 855", "acks due", "invoices list", "stock list", "channels list",
    "partner list", "payments list", "claims list", "returns list", "promises --all", "stock backorders", "units list", "workers",
    "alerts list", "trace V-1", "trace V-2", "trace po.edi", "orders show V-1", "orders show V-2", "holds show V-2", "audit list",
    "mapping list",
)  # fmt: skip
SAY_IT = {  # whoever is at the end of a list without a next step is the end
    "payments list",
    "claims list",
    "returns list",
    "promises --all",
    "stock backorders",
    "units list",
    "alerts list",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mastered: Path) -> PlayedSite:
    """One order that went all its way, one on hold, a set that is rejected."""
    site = site_like(mastered, tmp_path_factory.mktemp("next") / "site")
    sets = (order("V-1"), order("V-2", "PO1*1*4*EA*80.00*PE*VP*TENT-2P"), order("V-3", "PO1*1**EA*80.00*PE*VP*TENT-2P"))
    site.drop("acme", "po.edi", purchase_order(*sets))
    site.run()
    site.confirm_everything()
    site.run(MONDAY)
    return site


@pytest.mark.parametrize("command", LISTS)
def test_what_is_suggested_runs(site: PlayedSite, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "300")
    said = site.gateway(*command.split())
    assert said.code in (0, 1), said

    suggested = [SENTENCE.sub("", each) for each in ENDS.findall(said.out + said.err)]

    assert suggested or command in SAY_IT, said
    for each in suggested:
        if "TEXT" not in each and each != "gateway run":  # which runs until it is ended
            done = site.gateway(*shlex.split(each)[1:])
            assert done.code in (0, 1), (each, done)


def test_nothing_is_suggested_to_a_program(site: PlayedSite) -> None:
    for command in ("orders list", "files list", "dispatch list", "stock list", "partner list"):
        assert site.gateway(*command.split()).err == ""
        assert site.gateway(*command.split(), "--json").err == ""
