"""C, the second half: what left the house, what arrived, what is billed and paid."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.kernel.catalogue.entry import BOTH, PARTNER, US, Told

_ORDER = "gateway orders show NUMBER"
_HOLD = "gateway holds show ID"

TOLD: Mapping[str, Told] = MappingProxyType(
    {
        "C-SHIP-UNKNOWN": Told(
            "A warehouse says that it shipped something, but names an order or a line that we do not have or that is not to be shipped from there. "
            "The goods may have left; the customer gets neither ship notice nor invoice until it is put right.",
            PARTNER, commands=(_HOLD, _ORDER),
        ),
        "C-SHIP-TWICE": Told(
            "A warehouse uses a shipment number again that an earlier shipment has. It may be the same shipment told twice, or another one with a "
            "wrong number. Taking it could bill goods twice.",
            PARTNER, commands=(_HOLD, _ORDER),
        ),
        "C-SHIP-STOPPED": Told(
            "The order or line was cancelled or called back, and the warehouse shipped it all the same. The goods are on their way; somebody decides "
            "whether they are billed as they left or come back.",
            BOTH, commands=(_HOLD, "gateway holds accept ID --note TEXT"),
        ),
        "C-OVER-SHIP": Told(
            "The warehouse says it shipped more pieces than it was told to pick. The customer ordered less and may refuse the rest, so nothing is "
            "billed before somebody decides.",
            BOTH, commands=(_HOLD, "gateway holds accept ID --note TEXT"),
        ),
        "C-STORE": Told(
            "The order has goods for several stores, and each store gets a shipment of its own. This one mixes stores, or is for a store that "
            "ordered nothing of it.",
            PARTNER, commands=(_HOLD, _ORDER),
        ),
        "C-PREFLIGHT": Told(
            "Before a warehouse is told to pick, the gateway tries whether the ship notice could be written that many retailers fine to be without. "
            "Something is missing for it, such as the company prefix of carton labels. The goods have not moved.",
            US, commands=(_HOLD, _ORDER),
        ),
        "C-CREDIT-MEMO": Told(
            "Somebody asked to correct an invoice by more than was billed, or for a line or an invoice that is not there. Nothing was changed.",
            US, ("gateway invoices credit", "gateway invoices rebill"), ("gateway invoices show NUMBER",),
        ),
        "C-DELIVERY": Told(
            "A carrier or customer tells of a shipment that is none of ours, or of more pieces or cartons than left. It was not applied.",
            PARTNER, commands=(_HOLD, _ORDER),
        ),
        "C-DELIVERY-LATE": Told(
            "A shipment was to arrive on a certain day, and nobody has said that it did. It may be late, lost, or delivered and not told.",
            PARTNER, commands=(_ORDER, "gateway trace NUMBER"),
        ),
        "C-DELIVERY-FAILED": Told(
            "The carrier stood at the door and could not hand over the goods, or sends them back. Without somebody who acts they come back.",
            US, commands=(_ORDER, "gateway trace NUMBER"),
        ),
        "C-DELIVERY-SHORT": Told(
            "The customer counted fewer pieces than left here, or refused some. They will not pay for these, so it is settled now rather than "
            "when the payment is short.",
            US, commands=(_ORDER, "gateway invoices show NUMBER"),
        ),
        "C-DUP-PAYMENT": Told(
            "A payment came under a number that is booked already, and it says something else than the first one. It was not booked a second time.",
            PARTNER, commands=("gateway payments show NUMBER",),
        ),
        "C-CLAIM": Told(
            "The customer wants money back for an invoice that is none of theirs, or names none. So nobody can tell what the claim is about.",
            PARTNER, commands=("gateway claims list", "gateway invoices list"),
        ),
        "C-SSCC": Told(
            "Each carton has a number of its own (SSCC, 18 digits with a check digit) that stands on its label and in the ship notice. The one that "
            "is told is none, or none can be made here, since 'labels.gs1_prefix' is not set.",
            BOTH, commands=(_HOLD,),
        ),
    }
)  # fmt: skip
