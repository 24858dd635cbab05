"""Documents that wait for each other leave in one file: each once, none lost, whatever is killed or said twice."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.app.build import load, workbench
from gateway.config.settings import Run
from gateway.exchange.dispatch import Dispatch
from gateway.exchange.owed import Joining, OwedDocument
from gateway.flows import bundling
from gateway.flows.workbench import Workbench
from gateway.formats.x12 import emit
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Envelope
from gateway.formats.x12.parts import SetRead
from gateway.formats.x12.reader import read
from gateway.kernel.clock import fixed_clock
from gateway.kernel.errors import GatewayError, StoreError
from gateway.kernel.ids import DispatchId, OrderNumber, PartnerId
from tests import database as databases
from tests.site.harness import new_site

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
ACME = Envelope(
    "ZZ", "NORTHWIND", "ZZ", "ACMESTORES", "NORTHWIND", "ACMESTORES", "004010", "P", Separators("*", ">", "^", "~")
)
PARTNERS = ("acme", "warehouse")


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(scope="module", params=databases.DIALECTS)
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A site on each kind of database."""
    site = new_site(tmp_path_factory.mktemp("bundling") / "site")
    databases.place(request.param, site.folder, stays=True)
    environ = databases.environ(site.folder)
    made = workbench(load(site.folder, environ), fixed_clock(NOW), environ)
    yield made
    if environ:
        databases.drop(databases.url_in(site.folder))


def limited(bench: Workbench, most: int) -> Workbench:
    run = Run(bundle_documents=most)
    return replace(bench, site=replace(bench.site, settings=bench.site.settings.model_copy(update={"run": run})))


def document(partner: str, bundle: str, number: str) -> OwedDocument:
    """An 855 for one partner, a row of a file for the other."""
    body = [["BAK", "00", "AD", number, "20261120"], ["PO1", "1", "1", "EA", "1", "PE"], ["CTT", "1"]]
    if partner == "acme":
        content = emit.interchange(
            ACME, functional_id="PR", set_id="855", sets=[body], isa13=1, gs06=1, now=NOW.replace(tzinfo=None)
        ).content
        name, joining, head = "855", Joining.SETS, 0
    else:
        name, joining, head = "warehouse_order", Joining.ROWS, len(b"number\n")
        content = f"number\n{number}\n".encode()
    return OwedDocument(
        partner=PartnerId(partner), bundle=bundle, name=name, number=number, joining=joining, head=head,
        channel="outbox/x", file_name="{document}_{number}_{control}.{ext}", extension="edi", content=content,
        created_at=NOW, order_number=f"SO-{number}",
    )  # fmt: skip


def owe(bench: Workbench, *documents: OwedDocument) -> None:
    with bench.store.unit() as work:
        for each in documents:
            work.owed.add(each)
        work.commit()


def keys(bench: Workbench) -> list[str]:
    with bench.store.unit() as work:
        return [unit.key for unit in bundling.find(bench, work)]


def sent(bench: Workbench, partner: str = "acme") -> list[Dispatch]:
    with bench.store.unit() as work:
        return work.exchange.dispatches(partner=PartnerId(partner))


def numbers_in(content: bytes) -> list[str]:
    """What the documents of a file are about, in its order."""
    if content.startswith(b"ISA"):
        return [part.segments[1][3] for part in read(content) if isinstance(part, SetRead)]
    head, *rows = content.decode().splitlines()
    assert head == "number"
    return rows


STEPS = st.one_of(
    st.tuples(st.just("owe"), st.sampled_from(PARTNERS), st.integers(1, 4)),
    st.tuples(st.sampled_from(["bundle", "again", "killed before", "killed after"]), st.just(""), st.integers(0, 3)),
)
seen: Counter[str] = Counter()


@given(steps=st.lists(STEPS, min_size=1, max_size=12), most=st.integers(1, 3))
@settings(max_examples=40)
def test_each_document_leaves_exactly_once_whatever_happens_in_between(
    bench: Workbench, steps: list[tuple[str, str, int]], most: int
) -> None:
    few = limited(bench, most)
    seen["run"] += 1
    owed: list[str] = []
    stale: list[str] = []

    for what, partner, count in steps:
        if what == "owe":
            new = [f"{seen['run']}N{len(owed) + at}" for at in range(count)]
            owe(few, *(document(partner, f"{partner}-{seen['run']}", each) for each in new))
            owed += new
            continue
        found = stale if what == "again" else keys(few)
        if not found:
            continue
        key = found[count % len(found)]
        stale.append(key)
        if what.startswith("killed"):
            window = "bundle-done" if what == "killed before" else "bundle-committed"
            with pytest.raises(Killed):
                bundling.act(replace(few, mark=partial(_kill, window)), key)
        else:
            bundling.act(few, key)
    while due := keys(few):
        for key in due:
            bundling.act(few, key)

    left = {(each.id, each.document): each for name in PARTNERS for each in sent(few, name)}.values()
    mine = [each for each in left if any(number in owed for number in numbers_in(each.content))]
    told = [number for each in mine for number in numbers_in(each.content)]
    assert sorted(told) == sorted(owed)
    assert all(len(numbers_in(each.content)) <= most for each in mine)
    for each in (one for name in PARTNERS for one in sent(few, name) if one.number in owed):
        assert numbers_in(each.content)[int(each.set_number) - 1] == each.number
        assert each.order_number == f"SO-{each.number}"


