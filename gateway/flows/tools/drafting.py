"""Draft a mapping from a sample without a parent: columns of delimited text, elements and attributes of XML."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gateway.canonical.base import Canonical
from gateway.canonical.registry import DOCUMENTS, model_of
from gateway.config.problems import suggestion
from gateway.config.yaml_text import written
from gateway.flows.drafts import records
from gateway.flows.tools import guessing
from gateway.flows.tools.starter import Entry, drafted
from gateway.formats import delimited, markup, markup_paths, sniff
from gateway.formats.delimited import DelimitedOptions
from gateway.formats.sniff import Kind
from gateway.kernel.errors import UsageError
from gateway.kernel.issue import FileIssue

_DEFAULT_PREFIX = "d"
_LINES = "lines."
_INDEX = re.compile(r"\[\d+\]")
_BLANK_DATE = "YYYY-MM-DD"
_SEEN = "  # as the sample has it"


def draft(name: str, document: str, content: bytes) -> str:
    """The text of a mapping drafted from a sample; raises UsageError for a sample that cannot be drafted from."""
    if document not in DOCUMENTS:
        raise UsageError(
            f"'{document}' is no document.",
            next_step=suggestion(document, DOCUMENTS) or f"Say one of: {', '.join(DOCUMENTS)}.",
        )
    model = model_of(document, "in")
    kind = sniff.kind_of(content)
    if kind is Kind.TEXT and records.records_of(content):
        return records.text(name, document, content)
    if kind is Kind.TEXT:
        return _rows(name, document, model, content)
    if kind is Kind.XML:
        return _markup(name, document, model, content)
    what = "X12: say which mapping it starts from, e.g. --from x12/850" if kind is Kind.X12 else f"{kind.value}"
    raise UsageError(
        f"The sample is {what}.", next_step="A draft without --from can be made of CSV, XML and record files."
    )


def _rows(name: str, document: str, model: type[Canonical], content: bytes) -> str:
    encoding, text = _decoded(content)
    options = DelimitedOptions(delimiter=guessing.delimiter(text), encoding=encoding)
    file = delimited.read(content, options)
    if file.issues or not file.titles:
        raise UsageError(
            f"The sample cannot be read: {' '.join(issue.message for issue in file.issues) or 'it has no header row.'}"
        )
    columns = {
        title: [cells[at] for _, cells in file.rows if at < len(cells)] for at, title in enumerate(file.titles) if title
    }
    guesses = guessing.fields(list(columns), model)
    entries = [
        Entry(each.field.removeprefix(_LINES), each.title, _example(columns[each.title]), each.field.startswith(_LINES))
        for each in guesses
    ]
    group = next((each.title for each in guesses if each.field == "po_number"), "")
    head = [
        "direction: in",
        f"document: {document}",
        "format: csv",
        "csv:",
    ]
    head += [f"  {line}" for line in _options(options, columns, {each.field: each.title for each in guesses})]
    head += (
        [f"  group_by: [{written(group)}]  # rows equal in it are one document"]
        if group
        else ["  # group_by: [COLUMN]  # rows equal in it are one document"]
    )
    return drafted(name, head, entries, "row")


def _options(
    options: DelimitedOptions, columns: Mapping[str, Sequence[str]], by_field: Mapping[str, str]
) -> Iterator[str]:
    yield f"encoding: {options.encoding}{_SEEN}"
    yield f"delimiter: {'tab' if options.delimiter == chr(9) else written(options.delimiter)}{_SEEN}"
    dated = [columns[title] for field, title in by_field.items() if "date" in field]
    forms = {guessing.date_form(values) for values in dated if any(value.strip() for value in values)}
    if len(forms) == 1 and "" not in forms:
        yield f"dates: {forms.pop()}{_SEEN}"
    else:
        yield f"dates: {_BLANK_DATE}" + ("  # the sample leaves it open" if dated else "  # no date was recognised")
    numbers = [
        value for field, title in by_field.items() if field.endswith(("quantity", "price")) for value in columns[title]
    ]
    signs = guessing.number_signs(numbers)
    if signs is not None and signs[0] != ".":
        yield f"decimal: {written(signs[0])}{_SEEN}"
    if signs is not None and signs[1]:
        yield f"thousands: {written(signs[1])}{_SEEN}"


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", content.decode("utf-8-sig", "replace")
    try:
        return "utf-8", content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return "cp1252", content.decode("cp1252", "replace")


def _example(values: Sequence[str]) -> str:
    return next((value for value in values if value.strip()), "always empty")


def _markup(name: str, document: str, model: type[Canonical], content: bytes) -> str:
    found = markup.parse(content)
    if isinstance(found, FileIssue):
        raise UsageError(f"The sample cannot be read: {found.message}")
    namespaces = _namespaces(found.root)
    leaves = [(_path(each.where, namespaces), each.text) for each in markup_paths.Places(found.root).leaves(found.root)]
    repeated = _repeated([path for path, _ in leaves])
    first: dict[str, str] = {}
    for path, text in leaves:
        first.setdefault(_INDEX.sub("", path), text)
    root = next(iter(first), "/").split("/")[1]
    is_line = {path: bool(repeated) and path.startswith((f"{repeated}/", f"{repeated}@")) for path in first}
    guessed = guessing.of_paths([(_relative(path, root, ""), is_line[path]) for path in first], model)
    entries = [
        Entry(field.removeprefix(_LINES), _relative(path, root, repeated if is_line[path] else ""), text, is_line[path])
        for (path, text), field in zip(first.items(), guessed, strict=True)
    ]
    head = ["direction: in", f"document: {document}", "format: xml", "xml:"]
    head += (
        ["  namespaces:", *(f"    {prefix}: {written(uri)}" for prefix, uri in namespaces.items())]
        if namespaces
        else []
    )
    head += [f"  document: /{root}"]
    return drafted(name, head, entries, _relative(repeated, root, ""))


def _namespaces(root: markup.Node) -> dict[str, str]:
    """Every prefix of the document; the one without gets a prefix here, as paths need one."""
    found: dict[str, str] = {}
    for node in root.iter():
        for prefix, uri in getattr(node, "nsmap", {}).items():
            found.setdefault(prefix or _DEFAULT_PREFIX, uri)
    return found


def _path(where: str, namespaces: Mapping[str, str]) -> str:
    """A place in the document as a path of the mapping: steps without prefix get that of the default namespace."""
    if _DEFAULT_PREFIX not in namespaces:
        return where
    steps = where.split("/")
    return "/".join(
        step if not step or ":" in step or step.startswith("@") else f"{_DEFAULT_PREFIX}:{step}" for step in steps
    )


def _repeated(paths: Sequence[str]) -> str:
    """The element that stands several times and has most below it: probably the lines."""
    below: Counter[str] = Counter()
    for path in {re.sub(r"\[[2-9]\d*\]|\[1\d+\]", "[*]", path) for path in paths}:
        at = path.find("[*]")
        if at > 0:
            below[_INDEX.sub("", path[:at])] += 1
    return below.most_common(1)[0][0] if below else ""


def _relative(path: str, root: str, within: str) -> str:
    start = within or f"/{root}"
    return path.removeprefix(start).removeprefix("/") or "."
