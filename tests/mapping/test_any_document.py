"""Whatever a canonical document holds, a mapping that writes never fails: it writes what can be read, or says why not."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from gateway.canonical.base import Canonical
from gateway.canonical.registry import DOCUMENTS, model_of
from gateway.formats import delimited, markup
from gateway.formats.markup import Markup
from gateway.formats.x12 import emit, guide, verify
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.emit import Envelope
from gateway.mapping import canonical_text, outbound
from gateway.mapping.environment import Environment
from gateway.mapping.outbound import Written
from gateway.mapping.prepare import PreparedMapping
from tests.mapping import strategies
from tests.preparing import built_in

ENV = Environment(params={"id": "acme"}, today=date(2026, 11, 20), zone=UTC)
ENVELOPE = Envelope("ZZ", "US", "ZZ", "THEM", "US1", "THEM1", "004010", "P", Separators("*", ">", "^", "~"))
MANY = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("prepared", built_in("out"), ids=lambda each: each.name)
def test_a_built_in_writes_any_document_or_says_why_not(prepared: PreparedMapping) -> None:
    @MANY
    @given(strategies.documents(prepared.model))
    def holds(document: Canonical) -> None:
        written = outbound.run(prepared, [document], ENV)
        if written.is_fit:
            READABLE[prepared.format](prepared, written)

    holds()


def sets_are_read_as_they_were_meant(prepared: PreparedMapping, written: Written) -> None:
    layout = guide.load("004010", prepared.set_id)
    assert layout is not None
    emitted = emit.interchange(
        ENVELOPE, functional_id=layout.functional_group, set_id=prepared.set_id, sets=written.bodies, isa13=1, gs06=1,
        now=datetime(2026, 11, 20, tzinfo=UTC),
    )  # fmt: skip
    if emitted.faults:
        return
    found = verify.faults(emitted.content, written.bodies, emitted.changes)
    assert not [each for each in found if "does not say what was meant" in each]
    # what a replaced character did is told by that check; what a rule wrote was told with the rule before
    alone = [each for each in found if each.startswith("M081") and "missing" not in each and "must" not in each]
    assert alone == [] or emitted.changes


def rows_are_read_back(prepared: PreparedMapping, written: Written) -> None:
    read = delimited.read(written.content, prepared.delimited)
    assert read.issues == ()


def elements_are_read_back(_prepared: PreparedMapping, written: Written) -> None:
    assert isinstance(markup.parse(written.content), Markup)


def json_is_read_back(_prepared: PreparedMapping, written: Written) -> None:
    assert json.loads(written.content)


def text_is_read_back(_prepared: PreparedMapping, written: Written) -> None:
    assert written.content.decode().strip()


READABLE = {
    "x12": sets_are_read_as_they_were_meant, "csv": rows_are_read_back, "xml": elements_are_read_back,
    "json": json_is_read_back, "template": text_is_read_back,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_what_is_dumped_reads_as_the_same_document(name: str) -> None:
    @MANY
    @given(strategies.documents(model_of(name, "out"), strategies.PLAIN_TEXT))
    def holds(document: Canonical) -> None:
        text = json.dumps(canonical_text.plain(document))
        read = canonical_text.read(text, type(document), "document.json")
        assert read.problems == ()
        (found,) = read.documents
        assert canonical_text.plain(found) == canonical_text.plain(document)

    holds()
