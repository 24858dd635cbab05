"""What counts between us and a partner at this moment: the partner file's terms, and what the house says of the customer."""

from gateway.config.partner import Partner
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.orders.terms import Terms


def terms(bench: Workbench, _work: UnitOfWork, partner: Partner) -> Terms:
    """The terms one decision is made on."""
    return bench.terms(partner)
