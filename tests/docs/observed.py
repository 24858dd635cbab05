"""What a running gateway says of itself, as tables: the events and fields of its log, and its metrics."""

from gateway.app.metric_names import METRICS
from gateway.app.metrics import RESULTS
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


def metrics() -> str:
    """Every metric, those first that a process counts."""
    return _table(
        "metric | kind | labels | says | of",
        [
            (
                f"`{each.name}`", each.kind, ", ".join(f"`{label}`" for label in each.labels), each.says,
                "process" if each.by_process else "site",
            )
            for each in METRICS
        ],
    )  # fmt: skip


def counted() -> str:
    """From which lines of the log the counters of documents are."""
    return _table(
        "event | `direction` | `result`",
        [(f"`{event}`", f"`{way}`", f"`{result}`") for event, (way, result) in RESULTS.items()],
    )
