"""A ship confirmation that waits is judged again, or taken as it was shipped because somebody says so."""

from gateway.canonical.house import ShipConfirmation
from gateway.exchange.receipt import FileHold
from gateway.flows.advance import Step
from gateway.flows.ports import UnitOfWork
from gateway.flows.taking import ship
from gateway.flows.workbench import Workbench
from gateway.kernel.errors import UsageError
from gateway.orders.shipping.confirmed import ACCEPTABLE


def is_one(hold: FileHold) -> bool:
    """Whether a hold is that of a ship confirmation."""
    return hold.code in ship.CODES and hold.receipt is not None


def again(bench: Workbench, work: UnitOfWork, hold: FileHold, note: str, who: str) -> str:
    """Judge it once more as orders and settings are now; what still cannot be waits as before."""
    return _take(bench, work, hold, note, who, accepted="")


def accept(bench: Workbench, work: UnitOfWork, hold: FileHold, note: str, who: str) -> str:
    """Take it as it was shipped; raises UsageError for a cause that nobody can accept."""
    if hold.code not in ACCEPTABLE:
        step = "Have it corrected and sent again under its number, then this hold ends."
        raise UsageError(f"{hold.code} of {hold.reference} cannot be accepted.", next_step=step)
    return _take(bench, work, hold, note, who, accepted=note)


def _take(bench: Workbench, work: UnitOfWork, hold: FileHold, note: str, who: str, accepted: str) -> str:
    document = _document(work, hold)
    partner = bench.partner(hold.partner)
    if document is None or partner is None:
        raise UsageError(f"What {hold.id} waits for is not kept any more.", next_step="Have it sent again.")
    fault = ship.confirm(bench, work, partner, document, Step(bench.clock(), who, hold.receipt), accepted)
    if fault is None:
        work.exchange.end_hold(hold.id, note)
        return f"shipment {hold.reference} is taken{' as it was shipped' if accepted else ''}"
    reason = f"Shipment {document.shipment_number}: {fault.reason}"
    if (fault.code, reason) == (hold.code, hold.reason):
        return f"still on hold, nothing has changed: {hold.code} {hold.reason}"
    work.exchange.end_hold(hold.id, note)
    work.exchange.hold(
        FileHold(
            id=bench.new_hold_id(), type=hold.type, code=fault.code, reason=reason, since=bench.clock(),
            partner=hold.partner, receipt=hold.receipt, file_name=hold.file_name, reference=hold.reference,
        )
    )  # fmt: skip
    return f"{hold.code} ended, now on hold: {fault.code} {reason}"


def _document(work: UnitOfWork, hold: FileHold) -> ShipConfirmation | None:
    """The confirmation as it was read, by its shipment number."""
    if hold.receipt is None:
        return None
    read = (each for each in work.readings.of_file(hold.receipt) if each.document == "ship_confirmation")
    found = (ShipConfirmation.model_validate_json(each.content) for each in read if each.content)
    return next((each for each in found if each.shipment_number == hold.reference), None)
