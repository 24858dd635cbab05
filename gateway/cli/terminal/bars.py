"""The bar itself: what is done, how much of how much, how fast, and how long still."""

import sys
from collections.abc import Callable

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from gateway.cli.terminal.progress import Progress
from gateway.files.names import visible

_WIDE, _TIMES_A_SECOND, _WHOLE = 24, 8, 10


class _Count(ProgressColumn):
    """How many of how many, and how many a second."""

    def render(self, task: Task) -> Text:
        """The count of a task."""
        if task.total is None and not task.completed:
            return Text()
        unit, of = (
            f" {task.fields['unit']}" if task.fields["unit"] else "",
            f"/{int(task.total):,}" if task.total else "",
        )
        speed = task.speed or 0
        rate = f"  {speed:,.{0 if speed >= _WHOLE else 1}f}/s" if speed else ""
        return Text(f"{int(task.completed):,}{of}{unit}{rate}", no_wrap=True)


class _Left(TimeRemainingColumn):
    """How long still; nothing where that cannot be known."""

    def render(self, task: Task) -> Text:
        """The time left of a task."""
        if task.total is None or task.time_remaining is None:
            return Text()
        return Text.assemble(super().render(task), " left")


def bar(progress: Progress) -> tuple[Callable[[Progress], None], Callable[[], None]]:
    """Draw a bar; how to draw it anew, and how to take it away."""
    console = Console(file=sys.stderr, markup=False, highlight=False, emoji=False)
    columns = (
        SpinnerColumn("line"), TextColumn("{task.description}", markup=False), BarColumn(_WIDE), _Count(), TimeElapsedColumn(), _Left(),
    )  # fmt: skip
    drawn = Bars(
        *columns, console=console, transient=True, refresh_per_second=_TIMES_A_SECOND, redirect_stdout=False,
    )  # fmt: skip
    task = drawn.add_task(visible(progress.what), total=progress.total, completed=progress.done, unit=progress.unit)

    def refresh(now: Progress) -> None:
        drawn.update(task, description=visible(now.what), completed=now.done, total=now.total)

    drawn.start()
    return refresh, drawn.stop