def _kill(window: str, name: str) -> None:
    if name == window:
        raise Killed


def test_a_document_that_left_cannot_leave_again(bench: Workbench) -> None:
    owe(bench, document("acme", "once", "PO-ONCE"))
    with bench.store.unit() as work:
        ((number, _),) = work.owed.waiting("once", most=9)
    (key,) = keys(bench)
    bundling.act(bench, key)

    (left,) = [each for each in sent(bench) if each.number == "PO-ONCE"]
    with bench.store.unit() as work, pytest.raises(StoreError):
        work.owed.leave(DispatchId(left.id), [(number, "0001")])


def test_two_workers_with_the_same_bundles_let_each_document_leave_once(bench: Workbench) -> None:
    few = limited(bench, 3)
    owed = [f"RACE-{at}" for at in range(12)]
    owe(few, *(document("acme", "race", each) for each in owed))
    faults: list[BaseException] = []

    def work() -> None:
        try:
            while due := keys(few):
                for key in due:
                    bundling.act(few, key)
        except BaseException as error:  # noqa: BLE001 - told by the test itself
            faults.append(error)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    files = {each.id: each for each in sent(few) if each.number in owed}.values()
    assert faults == []
    assert sorted(number for each in files for number in numbers_in(each.content)) == sorted(owed)
    assert len({each.control_number for each in files}) == len(files)


def test_documents_that_cannot_leave_together_leave_one_by_one_and_the_bad_one_alone_stays(bench: Workbench) -> None:
    bad = replace(
        document("acme", "sick", "PO-BAD"), content=document("acme", "", "PO-BAD").content.replace(b"PO1", b"XX1")
    )
    owe(bench, document("acme", "sick", "PO-GOOD-1"), bad, document("acme", "sick", "PO-GOOD-2"))
    (key,) = keys(bench)
    with pytest.raises(GatewayError, match="3 documents 855 for acme cannot leave in one file"):
        bundling.act(bench, key)

    with bench.store.unit() as work:
        first, sick, last = bundling.apart(work, key)
        work.commit()
    with bench.store.unit() as work:
        assert bundling.apart(work, sick) == []
    for each in (first, last):
        bundling.act(bench, each)
    with pytest.raises(GatewayError, match="1 document 855 for acme cannot leave"):
        bundling.act(bench, sick)

    assert keys(bench) == [sick]
    left = {each.number: each for each in sent(bench)}
    assert left.keys() >= {"PO-GOOD-1", "PO-GOOD-2"}
    with bench.store.unit() as work:
        ((number, _),) = work.owed.waiting(sick.split("/")[1], most=9)
        work.owed.leave(left["PO-GOOD-1"].id, [(number, "0001")])
        work.commit()


def test_a_document_in_a_bundle_is_found_by_its_own_numbers(bench: Workbench) -> None:
    owe(bench, document("acme", "found", "PO-X"), replace(document("acme", "found", "PO-Y"), notes=("a note",)))
    (key,) = keys(bench)
    bundling.act(bench, key)

    with bench.store.unit() as work:
        (by_order,) = work.exchange.dispatches(order_number=OrderNumber("SO-PO-Y"))
        (by_number,) = work.exchange.sent(PartnerId("acme"), number="PO-Y")
        by_control = work.exchange.sent(PartnerId("acme"), control_number=by_order.control_number)
        whole = work.exchange.dispatch(by_order.id)

    assert by_order == by_number == by_control[1]
    assert [each.set_number for each in by_control] == ["0001", "0002"]
    assert by_order.notes == ("a note",)
    assert whole is not None
    assert (whole.number, whole.documents, whole.notes) == (whole.control_number, 2, ("PO-Y: a note",))
    assert whole.file_name == f"855_{whole.control_number}_{whole.control_number}.edi"
