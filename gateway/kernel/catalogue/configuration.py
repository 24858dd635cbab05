"""P0: mistakes in gateway.yaml and the partner files, which 'gateway config check' shows before anything is processed."""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.kernel.catalogue.entry import CONFIG, US, Entry

_TOLD = (
    ("P001", "An unknown key in gateway.yaml or a partner file",
     "A word before a colon is none that can stand there: it is misspelt, or indented as if it belonged to another section. It would have no effect, so it is refused.",
     "Correct the word as the hint says, or remove it."),
    ("P002", "A key that must be there is missing",
     "Something that cannot be guessed is not written down, such as the address of a server or the id of a partner.",
     "Add the key at the place that is named."),
    ("P003", "A value that the key does not allow",
     "The word is right and what stands behind it is not: a text where a number belongs, a time that is none, a word of no list.",
     "Write one of the values, or the form, that the message names."),
    ("P004", "A value that contradicts another one or another file",
     "Each of two values could stand alone and they cannot both be meant: two partners with one folder, an id that another partner has, a channel of a name that does not exist.",
     "Change the one that is wrong; the message names the other one."),
    ("P006", "A table that the terms name is missing, or one of its rows makes no sense",
     "The agreed terms stand partly in a CSV file, such as the carriers by region. The file is not there, lacks a column, or has a row that cannot be read.",
     "Put the file there, or correct the row that is named."),
    ("P030", "A partner names a mapping of another document or direction",
     "A mapping reads or writes one kind of document. Here one for invoices stands where orders come in, say, or one that writes where one that reads is needed.",
     "Name another mapping: 'gateway mapping list' shows what each is for."),
    ("P031", "A partner lacks a parameter that its mapping needs",
     "The mapping is shared by several partners and asks for a value that each gives by itself, such as a vendor number.",
     "Write it under 'params' of the partner file, as the hint shows."),
    ("P032", "Two entries fit the same files, or send the same document twice",
     "For one document there are two mappings and nothing says which is for which file. The first is used when reading; both are used when sending.",
     "Tell them apart with 'when', or with 'from' and 'until'; or remove one."),
    ("P033", "An X12 mapping of a partner without X12",
     "X12 files carry ids of sender and receiver, and this partner file has no section 'x12' that says them.",
     "Add 'x12: {them: {qualifier: ZZ, id: ...}}', or take a mapping of another format."),
    ("P034", "A mapping is written in a version that it was not checked for",
     "X12 has versions, and each allows other segments. The partner gets a version that the mapping does not name, so mistakes show only when a document is written.",
     "Add the version to 'versions' of the mapping."),
    ("P035", "Days on which no entry of a document counts",
     "One entry ends on a day and the next begins later. On the days between, such documents would be neither read nor sent.",
     "Let the next entry begin the day after the first one ends; 'until' is its last day."),
    ("P036", "A document that nothing is done with for this kind of partner",
     "The entry can be read and never has an effect: a pick list goes to warehouses, not to customers, say.",
     "Remove the entry, or correct 'kind' of the partner."),
    ("P037", "Documents of a run are to leave in one file, and the mapping has no room for them",
     "'batch: run' puts all documents of a run into one file. This mapping writes one document in each file, or writes the number of its file, which is not known yet then.",
     "Remove 'batch', or use a mapping to x12, csv, fixed or json."),
)  # fmt: skip

ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {
        code: Entry(code, title, meaning, US, step, (CONFIG,), (CONFIG, "gateway config show"))
        for code, title, meaning, step in _TOLD
    }
)
