"""What a mapping inherits: rules replaced whole, groups merged, ``~`` removes, checks appended, eight levels, no circle."""

from pathlib import Path

import pytest

from gateway.config.mapping_reading import load_spec
from gateway.config.mapping_spec import EntrySpec, GroupSpec, MappingSpec, RuleSpec
from gateway.mapping.prepare import prepare

PARENT = """direction: in
document: order
format: csv
csv: {group_by: [k], decimal: ','}
vars: {v: a, w: b}
fields:
  po_number: k
  department: {from: a, map: {x: y}, default: z}
  fob: f
  lines:
    each: row
    when: quantity > 0
    limit: 9
    fields: {quantity: q, uom: u, number: n}
    checks: [{that: quantity > 0, say: A}]
checks: [{that: count(lines) > 0, say: P}]
settings: {unmapped: hold, on_error: warn}
ignore: [z]
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write(tmp_path, "own/parent", PARENT)
    return tmp_path


def write(site: Path, name: str, text: str) -> None:
    path = site / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"gateway: 1\nmapping: {name}\n{text}")


def child(site: Path, text: str) -> MappingSpec:
    write(site, "own/child", f"extends: own/parent\n{text}")
    spec, problems = load_spec("own/child", site_mappings=site)
    assert spec is not None, problems
    return spec


def targets(entries: tuple[EntrySpec, ...]) -> list[str]:
    return [each.target.value for each in entries]


def lines_of(spec: MappingSpec) -> GroupSpec:
    (found,) = (each for each in spec.body.fields if isinstance(each, GroupSpec))
    return found


def test_a_rule_is_replaced_as_a_whole(site: Path) -> None:
    spec = child(site, "fields: {department: {from: b}}\n")
    rule = spec.body.fields[1]
    assert isinstance(rule, RuleSpec)
    assert set(rule.steps) == {"from"}


def test_a_group_keeps_what_the_child_does_not_say(site: Path) -> None:
    group = lines_of(child(site, "fields: {lines: {fields: {uom: ~, description: e}}}\n"))
    assert targets(group.fields) == ["quantity", "number", "description"]
    assert [each and each.value for each in (group.each, group.when, group.limit)] == ["row", "quantity > 0", "9"]
    assert [each.say for each in group.checks] == ["A"]


def test_a_tilde_removes_the_condition_the_limit_and_the_checks_of_a_group(site: Path) -> None:
    group = lines_of(child(site, "fields: {lines: {when: ~, limit: ~, checks: ~}}\n"))
    assert (group.when, group.limit, group.checks) == (None, None, ())
    assert group.each is not None


def test_checks_are_appended_and_dropped_only_deliberately(site: Path) -> None:
    more = "checks: [{that: count(lines) > 1, say: Q}]\n"
    assert [each.say for each in child(site, more).body.checks] == ["P", "Q"]
    assert child(site, "checks: ~\n").body.checks == ()


def test_a_tilde_removes_rules_helper_values_and_whole_groups(site: Path) -> None:
    spec = child(site, "vars: {v: ~}\nfields: {department: ~, lines: ~}\n")
    assert targets(spec.body.vars) == ["w"]
    assert targets(spec.body.fields) == ["po_number", "fob"]


def test_rules_keep_their_places_and_before_and_after_move_them(site: Path) -> None:
    rules = "{currency: {from: c, before: department}, seller.id: {from: c, after: fob}, buyer.id: c, fob: {from: f, before: po_number}}"
    spec = child(site, f"fields: {rules}\n")
    assert targets(spec.body.fields) == ["fob", "po_number", "currency", "department", "seller.id", "lines", "buyer.id"]


def test_a_step_with_a_tilde_is_not_there(site: Path) -> None:
    rule = child(site, "fields: {department: {from: a, default: ~, map: ~, when: ~}}\n").body.fields[1]
    assert isinstance(rule, RuleSpec)
    assert set(rule.steps) == {"from"}
    write(site, "own/child", "extends: own/parent\nfields: {department: {from: ~, default: x}}\n")
    _, problems = load_spec("own/child", site_mappings=site)
    assert [each.code for each in problems] == ["M022"]


def test_a_field_is_not_given_by_a_dotted_name_and_in_a_group(site: Path) -> None:
    rules = "{ship_to.city: a, ship_to: {fields: {city: b, name: c}}}"
    write(site, "own/child", f"extends: own/parent\nfields: {rules}\n")
    prepared, problems = prepare("own/child", site_mappings=site)
    assert prepared is None
    assert [(each.code, each.line) for each in problems if each.level == "error"] == [("M003", 4)]


def test_a_dotted_name_replaces_what_a_group_says_and_back(site: Path) -> None:
    write(
        site,
        "own/middle",
        "extends: own/parent\nfields: {ship_to.city: a, ship_to.name: b, bill_to: {fields: {city: a, name: b}}}\n",
    )
    rules = "{ship_to: {fields: {city: c}}, bill_to.city: ~}"
    write(site, "own/child", f"extends: own/middle\nfields: {rules}\n")
    spec, _ = load_spec("own/child", site_mappings=site)
    assert spec is not None
    assert targets(spec.body.fields)[-3:] == ["ship_to.name", "bill_to", "ship_to"]
    inner = [targets(each.fields) for each in spec.body.fields[-2:] if isinstance(each, GroupSpec)]
    assert inner == [["name"], ["city"]]


def test_eight_parents_are_read_and_a_ninth_is_not(site: Path) -> None:
    for level in range(1, 10):
        write(site, f"deep/m{level}", f"extends: {f'deep/m{level - 1}' if level > 1 else 'own/parent'}\n")
    assert load_spec("deep/m8", site_mappings=site)[0] is not None
    spec, problems = load_spec("deep/m9", site_mappings=site)
    assert spec is None
    assert [each.code for each in problems] == ["M010"]


def test_a_circle_is_told_where_it_begins(site: Path) -> None:
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        write(site, f"round/{name}", f"extends: round/{parent}\n")
    spec, problems = load_spec("round/a", site_mappings=site)
    assert spec is None
    assert [(each.code, each.line, each.column) for each in problems] == [("M010", 3, 10)]
