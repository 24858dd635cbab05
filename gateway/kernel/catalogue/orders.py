"""C, the first half: what an order says, and what was agreed about orders."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.kernel.catalogue.entry import ALERTS, BOTH, FILES, HOLDS, PARTNER, RUNS, US, Told

_ORDER = "gateway orders show NUMBER"
_HOLD = "gateway holds show ID"

TOLD: Mapping[str, Told] = MappingProxyType(
    {
        "C-CHECK": Told(
            "A mapping can say what has to be true of a document, such as 'the lines add up to the total'. Here it is not true, so the document "
            "may be wrong although it could be read. The sentence is the one that the mapping gives.",
            PARTNER, (HOLDS, ALERTS, RUNS), (_HOLD, "gateway mapping explain NAME FILE"),
        ),
        "C-MAPPING": Told(
            "A value stands where the mapping looks for it, but cannot be made into what we need: a text where a number belongs, a date in another "
            "form, a code nobody gave a meaning to. The document waits and nothing of it counts yet.",
            BOTH, (HOLDS, ALERTS, RUNS), ("gateway values list", "gateway mapping explain NAME FILE"),
        ),
        "C-UNMAPPED": Told(
            "The file says something that no rule of its mapping reads, and the mapping says 'unmapped: hold'. It may be important (a "
            "delivery note, say), so the document waits until somebody has looked.",
            US, (HOLDS, ALERTS, RUNS), ("gateway mapping coverage NAME FILE", _HOLD),
        ),
        "C-GROUP-CONFLICT": Told(
            "Several rows of a table make one document, and what belongs to the whole of it (its date, its address) stands in each of them. Here the "
            "rows of one document say different things, and nobody can tell which is right.",
            PARTNER, (HOLDS, ALERTS, RUNS), (FILES,),
        ),
        "C-ROW": Told(
            "One row of a table file makes no sense: an item nobody knows, a negative stock, a price without a unit. It was left out, and the other "
            "rows of the file count. The sentence names file and row.",
            PARTNER, commands=(FILES, _HOLD),
        ),
        "C-DUP-PO": Told(
            "The partner sent a purchase order under a number that an earlier order has, and the two differ. It may be a correction or a mistake; "
            "delivering both could deliver twice.",
            PARTNER, commands=(_HOLD, _ORDER),
        ),
        "C-PRICE": Told(
            "The order has a price, an allowance or a charge that differs by more than was agreed from what our price list says. Taken as "
            "it is, the invoice would be disputed later. Nothing is reserved until somebody decides whose price counts.",
            BOTH, commands=(_HOLD, "gateway holds release ID --accept ours --note TEXT"),
        ),
        "C-CREDIT": Told(
            "With this order the customer would owe more than the limit in the partner file, or has not paid an invoice that is overdue. "
            "No warehouse is told to pick until somebody decides.",
            US, commands=(_HOLD, "gateway invoices list"),
        ),
        "C-ITEM": Told(
            "A line names an item by a number that is neither ours nor in the list of numbers that this partner uses. So nobody can tell what is "
            "ordered. If nobody decides until the answer is due, the line is refused.",
            BOTH, commands=(_HOLD, "gateway holds correct ID --line 1 --sku SKU --note TEXT", "gateway import item-ids FILE"),
        ),
        "C-UNIT": Told(
            "A line orders in a unit (a case, a pallet) that our item has no size for, or the barcode is that of another unit than the one that "
            "is written. Ten cases instead of ten pieces would be costly.",
            BOTH, commands=(_HOLD, "gateway holds correct ID --line 1 --uom EA --note TEXT"),
        ),
        "C-ADDRESS": Told(
            "Nobody can tell where the goods go: the order gives no street and city, and the place it names is not in our list, has no address "
            "there, or is closed.",
            PARTNER, commands=(_HOLD, "gateway import locations FILE"),
        ),
        "C-WINDOW": Told(
            "The days on which the buyer takes the goods cannot be kept: they are over, contradict each other, or the goods come in later. "
            "Goods that arrive outside of the window are refused or fined by many retailers.",
            BOTH, commands=(_HOLD, "gateway holds correct ID --ship-no-later DATE --note TEXT"),
        ),
        "C-MINIMUM": Told(
            "The order is worth less than 'minimum_order' in the partner file. Shipping it may cost more than it earns; somebody decides.",
            US, commands=(_HOLD, _ORDER),
        ),
        "C-DATA": Told(
            "The order asks for something the gateway does not do by itself, such as a currency that was not agreed or a special instruction. "
            "Nothing is ignored silently: the order waits until a person has taken care of it.",
            US, commands=(_HOLD, _ORDER),
        ),
        "C-CONFLICT": Told(
            "The order says one thing, and what was agreed in the partner file says another: backorders are wanted where none are allowed, say.",
            BOTH, commands=(_HOLD, "gateway holds accept ID --note TEXT"),
        ),
        "C-CHANGE": Told(
            "The partner wants to change an order that a warehouse has been told to pick, or wants something that must be asked. Until somebody "
            "decides nothing more is told to the warehouse.",
            US, commands=(_HOLD, _ORDER),
        ),
        "C-MANUAL": Told(
            "A colleague stopped this order by hand and wrote down why. Nothing more is told to a warehouse until it is released.",
            US, commands=(_HOLD, "gateway holds release ID --note TEXT"),
        ),
        "C-PROMISE": Told(
            "The partner file says (under 'sla') how soon something is done, such as an invoice within a day of shipping. The time is over and "
            "it is not done; the alert says what it may cost.",
            US, (ALERTS,), ("gateway promises",),
        ),
        "C-ANSWER-LATE": Told(
            "The partner wants an answer to each order within a time that is nearly over. The order is on hold, so there is none yet, and this partner "
            "takes no answer that says 'on hold'.",
            US, commands=(_ORDER,),
        ),
        "C-SDQ-SUM": Told(
            "A line of the order says how many pieces each store gets, and these add up to another number than the line orders. Either a store "
            "would get too few, or there would be goods that nobody asked for.",
            PARTNER, commands=(_HOLD,),
        ),
    }
)  # fmt: skip
