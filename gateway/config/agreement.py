"""The agreement of a partner file as the domains want it: rules for acknowledging, terms for deciding."""

from gateway.config.partner import Partner
from gateway.config.settings import Settings
from gateway.exchange.acknowledgment import AckRules
from gateway.kernel.faults import Repair
from gateway.orders.terms import Terms


def ack_rules(partner: Partner) -> tuple[AckRules, frozenset[Repair]]:
    """How what a partner sends is judged and answered, and which damage may be repaired."""
    x12 = partner.identity()
    answer = x12.acknowledge
    rules = AckRules(
        tolerates=frozenset(x12.tolerates) | x12.control_numbers.flagged(),
        unique_sets=x12.control_numbers.st02.check == "duplicate",
        unique_groups=x12.control_numbers.gs06.check == "duplicate",
        on_error=x12.on_error, ta1=answer.ta1, functional=answer.functional.kind,
        when=answer.functional.when, accepted_sets=answer.functional.accepted_sets,
        partner_guide_faults=x12.partner_guide_faults,
    )  # fmt: skip
    repairs = frozenset(Repair) if x12.repairs is None else frozenset(Repair(name) for name in x12.repairs)
    if Repair.TRAILING_SEPARATORS.value in x12.tolerates:  # a tolerance that the reader grants
        repairs |= {Repair.TRAILING_SEPARATORS}
    return rules, repairs


def terms(partner: Partner, settings: Settings) -> Terms:
    """The commercial terms of a partner; the currency is the site's where the partner names none."""
    agreed = partner.terms
    tolerance = agreed.price_tolerance
    return Terms(
        currency=agreed.currency or settings.currency, price_list=agreed.price_list, contracts=agreed.contracts,
        tolerance_percent=tolerance.percent, tolerance_amount=tolerance.amount, outside_tolerance=tolerance.outside,
        credit_limit=agreed.credit.limit if agreed.credit is not None else None, backorder=agreed.backorder,
        partial_shipments=agreed.partial_shipments, minimum_order=agreed.minimum_order,
        unknown_item=agreed.unknown_item, on_line_error=agreed.on_line_error,
        allowances=tuple((each.code, each.percent) for each in agreed.allowances),
        discount_percent=agreed.payment.discount_percent, discount_days=agreed.payment.discount_days,
        net_days=agreed.payment.net_days, lead_days=agreed.lead_days,
        sourcing=tuple(each.removeprefix("preferred ") for each in agreed.sourcing),
    )  # fmt: skip
