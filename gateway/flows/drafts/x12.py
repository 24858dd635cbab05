"""Draft a partner from an X12 file: ids, version and separators as they stand in it, documents with built-in mappings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gateway.config.mapping_reading import load_spec
from gateway.config.yaml_text import Value
from gateway.flows.drafts.draft import Draft, Sample
from gateway.formats.x12 import guide, reader
from gateway.formats.x12.charset import separators_fault
from gateway.formats.x12.delimiters import Separators
from gateway.formats.x12.parts import GroupStarted, InterchangeStarted, SetRead

_ANSWERS = {"order": (("acknowledgment", "855"), ("shipment", "856"), ("invoice", "810"))}
"""What is usually sent for what comes in."""
_ACKNOWLEDGMENTS = ("997", "999")
_USUAL = Separators("*", ">", "^", "~")
_VERSION = "004010"
_IDENTITY = re.compile(r"[0-9A-Z]{2} [ -~]{1,15}")
_SENDER = 5


@dataclass(slots=True)
class _Seen:
    """What one file says about its sender."""

    isa: tuple[str, ...] = ()
    separators: Separators = _USUAL
    others: list[str] = field(default_factory=list)
    groups: list[GroupStarted] = field(default_factory=list)
    sets: dict[str, str] = field(default_factory=dict)

    def element(self, at: int) -> str:
        return self.isa[at].strip() if at < len(self.isa) else ""


def draft(sample: Sample) -> Draft | str:
    """The draft, or why none can be made."""
    seen = _seen(sample.content)
    if not seen.isa:
        return f"{sample.name} has no interchange header (ISA) that can be read"
    ours = sample.us is not None and (seen.element(5), seen.element(6)) == (sample.us.qualifier, sample.us.id)
    them, us = (7, 5) if ours else (5, 7)
    for at in (them, us):
        if not _IDENTITY.fullmatch(f"{seen.element(at)} {seen.element(at + 1)}"):
            said = f"{seen.element(at)} {seen.element(at + 1)}".strip() or "nobody"
            return f"{sample.name} names '{said}' as its {'sender' if at == _SENDER else 'receiver'}, which is no identity to agree on"
    group_ids = {group.element(3 if ours else 2) for group in seen.groups} - {"", seen.element(them + 1)}
    identity: dict[str, Value] = {"qualifier": seen.element(them), "id": seen.element(them + 1)}
    if group_ids:
        identity["group_ids"] = [*sorted(group_ids)]
    version, version_note = _version(seen)
    x12: dict[str, Value] = {"them": identity}
    if sample.us is None or (seen.element(us), seen.element(us + 1)) != (sample.us.qualifier, sample.us.id):
        x12["us"] = {"qualifier": seen.element(us), "id": seen.element(us + 1)}
    x12["version"] = version
    separators, separators_note = _separators(seen, sample.content)
    if separators:
        x12["separators"] = separators
    notes = [*version_note, *separators_note, *_notes(seen, ours=ours)]
    return Draft(x12=x12, documents=list(_documents(seen, ours=ours)), notes=tuple(notes))


def _seen(content: bytes) -> _Seen:
    seen = _Seen()
    for part in reader.read(content):
        if isinstance(part, InterchangeStarted):
            if not seen.isa:
                seen.isa, seen.separators = part.elements, part.separators
            elif part.elements[5:9] != seen.isa[5:9]:
                seen.others.append(f"{part.elements[5]} {part.elements[6].strip()}")
        elif isinstance(part, GroupStarted) and not seen.others:
            seen.groups.append(part)
        elif isinstance(part, SetRead) and not seen.others:
            seen.sets.setdefault(part.set_id, part.guide.version if part.guide is not None else "")
    return seen


def _version(seen: _Seen) -> tuple[str, list[str]]:
    """The version of what they send, as the one they probably want."""
    found = next((group.element(8) for group in seen.groups), "")
    if guide.base_version(found) is not None:
        return found, []
    known = ", ".join(guide.versions())
    return _VERSION, [f"Their version is '{found}', which is not supported ({known}); {_VERSION} stands in its place."]


def _separators(seen: _Seen, content: bytes) -> tuple[dict[str, Value], list[str]]:
    """The separators of theirs that are not the usual ones, where we can send them too."""
    names = {"element": "element", "component": "component", "segment": "terminator", "repetition": "repetition"}
    theirs = replace(seen.separators, repetition=seen.separators.repetition or _USUAL.repetition)
    mark = theirs.terminator.encode("latin-1", "replace")
    endings = {"CRLF": "\r\n", "LF": "\n"} if theirs.terminator not in ("\n", "\r") else {}
    after = next((name for name, ending in endings.items() if mark + ending.encode() in content), "")
    wrong = separators_fault(theirs, endings.get(after, ""))
    if wrong:
        return {}, [f"Their separators cannot be ours ({wrong}); the usual ones stand in their place."]
    found: dict[str, Value] = {
        name: getattr(theirs, which)
        for name, which in names.items()
        if getattr(theirs, which) != getattr(_USUAL, which)
    }
    return ({**found, "after_segment": after} if after else found), []


def _documents(seen: _Seen, *, ours: bool) -> Iterator[str]:
    """A line for each set that a built-in mapping reads or writes, a remark for each that none does."""
    written: set[str] = set()
    for set_id in seen.sets:
        if set_id in _ACKNOWLEDGMENTS:
            continue
        spec, _ = load_spec(f"x12/{set_id}", site_mappings=None)
        if spec is None or spec.direction != ("out" if ours else "in"):
            yield f"# {set_id} is in the file; no built-in mapping {'writes' if ours else 'reads'} it."
            continue
        written.add(spec.document)
        yield f"{spec.document}: {{{spec.direction}: {spec.name}}}"
        for document, answer in _ANSWERS.get(spec.document, ()) if not ours else ():
            if document not in written and load_spec(f"x12/{answer}", site_mappings=None)[0] is not None:
                written.add(document)
                yield f"{document}: {{out: x12/{answer}}}"


def _notes(seen: _Seen, *, ours: bool) -> Iterator[str]:
    if ours:
        yield "The file is one of ours: the partner is who it was sent to."
    if seen.others:
        yield f"The file also has interchanges of {', '.join(dict.fromkeys(seen.others))}; they are not in the draft."
    if seen.element(15) == "T":
        yield "The file is marked as a test (ISA15 is T)."
    if not seen.groups:
        yield "The file has no group, so nothing says which documents they send."
