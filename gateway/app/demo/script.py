"""The script of the demo: who does what on which day, and where to look and what to try when it has ended.

To add to the demo, add a row. The sentence of a step may name ``{count}``, what its deed counted, and ``{how}``, that it was by SFTP.
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
    """One row: the moment, how people call its day, the deed, and what is told of it."""

    moment: str
    day: str
    deed: Deed
    says: str


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
    Step(FRIDAY, "Fri 20 Nov", brings("erp", "items.csv", "item-ids.csv", "warehouses.csv", "prices.csv", "prices-euro.csv"),
         "The ERP sends items, prices and warehouses: {count} CSV files."),
    Step(FRIDAY, "", brings("warehouse", "stock.csv"),
         "The warehouse sends what it counted."),
    Step(FRIDAY, "", brings("acme", "acme-orders-1.edi", "acme-orders-2.edi"),
         "ACME brings six orders in {count} X12 files{how}; one breaks the standard."),
    Step(FRIDAY, "", brings("bergwelt", "bergwelt.csv"),
         "Bergwelt in Munich brings two orders as CSV: semicolons, decimal commas, Latin-1."),
    Step(FRIDAY, "", brings("polku", "polku.xml"),
         "Polku in Helsinki brings one order as UBL XML. Each is answered in its own format."),
    Step(MONDAY, "Mon 23 Nov", ships,
         "The warehouse ships {count} orders: ship notices and invoices leave, for accounting too."),
    Step(TUESDAY, "Tue 24 Nov", brings("warehouse", "goods-receipt.csv"),
         "40 coolers come in: ACME's backorder is filled, the warehouse gets a pick list."),
    Step(TUESDAY, "", ships,
         "The warehouse ships them: a second ship notice, a second invoice."),
    Step(ASKED, "Mon 30 Nov", brings("acme", "acme-return.edi"),
         "ACME asks to return 4 damaged lanterns (X12 180): authorised as RMA-1."),
    Step(BACK, "Tue 1 Dec", takes_back("3", "4"),
         "The {count} lanterns are back: a credit memo leaves."),
    Step(MONEY, "Wed 2 Dec", pays("acme", "4500017311"),
         "The bank reports that ACME paid order 4500017311."),
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
    """Play a step, let the gateway do what follows from it, and say what happened."""
    then = stage.at(step.moment)
    counted = step.deed(then)
    then.work()
    return step.says.format(count=counted, how=" over SFTP" if isinstance(stage.acme, Acme) else "")
