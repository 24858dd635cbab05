"""The work of the commands that ship by hand and print for the warehouse."""

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gateway.app import logs
from gateway.app.run import by_hand
from gateway.cli import output
from gateway.cli.context import opened, site_of
from gateway.cli.work import drain
from gateway.documents import carton_label
from gateway.flows.by_hand import ship_by_hand, ship_papers
from gateway.flows.by_hand.ship_by_hand import Left
from gateway.kernel.errors import UsageError

PAPERS = {"labels": carton_label.labels, "packing slip": carton_label.packing_slip}


def ship(name: str, partner: str, left: Left, who: str, site: Path | None, now: str | None) -> int:
    """Ship an order as a person says, and send what that owes."""
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        output.line(ship_by_hand.ship_order(bench, name, partner, left, who))
        return drain(bench)


def quantities(said: list[str]) -> dict[str, Decimal]:
    """``2=6`` as line 2 and so much of it; raises UsageError."""
    found: dict[str, Decimal] = {}
    for each in said:
        line, _, quantity = each.rpartition("=")
        try:
            found[line] = Decimal(quantity)
        except InvalidOperation as error:
            raise UsageError(f"--line '{each}' names no quantity.", next_step="Write it like --line 2=6.") from error
        if not line or not found[line].is_finite():
            raise UsageError(f"--line '{each}' names no line.", next_step="Write it like --line 2=6.")
    return found


def amount(option: str, said: str) -> Decimal | None:
    """An amount of money of an option; raises UsageError."""
    try:
        return Decimal(said) if said else None
    except InvalidOperation as error:
        raise UsageError(f"{option} '{said}' is not an amount.", next_step="Write it like 45.00.") from error


def day(option: str, said: str) -> date | None:
    """A date of an option; raises UsageError."""
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise UsageError(f"{option} '{said}' is not a date.", next_step="Write it like 2026-11-21.") from error


def papers(name: str, partner: str, kind: str, out: Path | None, site: Path | None) -> int:
    """Print labels or packing slips, or write them to a file."""
    text = ship_papers.papers(opened(site), name, partner, PAPERS[kind])
    if out is None:
        output.block(text.rstrip("\n"))
    else:
        out.write_text(text, encoding="utf-8")
        output.line(f"{out.name}: {kind} written")
    return 0
