"""F, S and T: files that cannot be taken, senders and servers that cannot be trusted, disks and folders that fail."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.kernel.catalogue.entry import ALERTS, CHANNELS, FILES, HOLDS, PARTNER, US, VALIDATE, Told

TOLD: Mapping[str, Told] = MappingProxyType(
    {
        "F-SILENT": Told(
            "The partner file says that a document comes every day (or on some days) until a certain time, under 'channels.expect'. "
            "The time is over, and no such file came. Orders may be missing without anybody noticing, so it is told at once.",
            PARTNER, (ALERTS,), ("gateway files list --partner NAME", "gateway channels list"),
        ),
        "F-EMPTY": Told(
            "A file came that has nothing in it, or only blanks and line ends. Mostly the program of the sender broke off, so what "
            "should be in it is missing here: nothing was taken and nothing was answered.",
            PARTNER, (HOLDS, ALERTS, VALIDATE), (FILES,),
        ),
        "F-BINARY": Told(
            "The file is none of the kinds that the partner file names: a ZIP archive or a PDF, say, or a letter where an order was "
            "expected. It was put aside unread. If this kind of file is right, the partner file lacks a document with a mapping for it.",
            PARTNER, (HOLDS, ALERTS, VALIDATE), (FILES, "gateway partner show NAME"),
        ),
        "F-UNREADABLE": Told(
            "The file is in its folder, but the operating system or the server does not let us read it: its permissions are wrong, the "
            "disk has an error, or somebody took it away meanwhile. It is tried again with each run; other files go on.",
            US, (HOLDS, ALERTS, VALIDATE), (FILES, "gateway channels list"),
        ),
        "F-MARKER": Told(
            "It was agreed that a second, small file (the marker) says when a file is complete. Here one of the two has waited too long "
            "for the other: a file without its marker, or a marker without its file. Nothing is taken before both are there, since half "
            "a file might be taken otherwise.",
            PARTNER, commands=("gateway partner show NAME",),
        ),
        "F-TOO-LARGE": Told(
            "The file is larger than 'file_limit' in the partner file (or in gateway.yaml) allows. The limit keeps one wrong file from "
            "stopping everybody else's. Nothing of it was read; it lies where the sender put it.",
            PARTNER, commands=("gateway partner show NAME",),
        ),
        "F-ENCODING": Told(
            "Text files are bytes, and the encoding says which letter each byte is. This file has a byte that the agreed encoding does "
            "not know, so letters such as é or ü would come out wrong. It is refused as a whole, and the sentence says which byte it is.",
            PARTNER, commands=(FILES, "gateway mapping show NAME"),
        ),
        "F-COLUMNS": Told(
            "The rows of a table file (CSV) do not fit its first row, the header: a row has too many or too few cells, a column is there "
            "twice, or a quotation mark is never closed. Values could land in the wrong column, so the file is refused as a whole.",
            PARTNER, commands=(FILES,),
        ),
        "F-RECORDS": Told(
            "In this file each line is a record with a place of its own: a header first, then its lines, then perhaps a trailer that "
            "counts them. One is missing, stands where it cannot, or the trailer counts another number of lines than there are.",
            PARTNER, commands=(FILES, "gateway mapping show NAME"),
        ),
        "F-XML": Told(
            "An XML file marks what everything is with names in angle brackets, and each bracket that opens must close. Here one does "
            "not, or the file is cut off, or it breaks the schema that was agreed. The sentence says at which line and column.",
            PARTNER, commands=(FILES,),
        ),
        "F-GAP": Told(
            "The database was brought back from a copy that is older than this file. So the file was taken once, but nobody can tell any "
            "more what became of it. Look whether its orders are in your other systems before it is read again, or goods may leave twice.",
            US, commands=(FILES, "gateway trace NAME", "gateway holds release all --partner NAME --code F-GAP --note TEXT"),
        ),
        "S-XML-DTD": Told(
            "The XML file begins with <!DOCTYPE, which can make a reader fetch other files or swell to gigabytes. Business documents never "
            "need it and attackers do, so such a file is refused unread.",
            PARTNER, commands=(FILES,),
        ),
        "S-SENDER": Told(
            "The envelope of an X12 file names who sends it and for whom. This one came through the channel of one partner, but names "
            "somebody else as sender or receiver. It may have gone astray or be forged: nothing was taken, and nothing was answered.",
            PARTNER, commands=(FILES, "gateway partner show NAME"),
        ),
        "S-WEBHOOK": Told(
            "Alerts are told to an address on the web (a webhook). This address leads into a private network, redirects elsewhere, or is "
            "not encrypted. Nothing was sent, so that nobody can use the gateway to reach machines that are none of theirs.",
            US, ("gateway alerts test",), ("gateway alerts test ROUTE",),
        ),
        "S-FILETYPE": Told(
            "In an inbox lies something that is no ordinary file: a link to another place, a folder, a pipe. It is never opened, since it "
            "could lead to files that are nobody's business. Other files in the folder are taken as ever.",
            US, (HOLDS, ALERTS, VALIDATE), (FILES,),
        ),
        "S-HOST-KEY": Told(
            "Each server proves who it is with a key, and the partner file has the one that was right. The server now shows another one. "
            "Perhaps it was set up anew; perhaps somebody else's machine answers in its place. We did not log in, and sent nothing.",
            PARTNER, (ALERTS, CHANNELS), ("gateway partner scan-host-key NAME", "gateway partner test NAME"),
        ),
        "S-LOGIN": Told(
            "The partner's server answered, but refused our user name, key or password. Servers lock accounts after a few wrong tries, so "
            "the channel stops until somebody has tested it; files that are to leave are kept in their order.",
            PARTNER, (ALERTS, CHANNELS), ("gateway partner test NAME", "gateway channels list"),
        ),
        "T-REMOTE-NAME": Told(
            "The partner's server lists a file whose name contains a '/' or other signs that could lead into another folder of ours. Such a "
            "file is never fetched, whatever is in it; it lies there until it is renamed.",
            PARTNER, commands=("gateway channels list",),
        ),
        "T-DISK": Told(
            "The disk on which the gateway keeps files is full or does not work. Nothing more is taken, so that nothing can be lost "
            "halfway: files wait in their folders and at the partners until there is room.",
            US, (ALERTS,), ("gateway health",),
        ),
        "T-FOLDER": Told(
            "A folder that a partner brings files to cannot be read: it is gone, something else stands in its place, or the gateway lacks "
            "the rights. Files in it are not seen meanwhile. Folders of other partners go on.",
            US, (ALERTS,), ("gateway health", "gateway channels list"),
        ),
        "T-CHANNEL": Told(
            "The way to a partner does not work: the server cannot be reached, a folder is missing there, or it breaks off. It is tried again "
            "by itself, later each time. What is to leave is kept and leaves in order when the channel works again.",
            US, (ALERTS, CHANNELS), ("gateway channels list", "gateway partner test NAME"),
        ),
    }
)  # fmt: skip
