"""Documents of ours are shown to pyx12 until they proved themselves; a file can be laid before both."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.app.build import load, workbench
from gateway.app.run import run_once
from gateway.config.partner import Partner
from gateway.config.settings import SecondOpinion
from gateway.flows import second_opinion
from gateway.formats.x12 import second_opinion as adapter
from gateway.formats.x12.second_opinion_compare import Failure, Finding, Level, Opinion
from gateway.mapping.prepare import PreparedMapping
from gateway.store.migrate import upgrade
from gateway.store.unit_of_work import SqlStore
from tests.preparing import prepared_once
from tests.site.harness import FRIDAY, new_site, order, purchase_order

GOOD = purchase_order(order("PO-1")).encode()
TASTE = GOOD.replace(b"ACME DC 3", b"ACME DC 3 ")
PARTNER = Partner.model_validate({"gateway": "1", "partner": "acme"})
ALWAYS, NEVER = SecondOpinion(sample=Decimal(1)), SecondOpinion(first=0, sample=Decimal(0))


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    upgrade(url)
    return SqlStore(url)


def mapping(name: str = "x12/850") -> PreparedMapping:
    prepared, problems = prepared_once(name)
    assert prepared is not None, problems
    return prepared


def passed(store: SqlStore, version: str = "004010") -> int:
    with store.unit() as work:
        mark = second_opinion.fingerprint(PARTNER, mapping(), version)
        return work.exchange.opinions_passed(PARTNER.partner, mapping().name, mark)  # type: ignore[arg-type]


def objections(store: SqlStore, content: bytes, rules: SecondOpinion, version: str = "004010") -> list[str]:
    with store.unit() as work:
        found = second_opinion.objections(work, PARTNER, mapping(), version, content, rules)
        work.commit()
    return found


def test_a_good_file_has_no_difference() -> None:
    assert second_opinion.compare(GOOD) == []


def test_a_difference_shows_both_opinions_and_who_is_right() -> None:
    (found,) = second_opinion.compare(TASTE)

    assert not found.holds
    assert found.line() == (
        "set 0001, segment 4 (N102): the gateway finds nothing; pyx12 says 6: "
        'Data element "Name" (N102) has unnecessary trailing spaces. (ACME DC 3 ) '
        "[matter of taste: X12.6 says they should be left out, which is advice to the sender and no fault of the data.]"
    )
    view = json.loads(json.dumps(found.view()))
    assert (view["position"], view["element"], view["ours"], view["theirs"]["code"]) == (4, 2, None, "6")
    assert (view["known"], view["judgement"]) == ("blanks-at-end", "matter of taste")


def test_what_is_no_x12_has_no_second_opinion() -> None:
    assert second_opinion.compare(b"sku,quantity\n1,2\n") == []


def test_a_difference_of_taste_lets_a_document_leave(store: SqlStore) -> None:
    assert objections(store, TASTE, ALWAYS) == []


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A document with a difference that nobody has judged."""
    monkeypatch.setattr(second_opinion, "judge", lambda *_: None)
    return TASTE


def test_a_difference_that_nobody_judged_holds_it(store: SqlStore, unjudged: bytes) -> None:
    assert any("pyx12" in line for line in objections(store, unjudged, ALWAYS))
    assert passed(store) == 0


def test_what_it_could_not_validate_did_not_pass(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Opinion((), (Failure(2, "BEG", "IndexError: list index out of range"),))
    monkeypatch.setattr(adapter, "opinion", lambda *_: broken)

    (line,) = objections(store, GOOD, ALWAYS)

    assert line.endswith("pyx12 could not validate it (IndexError: list index out of range)")


def test_after_so_many_in_a_row_only_a_sample_is_asked_about(store: SqlStore, unjudged: bytes) -> None:
    rules = SecondOpinion(first=2, sample=Decimal(0))

    assert [objections(store, each, rules) for each in (GOOD, GOOD)] == [[], []]
    assert passed(store) == 2
    assert objections(store, unjudged, rules) == []


def test_a_difference_or_a_change_begins_the_row_anew(store: SqlStore, unjudged: bytes) -> None:
    rules = SecondOpinion(first=2, sample=Decimal(0))
    objections(store, GOOD, rules)
    assert objections(store, unjudged, rules) != []
    assert passed(store) == 0

    for _ in range(2):
        objections(store, GOOD, rules)
    assert (passed(store), passed(store, "005010")) == (2, 0)
    assert objections(store, unjudged, rules, version="005010") != []


def test_it_can_be_switched_off(store: SqlStore, unjudged: bytes) -> None:
    assert objections(store, unjudged, NEVER) == []


def test_the_sample_is_about_as_big_as_was_said_and_the_same_each_time() -> None:
    rules = SecondOpinion(sample=Decimal("0.05"))
    drawn = [second_opinion.in_sample(str(number).encode(), rules) for number in range(4000)]

    assert 140 < sum(drawn) < 260
    assert drawn == [second_opinion.in_sample(str(number).encode(), rules) for number in range(4000)]


def test_a_document_they_disagree_about_is_held_with_both_opinions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = new_site(tmp_path / "site", second_opinion=True)
    site.drop_master()
    site.drop("acme", "po.edi", GOOD)
    says = Finding(Level.ELEMENT, 2, "BAK", "7", 1, text="(00) is not a valid code")
    monkeypatch.setattr(adapter, "opinion", lambda *_: Opinion((says,)))
    bench = workbench(load(site.folder, {}), lambda: datetime.fromisoformat(FRIDAY), {})

    run_once(bench)

    with bench.store.unit() as work:
        (hold,) = [each for each in work.exchange.holds() if each.code == "M-OUT"]
    assert hold.reason.startswith("The acknowledgment PO-1 for Acme Stores")
    assert "the gateway finds nothing; pyx12 says 7: (00) is not a valid code" in hold.reason
    assert not any(name.startswith("855") for name in site.outbox("acme"))


def test_a_document_both_agree_about_leaves_and_counts(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site", second_opinion=True)
    site.drop_master()
    site.drop("acme", "po.edi", GOOD)
    bench = workbench(load(site.folder, {}), lambda: datetime.fromisoformat(FRIDAY), {})

    run_once(bench)

    assert any(name.startswith("855") for name in site.outbox("acme"))
    with bench.store.unit() as work:
        assert [each for each in work.exchange.holds() if each.code == "M-OUT"] == []
