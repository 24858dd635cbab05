"""A mistake in our own configuration: file, line, column, code, sentence and hint."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One configuration mistake; ``line`` and ``column`` are 1-based."""

    file: str
    line: int
    column: int
    code: str
    sentence: str
    hint: str = ""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}:{self.column}: {self.level} {self.code}: {self.sentence}"
        return f"{head}\n    hint: {self.hint}" if self.hint else head


def has_errors(problems: "tuple[Problem, ...] | list[Problem]") -> bool:
    """Whether any of the problems is an error rather than a warning."""
    return any(problem.level == "error" for problem in problems)
