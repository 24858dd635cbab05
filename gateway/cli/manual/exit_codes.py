"""With which code commands end: one meaning for each number, the same everywhere."""

import re
from collections.abc import Mapping

Codes = dict[int, str]
EXIT_CODES: Mapping[int, str] = {
    0: "all went well",
    1: "what was looked at has problems; the command itself did what it was asked",
    2: "wrong usage: an unknown option, a value that is none, something required that is missing",
    3: "warnings, where --strict was said",
    4: "broken configuration: gateway.yaml, a partner file or a mapping",
    5: "what was named does not exist: a site, a partner, an order, a file",
    6: "a partner, a server, a folder or the disk does not let us; trying again may help",
    7: "the database cannot be used, or its schema is not of this version",
    8: "refused: another process is at work, or the state of the thing forbids it",
    70: "a mistake in the gateway itself; please report it with what was shown",
    130: "ended with Ctrl-C",
}
"""Every code a command can end with."""
ALWAYS: Codes = {70: EXIT_CODES[70], 130: EXIT_CODES[130]}
"""What every command can end with."""
_CODE = re.compile(r"(?:^|[,;] (?:or )?)(\d+)\b")


def codes_of(text: str) -> Codes:
    """The codes of a sentence; a code without words means what it means everywhere.

    >>> codes_of("0 listed, 5 no such site or partner, 7.")
    {0: 'listed', 5: 'no such site or partner', 7: 'the database cannot be used, or its schema is not of this version'}
    """
    said = " ".join(text.split()).removesuffix(".")
    found = list(_CODE.finditer(said))
    ends = [each.start() for each in found[1:]] + [len(said)] * bool(found)
    return {
        int(each[1]): said[each.end() : end].strip(" ,;") or EXIT_CODES[int(each[1])]
        for each, end in zip(found, ends, strict=True)
    }


SITE = "4 broken configuration, 5 no such site"
DATABASE = "7 the database cannot be used"


def shows(missing: str = "", writes: str = "") -> str:
    """What a command can end with that shows what stands in the database, or ``writes`` it somewhere."""
    away = f", 6 {writes} cannot be written" if writes else ""
    return f"0 shown, 2 wrong usage, {SITE}{f' or {missing}' if missing else ''}{away}, {DATABASE}"


def does(done: str, missing: str, refused: str) -> str:
    """What a command can end with that changes something in the database."""
    later = "6 it is done, and what follows could not be delivered yet"
    return f"0 {done}, 2 wrong usage, {SITE} or {missing}, {later}, {DATABASE}, 8 {refused}"
