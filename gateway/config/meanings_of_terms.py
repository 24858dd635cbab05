"""What each key of the terms of a partner file is for, in the words of the reference page and of the editor's help."""

from collections.abc import Mapping

TERMS: Mapping[str, Mapping[str, str]] = {
    "TermsSection": {
        "account": "Their number with us, for accounting.",
        "currency": "The currency of orders and prices. Empty: the site's. Orders in another one wait (`C-DATA`).",
        "price_list": "The `price_list` of the price file that counts for them; what it lacks is looked for in `list`.",
        "price_tolerance": "How far their price may be below ours, and what happens outside of that.",
        "contracts": "Price lists that come before `price_list`.",
        "allowances": "Allowances on each invoice.",
        "header_charges": "Which invoice bears allowances and charges of a fixed amount: the first, the last, or each in proportion to its goods.",
        "tax": "`exempt`, or which taxes are billed.",
        "unknown_item": "An item that we do not have: its line is rejected (`R2`), or the order waits (`C-ITEM`) until the answer is due.",
        "credit": "How much they may owe us. Empty: as much as they like.",
        "payment": "When they pay, and how payments are applied.",
        "discount_grace_days": "So many days after its last day a discount is still taken in time.",
        "backorder": "Whether what is missing is delivered later: as the order says, always or never.",
        "substitution": "Whether another item may be served: as the order says (else no), always or never.",
        "partial_shipments": "`false`: nothing is picked while a line waits for goods.",
        "minimum_order": "An order below it waits (`C-MINIMUM`).",
        "over_ship": "How much more than ordered may leave without asking.",
        "lead_days": "So many days before ship-not-before the warehouse is told to pick; until then the order stays `allocated`.",
        "receiving_days": "Days between the arrival of goods and their use in a promise.",
        "transit_days": "Days on the way: a number, or by state with a `default`.",
        "routing": "Who carries an order that names no carrier.",
        "reserve_while_held": "How long an order on hold keeps goods reserved.",
        "stores": "What becomes of quantities by store (SDQ): a shipment for each store, or an order for each.",
        "change_quantity": "What the quantity of a changed line is: the new total, or the difference.",
        "returns": "What may come back.",
        "dunning": "When a customer is reminded of overdue invoices. Without levels never.",
        "sourcing": "Which warehouse serves a line; the first rule that decides.",
        "duplicates": "When an order is one that we have, and what happens then.",
        "on_line_error": "Whether an order with a line that cannot be accepted keeps its other lines.",
    },
    "PriceTolerance": {
        "percent": "At most so many percent.",
        "amount": "At most so much per unit; where both are given, both hold.",
        "outside": "The order waits, our price counts, theirs counts, or the line is rejected.",
    },
    "AgreedAllowance": {"code": "Which allowance it is (SAC02), like `C310`.", "percent": "Of the goods."},
    "Tax": {
        "file": "A table with the columns `state`, `tax_code`, `percent`.",
        "rates": "The rates themselves.",
    },
    "TaxRate": {
        "state": "Where the goods go to.",
        "tax_code": "Of items with this `tax_code`. Empty: of all.",
        "percent": "The rate.",
    },
    "Credit": {
        "limit": "The most they may owe, orders not yet billed included; above it an order waits (`C-CREDIT`).",
        "overdue_days": "An order also waits while an invoice is overdue for longer.",
        "group": "Partners of one group count together.",
    },
    "Payment": {
        "discount_percent": "The cash discount.",
        "discount_days": "Days after the invoice within which it may be taken.",
        "net_days": "Days after the invoice when it is due.",
        "apply": "`remittance`: a payment that does not say what it is for, and fits nothing exactly, stays unapplied. `oldest_first`: it pays the oldest invoices.",
    },
    "OverShip": {"percent": "Of the line."},
    "Routing": {
        "file": "A table with the columns `carrier_scac`, `service`, `freight_terms`, `transit_days`, for `state`, `postal_prefix`, `max_weight`, `max_cartons`; the first row that fits counts."
    },
    "Returns": {
        "window": "How long after shipping.",
        "reasons": "For which reasons. Empty: for any.",
        "restocking_percent": "What we keep of the price.",
        "exchange": "When what is sent instead leaves: when the goods are back, or at once.",
        "credit": "What the customer gets: a credit invoice (`810`) or a credit adjustment (`812`).",
    },
    "Dunning": {
        "levels": "Days overdue at which a reminder leaves, the first, the second and so on.",
        "grace_days": "So many more days are given before each.",
    },
    "Duplicates": {
        "key": "What makes two orders the same.",
        "window": "How far back.",
        "same_content": "The same order again: it is answered again, held, or rejected.",
        "different_content": "The same number with other content: held, rejected, or accepted.",
    },
}
