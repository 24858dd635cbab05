"""The pages of what is done with invoices, payments and claims."""

from gateway.cli.manual.exit_codes import does, shows
from gateway.cli.manual.page import Page, Pages

STATE = "its state, or what is left of it, forbids it"
PAGES: Pages = {
    "invoices": Page(
        """Invoices are written by themselves when goods leave. They are never changed: a mistake is credited, and billed
        right.""",
        (
            ("invoices list --open", "What is not paid."),
            ('invoices rebill INV0000001 --line 1 --price 84.50 --reason "the contract price"', "Put a price right."),
        ),
        see=("payments ageing", "claims list", "returns list"),
    ),
    "invoices list": Page(
        "It only looks.",
        (
            ("invoices list --partner acme --open", "What ACME has still to pay."),
            ("invoices list --json", "Everything, for a program."),
        ),
        shows("partner"),
        see=("invoices show", "payments ageing"),
    ),
    "invoices show": Page(
        "It only looks.",
        (("invoices show INV0000001", "An invoice; credit memos are shown the same way."),),
        shows("invoice"),
        see=("invoices credit", "invoices rebill", "trace"),
    ),
    "invoices credit": Page(
        """The credit memo leaves as agreed (810 or 812), and accounting gets it too. One thing at a time: so many of a line, a lower price of a line,
        a part of the freight, or everything that is left. Amounts are in the currency of the invoice. It cannot be taken
        back.""",
        (
            ('invoices credit INV0000001 --line 1 --quantity 2 --reason "two were broken"', "Two units of line 1."),
            ('invoices credit INV0000001 --line 1 --price 84.50 --reason "contract"', "The difference to the right price."),
            ('invoices credit INV0000001 --all --reason "billed twice"', "All that is left of it."),
        ),
        does("credited", "invoice", STATE),
        see=("invoices rebill", "returns request"),
    ),
    "invoices rebill": Page(
        "Two documents leave: a credit memo for what was wrong, and an invoice of what is right. With --all the whole invoice is "
        "billed again by the taxes as they are now.",
        (
            ('invoices rebill INV0000001 --line 1 --price 84.50 --reason "the contract price"', "Line 1 at another price."),
            ('invoices rebill INV0000001 --all --reason "they are exempt"', "The whole invoice."),
        ),
        does("credited and billed", "invoice", STATE),
        see=("invoices credit",),
    ),
    "payments": Page(
        """Payments come as files (820, CSV) or by hand, and settle invoices. What cannot be applied surely stays unapplied until
        somebody says what it is for.""",
        (
            ("payments list --unapplied", "Money of which nobody knows what it is for."),
            ("payments ageing", "Who owes how much since when."),
        ),
        see=("invoices list", "claims list"),
    ),
    "payments list": Page(
        "It only looks.",
        (
            ("payments list --unapplied", "What settles nothing yet, and why."),
            ("payments list --partner acme --json", "All of ACME, for a program."),
        ),
        shows("partner"),
        see=("payments show", "payments apply"),
    ),
    "payments show": Page(
        "It only looks. Where two partners use the same number, --partner says whose.",
        (("payments show P-1001", "One payment, entry by entry."),),
        shows("payment"),
        see=("payments apply", "payments unapply"),
    ),
    "payments new": Page(
        """With --invoice it settles those invoices; an amount after '=' settles a part. Without it the same rules find what it is
        for as with a file. What is paid too little becomes a claim or a discount as the terms say.""",
        (
            ('payments new CHK-77 --partner acme --amount 899.50 --note "cheque"', "A cheque; what it is for is found."),
            ('payments new CHK-78 --partner acme --amount 500 --invoice INV0000001=500 --note "a part"', "A part of one invoice."),
            ('payments new CHK-77R --partner acme --amount -899.50 --note "bounced"', "The bank took it back."),
        ),
        does("booked", "partner or invoice", "there is a payment of this number"),
        see=("payments show", "import"),
    ),
    "payments apply": Page(
        "Say for which invoice, or --oldest: then the oldest open ones first. Without --amount as much as fits.",
        (
            ('payments apply P-1001 --invoice INV0000001 --note "buyer called"', "For this invoice."),
            ('payments apply P-1001 --oldest --note "as agreed"', "For what is owed longest."),
        ),
        does("applied", "payment or invoice", STATE),
        see=("payments unapply", "payments list"),
    ),
    "payments apply-credit": Page(
        "Both must be of one partner and in one currency. Without --amount as much as fits.",
        (('payments apply-credit CM0000001 --invoice INV0000002 --note "agreed"', "Set one off against the other."),),
        does("applied", "credit or invoice", STATE),
        see=("invoices list", "invoices credit"),
    ),
    "payments unapply": Page(
        "The money is unapplied again, not gone. With --invoice it is taken off that invoice only.",
        (
            ('payments unapply P-1001 --note "wrong one"', "Off everything."),
            ('payments unapply P-1001 --invoice INV0000001 --note "wrong one"', "Off one invoice."),
        ),
        does("taken off", "payment or invoice", STATE),
        see=("payments apply",),
    ),
    "payments refund": Page(
        "It only notes it: the gateway moves no money. Without --amount all that is unapplied.",
        (('payments refund P-1001 --amount 12.50 --note "paid twice"', "12.50 was given back."),),
        does("noted", "payment", STATE),
        see=("payments show",),
    ),
    "payments move": Page(
        "For money that was booked for the wrong partner. What is applied must be taken off first.",
        (('payments move P-9 --to acme --note "their bank"', "It is ACME's."),),
        does("moved", "payment or partner", STATE),
        see=("payments unapply",),
    ),
    "payments ageing": Page(
        "It only looks: what is not due, and what is overdue, by age and partner, each in its currency.",
        (
            ("payments ageing", "As of now."),
            ("payments ageing --now 2026-12-31T12:00:00Z", "As it will be at the end of the year, if nobody pays."),
        ),
        shows("partner"),
        see=("payments dun", "invoices list"),
    ),
    "payments dun": Page(
        "Which reminders are due is said by the terms of each partner. 'gateway run' sends them every day by itself.",
        (
            ("payments dun --dry-run", "See which would leave. None does."),
            ("payments dun", "Send them."),
        ),
        does("sent, or nothing was due", "partner", "another process works on the site"),
        see=("payments ageing",),
    ),
    "claims": Page(
        "A claim is money that a partner took off a payment or disputes. It is open until somebody accepts or rejects it.",
        (("claims list --state open", "What is to be judged."),),
        see=("payments list", "invoices show"),
    ),
    "claims list": Page(
        "It only looks.",
        (("claims list --state open", "What is to be judged."), ("claims list --partner acme", "All that ACME ever claimed.")),
        shows("partner"),
        see=("claims show",),
    ),
    "claims show": Page(
        "It only looks.",
        (("claims show CL-1", "What is claimed for what, and what was said to it."),),
        shows("claim"),
        see=("claims accept", "claims reject"),
    ),
    "claims accept": Page(
        "What is accepted is not owed any more. With --amount only so much of it; the rest stays open.",
        (
            ('claims accept CL-1 --note "goods were damaged"', "All of it."),
            ('claims accept CL-1 --amount 25.00 --note "half of it"', "A part."),
        ),
        does("accepted", "claim", STATE),
        see=("claims reject", "invoices credit"),
    ),
    "claims reject": Page(
        "The amount is open on its invoice again, and is counted and reminded of as such.",
        (('claims reject CL-1 --note "delivered in full"', "It is owed."),),
        does("rejected", "claim", STATE),
        see=("claims accept", "payments ageing"),
    ),
}  # fmt: skip
