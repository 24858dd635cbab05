"""The catalogue of causes: every code a person can meet, what it means and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Cause:
    """What a code means in a few words, and the next step for whoever reads it."""

    title: str
    next_step: str


CAUSES: Mapping[str, Cause] = MappingProxyType(
    {
        "F-SILENT": Cause("A file that was expected by a time of the day did not come", "Ask the partner for the file; the alert is over when it comes."),
        "F-EMPTY": Cause("The file is empty", "Ask the partner to send the file again."),
        "F-BINARY": Cause("The file is in no format this partner is configured for", "Look at the file with 'gateway files list'; ask the partner what it is."),
        "F-UNREADABLE": Cause("The file cannot be read", "Look at its permissions, and whether it is still there."),
        "F-MARKER": Cause("A file and its marker did not come together", "Ask the sender for what is missing; or take 'marker' out of 'ready' in the partner file."),
        "F-TOO-LARGE": Cause("The file is larger than what is taken", "Ask the sender to send it in parts, or raise 'file_limit' in the partner file."),
        "F-ENCODING": Cause("The file is not in the agreed encoding", "Ask the sender for the file in the agreed encoding, or set 'encoding' in the mapping."),
        "F-COLUMNS": Cause("The rows of the file do not fit its header", "Ask the sender for a corrected file."),
        "F-RECORDS": Cause("A record of the file is missing or stands where it cannot", "Ask the sender for a corrected file."),
        "F-XML": Cause("The XML file cannot be read", "Ask the sender for the file again, corrected at the line and column named."),
        "S-XML-DTD": Cause("The XML file has a document type", "Ask the sender for the file without <!DOCTYPE; it is never obeyed or fetched."),
        "S-SENDER": Cause("The sender in the file is not this partner", "Compare the ids in the file with 'x12.them' in the partner file; nothing was answered."),
        "F-GAP": Cause("The file was taken before the database was brought back from a copy", "Release it to have it read again, if what it brought is not in the house otherwise; else reject it with a note. 'gateway holds release all --partner NAME --code F-GAP' reads all of a partner again."),
        "S-WEBHOOK": Cause("A webhook leads where nothing may be sent", "Look at its 'url' in gateway.yaml; a machine of your own network is named under 'alerts.allow_hosts'."),
        "S-FILETYPE": Cause("Not an ordinary file", "Remove it from the folder; links, devices and folders are never opened."),
        "S-HOST-KEY": Cause("A server shows another host key than the one that is pinned", "Ask the partner by telephone whether it changed. If so, put the new one into 'host_key' of the partner file, then: gateway partner test NAME. Nothing was sent there, and we did not log in."),
        "S-LOGIN": Cause("A server does not let us in", "Ask the partner whether user and key or password are right, then: gateway partner test NAME. It is not tried again until then, so that no account is locked."),
        "T-REMOTE-NAME": Cause("A server lists a file under what is no name", "Ask the partner to rename it; names with '/' are never fetched."),
        "T-DISK": Cause("Our disk is full or broken", "Make room or mend it; nothing is taken meanwhile, nothing is lost, and it goes on by itself."),
        "T-FOLDER": Cause("A folder of a partner cannot be read", "Look at its rights, and whether its disk is there; it goes on by itself."),
        "X-ISA": Cause("The interchange header (ISA) cannot be read", "Ask the partner to send the file again with a complete ISA segment."),
        "X-SEPARATORS": Cause("The separators of the file cannot separate", "Ask the partner for a file whose separators are distinct and neither letters, digits nor blanks."),
        "X-LIMIT": Cause("The file is larger than what is read", "Ask the partner to send it in parts."),
        "X-TRUNCATED": Cause("The file looks cut off", "Ask the partner to send the whole file again."),
        "X-CHARSET": Cause("The file has a byte outside of the agreed character set", "Ask the partner to send it again without that character, or agree on another 'x12.charset' in the partner file and drop the file again."),
        "X-REPAIR": Cause("An interchange is damaged in a way that was not agreed to be repaired", "Ask the partner to send that interchange again undamaged, or add the repair to 'x12.repairs' of the partner file and drop that interchange again, in a file of its own."),
        "X-REJECTED": Cause("A transaction set breaks the X12 rules and was rejected", "Nothing is to be done here: the 997 told the partner. Wait for a corrected document, and ask for it if none comes."),
        "X-DUP-ICN": Cause("This interchange control number was used before with other content", "Ask the partner which of the two counts; have the right one sent with a new ISA13."),
        "X-STRUCTURE": Cause("A transaction set was rejected: a segment is missing, unknown or out of place", "Nothing is to be done here: the 997 told the partner. Wait for a corrected document, and ask for it if none comes."),
        "A-REJECTED": Cause("The partner rejected a document of ours", "Correct what they name and send the document again, or ask them to take it as it is."),
        "A-OVERDUE": Cause("A partner did not acknowledge a document of ours in time", "Ask the partner whether the file arrived; 'gateway acks overdue' lists what is missing."),
        "A-ORPHAN": Cause("An answer to nothing we sent", "Compare the control number with 'gateway trace'; ask the partner which document is meant."),
        "A-TWICE": Cause("A partner answered twice and differently", "The later answer counts; ask the partner which one is right."),
        "A-UNREADABLE": Cause("An answer that does not say whether our document was accepted", "Ask the partner for a complete 997, 999, TA1 or 824."),
        "P-NOT-ACTED-ON": Cause("The document was read, but this version does nothing with documents of its kind", "Do what it says by hand; 'gateway mapping run' shows what it says. It is kept."),
        "P-NO-MAPPING": Cause("No mapping of this partner fits this document", "Add the document to the partner file, then release."),
        "P-SUSPENDED": Cause("The partner is suspended", "Set 'status: live' in the partner file and release."),
        "P-GUIDE": Cause("The document keeps to the standard but breaks the partner's own guide", "Ask the partner; release the order, or reject it. A guide that is wrong is corrected in mappings/OWNER/guides."),
        "P-NO-WAREHOUSE": Cause("No partner serves this warehouse", "Add the warehouse to 'serves' of a warehouse partner."),
        "P-NO-CHANNEL": Cause("The partner has no outbound channel for this document", "Add 'channels.out' to the partner file."),
        "D-NAME-TAKEN": Cause("A file of ours has the name of another one that is there", "Ask the partner to take the other one away, then 'gateway dispatch retry ID'; or send it under a new name: 'gateway dispatch resend ID --new-number --note TEXT'."),
        "D-GIVEN-UP": Cause("A file could not be delivered for as long as was agreed", "See with 'gateway channels list' why. When the channel works again: 'gateway dispatch retry ID', or all of a partner with '--partner NAME'."),
        "D-UNSURE": Cause("Nobody knows whether a file arrived", "Ask the partner. If it did: 'gateway dispatch cancel ID --note TEXT'; if not: 'gateway dispatch retry ID'."),
        "T-CHANNEL": Cause("A channel cannot be used", "See with 'gateway channels list' since when and why, and with 'gateway partner test NAME' what does not work. It is tried again by itself; what is to leave through it is kept and leaves in order when it works again."),
        "M072": Cause("A line of the file is none of the records that the mapping knows", "Ask the sender what the line is; add the record to 'records' of the mapping."),
        "M-OUT": Cause("A document of ours could not be written by its mapping", "Correct the mapping or the data named, then release."),
        "C-CHECK": Cause("A check of the mapping failed", "Ask the partner for a corrected document."),
        "C-MAPPING": Cause("A value in the file could not be read by the mapping", "A new code: 'gateway values list' says how to give it a meaning. Else correct the mapping, or ask the partner for a corrected document."),
        "C-UNMAPPED": Cause("The file carries data that no rule of its mapping reads", "Add a rule for it, or list it under 'ignore' of the mapping, then release."),
        "C-GROUP-CONFLICT": Cause("Rows of one document disagree", "Ask the sender for a corrected file."),
        "C-ROW": Cause("A row of a file makes no sense and was refused", "Correct the row and send it again; the other rows were applied."),
        "C-DUP-PO": Cause("This purchase order number was received before with other content", "Compare both; reject the second or release it as a new order."),
        "C-PRICE": Cause("A price or an allowance is outside of what was agreed", "Release with '--accept ours' or '--accept theirs', or reject the order."),
        "C-CREDIT": Cause("The order would exceed the credit limit", "Wait for payment, raise the limit, or release with a note."),
        "C-ITEM": Cause("An item is not known", "Add the item or a cross reference, then release; or reject."),
        "C-UNIT": Cause("It is not clear which unit of measure is meant", "Ask the partner; release to take the unit of the order, or reject."),
        "C-ADDRESS": Cause("The ship-to address is missing", "Ask the partner for the address and import it ('gateway import locations FILE'), then release; or reject."),
        "C-WINDOW": Cause("The ship window cannot be met", "Agree on new dates with the partner, or reject."),
        "C-MINIMUM": Cause("The order is below the minimum", "Release with a note, or reject."),
        "C-DATA": Cause("The order carries instructions that are not obeyed yet", "Handle them by hand and release, or reject the order."),
        "C-CONFLICT": Cause("The order asks for what the terms forbid", "Agree with the partner. Released, the terms count; with '--accept theirs' the order does; or reject."),
        "C-CHANGE": Cause("A change was asked for", "Ask the warehouse; release to do it, reject to refuse it. The partner is answered."),
        "C-MANUAL": Cause("Somebody put the order on hold", "Ask who did; release or reject."),
        "C-PROMISE": Cause("What was promised to a partner is not done in time", "Look with 'gateway promises' at what it is and what it may cost; the alert is over when the document has left."),
        "C-ANSWER-LATE": Cause("The time for our answer runs out while the order is on hold", "End the holds of the order, or reject it; this partner takes no answer that says 'on hold'."),
        "C-SHIP-UNKNOWN": Cause("A ship confirmation names an order or line that cannot be shipped", "Correct the ship confirmation and send it again under its number."),
        "C-SHIP-TWICE": Cause("A ship confirmation names a shipment number that was used before", "If it is another shipment, have it sent again under a number of its own; else reject this hold."),
        "C-SHIP-STOPPED": Cause("Goods left of an order or line that was cancelled", "Take it as it was shipped with 'gateway holds accept ID --note TEXT', or have a corrected file sent under the same shipment number."),
        "C-OVER-SHIP": Cause("More was shipped than was to be picked", "Take it as it was shipped with 'gateway holds accept ID --note TEXT', or have a corrected file sent under the same shipment number."),
        "C-SDQ-SUM": Cause("The quantities of the stores do not add up to what is ordered", "Ask the partner for a corrected order, or release it with the ordered quantity: the stores are then served in their order, and what is left goes to the ship-to."),
        "C-STORE": Cause("A ship confirmation has goods of several stores, or of a store that ordered none", "Have a shipment confirmed for each store, each under a number of its own."),
        "C-PREFLIGHT": Cause("The ship notice of an order could not be written, so its warehouse was not told", "Add what is named to the partner file, the item master or gateway.yaml; the next run releases the order."),
        "C-CREDIT-MEMO": Cause("A correction would credit more than was invoiced, or nothing", "See with 'gateway invoices show' what is left of the invoice."),
        "C-DELIVERY": Cause("A message about a shipment names none of ours, or more than left", "Compare the number with 'gateway orders show'; ask for a corrected message, then reject this one with a note."),
        "C-DELIVERY-LATE": Cause("A shipment is not there although it was due", "Ask the carrier where it is and tell the customer; the alert ends by itself when it is delivered."),
        "C-DELIVERY-FAILED": Cause("The carrier could not deliver a shipment", "Agree with the carrier and the customer on what to do; the alert ends by itself when it is delivered."),
        "C-DELIVERY-SHORT": Cause("The customer did not get everything that left", "Send the rest again or credit it; then reject the alert with a note."),
        "C-DUP-PAYMENT": Cause("This payment number was booked before with other content", "Compare both with 'gateway payments show NUMBER'. If it is other money, book it with 'gateway payments new' under a number of its own; then end the hold with 'gateway holds reject'."),
        "C-CLAIM": Cause("A claim names no invoice of this customer", "Ask the customer which invoice is meant, or handle the claim by hand and end the hold."),
        "C-SSCC": Cause("A carton has no valid serial shipping container code", "Set 'labels.gs1_prefix' in gateway.yaml, or send valid SSCCs in the ship confirmation."),
    }
)  # fmt: skip


def cause_of(code: str) -> Cause:
    """The cause of a code; one that a check of a mapping gave itself is a failed check.

    >>> cause_of('C-DEPARTMENT') is CAUSES["C-CHECK"]
    True
    """
    return CAUSES.get(code, CAUSES["C-CHECK"])
