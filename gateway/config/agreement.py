"""The agreement of a partner file as the domains want it: rules for acknowledging, terms for deciding."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.config.partner import Partner
from gateway.config.partner_tables import SiteTable
from gateway.config.partner_terms import Returns, Routing, Tax
from gateway.config.settings import Settings
from gateway.config.values import duration
from gateway.exchange.acknowledgment import AckRules
from gateway.kernel.faults import Repair
from gateway.orders.terms import ReturnTerms, RouteRow, TaxRow, Terms

NO_TABLES: Mapping[str, SiteTable] = MappingProxyType({})


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


def terms(partner: Partner, settings: Settings, tables: Mapping[str, SiteTable] = NO_TABLES) -> Terms:
    """The commercial terms of a partner; the currency is the site's where the partner names none.

    ``tables`` are the files that the terms name, by their names.
    """
    agreed = partner.terms
    tolerance, payment, credit, again = agreed.price_tolerance, agreed.payment, agreed.credit, agreed.duplicates
    return Terms(
        currency=agreed.currency or settings.currency, price_list=agreed.price_list, contracts=agreed.contracts,
        tolerance_percent=tolerance.percent, tolerance_amount=tolerance.amount, outside_tolerance=tolerance.outside,
        credit_limit=credit.limit if credit is not None else None, credit_group=credit.group if credit else "",
        overdue_days=credit.overdue_days if credit else None, backorder=agreed.backorder,
        substitution=agreed.substitution, partial_shipments=agreed.partial_shipments,
        minimum_order=agreed.minimum_order, unknown_item=agreed.unknown_item, on_line_error=agreed.on_line_error,
        allowances=tuple((each.code, each.percent) for each in agreed.allowances),
        header_charges=agreed.header_charges, discount_percent=payment.discount_percent,
        discount_days=payment.discount_days, discount_grace_days=agreed.discount_grace_days, net_days=payment.net_days,
        tax=_tax(agreed.tax, tables), lead_days=agreed.lead_days, transit_days=agreed.transit_days,
        receiving_days=agreed.receiving_days, routing=_routing(agreed.routing, tables), sourcing=agreed.sourcing,
        reserve_while_held=duration(agreed.reserve_while_held), over_ship_percent=agreed.over_ship.percent,
        stores=agreed.stores, returns=_returns(agreed.returns), apply_payments=payment.apply, dunning_levels=agreed.dunning.levels,
        dunning_grace_days=agreed.dunning.grace_days, change_quantity=agreed.change_quantity,
        duplicate_key=again.key, duplicate_window=duration(again.window), same_content=again.same_content,
        different_content=again.different_content, bill=partner.bill_when(),
    )  # fmt: skip


def _tax(tax: Tax, tables: Mapping[str, SiteTable]) -> tuple[TaxRow, ...]:
    """The rates that stand in the partner file, then those of the table it names."""
    written = tuple(TaxRow(each.state, each.tax_code, each.percent) for each in tax.rates)
    return (*written, *(tables[tax.file].taxes() if tax.file else ()))


def _routing(routing: Routing | None, tables: Mapping[str, SiteTable]) -> tuple[RouteRow, ...]:
    return tables[routing.file].routes() if routing is not None else ()


def _returns(agreed: Returns) -> ReturnTerms:
    return ReturnTerms(
        window_days=duration(agreed.window).days, reasons=agreed.reasons, exchange=agreed.exchange,
        restocking_percent=agreed.restocking_percent, credit=agreed.credit,
    )  # fmt: skip
