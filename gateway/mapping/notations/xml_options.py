"""Read the options of XML that comes in; what is wrong is told at its place."""

import re
from dataclasses import dataclass

from gateway.config import xml_roots
from gateway.config.problems import Located, Problems
from gateway.formats import markup_schema
from gateway.formats.markup_paths import CompiledPath
from gateway.formats.markup_schema import Schema
from gateway.mapping.language import forms as date_forms
from gateway.mapping.language.steps import Forms
from gateway.mapping.notations.xml import XmlNotation
from gateway.mapping.options import Options

_PREFIX = re.compile(r"[^\W\d][\w.-]*")
READING = ("namespaces", "document", "dates", "xsd")
_WRITING = ("root", "default_prefix", "encoding")


@dataclass(frozen=True, slots=True)
class XmlOptions:
    """What finds the documents of a file, and the schema that the file must fit.

    ``roots`` are the outermost elements that ``document`` names, in Clark notation; ``other_roots``: it takes others as well.
    """

    document: CompiledPath | None = None
    schema: Schema | None = None
    roots: tuple[str, ...] = ()
    other_roots: bool = True


def of(options: Options, problems: Problems) -> tuple[XmlNotation, XmlOptions, Forms]:
    """The options of a mapping, each checked."""
    for name in _WRITING:
        if name in options.spec.options:
            problems.at(options.at(name), "M020", f"'{name}' is an option of mappings that write")
    options.known((*READING, *_WRITING))
    namespaces = _namespaces(options, problems)
    notation = XmlNotation(problems, namespaces)
    document = _document(options, notation, problems)
    roots, others = xml_roots.roots_of(document.text, namespaces) if document is not None else ((), True)
    made = XmlOptions(document, _schema(options, problems), roots, others)
    dates = options.word("dates")
    wrong = date_forms.fault(dates, "date") if dates else None
    if wrong is not None:
        problems.at(options.value_at("dates"), "M020", wrong)
        dates = date_forms.ANY
    return notation, made, Forms(dates=dates, iso=True)


def _namespaces(options: Options, problems: Problems) -> dict[str, str]:
    """The prefixes that paths may use; each is a name, and means something."""
    found: dict[str, str] = {}
    for prefix, each in options.texts("namespaces").items():
        if not _PREFIX.fullmatch(prefix) or not each.value:
            sentence = f"'{prefix}: {each.value}' is no namespace"
            problems.at(
                each.origin,
                "M045",
                sentence,
                "a prefix is written like cbc, with the URI that the partner's files name",
            )
        else:
            found[prefix] = each.value
    return found


def _document(options: Options, notation: XmlNotation, problems: Problems) -> CompiledPath | None:
    """What finds the documents, None for the root."""
    said = options.word("document")
    if not said:
        return None
    at = options.value_at("document")
    path = notation.compiled(Located(said, at), union=True)
    if path is None:
        return None
    if path.expression.is_function or not all(each.is_absolute for each in path.expression.paths):
        hint = "write /o:Order, or alternatives: /o:Order | /*/o:Order"
        problems.at(at, "M043", f"'document' is a path from the root of the file (path '{said}')", hint)
        return None
    return path


def _schema(options: Options, problems: Problems) -> Schema | None:
    file = options.file("xsd")
    if file is None:
        return None
    found = markup_schema.load(file, file.parent)
    if isinstance(found, str):
        problems.at(options.value_at("xsd"), "M020", found)
        return None
    return found
