"""Laws of inbound mappings: nothing is raised whatever a file or a mapping holds, and the same input gives the same."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.kernel.problem import has_errors
from gateway.mapping import coverage, documents, explain, inbound
from gateway.mapping.prepare import PreparedMapping
from gateway.mapping.reading.trace import Trace
from tests.mapping.making import BEG, ENV, PO1, X12, checked, ready, x12_set
from tests.preparing import prepared_once

ELEMENT = st.text(alphabet="ABST0129.-+ é\x07'", max_size=8)
SEGMENT = st.builds(
    lambda name, elements: "*".join([name, *elements]),
    st.sampled_from(["BEG", "REF", "CUR", "FOB", "SAC", "DTM", "TD5", "N9", "MSG", "N1", "N4", "PO1", "PID", "SDQ", "SLN", "SCH", "CTT", "AMT"]),
    st.lists(ELEMENT | st.sampled_from(["DP", "A", "ST", "UP", "F", "20261101", "12"]), max_size=9),
)  # fmt: skip
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def standard() -> PreparedMapping:
    found, _ = prepared_once("x12/850")
    assert found is not None
    return found


@SLOW
@given(st.lists(SEGMENT, max_size=12))
def test_any_set_is_mapped_or_its_problems_are_told(standard: PreparedMapping, segments: list[str]) -> None:
    node = x12_set(*segments)
    trace = Trace()

    mapped = inbound.run(standard, node, ENV, trace, warns_unread=True)

    again = inbound.run(standard, node, ENV, warns_unread=True)
    assert (again.document, again.problems) == (mapped.document, mapped.problems)
    assert (mapped.document is None) == any(each.level != "warn" for each in mapped.problems)
    assert all(each.message and each.rule for each in mapped.problems)
    data = {each.key for each in standard.notation.data(node)} if standard.notation is not None else set()
    assert {each.key for row in trace.rows for each in row.sources if each.place} <= trace.used
    assert coverage.of(standard, [(node, ENV)]).total == len(data)
    explain.text(explain.explain(standard, node, ENV).rows)


KEYS = st.fixed_dictionaries(
    {"from": st.sampled_from(["FOB01", "REF(DP)02", "BEG05", "[REF(DP)02, REF02]", "'N9/MSG(#*)01'", "$today", "$key", "X", "//"])},
    optional={
        "join": st.sampled_from(["','", "~"]), "trim": st.sampled_from(["none", "left", "up"]),
        "match": st.sampled_from(["'^(.)'", "'('", "'[0-9]+'"]), "slice": st.sampled_from(["1-2", "3-", "2", "2-1"]),
        "split": st.sampled_from(["{by: A, part: 1}", "x"]), "map": st.sampled_from(["{DP: a, '*': '='}", "{CC: x}", "[a]"]),
        "lookup": st.sampled_from(["{table: uom, key: code, value: uom, missing: keep}", "{table: x}"]),
        "type": st.sampled_from(["decimal", "date", "'code(a, b)'", "bool", "time", "datetime", "x"]),
        "format": st.sampled_from(["YYYYMMDD", "DD", "''"]), "decimal": st.sampled_from(["','", "ab"]),
        "implied_decimals": st.sampled_from(["2", "a"]), "round": st.sampled_from(["1", "{to: 0, mode: even}", "[1]"]),
        "max_length": st.sampled_from(["2", "-1"]), "pad": st.sampled_from(["{width: 5}", "5"]),
        "default": st.sampled_from(["x", "20261101", "5", "''"]), "required": st.sampled_from(["true", "yes"]),
        "on_error": st.sampled_from(["warn", "empty", "reject", "x"]), "when": st.sampled_from(["po_number == 'PO1'", "1 +", "lines"]),
    },
)  # fmt: skip


@SLOW
@given(KEYS, st.sampled_from(["fob", "po_date", "totals.amount", "totals.lines", "order_type"]))
def test_any_rule_is_refused_with_its_places_or_runs(rule: dict[str, str], target: str) -> None:
    written = ", ".join(f"{key}: {each}" for key, each in rule.items())
    with tempfile.TemporaryDirectory() as folder:
        prepared, problems = checked(Path(folder), f"{X12}fields:\n  {target}: {{{written}}}\n")
    assert (prepared is None) == has_errors(problems)
    assert all(each.line > 0 and each.sentence for each in problems)
    if prepared is not None:
        inbound.run(prepared, x12_set(BEG, "REF*DP*A5", "FOB*CC", "N9*L1*X", "MSG*1", "MSG*2", PO1), ENV, Trace())


ROWS = """gateway: 1
mapping: acme/rows
direction: in
document: order
format: csv
csv: {group_by: [PO], dates: YYYY-MM-DD, columns_required: []}
fields:
  po_number: PO
  po_date: Date
  lines: {each: row, fields: {number: $row, quantity: Qty, uom: {from: U, default: EA}}}
"""


@SLOW
@given(content=st.binary(max_size=200) | st.text(alphabet='PODateQtyU,;"\n12-é', max_size=200).map(str.encode))
def test_any_file_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    prepared = ready(tmp_path, ROWS, "acme/rows")
    found = documents.read(prepared, content)
    for each in found.documents:
        inbound.run(prepared, each.node, ENV, Trace(), warns_unread=True)
