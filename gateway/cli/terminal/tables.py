"""Tables for a person at a terminal: as wide as it is, states marked and coloured by what they mean."""

import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gateway.cli.terminal.cells import cells
from gateway.cli.terminal.columns import FIGURES, STATES, grouped, is_figure, titled
from gateway.cli.terminal.fitting import GAP, Fit, fit
from gateway.cli.terminal.meanings import MARK, meaning
from gateway.cli.terminal.screen import takes_colour

Row = Mapping[str, Text]
_MOST_OF_A_NAME = 16
"""Columns that the names beside the values of a block take at most."""


def show(
    rows: Sequence[Mapping[str, str]], columns: Sequence[str], width: int, indent: int, may_go: Sequence[str]
) -> tuple[str, ...]:
    """Print rows of cells that are safe to be shown; the columns that had to go are given back."""
    dressed = [{name: _dressed(name, row[name]) for name in columns} for row in rows]
    natural = {
        name: max([cells(titled(name)), *(cells(row[name].plain) for row in dressed)]) for name in columns
    }  # fmt: skip
    found = fit(natural, max(width - indent, 1), may_go)
    console = _console(width)
    if found.widths:
        console.print(Padding(_table(dressed, found), (0, 0, 0, indent), expand=False))
        return found.gone
    for at, row in enumerate(dressed):
        if at:
            console.print()
        console.print(Padding(_block(row), (0, 0, 0, indent), expand=False))
    return ()


def _console(width: int) -> Console:
    """Rich obeys nothing that stands in the data: no markup, no emoji codes, no guessed highlights."""
    return Console(
        file=sys.stdout, width=width, force_terminal=True, color_system="standard" if takes_colour() else None,
        markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip


def _table(rows: Sequence[Row], found: Fit) -> Table:
    table = _empty()
    right = {name for name in found.widths if name in FIGURES and all(is_figure(_bare(row[name])) for row in rows)}
    for name, wide in found.widths.items():
        table.add_column(width=wide, overflow="fold", justify="right" if name in right else "left")
    table.add_row(*(Text(titled(name), "bold") for name in found.widths))
    table.add_row(*(Text("-" * wide, "dim") for wide in found.widths.values()))
    for row in rows:
        table.add_row(*(row[name] for name in found.widths))
    return table


def _block(row: Row) -> Table:
    """One row as lines of name and value; what is empty is left out."""
    table = _empty()
    table.add_column(overflow="fold", width=min(max(cells(titled(name)) for name in row), _MOST_OF_A_NAME))
    table.add_column(overflow="fold")
    for name, cell in row.items():
        if cell.plain:
            table.add_row(Text(titled(name), "bold"), cell)
    return table


def _empty() -> Table:
    return Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0), collapse_padding=True)


def _bare(cell: Text) -> str:
    return cell.plain.replace(",", "")


def _dressed(name: str, text: str) -> Text:
    """A cell with its mark and colour, or its thousands set apart."""
    if name in FIGURES:
        return Text(grouped(text))
    if name not in STATES:
        return Text(text)
    means = meaning(text)
    return Text(f"{MARK.get(means, '')}{text}", means.value)
