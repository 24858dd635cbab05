"""What counts between us and a partner at this moment: the partner file's terms, and what the house says of the customer."""

from dataclasses import replace
from typing import Any

from gateway.config.partner import Partner
from gateway.flows.ports import UnitOfWork
from gateway.flows.workbench import Workbench
from gateway.kernel.ids import OrderNumber, PartnerId
from gateway.orders.facts import Exposure
from gateway.orders.holds import credit
from gateway.orders.terms import Terms

OVERRIDES = ("credit_limit", "credit_status", "credit_group", "price_list", "net_days")
"""The terms that the house may say otherwise than the partner file, by their names in both."""


def terms(bench: Workbench, work: UnitOfWork, partner: Partner) -> Terms:
    """The terms one decision is made on; ``origins`` names those that the house says."""
    agreed = bench.terms(partner)
    found = work.customers.get(PartnerId(partner.partner))
    if found is None:
        return agreed
    customer, origin = found
    said: dict[str, Any] = {name: value for name in OVERRIDES if (value := getattr(customer, name)) is not None}
    return replace(agreed, **said, origins={**agreed.origins, **dict.fromkeys(said, origin)})


def group(bench: Workbench, work: UnitOfWork, partner: Partner, known: Terms) -> tuple[PartnerId, ...]:
    """The customers whose debts count together: those of the same credit group, else the partner alone."""
    own = PartnerId(partner.partner)
    if not known.credit_group:
        return (own,)
    named = work.customers.groups()
    return tuple(
        sorted(
            {own}
            | {
                name
                for name, each in bench.site.partners.items()
                if named.get(name, _group(each)) == known.credit_group
            }
        )
    )


def exposure(
    bench: Workbench, work: UnitOfWork, partner: Partner, known: Terms, *, without: OrderNumber | None = None
) -> Exposure:
    """What the customer and its group owe; nothing is summed up where no credit was agreed."""
    if not credit.is_agreed(known):
        return Exposure()
    return work.customers.exposure(group(bench, work, partner, known), without=without)


def _group(partner: Partner) -> str:
    return partner.terms.credit.group if partner.terms.credit is not None else ""
