"""The script of the demo: who does what on which day, and where to look and what to try when it has ended.

To add to the demo, add a row. What came of a step may name ``{count}``, what its deed counted, and ``{how}``, that it was by SFTP.
"""

from dataclasses import dataclass

from gateway.app.demo.acme_sftp import Acme
from gateway.app.demo.deeds import Deed, brings, pays, ships, takes_back
from gateway.app.demo.stage import Stage

FRIDAY = "2026-11-20T20:00:00Z"
MONDAY = "2026-11-23T16:00:00Z"
TUESDAY = "2026-11-24T16:00:00Z"
ASKED = "2026-11-30T16:00:00Z"
BACK = "2026-12-01T16:00:00Z"
MONEY = "2026-12-02T16:00:00Z"
AFTER = "2026-12-03T15:00:00Z"
"""When the commands are given that are suggested at the end."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row: the moment, how people call its day, what somebody does, the deed itself, and what came of it."""

    moment: str
    day: str
    what: str
    deed: Deed
    result: str


@dataclass(frozen=True, slots=True)
class Look:
    """A file that is worth a look; ``path`` is a pattern that one file of the played site has."""

    path: str
    says: str


@dataclass(frozen=True, slots=True)
class Try:
    """A command that goes on from where the demo ended."""

    command: str
    says: str


# fmt: off
STEPS = (
    Step(FRIDAY, "Fri 20 Nov", "The ERP sends items, prices and warehouses",
         brings("erp", "items.csv", "item-ids.csv", "warehouses.csv", "prices.csv", "prices-euro.csv"), "{count} CSV files"),
    Step(FRIDAY, "", "The warehouse sends what it counted",
         brings("warehouse", "stock.csv"), ""),
    Step(FRIDAY, "", "ACME brings six orders as X12",
         brings("acme", "acme-orders-1.edi", "acme-orders-2.edi"), "{count} files{how}, one order breaks the standard"),
    Step(FRIDAY, "", "Bergwelt in Munich brings two orders as CSV",
         brings("bergwelt", "bergwelt.csv"), "semicolons, decimal commas, Latin-1"),
    Step(FRIDAY, "", "Polku in Helsinki brings one order as UBL XML",
         brings("polku", "polku.xml"), "each is answered in its own format"),
    Step(MONDAY, "Mon 23 Nov", "The warehouse ships",
         ships, "{count} orders; ship notices and invoices leave, for accounting too"),
    Step(TUESDAY, "Tue 24 Nov", "40 coolers come in",
         brings("warehouse", "goods-receipt.csv"), "ACME's backorder is filled, the warehouse gets a pick list"),
    Step(TUESDAY, "", "The warehouse ships them",
         ships, "a second ship notice, a second invoice"),
    Step(ASKED, "Mon 30 Nov", "ACME asks to return 4 damaged lanterns",
         brings("acme", "acme-return.edi"), "authorised as RMA-1 (X12 180)"),
    Step(BACK, "Tue 1 Dec", "The lanterns are back",
         takes_back("3", "4"), "a credit memo leaves"),
    Step(MONEY, "Wed 2 Dec", "The bank reports a payment",
         pays("acme", "4500017311"), "ACME paid order 4500017311"),
)

LOOKS = (
    Look("outbox/acme/997_1001_*.edi", "rejects one set: segment, element, code"),
    Look("outbox/acme/855_4500017302_*.edi", "10 of 24 coolers now, 14 wait (ACK*IB)"),
    Look("outbox/acme/856_DAL-SO-2-2_*.edi", "the 14 coolers that came later"),
    Look("outbox/acme/810_CM*.edi", "the credit memo for the lanterns"),
    Look("outbox/accounting/invoice_CM*.csv", "the same one, for accounting"),
    Look("outbox/bergwelt/order_receipt_BW-2208_*.csv", "a receipt in German, Latin-1, 22,90"),
    Look("outbox/bergwelt/invoice_INV*6_*.csv", "an invoice with their titles"),
    Look("outbox/polku/acknowledgment_PK-0318_*.xml", "a UBL order response"),
)

TRIES = (
    Try("gateway orders show 4500017302", "The order that was filled in two shipments, line by line:"),
    Try("gateway trace 4500017301", "The life of an order, from the file that came to the credit memo:"),
    Try("gateway holds list", "What waits for somebody, and why:"),
    Try("gateway holds release 4500017304 --accept theirs --note 'by phone' --now " + AFTER,
        "Take ACME's price, so that the order goes on (--now stays in the days of the demo):"),
    Try("cp samples/polku.xml inbox/polku/again.xml", "Drop a file that came before, and let the gateway work:"),
    Try("gateway run --once --now " + AFTER, ""),
    Try("gateway files list --partner polku", "It was known, answered again, and nothing was ordered twice:"),
    Try("gateway mapping explain bergwelt/orders samples/bergwelt.csv --field 'lines[1].unit_price'",
        "Which column of Bergwelt's file became our price:"),
    Try("gateway acks due", "Which of our files ACME has not acknowledged:"),
)
# fmt: on


def done(stage: Stage, step: Step) -> str:
    """Play a step, let the gateway do what follows from it, and say what came of it."""
    then = stage.at(step.moment)
    counted = step.deed(then)
    then.work()
    return step.result.format(count=counted, how=" over SFTP" if isinstance(stage.acme, Acme) else "")
