"""Draft a partner from an XML file: a built-in mapping for its outermost element, else one to be completed."""

from collections.abc import Iterator

from gateway.config import mapping_files
from gateway.config.mapping_reading import load_spec
from gateway.config.mapping_spec import MappingSpec
from gateway.config.strict_yaml import YamlMap, YamlText
from gateway.config.xml_roots import roots_of
from gateway.config.yaml_text import written
from gateway.flows.drafts.draft import Draft, DraftedMapping, Sample, commented
from gateway.formats import markup
from gateway.formats.markup import Node
from gateway.kernel.issue import FileIssue

_MOST = 150
_LONGEST = 40
_PREFIX = "d"


def draft(partner: str, sample: Sample) -> Draft | str:
    """The draft, or why none can be made."""
    root = markup.root_of(sample.content)
    for name in mapping_files.builtin_names():
        spec, _ = load_spec(name, site_mappings=None)
        if spec is not None and (spec.format, spec.direction) == ("xml", "in") and root in _roots(spec):
            condition = f"{{mapping: {name}, when: {{root: {written(root)}}}}}"
            note = f"Its outermost element is that of the built-in mapping {name}."
            return Draft(documents=[f"{spec.document}: {{in: {condition}}}"], notes=(note,))
    parsed = markup.parse(sample.content)
    if isinstance(parsed, FileIssue):
        return f"{sample.name} cannot be read as XML: {parsed.message}"
    name = f"{partner}/{sample.stem()}"
    complete = [f"order: {{in: {{mapping: {name}, when: {{root: {written(root)}}}}}}}"]
    lines = [f"# Complete mappings/{name}.yaml, then take the mark away from the next line:", *commented(complete)]
    note = f"mappings/{name}.yaml has a line for each of its elements."
    return Draft(
        documents=lines,
        complete=complete,
        mapping=DraftedMapping(name, _skeleton(name, sample, parsed.root)),
        notes=(note,),
    )


def _roots(spec: MappingSpec) -> tuple[str, ...]:
    """The outermost elements that a mapping names."""
    document, _ = spec.options.get("document", (None, None))
    spaces, _ = spec.options.get("namespaces", (None, None))
    if not isinstance(document, YamlText):
        return ()
    known = {
        each.key.value: each.value.value
        for each in (spaces if isinstance(spaces, YamlMap) else ())
        if isinstance(each.value, YamlText)
    }
    return roots_of(document.value, known)[0]


def _skeleton(name: str, sample: Sample, root: Node) -> str:
    prefixes = _prefixes(root)
    named = {prefix: space for space, prefix in prefixes.items()}
    lines = [
        f"# Drafted from {sample.name}. Write our field to the left of each path you need and take the mark away;",
        "# what belongs to a line of the order stands below 'lines', with paths from the element of the line.",
        "gateway: 1",
        f"mapping: {name}",
        "direction: in",
        "document: order",
        "format: xml",
        "xml:",
        *(["  namespaces:"] if named else []),
        *(f"    {prefix}: {written(space)}" for prefix, space in named.items()),
        f"  document: /{_named(root.tag, prefixes)}",
        "fields:",
        *(f"  # ...: {path}{_example(value)}" for path, value in _leaves(root, prefixes)),
        *(f"  {line}" for line in commented(["lines:", "  each: ...", "  fields:", "    quantity: ..."])),
    ]
    return "\n".join(lines) + "\n"


def _prefixes(root: Node) -> dict[str, str]:
    """A prefix for each namespace of the file, theirs where they have one."""
    found: dict[str, str] = {}
    for node in root.iter():
        for prefix, space in node.nsmap.items():
            wanted = prefix or _PREFIX
            if space not in found:
                number = sum(1 for each in found.values() if each.startswith(wanted))
                found[space] = wanted if wanted not in found.values() else f"{wanted}{number + 1}"
        if len(found) > _MOST:
            break
    return found


def _leaves(root: Node, prefixes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The paths of attributes and of elements with text below the root, each once, with their first value."""
    seen: dict[str, str] = {}
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        path = "/".join(
            _named(each.tag, prefixes) for each in (*reversed(list(node.iterancestors())), node) if each is not root
        )
        text = (node.text or "").strip()
        if path and text and len(node) == 0:
            seen.setdefault(path, text)
        for attribute, value in node.attrib.items():
            seen.setdefault(f"{path}/@{_named(attribute, prefixes)}".lstrip("/"), value)
        if len(seen) >= _MOST:
            break
    yield from seen.items()


def _named(tag: str, prefixes: dict[str, str]) -> str:
    space, _, name = tag.rpartition("}")
    prefix = prefixes.get(space[1:], "") if space else ""
    return f"{prefix}:{name}" if prefix else name


def _example(value: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in value)
    return f"    # {shown[:_LONGEST]}"
