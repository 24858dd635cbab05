"""The tables of the pages about gateway.yaml and partner files, one for each section."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from gateway.canonical.registry import DOCUMENTS
from gateway.config.environment import TOP, settable, variable
from gateway.config.located import Section
from gateway.config.partner import Partner
from gateway.config.settings import Labels, Settings, Us
from tests.docs import takes
from tests.docs.marked import table
from tests.docs.takes import Key

ELSEWHERE: Mapping[type[Section], str] = {
    Us: "the keys of [`us`](settings.md#us)",
    Labels: "the keys of [`labels`](settings.md#labels)",
}


def settings_keys() -> list[Key]:
    """Every key of gateway.yaml."""
    return list(takes.keys(Settings))


def partner_keys() -> list[Key]:
    """Every key of a partner file."""
    return list(takes.keys(Partner, "", ELSEWHERE))


def parts(found: list[Key], prefix: str, *, environment: bool) -> Mapping[str, Callable[[], str]]:
    """The tables of a page: the keys at the top, and those below each of them that has some."""
    tops = dict.fromkeys(each.path.partition(".")[0].removesuffix("[]") for each in found)
    below = {
        top: [each for each in found if each.path.startswith((f"{top}.", f"{top}[")) and each.path != f"{top}.NAME"]
        for top in tops
    }
    sections = {top for top, inside in below.items() if inside}
    at_top = [
        replace(each, takes=_linked(each, sections)) for each in found if "." not in each.path.removesuffix(".NAME")
    ]  # fmt: skip
    made = {f"{prefix} top": _table(at_top, environment=environment)}
    made |= {f"{prefix} {top}": _table(below[top], environment=environment) for top in tops if top in sections}
    return {name: partial(str, text) for name, text in made.items()}


def later(model: type[Section], before: str = "") -> Iterator[tuple[str, str]]:
    """The keys that are refused because this version does not obey them yet, with what it does instead."""
    yield from ((f"{before}{key}", said) for key, said in model.later.items())
    for name, field in model.model_fields.items():
        path = f"{before}{field.alias or name}{'.NAME' if name == 'documents' else ''}"
        for each in dict.fromkeys(takes.sections_of(field.annotation)):
            yield from later(each, f"{path}{'[]' if takes.is_list(field.annotation) else ''}.")


def variables() -> dict[str, str]:
    """The variable of the environment of each key that has one."""
    return {
        (f"{section}." if section != TOP else "") + key: variable(section, key)
        for section, keys in settable().items()
        for key in keys
    }


def documents() -> str:
    """Every document that ``documents`` may name."""
    return " ".join(f"`{each}`" for each in DOCUMENTS) + "\n"


HEADINGS = {"settings": "settings-of-mappings"}
"""Where the keys of a section stand in the page, if not under its name."""


def _linked(each: Key, tops: set[str]) -> str:
    """What a key takes, with a link to the table of its keys."""
    top = each.path.removesuffix(".NAME")
    if top not in tops:
        return each.takes
    return re.sub(
        r"keys of its own|entries", rf"[\g<0>](#{HEADINGS.get(top, top.replace('_', '-'))})", each.takes, count=1
    )


def _table(found: list[Key], *, environment: bool) -> str:
    named = variables() if environment else {}
    titles = ["key", "takes", "default", "what it does", *(["environment"] if environment else [])]
    rows = [
        [
            f"`{each.path}`",
            each.takes,
            each.default,
            each.means,
            *([f"`{named[each.path]}`" if each.path in named else ""] if environment else []),
        ]
        for each in found
    ]
    return table(" | ".join(titles), ([cell.replace("|", "\\|") for cell in row] for row in rows))


def _later(model: type[Section]) -> str:
    return table("key | what happens instead", ((f"`{key}`", said[0].upper() + said[1:]) for key, said in later(model)))


Tables = Mapping[str, Callable[[], str]]
SETTINGS_PAGE: Tables = {
    **parts(settings_keys(), "settings", environment=True),
    "settings later": partial(_later, Settings),
}
PARTNER_PAGE: Tables = {
    **parts(partner_keys(), "partner", environment=False), "partner later": partial(_later, Partner), "documents": documents,
}  # fmt: skip
