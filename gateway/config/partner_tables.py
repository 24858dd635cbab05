"""The CSV tables that terms name: who carries what where, and which tax is billed where; every fault at its row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType

from gateway.config.problems import suggestion
from gateway.formats import delimited
from gateway.formats.delimited import DelimitedOptions
from gateway.kernel.problem import Problem
from gateway.orders.terms import RouteRow, TaxRow

ROUTING: Mapping[str, bool] = MappingProxyType(
    {
        "carrier_scac": True, "service": False, "freight_terms": False, "transit_days": False, "state": False,
        "postal_prefix": False, "max_weight": False, "max_cartons": False,
    }
)  # fmt: skip
TAXES: Mapping[str, bool] = MappingProxyType({"state": True, "tax_code": False, "percent": True})
"""The columns of each table, and whether a row must fill them."""


@dataclass(frozen=True, slots=True)
class SiteTable:
    """A table as it was read: each row's number in the file and its cells by title, without the empty ones."""

    file: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def routes(self) -> tuple[RouteRow, ...]:
        """The rows of a routing table, in the order of the file."""
        return tuple(
            RouteRow(
                carrier_scac=row["carrier_scac"], service=row.get("service", ""),
                freight_terms=row.get("freight_terms", ""), transit_days=_whole(row, "transit_days"),
                state=row.get("state", ""), postal_prefix=row.get("postal_prefix", ""),
                max_weight=Decimal(row["max_weight"]) if "max_weight" in row else None,
                max_cartons=_whole(row, "max_cartons"),
            )
            for _, row in self.rows
        )  # fmt: skip

    def taxes(self) -> tuple[TaxRow, ...]:
        """The rows of a tax table, in the order of the file."""
        return tuple(TaxRow(row["state"], row.get("tax_code", ""), Decimal(row["percent"])) for _, row in self.rows)


def read(site: Path, name: str, columns: Mapping[str, bool]) -> tuple[SiteTable | None, tuple[Problem, ...]]:
    """The table of a name: beside the partner files, else in the site; None when there is no such file."""
    path = next((each for each in (site / "partners" / name, site / name) if each.is_file()), None)
    if path is None:
        return None, ()
    shown = str(path.relative_to(site))
    found = delimited.read(path.read_bytes(), DelimitedOptions())
    problems = [Problem(shown, issue.offset or 1, 1, "P006", issue.message) for issue in found.issues]
    problems += [
        Problem(shown, 1, 1, "P006", f"'{title}' is not a column here", suggestion(title, [*columns]))
        for title in found.titles
        if title not in columns
    ]
    rows = tuple(
        (number, {title: cell.strip() for title, cell in zip(found.titles, cells, strict=False) if cell.strip()})
        for number, cells in found.rows
    )
    problems.extend(problem for number, row in rows for problem in _faults(shown, number, row, columns))
    return SiteTable(shown, rows), tuple(problems)


def _faults(file: str, number: int, row: Mapping[str, str], columns: Mapping[str, bool]) -> Iterator[Problem]:
    for title, must in columns.items():
        if must and title not in row:
            yield Problem(file, number, 1, "P006", f"the row has no '{title}'")
    for title, fits in _NUMBERS.items():
        if title in row and not fits(row[title]):
            yield Problem(file, number, 1, "P006", f"'{title}' is a number of at least 0, not '{row[title]}'")


def _is_amount(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and Decimal(text) >= 0
    except InvalidOperation:
        return False


def _whole(row: Mapping[str, str], title: str) -> int | None:
    return int(row[title]) if title in row else None


_NUMBERS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"transit_days": str.isdecimal, "max_cartons": str.isdecimal, "max_weight": _is_amount, "percent": _is_amount}
)
