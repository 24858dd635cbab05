"""Places in configuration files, problems being collected there, and what was probably meant."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.kernel.problem import Problem


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands in a configuration file; line and column are 1-based."""

    file: str
    line: int
    column: int

    def problem(self, code: str, sentence: str, hint: str = "") -> Problem:
        """A problem at this place."""
        return Problem(self.file, self.line, self.column, code, sentence, hint)


@dataclass(frozen=True, slots=True)
class Located:
    """A text of a configuration file with its place."""

    value: str
    origin: Origin


class Problems(list[Problem]):
    """Problems being collected, with the words that many of them share."""

    def at(self, origin: Origin, code: str, sentence: str, hint: str = "") -> None:
        """Add one."""
        self.append(origin.problem(code, sentence, hint))

    def warn(self, origin: Origin, code: str, sentence: str, hint: str = "") -> None:
        """Add something that is probably not meant."""
        self.append(Problem(origin.file, origin.line, origin.column, code, sentence, hint, "warning"))

    def unknown(self, origin: Origin, code: str, what: str, name: str, known: Iterable[str]) -> None:
        """Add 'not known', with a suggestion where one is near."""
        self.at(origin, code, what, suggestion(name, known))


def suggestion(name: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, empty when none is near.

    >>> suggestion("po_nubmer", ["po_number", "po_date"])
    "did you mean 'po_number'?"
    """
    words = list(known)
    same = [each for each in words if each.casefold() == name.casefold()]
    near = same or difflib.get_close_matches(name, words, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


def remedy(problem: Problem) -> str:
    """What repairs a mistake: what its message says, else where it stands and where more is told."""
    if problem.hint:
        return problem.hint
    where = f"line {problem.line} of {problem.file}"
    if problem.file == "environment":
        return "set it otherwise where the gateway is started, or unset it"
    match problem.code:
        case "P001":
            return f"remove it from {where}; 'gateway schema export' lets your editor offer the keys there are"
        case "P002":
            return f"write it at {where}"
        case _:
            return f"correct {where}; 'gateway explain-code {problem.code}' says more"
