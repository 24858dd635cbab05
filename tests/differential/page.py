"""The table of docs/explanation/second-opinion.md: every judged class, made from the one place where they are judged."""

import sys
from pathlib import Path

from gateway.formats.x12.second_opinion_judged import JUDGED

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "second-opinion.md"
BEGIN, END = "<!-- judged: written by make pages -->\n", "<!-- end -->\n"


def table() -> str:
    """One row per class."""
    rows = ["| class | what differs | example | who is right | why |", "|---|---|---|---|---|"]
    rows += [
        f"| `{each.key}` | {each.differs} | `{each.example}` | {each.judgement.value} | {each.reason} |"
        for each in JUDGED
    ]
    return "\n".join(rows) + "\n"


def written() -> str:
    """What stands in the page now."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def write() -> None:
    """Renew the table in the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__" and "--write" in sys.argv:
    write()
