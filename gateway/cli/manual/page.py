"""What the help of a command says beyond the sentences that stand at its function."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.cli.manual.exit_codes import ALWAYS, Codes, codes_of

Examples = tuple[tuple[str, str], ...]
"""What to type without the ``gateway`` before it, and what that does."""


@dataclass(frozen=True, slots=True)
class Page:
    """One command: paragraphs on what it does and never does, examples, and what else belongs to it.

    ``exits`` is left out where the function itself says ``Exit codes: ...``.
    """

    about: str
    examples: Examples
    exits: str = ""
    files: Examples = ()
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the help of a command says, whoever said it."""

    summary: str
    about: tuple[str, ...]
    examples: Examples
    exits: Codes
    files: Examples = ()
    see: tuple[str, ...] = ()


Pages = Mapping[str, Page]


def sheet(said: str, page: Page | None) -> Sheet:
    """The sentences of a function and its page as one.

    >>> found = sheet("List orders. Example: gateway orders list.", Page("All.", (("orders list", "every order"),)))
    >>> found.summary, found.about, found.examples
    ('List orders.', ('All.',), (('orders list', 'every order'),))
    """
    rest, example = _example(said)
    before, _, codes = rest.partition("Exit codes:")
    summary, *about = [" ".join(each.split()) for each in before.split("\n\n") if each.strip()] or [""]
    if page is None:
        return Sheet(summary, tuple(about), ((example, ""),) if example else (), {**codes_of(codes), **ALWAYS})
    exits = {**codes_of(page.exits or codes), **ALWAYS}
    return Sheet(summary, (*about, *_paragraphs(page.about)), page.examples, exits, page.files, page.see)


def _example(said: str) -> tuple[str, str]:
    before, found, after = said.partition("Example: gateway ")
    line, _, rest = after.partition("\n")
    return before + rest, line.strip().removesuffix(".") if found else ""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.split("\n\n") if each.strip())
