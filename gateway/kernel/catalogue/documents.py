"""X and A, P and D, M-OUT: X12 that breaks its rules, answers of partners, documents that nobody reads or that do not leave."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.kernel.catalogue.entry import (
    ALERTS,
    BOTH,
    FILES,
    HOLDS,
    MAPPING,
    PARTNER,
    RUNS,
    US,
    VALIDATE,
    Told,
)

TOLD: Mapping[str, Told] = MappingProxyType(
    {
        "X-ISA": Told(
            "An X12 file begins with the line ISA, which says who sends it and which signs separate its parts. It is missing or cannot be "
            "read, so nobody can tell where one value ends and the next begins. Nothing of the file was taken, and nobody was answered.",
            PARTNER, (HOLDS, ALERTS, VALIDATE), ("gateway validate FILE",),
        ),
        "X-SEPARATORS": Told(
            "The first line of an X12 file (ISA) names the signs that separate its values and end its lines. Here two of them are the same, or "
            "one is a letter, a digit or a blank, which occurs in the values too. So the content cannot be told apart.",
            PARTNER, (HOLDS, ALERTS, VALIDATE), ("gateway validate FILE",),
        ),
        "X-LIMIT": Told(
            "The file, or one line of it, is so large that it cannot be meant: more than two gigabytes of X12, say, or a line that never ends. "
            "What is beyond the limit was not read.",
            PARTNER, (HOLDS, ALERTS, VALIDATE), (FILES,),
        ),
        "X-TRUNCATED": Told(
            "Files say themselves where they end: X12 with the line IEA, others with a trailer that was agreed. The end is missing, so the "
            "transfer probably broke off and orders may be missing. We waited a while for the rest before saying so.",
            PARTNER, (HOLDS, ALERTS, VALIDATE), ("gateway validate FILE",),
        ),
        "X-CHARSET": Told(
            "X12 allows certain characters only, and the partner file says which set was agreed: 'basic' has no small letters, 'extended' no "
            "accents. The file has a byte beyond it. The sentence says where the byte stands.",
            BOTH, (HOLDS, ALERTS, VALIDATE), ("gateway validate FILE --partner NAME",),
        ),
        "X-REPAIR": Told(
            "The envelope is damaged (blanks before lines, say, or a last line without its end). Such damage could be mended while reading, but "
            "the partner file does not allow this repair. That interchange was not taken; others in the same file were.",
            BOTH, commands=("gateway validate FILE --partner NAME",),
        ),
        "X-REJECTED": Told(
            "A document within an X12 file (a set, such as one purchase order) has a value that the standard forbids: a date that is none, a "
            "code of no list, a count that is wrong. It was rejected alone, and the partner was told so in the 997, the receipt that X12 "
            "partners exchange. Its order does not exist here; other documents of the file went on.",
            PARTNER, commands=("gateway validate FILE", "gateway explain-code 'AK403 7'"),
        ),
        "X-STRUCTURE": Told(
            "An X12 document is a row of segments: lines with a name, such as BEG for its head or PO1 for an ordered item, in an order that the "
            "standard lays down. In this one a segment is missing, unknown, too often there or out of place, so nobody can tell what belongs to "
            "what. The document was rejected alone, and the 997 told the partner which segment it is. Its order does not exist here.",
            PARTNER, commands=("gateway validate FILE", "gateway explain-code 'AK304 3'"),
        ),
        "X-DUP-ICN": Told(
            "Each X12 envelope has a number (the interchange control number, in ISA13) that is used once only. This number came before, with "
            "other content. Perhaps it is a correction, perhaps the counter of the sender was set back. Taking both could make orders twice.",
            PARTNER, commands=("gateway holds show ID", FILES),
        ),
        "A-REJECTED": Told(
            "A partner answered that they do not take a document of ours, such as an invoice. Until it is corrected and sent again it does not "
            "exist for them: an invoice is not paid, a ship notice is not known when the goods come.",
            US, commands=("gateway trace NUMBER", "gateway dispatch resend ID --note TEXT", "gateway acks due"),
        ),
        "A-OVERDUE": Told(
            "Partners confirm each X12 file of ours with a 997, and the partner file says within which time. The time is over without an answer: "
            "the file may not have arrived.",
            PARTNER, (ALERTS,), ("gateway acks overdue", "gateway dispatch list"),
        ),
        "A-ORPHAN": Told(
            "A partner confirmed or rejected a document by its number, and we never sent them one of that number. Either they answer somebody "
            "else's file, or their answer has a wrong number and the document that is meant stays unanswered.",
            PARTNER, commands=("gateway acks due", "gateway trace NUMBER"),
        ),
        "A-TWICE": Told(
            "A partner first accepted and then rejected the same document of ours, or the other way round. Both answers are kept, and the later "
            "one counts.",
            PARTNER, commands=("gateway trace NUMBER",),
        ),
        "A-UNREADABLE": Told(
            "An answer came to a document of ours, but it does not say whether they take it or not. So the document still waits for an answer, "
            "and will be overdue if none comes.",
            PARTNER, commands=("gateway acks due",),
        ),
        "P-NOT-ACTED-ON": Told(
            "The document was understood, but nothing is done with its kind from a partner of this kind (a forecast, say, or the stock of a "
            "customer). It is kept, and a person has to decide whether anything follows from it.",
            US, commands=("gateway mapping run NAME FILE",),
        ),
        "P-NO-MAPPING": Told(
            "A mapping says where in a file each value of an order stands. The partner file names none that fits this file: its kind of document, "
            "its version or its columns. An X12 file was confirmed all the same, so the partner believes that the document is being handled.",
            US, commands=("gateway partner show NAME", "gateway mapping list"),
        ),
        "P-SUSPENDED": Told(
            "The partner file says 'status: suspended', so files of this partner are kept and not read. They are taken when the status is "
            "changed and the holds are released.",
            US, commands=("gateway partner show NAME", "gateway holds release all --partner NAME --code P-SUSPENDED --note TEXT"),
        ),
        "P-GUIDE": Told(
            "The standard was kept, but the partner's own paper (a guide, kept in the folder 'mappings') asks for more, such as a department "
            "number in each order. The order is there and waits. Either the order is wrong, or the guide was written down wrongly.",
            BOTH, commands=("gateway holds show ID", "gateway validate FILE --partner NAME"),
        ),
        "P-NO-WAREHOUSE": Told(
            "Goods of an order were reserved in a warehouse, but no partner file lists that warehouse under 'serves'. So nobody can be told to "
            "pick them, and the order stands still although it is decided.",
            US, commands=("gateway partner list", "gateway orders show NUMBER"),
        ),
        "P-NO-CHANNEL": Told(
            "A document is written and ready, but the channel it was to leave through is no longer in the partner file. It is kept and leaves when "
            "the channel is named again.",
            US, commands=("gateway dispatch list", "gateway dispatch retry ID"),
        ),
        "D-NAME-TAKEN": Told(
            "At the partner's place lies a file of the same name with other content. It is never overwritten, since it may be a document they have "
            "not read yet. Only this file waits; later ones leave.",
            PARTNER, commands=("gateway dispatch list", "gateway dispatch retry ID"),
        ),
        "D-GIVEN-UP": Told(
            "A file of ours was tried for as long as the partner file says ('retry.give_up'), and could not be delivered. The partner does not "
            "have it. Its bytes are kept and can leave as soon as the channel works.",
            US, commands=("gateway channels list", "gateway dispatch retry --partner NAME"),
        ),
        "D-UNSURE": Told(
            "The connection broke at the very moment a file was handed over. The partner may have it or not, and sending it again could give them "
            "an invoice twice. The partner file says that a person decides in this case ('hold_when_unsure').",
            PARTNER, commands=("gateway dispatch show ID", "gateway dispatch retry ID", "gateway dispatch cancel ID --note TEXT"),
        ),
        "M072": Told(
            "In this kind of file each line says by a sign of its own what it is. The mapping lists the signs that it knows, and this line has "
            "none of them. Its document is held whole, since the line may change what is ordered.",
            BOTH, (HOLDS, ALERTS, RUNS), ("gateway mapping run NAME FILE", "gateway mapping show NAME"),
        ),
        "M-OUT": Told(
            "A document of ours was due, and could not be written as its mapping says: a value that must be there is missing, or does not fit. It "
            "did not leave. The sentence names the value; other documents left.",
            US, commands=("gateway holds show ID", "gateway mapping run NAME FILE", MAPPING),
        ),
    }
)  # fmt: skip
