"""Source of the canonical models that a scope makes: all fields of a model, and which of them are set."""

from gateway.canonical.base import Canonical
from gateway.canonical.filling import Names, defaults_of, slots
from gateway.mapping import catalogue
from gateway.mapping.catalogue import CUSTOM
from gateway.mapping.generated.scope import Scope
from gateway.mapping.generated.writer import NotGeneratedError, Writer


class Models:
    """Writes how models are begun and made."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def start(self, scope: Scope, lists: list[str]) -> None:
        """All fields of a scope with what they are without a rule, and a bit for each that is set: its lists."""
        fields = {**defaults_of(scope.model), **dict.fromkeys(lists, ())}
        self.writer.line(f"{scope.name} = {self.writer.constant(f'empty_{scope.name}', fields)}.copy()")
        self.writer.line(f"{scope.name}_set = {sum(scope.bit(each) for each in lists)}")

    def made(self, scope: Scope, model: type[Canonical], head: str) -> str:
        """The source of the model of a scope or a part of it; what it needs is written before."""
        writer, name = self.writer, scope.part(head)
        fields = catalogue.fields_of(model)
        deeper = [each for each in scope.heads() if each.rpartition(".")[0] == head]
        for each in deeper:
            field = fields[each.rpartition(".")[2]]
            if demanded := self.demanded(scope, each):
                self.required(scope, each, demanded)
            with writer.block(f"if {scope.part(each)}{'_set' * (each in scope.filled)}"):
                made = scope.part(each) if field.kind == CUSTOM else self.made(scope, _of(field.model, each), each)
                scope.put(each, made)
        required = {each for each, field in fields.items() if field.required} | (
            self.demanded(scope, head) if not head else set()
        )
        if required:
            self.required(scope, head, required)
        if not scope.has_all(head):
            defaults = writer.constant(f"defaults_of_{model.__name__}", defaults_of(model), ("defaults", model))
            return self.written(model, f"{defaults} | {name}", f"set({name})")
        if head in scope.filled:
            return self.written(model, name, f"{name}_set")
        names = writer.constant(f"names_of_{model.__name__}", Names(model), ("names", model))
        return self.written(model, name, f"{names}[{name}_set]")

    def written(self, model: type[Canonical], fields: str, names: str) -> str:
        """The lines that make a model of all its fields, as ``filling.part_maker`` does of some: a call each would cost more."""
        writer, parts = self.writer, slots()
        new = writer.constant("new", object.__new__, ("function", "new"))
        writer.line(f"made = {new}({writer.constant(model.__name__, model, ('class', model))})")
        for name, put, value in (
            ("put_fields", parts.fields, fields), ("put_names", parts.names, names),
            ("put_extra", parts.extra, "None"), ("put_private", parts.private, "None"),
        ):  # fmt: skip
            writer.line(f"{writer.constant(name, put, ('function', name))}(made, {value})")
        return "made"

    def required(self, scope: Scope, head: str, fields: set[str]) -> None:
        """Fields without which there is no document."""
        name = scope.part(head)
        if scope.has_all(head) and head not in scope.filled:
            wanted = sum(scope.bit(each) for each in fields)
            test = f"if {name}_set & {wanted} != {wanted}"
        else:
            there = f"{name}_set" if head in scope.filled else f"{name}.keys()"
            test = f"if not {there} >= {self.writer.constant(f'REQUIRED_{name}', frozenset(fields))}"
        with self.writer.block(test):
            self.writer.line("return None")

    @staticmethod
    def demanded(scope: Scope, head: str) -> set[str]:
        """The fields of a part that rules without a condition must give."""
        return {
            each.target.rpartition(".")[2]
            for each in scope.rules()
            if each.required and each.when is None and not each.is_var and each.target.rpartition(".")[0] == head
        }


def _of(model: type[Canonical] | None, name: str) -> type[Canonical]:
    if model is None:
        raise NotGeneratedError(f"'{name}' has no parts")
    return model
