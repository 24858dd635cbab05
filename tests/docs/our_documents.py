"""The page about our own documents: every field with its type and what it is."""

from collections.abc import Iterator

from gateway.canonical import parts, registry
from gateway.canonical.base import Canonical
from gateway.canonical.meanings import meaning
from gateway.mapping import catalogue
from tests.docs.marked import table

HEAD = "field | type | must be there | is"


def canonical() -> str:
    """Every document with its fields, then the parts that many have."""
    found = []
    shared: dict[str, type[Canonical]] = {}
    for name, model in registry.DOCUMENTS.items():
        found.append(f"## {name}\n\n{_said(model)}\n\n{_fields(model, shared)}")
        decided = registry.model_of(name, "out")
        if decided is not model:
            more = [row for row in _rows(decided, shared) if row not in list(_rows(model, shared))]
            found.append(f"When it is written, it has in addition:\n\n{table('field | type | must be there', more)}")
    found += [f"## {_part(model)}\n\n{_said(model)}\n\n{_fields(model, shared)}" for model in _known(shared)]
    return "\n".join(found)


def _known(shared: dict[str, type[Canonical]]) -> list[type[Canonical]]:
    """The shared parts and those that stand in them, by name."""
    before = 0
    while len(shared) > before:
        before = len(shared)
        for model in list(shared.values()):
            list(_rows(model, shared))
    return sorted(shared.values(), key=_part)


def _said(model: type[Canonical]) -> str:
    return " ".join((model.__doc__ or "").split()).replace("``", "`")


def _fields(model: type[Canonical], shared: dict[str, type[Canonical]]) -> str:
    return table(HEAD, _rows(model, shared))


def _rows(
    model: type[Canonical], shared: dict[str, type[Canonical]], before: str = ""
) -> Iterator[tuple[str, str, str, str]]:
    for name, each in catalogue.fields_of(model).items():
        path, must = f"{before}{name}{'[]' if each.is_list else ''}", "yes" if each.required else ""
        said = meaning(model, name).replace("|", "\\|")
        if each.kind == catalogue.CUSTOM:
            yield f"`{path}.NAME`", "text", "", said
        elif each.model is None:
            codes = ", ".join(f"`{code}`" for code in each.codes)
            yield f"`{path}`", f"one of {codes}" if codes else each.kind, must, said
        elif each.model.__module__ == parts.__name__:
            shared[_part(each.model)] = each.model
            yield (
                f"`{path}`",
                f"{'list of ' if each.is_list else ''}[{_part(each.model)}](#{_part(each.model).replace(' ', '-')})",
                must,
                said,
            )
        else:
            yield f"`{path}`", "list" if each.is_list else "its parts:", must, said
            yield from _rows(each.model, shared, f"{path}.")


def _part(model: type[Canonical]) -> str:
    return "".join(f" {each.lower()}" if each.isupper() else each for each in model.__name__).strip()
