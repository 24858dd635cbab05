"""Holds a mapping's generated source to the interpreter: it may give a document up, and never differ."""

from gateway.canonical.base import Canonical
from gateway.formats.record import SetRecord
from gateway.mapping import inbound
from gateway.mapping.environment import Environment
from gateway.mapping.generated import inbound as generated
from gateway.mapping.notations.notation import Node
from gateway.mapping.prepare import PreparedMapping


def accepted(prepared: PreparedMapping, record: Node, env: Environment) -> bool:
    """Whether the generated source made a document, which is the interpreter's, and it found no problem.

    What the interpreter finds in order must not have been given up.
    """
    assert prepared.inbound is not None
    made = generated.of(prepared)
    assert made.why == ""
    quick = made.document(record, env)
    judged = inbound.judge(prepared, prepared.inbound, record, env)
    if quick is None:
        assert judged.problems or judged.document is None, "a document in order was given up"
        return False
    assert judged.problems == ()
    assert judged.document is not None
    same(quick, judged.document)
    if isinstance(record, SetRecord) and record.is_tidy:
        careful = made.document(untidy(record), env)
        assert careful is not None
        same(careful, judged.document)
    assert inbound.run(prepared, record, env) == judged
    return True


def untidy(record: SetRecord) -> SetRecord:
    """The same set with a tree of its own, of which nobody says that its texts need no cleaning."""
    other = SetRecord(record.flat, record.component_separator, record.repetition_separator)
    other.segments.update(record.segments)
    other.children.update(record.children)
    return other


def same(quick: Canonical, judged: Canonical) -> None:
    """Two documents that nothing can tell apart."""
    assert quick == judged
    assert repr(quick) == repr(judged)
    assert hash(quick) == hash(judged)
    assert quick.model_dump() == judged.model_dump()
    assert quick.model_dump_json(exclude_unset=True) == judged.model_dump_json(exclude_unset=True)
    assert shape(quick) == shape(judged)
    assert type(judged).model_validate(quick.model_dump(exclude_unset=True)) == judged


def shape(value: object) -> object:
    """Every model with its fields in their order, which of them were set, and of what type each is."""
    if isinstance(value, Canonical):
        inner = [(name, shape(each)) for name, each in vars(value).items()]
        return type(value), inner, value.model_fields_set, value.model_extra, value.__pydantic_private__
    if isinstance(value, tuple):
        return [shape(each) for each in value]
    return type(value), value
