"""The command that explains a code: what it means, who must act and what to do, for somebody who knows no X12."""

import os
import re
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

from gateway.cli import output
from gateway.cli.terminal.screen import LEAST
from gateway.config.finding import find_site
from gateway.config.mapping_spec import CheckSpec, GroupSpec
from gateway.config.problems import suggestion
from gateway.kernel.catalogue import acknowledged, book
from gateway.kernel.catalogue.entry import Entry
from gateway.kernel.errors import NotFoundError
from gateway.orders.order import LineCode

_ID = re.compile(r"[HA]-[0-9a-f]{8}")
_WIDE = 100


def explain(words: list[str], site: Path | None, *, as_json: bool) -> int:
    """Explain the code meant by the words, list the codes that begin so, or without words all of them."""
    said = " ".join(words).strip()
    entry = _meant(said, site) if said else None
    if entry is not None:
        _one(entry, as_json=as_json)
        return 0
    groups = _groups(book.meant(said))
    if not groups:
        raise _unknown(said)
    _several(groups, as_json=as_json)
    return 0


def _meant(said: str, site: Path | None) -> Entry | None:
    """The entry of a code, also of a hold or an alert by its id, or of a check of the site's own mappings."""
    code = _code_of_id(said, site) if _ID.fullmatch(said) else book.meant(said)
    return book.ENTRIES.get(code) or _of_check(code, site)


def _groups(beginning: str) -> dict[str, list[Entry]]:
    """The entries by what they have in common, of one letter or one element of an acknowledgment where only that is said."""
    every = book.by_letter()
    if not beginning:
        return {f"{letter}  {book.LETTERS[letter]}": entries for letter, entries in every.items()}
    if beginning in every:
        return {f"{beginning}  {book.LETTERS[beginning]}": every[beginning]}
    names = [each for each in acknowledged.ELEMENTS if each.startswith(beginning) and len(beginning) > len("AK")]
    entries = list(book.ENTRIES.values())
    return {
        f"{name}  {acknowledged.ELEMENTS[name][0]}": [each for each in entries if each.code.startswith(f"{name} ")]
        for name in names
    }


def _unknown(said: str) -> NotFoundError:
    if said in {each.value for each in LineCode}:
        return NotFoundError(
            f"'{said}' is no code of the list: it says how one line of an order was judged.",
            next_step="What it means for the line is told in the events of: gateway orders show NUMBER",
        )
    near = suggestion(book.meant(said), book.ENTRIES)
    step = "'gateway explain-code' lists all codes."
    return NotFoundError(f"There is no code '{said}'.", next_step=f"{near[:1].upper()}{near[1:]} {step}".strip())


def _code_of_id(target: str, site: Path | None) -> str:
    """The code of an open hold or of an alert."""
    from gateway.cli.reading import database  # noqa: PLC0415 - a code is explained without a database
    from gateway.flows.showing import rows  # noqa: PLC0415 - same
    from gateway.kernel.ids import AlertId  # noqa: PLC0415 - same

    with database(site).unit() as work:
        if target.startswith("A"):
            alert = work.alerts.get(AlertId(target))
            codes = [alert.code] if alert is not None else []
        else:
            codes = [each["code"] for each in rows.holds(work) if each["id"] == target]
    if not codes:
        what = "alert" if target.startswith("A") else "open hold"
        raise NotFoundError(f"There is no {what} '{target}'.", next_step="'gateway explain-code' lists all codes.")
    return str(codes[0])


def _of_check(code: str, site: Path | None) -> Entry | None:
    """What a check of the site's own mappings means that gives this code itself."""
    from gateway.config import mapping_files  # noqa: PLC0415 - only for a code that is not ours
    from gateway.config.mapping_reading import load_spec  # noqa: PLC0415 - same

    try:
        folder = find_site(Path.cwd(), site, dict(os.environ)) / "mappings"
    except NotFoundError:
        return None
    found: dict[str, list[str]] = {}
    for name in mapping_files.site_names(folder):
        spec, _ = load_spec(name, site_mappings=folder)
        for check in _checks(spec.body) if spec is not None else ():
            if check.code.upper() == code:
                found.setdefault(name, []).append(check.say)
    if not found:
        return None
    usual = book.ENTRIES["C-CHECK"]
    said = " ".join(f"{name}: {each}." for name, texts in found.items() for each in dict.fromkeys(texts))
    title = f"A check of {', '.join(found)} failed, which gives this code itself"
    return replace(usual, code=code, title=title, meaning=f"{usual.meaning} {said}", example="")


def _checks(group: GroupSpec) -> Iterator[CheckSpec]:
    """The checks of a group of rules and of the groups in it."""
    yield from group.checks
    for each in group.fields:
        if isinstance(each, GroupSpec):
            yield from _checks(each)


def _one(entry: Entry, *, as_json: bool) -> None:
    if as_json:
        output.data(asdict(entry))
        return
    output.told(f"{entry.code}  {entry.title}.")
    output.line()
    _part(entry.meaning)
    output.line()
    for name, text in (
        ("Who acts", entry.who), ("What to do", entry.next_step), ("It says, for example", entry.example),
        ("Where it is seen", ", ".join(entry.shown)), ("What helps", ", ".join(entry.commands)),
    ):  # fmt: skip
        if text:
            _part(f"{name}: {text}")


def _several(groups: dict[str, list[Entry]], *, as_json: bool) -> None:
    if as_json:
        output.data([asdict(each) for entries in groups.values() for each in entries])
        return
    for number, (title, entries) in enumerate(groups.items()):
        if number:
            output.line()
        output.line(title)
        _list(entries)
    first = next(iter(groups.values()))[0].code
    output.suggest(f"gateway explain-code {shlex.quote(first)}")


def _list(entries: Iterable[Entry]) -> None:
    listed = list(entries)
    width = max(len(each.code) for each in listed)
    for each in listed:
        output.told(f"{each.code:<{width}}  {each.title}", indent="  ", hanging=" " * (width + 2))


def _part(text: str) -> None:
    """A sentence or more, wrapped also where nobody looks at a terminal: nobody reads a line of 400 characters."""
    width = min(shutil.get_terminal_size((_WIDE, 24)).columns, _WIDE) if sys.stdout.isatty() else _WIDE
    for each in textwrap.wrap(text, max(width, LEAST) - 2, break_long_words=False, break_on_hyphens=False):
        output.line(f"  {each}")
