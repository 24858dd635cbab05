"""The pages of what is done with orders, holds, goods and returns."""

from gateway.cli.manual.exit_codes import does, shows
from gateway.cli.manual.page import Page, Pages

STATE = "its state forbids it"
PAGES: Pages = {
    "orders": Page(
        """An order is named by our number or by the partner's PO number; where two partners use the same PO number, --partner
        says whose. What is changed by hand is decided, answered and recorded exactly as if a file had asked for it.""",
        (
            ("orders list --status on_hold", "What does not go on."),
            ("orders show PO-4471", "One order with everything that belongs to it."),
        ),
        see=("holds list", "trace", "promises"),
    ),
    "orders list": Page(
        "It only looks. Orders of the test stream are not among them, unless --test asks for those.",
        (
            ("orders list", "All orders."),
            ("orders list --partner acme --status on_hold", "Those of ACME that do not go on."),
            ("orders list --json", "For a program."),
        ),
        shows("partner"),
        see=("orders show", "holds list"),
    ),
    "orders show": Page(
        "It only looks.",
        (
            ("orders show PO-4471", "By the partner's number."),
            ("orders show SO-0000001", "By ours."),
            ("orders show PO-4471 --partner acme --json", "For a program; and whose, when two partners use that number."),
        ),
        shows("order"),
        see=("trace", "orders list"),
    ),
    "orders new": Page(
        """For an order that came by telephone or mail. It is checked like one that came as a file: prices, credit, stock and the
        terms of the partner; it may be held. The partner gets the answers that were agreed. A PO number that is there already
        is not taken twice.

        Either the options say the order, or a file in our own form does ('gateway mapping run' prints that form).""",
        (
            ("orders new --partner acme --po PO-4471 --line TENT-2P:24:EA:89.95 --ship-to 0003", "Two dozen tents at 89.95, to store 3."),
            ("orders new --partner acme --po PO-4472 --line TENT-2P:2 --line STOVE-1:4", "Two lines; unit and price as agreed."),
            ("orders new order.yaml --partner acme", "What a file says."),
        ),
        does("placed, 1 something of it is held", "partner or file", "another process works on the site"),
        see=("orders show", "holds list", "import"),
    ),
    "orders hold": Page(
        "Nothing more of it is told to a warehouse until the hold is ended; what has left stays left.",
        (('orders hold PO-4471 --reason "the buyer called"', "Stop it; the reason stands in the list of holds."),),
        does("on hold", "order", STATE),
        see=("orders release", "holds list"),
    ),
    "orders release": Page(
        """Ends all holds of the order, or with --code those of one cause; then it goes on by itself. Where prices differ it must be
        said whose count. Some holds cannot be released, only corrected or rejected: 'gateway holds show' says how each ends.""",
        (
            ('orders release PO-4471 --note "checked with the buyer"', "End everything that holds it."),
            ('orders release PO-4471 --accept ours --note "agreed"', "A price hold: our prices count."),
        ),
        does("released", "order or hold", STATE),
        see=("holds show", "orders accept", "orders correct"),
    ),
    "orders accept": Page(
        "The same as 'gateway orders release --accept theirs', for holds that ask about prices. Other holds stay.",
        (('orders accept PO-4471 --note "agreed by phone"', "Deliver at the prices of their order."),),
        does("accepted", "order or hold", STATE),
        see=("orders release", "holds accept"),
    ),
    "orders correct": Page(
        """Changes what the order says, before it is decided, and checks it again; what was wrong and what you made of it are both
        kept. An order that was decided already is changed with 'gateway orders change'. --address gives single parts of an
        address; another --ship-to-id takes the old address away.""",
        (
            ('orders correct PO-4471 --line 2 --sku BAG-20F --note "they meant the bag"', "Another item on line 2."),
            ('orders correct PO-4471 --address city=Austin --address state=TX --note "typing error"', "Part of the address."),
            ('orders correct PO-4471 --cancel-after "" --note "no date was meant"', "Take a date away."),
        ),
        does("corrected", "order", STATE),
        see=("holds correct", "orders change", "orders release"),
    ),
    "orders reject": Page(
        """The partner is told that we do not deliver: by an 855, or whatever was agreed. What has shipped already stays shipped and is
        billed. It cannot be undone.""",
        (('orders reject SO-7 --reason "credit refused"', "Reject what is left; the reason goes into the trail."),),
        does("rejected", "order", STATE),
        see=("orders cancel", "holds reject"),
    ),
    "orders cancel": Page(
        "The partner is told as agreed. What has left cannot be cancelled: take it back with 'gateway returns'.",
        (
            ('orders cancel PO-4471 --reason "the buyer called"', "All that has not left."),
            ('orders cancel PO-4471 --line 2 --quantity 6 --reason "the buyer called"', "Six of line 2, in its unit."),
        ),
        does("cancelled", "order", STATE),
        see=("orders change", "returns request"),
    ),
    "orders close": Page(
        "For a paid order of which nothing more is expected; no order closes by itself. It opens again when a return is authorised or another invoice is issued.",
        (('orders close PO-4471 --reason "filed"', "Nothing more is expected of it."),),
        does("closed", "order", STATE),
        see=("orders show",),
    ),
    "orders change": Page(
        """The same decision as for a change that came as an 860: what was shipped cannot be taken away, a new price is compared
        with the contract, and the partner is answered as agreed. It may wait for a decision; that is a hold then.""",
        (
            ('orders change PO-4471 --line 1 --quantity 6 --reason "by phone"', "Six in all on line 1."),
            ('orders change PO-4471 --date 2026-12-01 --reason "by phone"', "The whole order on another day."),
            ('orders change PO-4471 --line 2 --delete --reason "by phone"', "Without line 2."),
        ),
        does("changed, or it waits for a decision, 1 it was refused", "order", STATE),
        see=("orders correct", "orders cancel"),
    ),
    "orders ship": Page(
        """For a warehouse that sends no files. Stock goes down, the ship notice (856) and the invoice (810) leave as agreed. Without
        --line everything that was to be picked has left. What is more than ordered, or of an order that was stopped, needs a
        --note.""",
        (
            ("orders ship PO-4471 --carrier UPGN --bol BOL9001", "All of it left today."),
            ("orders ship PO-4471 --line 1=20 --carrier UPGN --bol BOL9001", "Twenty of line 1."),
            ("orders ship PO-4471 --line 1=20 --line 2=6 --warehouse DAL", "A part of two lines, from Dallas."),
        ),
        does("shipped", "order", "it is not to be shipped so; the sentence says why"),
        see=("orders labels", "orders packing-slip", "import"),
    ),
    "orders labels": Page(
        "In ZPL, the language of label printers. Printing changes nothing: the numbers (SSCC-18) were given when the cartons left.",
        (
            ("orders labels DAL-9001 --out labels.zpl", "The labels of one shipment, into a file."),
            ("orders labels PO-4471 > /dev/usb/lp0", "Those of a whole order, to a printer."),
        ),
        shows("shipment or order", writes="the file"),
        see=("orders packing-slip", "orders ship"),
    ),
    "orders packing-slip": Page(
        "As plain text, carton by carton. Printing changes nothing.",
        (
            ("orders packing-slip DAL-9001", "What is in the cartons of one shipment."),
            ("orders packing-slip PO-4471 --out slip.txt", "Of a whole order, into a file."),
        ),
        shows("shipment or order", writes="the file"),
        see=("orders labels",),
    ),
    "holds": Page(
        """What the gateway may not decide alone waits here: an order, a document or a file, with the cause, the figures, and how it
        can end. Every end needs a note and is recorded with who did it.""",
        (
            ("holds list", "Everything that waits."),
            ("holds show H-1a2b3c4d", "One of them, with how it may end."),
        ),
        see=("orders list", "alerts list", "trace"),
    ),
    "holds list": Page(
        "It only looks. Each hold names its code and the command that most likely helps.",
        (
            ("holds list", "What waits, and what to do."),
            ("holds list --json", "For a program."),
        ),
        shows(),
        see=("holds show", "holds release"),
    ),
    "holds show": Page(
        "It only looks. The number of an order shows the hold of that order.",
        (
            ("holds show H-1a2b3c4d", "By the id that the list shows."),
            ("holds show PO-4471", "By the order."),
        ),
        shows("hold"),
        see=("holds release", "holds correct", "holds reject"),
    ),
    "holds release": Page(
        """What is wrong is accepted as it is, and the order or file goes on. For what was wrong in a mapping or partner file: mend that
        first, then release, and the file is read again. 'all' with --partner and --code ends all documents held for one cause.""",
        (
            ('holds release H-1a2b3c4d --note "checked with the buyer"', "One hold."),
            ('holds release H-1a2b3c4d --accept theirs --note "agreed by phone"', "A price hold, at their prices."),
            ('holds release all --partner acme --code M041 --note "the mapping is mended"', "Everything of one cause."),
        ),
        does("released", "hold", "this hold does not end so"),
        see=("holds show", "holds correct", "holds reject"),
    ),
    "holds accept": Page(
        "Only holds that ask whose value counts end so; others stay, and it is said.",
        (('holds accept H-1a2b3c4d --note "agreed by phone"', "Their value counts."),),
        does("accepted", "hold", "this hold does not end so"),
        see=("holds release", "orders accept"),
    ),
    "holds correct": Page(
        "What was sent and what you made of it are both kept, and shown with the order.",
        (
            ('holds correct H-1a2b3c4d --line 2 --price 64.50 --note "typing error"', "Another price on line 2."),
            ('holds correct PO-4471 --ship-to-id 0003 --note "they meant store 3"', "Another place to ship to."),
        ),
        does("corrected", "hold", STATE),
        see=("orders correct", "holds release"),
    ),
    "holds reject": Page(
        """A held order is rejected and the partner told as agreed; a held document or file is not taken. The file stays in the archive.
        It cannot be undone.""",
        (('holds reject H-1a2b3c4d --note "they sent a new file"', "Do not take it."),),
        does("rejected", "hold", "this hold does not end so"),
        see=("holds release", "orders reject"),
    ),
    "returns": Page(
        """A return begins with a number (RMA), by file (180) or by hand; then goods come, are judged, and are credited.""",
        (
            ("returns list --state open", "What is still to come."),
            ("returns receive RMA-1 --line 1 --quantity 2 --disposition restock", "Two came back and are sold again."),
        ),
        see=("invoices credit", "claims list"),
    ),
    "returns list": Page(
        "It only looks.",
        (
            ("returns list", "All returns."),
            ("returns list --state open", "Those of which something is to come."),
            ("returns list --partner acme --state open", "Those of ACME of which something is to come."),
        ),
        shows("partner"),
        see=("returns show",),
    ),
    "returns show": Page(
        "It only looks: what was asked for, what came, what became of it, what was credited.",
        (("returns show RMA-1", "One return."), ("returns show RMA-1 --json", "For a program.")),
        shows("return"),
        see=("returns receive", "returns close"),
    ),
    "returns request": Page(
        """It is decided by the terms of the partner: whether it is still in time, whether the goods may come back, whether a fee is
        due. The number it gets is what goes on the parcel. With --exchange the goods are sent again.""",
        (
            ("returns request PO-4471 --line 1 --quantity 2 --reason damaged", "Two of line 1, in the ordered unit."),
            ("returns request PO-4471 --line 1 --quantity 2 --reason damaged --exchange", "The same, and send two new ones."),
        ),
        does("authorised, 1 refused", "order", STATE),
        see=("returns show", "returns receive"),
    ),
    "returns receive": Page(
        """restock: it can be sold again. scrap: it is thrown away. refurbish: it is repaired first. The customer gets the credit
        that was agreed, unless --no-credit says that the customer is to blame; then say the --reason.""",
        (
            ("returns receive RMA-1 --line 1 --quantity 2 --disposition restock", "On the shelf again."),
            ("returns receive RMA-1 --line 1 --quantity 2 --disposition restock --warehouse DAL", "In Dallas."),
            ('returns receive RMA-1 --line 1 --quantity 1 --disposition scrap --no-credit --reason "used"', "Worn, and not credited."),
        ),
        does("received", "return", STATE),
        see=("returns show", "returns close", "invoices show"),
    ),
    "returns close": Page(
        "What did not come is not awaited any more and not credited.",
        (('returns close RMA-1 --reason "the rest was kept"', "Nothing more comes."),),
        does("closed", "return", STATE),
        see=("returns cancel",),
    ),
    "returns cancel": Page(
        "Only as long as nothing came; else close it.",
        (('returns cancel RMA-1 --reason "sent in error"', "As if it had not been asked for."),),
        does("cancelled", "return", STATE),
        see=("returns close",),
    ),
    "stock": Page(
        """Stock comes from counts and confirmations that warehouses send; here a person looks and puts right. Each change is an entry
        with its reason.""",
        (
            ("stock list --warehouse DAL", "What stands in Dallas."),
            ("stock backorders", "Who waits for what."),
        ),
        see=("replenish", "import"),
    ),
    "stock list": Page(
        "It only looks. Quantities are in the stock unit of the item.",
        (("stock list", "Everything, everywhere."), ("stock list --warehouse DAL", "One warehouse.")),
        shows(),
        see=("stock show", "stock backorders"),
    ),
    "stock show": Page(
        "It only looks.",
        (("stock show TENT-2P", "Each change with its reason, and for whom it is kept."),),
        shows("item"),
        see=("stock adjust", "stock list"),
    ),
    "stock backorders": Page(
        "It only looks: backorders fill by themselves as soon as goods come.",
        (("stock backorders", "The oldest first."), ("stock backorders --json", "For a program.")),
        shows(),
        see=("replenish", "orders cancel"),
    ),
    "stock adjust": Page(
        """A difference, not a new total. Where less is left than was promised to orders, some of them have to wait again; less than nothing cannot be.""",
        (
            ('stock adjust TENT-2P --warehouse DAL --quantity -3 --reason "broken on the shelf"', "Three less."),
            ('stock adjust TENT-2P --warehouse DAL --quantity 2 --reason "found"', "Two more."),
        ),
        does("booked", "item or warehouse", STATE),
        see=("stock show", "import"),
    ),
    "stock move": Page(
        "Only what is promised to nobody is moved.",
        (('stock move TENT-2P --from RNO --to DAL --quantity 10 --reason "Dallas runs out"', "Ten from Reno to Dallas."),),
        does("moved", "item or warehouse", STATE),
        see=("replenish", "stock list"),
    ),
    "stock block": Page(
        "Blocked goods stay in stock and are promised to nobody.",
        (
            ('stock block TENT-2P --warehouse DAL --quantity 5 --reason "wet cartons"', "Keep five back."),
            ('stock block TENT-2P --warehouse DAL --quantity -5 --reason "dried"', "Give them back."),
        ),
        does("booked", "item or warehouse", STATE),
        see=("stock show",),
    ),
    "replenish": Page(
        """Compares stock, orders, what comes and what was sold with the reorder points of the items. Without --write it only looks;
        with it, moves go to the warehouses and needs to the ERP, as files, and are recorded.""",
        (
            ("replenish", "What is needed everywhere, and why."),
            ("replenish --warehouse DAL", "Only Dallas."),
            ("replenish --write", "Send it."),
        ),
        does("shown or sent", "warehouse", "another process works on the site"),
        see=("stock list", "stock backorders"),
    ),
}  # fmt: skip
