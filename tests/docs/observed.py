"""What a running gateway says of itself, as tables: the events and fields of its log, and its metrics."""

from gateway.kernel.happenings import FIELDS, FIRST, HAPPENINGS


def _table(head: str, rows: list[tuple[str, ...]]) -> str:
    titles = [each.strip() for each in head.split("|")]
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def events() -> str:
    """Every event of the log."""
    return _table(
        "event | level | said when | then",
        [
            (f"`{name}`", " or ".join(each.levels), each.says, f"`{each.then}`" if each.then else "")
            for name, each in HAPPENINGS.items()
        ],
    )


def fields() -> str:
    """Every field of a line, those first that mean the same in each."""
    names = [*FIRST, *(name for name in FIELDS if name not in FIRST)]
    return _table("field | is", [(f"`{name}`", FIELDS[name]) for name in names])
