"""What the documents of a partner file say against themselves."""

from collections.abc import Iterator

from gateway.config.located import Path, Places
from gateway.config.partner import Partner
from gateway.config.partner_documents import Files, MappingUse
from gateway.kernel.problem import Problem

BY_THE_CLOCK = frozenset({"inventory", "replenishment", "transfer"})
"""Documents that leave once a day, without an order behind them."""
_FOR_OUT = ("channel", "version", "file_name", "batch", "expect_997")


def document_checks(partner: Partner, places: Places) -> Iterator[Problem]:
    """Entries without a mapping, days in the wrong order, keys that have nothing to act on."""
    yield from _idle(partner, places)
    for use in partner.uses():
        if use.since is not None and use.until is not None and use.until < use.since:
            sentence = f"'until' ({use.until}) is before 'from' ({use.since}), so the entry never counts"
            yield places.problem(_path(use, "until", places), "P004", sentence)
        if use.document in BY_THE_CLOCK and use.moment and not use.moment.startswith("daily "):
            sentence = f"'when: {use.moment}' does not fit '{use.document}', which leaves by the clock"
            yield places.problem(_path(use, "when", places), "P004", sentence, "write it like daily 06:00")
        if use.expect_997 is not None and partner.x12 is None:
            sentence = "'expect_997' waits for an answer in X12, and this partner has no 'x12' section"
            yield places.problem(_path(use, "expect_997", places), "P004", sentence, "remove it")
    yield from _later(partner, places)


def _path(use: MappingUse, key: str, places: Places) -> Path:
    """Where a key of an entry is written: in it, or beside ``in`` and ``out``."""
    own = (*use.path, key)
    return own if places.are_written(own) else (*use.path[:3], key)


def _idle(partner: Partner, places: Places) -> Iterator[Problem]:
    for document, lines in partner.documents.items():
        for at, line in enumerate(lines):
            path = ("documents", document, at)
            if not line.in_ and not line.out:
                yield places.problem(path, "P002", f"an entry of '{document}' needs 'in' or 'out' and a mapping")
                continue
            if line.when is not None and line.when.moment:
                if not line.out:
                    sentence = f"'when: {line.when.moment}' says when a document leaves; this entry of '{document}' only has 'in'"
                    yield places.problem((*path, "when"), "P004", sentence, "remove it", at_key=True)
            elif line.when is not None and not line.in_:
                sentence = f"'when' chooses among files that come in; this entry of '{document}' only has 'out'"
                yield places.problem((*path, "when"), "P004", sentence, "remove it", at_key=True)
            for name in _FOR_OUT:
                if getattr(line, name) and not line.out:
                    sentence = f"'{name}' is about files that leave; this entry of '{document}' only has 'in'"
                    yield places.problem((*path, name), "P004", sentence, "remove it", at_key=True)
            yield from _empty(line.when, (*path, "when"), places)
            for number, entry in enumerate(line.in_):
                yield from _empty(entry.when, (*path, "in", number, "when"), places)


def _empty(when: Files | None, path: Path, places: Places) -> Iterator[Problem]:
    if when is not None and when == type(when)():
        sentence = "'when' has no condition, so every file fits"
        hint = "write one of file, set, version, root, columns, or remove it"
        yield places.problem(path, "P002", sentence, hint, at_key=True)


def _later(partner: Partner, places: Places) -> Iterator[Problem]:
    """A later answer by 870 needs somebody who writes it."""
    written = any(use.document == "order_status" and use.direction == "out" for use in partner.uses())
    for use in partner.uses():
        if use.later == "870" and not written:
            sentence = "later answers leave as 870, and no mapping of this partner writes 'order_status'"
            hint = "add 'order_status: {out: x12/870}' to 'documents'"
            yield places.problem(_path(use, "later", places), "P004", sentence, hint)
