"""Which outermost elements a path to the documents of an XML file allows."""

import re
from collections.abc import Mapping

_STEP = re.compile(r"/(?:([\w.-]+):)?([\w.-]+|\*)(?=[/\[\s|]|$)")


def roots_of(document: str, namespaces: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    """The roots that a path names, in Clark notation, and whether it takes others as well.

    >>> roots_of("/o:Order | /*/o:Order", {"o": "urn:x"})
    (('{urn:x}Order',), True)
    """
    found: list[str] = []
    takes_others = False
    for way in re.split(r"\s*\|\s*", document.strip()):
        step = _STEP.match(way)
        if step is None or step[2] == "*":
            takes_others = True
        else:
            space = namespaces.get(step[1] or "", "")
            found.append(f"{{{space}}}{step[2]}" if space else step[2])
    return tuple(found), takes_others
