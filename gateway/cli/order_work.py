"""What the commands that act on orders do: new, hold, correct, cancel, reject."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from gateway.app import logs
from gateway.app.run import by_hand
from gateway.cli import output, work
from gateway.cli.context import opened, site_of
from gateway.cli.reading import database
from gateway.flows.by_hand import operate, ordering
from gateway.flows.showing.rows import order_row
from gateway.kernel.errors import NotFoundError, UsageError
from gateway.orders.applied import corrected
from gateway.orders.commands import (
    CancelOrder,
    CloseOrder,
    Command,
    CorrectedValue,
    CorrectOrder,
    HoldOrder,
    RejectOrder,
)
from gateway.orders.order import Order


def new(
    file: Path | None, wanted: ordering.Wanted, partner: str, who: str, site: Path | None, now: str | None
) -> int:  # fmt: skip
    """Place the orders of a file, or the one that options say."""
    if not partner:
        raise UsageError("It is not said whose order it is.", next_step="Add --partner NAME.")
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        if file is None:
            with bench.store.unit() as unit:
                orders = [ordering.from_options(unit, wanted)]
        elif wanted.lines or wanted.po_number:
            raise UsageError("A file says the whole order.", next_step="Leave --po and --line out, or the file.")
        else:
            orders = ordering.from_text(_text(file), file.name)
        placed, holds = ordering.place(bench, partner, orders, who)
        for order in placed:
            again = " (it was there already)" if order.placed_at != bench.clock() else ""
            _say(order, again)
        for hold in holds:
            output.line(f"{hold.code}: {hold.reason}")
        return work.drain(bench) or (1 if holds else 0)


def hold(name: str, reason: str, partner: str, who: str, site: Path | None, now: str | None) -> int:
    """Put an order on hold by hand."""
    return _do(name, HoldOrder(_why(reason, "--reason"), who), partner, who, site, now)


def reject(name: str, reason: str, partner: str, who: str, site: Path | None, now: str | None) -> int:
    """Reject an order and send its answer."""
    return _do(name, RejectOrder(_why(reason, "--reason"), who), partner, who, site, now)


def cancel(
    name: str, line: str, quantity: str, reason: str, partner: str, who: str, site: Path | None, now: str | None
) -> int:
    """Cancel what is not shipped."""
    amount: Decimal | None = None
    if quantity:
        try:
            amount = Decimal(quantity)
        except InvalidOperation as error:
            raise UsageError(f"'{quantity}' is not a number.", next_step="Write it like 12.") from error
    return _do(name, CancelOrder(_why(reason, "--reason"), line, amount, who), partner, who, site, now)


def close(name: str, reason: str, partner: str, who: str, site: Path | None, now: str | None) -> int:
    """Close a paid order."""
    return _do(name, CloseOrder(_why(reason, "--reason"), who), partner, who, site, now)


def correct(
    name: str, values: tuple[CorrectedValue, ...], note: str, partner: str, who: str, site: Path | None,
    now: str | None,
) -> int:  # fmt: skip
    """Correct an order on hold and check it again."""
    return _do(name, CorrectOrder(values, _why(note, "--note"), who), partner, who, site, now)


def correct_hold(
    target: str, values: tuple[CorrectedValue, ...], note: str, who: str, site: Path | None, now: str | None
) -> int:
    """The same of the order that a hold holds."""
    with database(site).unit() as unit:
        order = operate.order_of_hold(unit, target)
    return correct(order.number, values, note, order.partner, who, site, now)


def corrections(
    line: str, of_line: Mapping[str, str | None], ship_to: str | None, address: Sequence[str],
    of_order: Mapping[str, str | None],
) -> tuple[CorrectedValue, ...]:  # fmt: skip
    """What the options say is to be corrected; another ship-to code takes the old address away."""
    values = [CorrectedValue(name, value, line) for name, value in of_line.items() if value is not None]
    if values and not line:
        raise UsageError("It is not said which line is meant.", next_step="Add --line N.")
    if line and not values:
        step = "Add --sku, --quantity, --uom or --price."
        raise UsageError(f"It is not said what of line {line} is to be corrected.", next_step=step)
    parts = dict(_part(each) for each in address)
    if ship_to is not None:
        parts = {**dict.fromkeys((each.partition(".")[2] for each in corrected.ADDRESS), ""), **parts, "id": ship_to}
        parts.pop("id_type")
    values += [CorrectedValue(f"ship_to.{name}", value) for name, value in parts.items()]
    values += [CorrectedValue(name, value) for name, value in of_order.items() if value is not None]
    return tuple(values)


def wanted(
    po_number: str, lines: Sequence[str], said: Mapping[str, str | None], address: Sequence[str]
) -> ordering.Wanted:
    """The order that options say."""
    values = {name: value for name, value in said.items() if value}
    values.update((f"ship_to.{name}", value) for name, value in map(_part, address))
    return ordering.Wanted(po_number, tuple(lines), tuple(values.items()))


def _part(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    known = [each.partition(".")[2] for each in corrected.ADDRESS]
    if not sign or name not in known:
        raise UsageError(
            f"'{text}' is no part of an address.", next_step=f"Write city=Austin; parts: {', '.join(known)}."
        )
    return name, value.strip()


def _do(name: str, command: Command, partner: str, who: str, site: Path | None, now: str | None) -> int:
    logs.configure(verbose=False)
    with by_hand(site_of(site)):
        bench = opened(site, now)
        _say(operate.do(bench, name, partner, command, who))
        return work.drain(bench)


def _say(order: Order, more: str = "") -> None:
    row = order_row(order)
    output.line(f"{row['order_number']} (PO {row['po_number']}) is {row['status']}{more}")
    for hold in order.holds:
        output.line(f"  on hold {hold.id} {hold.code}: {hold.reason}")


def _why(text: str, option: str) -> str:
    if not text.strip():
        raise UsageError("It is not said why.", next_step=f"Add {option} TEXT.")
    return text


def _text(file: Path) -> str:
    if not file.is_file():
        raise NotFoundError(f"There is no file {file}.")
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name} is not UTF-8: byte {error.start} cannot be read.") from error
