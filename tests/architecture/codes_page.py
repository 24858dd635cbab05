"""The tables of docs/reference/codes.md, made of the program's own codes; ``--write`` renews them."""

import re
import sys
from pathlib import Path

from gateway.kernel.causes import CAUSES
from tests.architecture.code_map import modules, texts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "codes.md"
CODE = re.compile(r"^(?:[AFXCMPSE]-[A-Z][A-Z-]*[A-Z]|[MP]\d{3})$")
IN_CONFIGURATION = re.compile(r"^[MP]\d{3}$")

# What each mistake in the configuration is, in short words; only those that the program knows reach the page.
MISTAKES = {
    "M001": "the file is not valid YAML",
    "M002": "the file is too large or nested too deeply",
    "M003": "a key is written twice",
    "M004": "an anchor, alias, tag or second document, which are not allowed",
    "M010": "mappings extend each other in a circle, or too deeply",
    "M011": "there is no mapping of this name",
    "M012": "the name belongs to a built-in mapping",
    "M020": "an unknown key at the top of a mapping",
    "M021": "an unknown key in a rule or group",
    "M022": "a rule without a source",
    "M030": "an expression cannot be read",
    "M031": "an expression uses a name that does not exist",
    "M032": "an expression uses a function that does not exist",
    "M033": "a function has the wrong arguments",
    "M034": "a pattern that cannot be used",
    "M035": "an expression mixes types",
    "M040": "an X12 path that does not exist at this place of the set",
    "M041": "an X12 path that is not one value",
    "M042": "there is no such column",
    "M043": "an XPath that cannot be used",
    "M044": "a path that cannot be written",
    "M045": "a prefix that is not declared",
    "M050": "there is no such table",
    "M051": "a table has no such column",
    "M052": "a value that the field does not allow",
    "M053": "a key stands twice in a table",
    "M060": "a field that the document does not have",
    "M061": "a single object is treated as a list",
    "M062": "a list is treated as a single object",
    "M063": "a field that consists of other fields",
    "M064": "rules need each other in a circle",
    "M065": "a list that the document does not have",
    "M072": "a record fits no case",
    "M080": "the written set does not fit the standard",
    "M081": "a value does not fit its element",
    "M090": "a mapping without a test",
    "M091": "a required element is never written",
    "M092": "a list of codes is not complete",
    "M093": "a rule that is never used",
    "M094": "a rule of an older form",
    "M066": "a field that must have a value has no rule",
    "M100": "there is no such partner guide, or no such set or version to extend",
    "M101": "an unknown key in a partner guide, or a value that the key does not allow",
    "M102": "a partner guide names a code that does not exist or cannot stand there",
    "M103": "a rule of a partner guide that contradicts the standard or another rule",
    "M104": "a partner guide is for another set or version than the mapping that names it",
    "P001": "an unknown key in gateway.yaml or a partner file",
    "P002": "a key that must be there is missing",
    "P003": "a value that the key does not allow",
    "P004": "a value that contradicts another one or another file",
    "P006": "a table that terms name is not there, or one of its rows makes no sense",
    "P030": "a partner names a mapping of another document or direction",
    "P031": "a partner lacks a parameter that its mapping needs",
    "P032": "two entries of a partner fit the same files, or send the same document twice",
    "P033": "an X12 mapping of a partner without X12",
    "P034": "a mapping is written in a version that it was not checked for",
    "P035": "days on which no entry of a document counts",
    "P036": "a document that nothing is done with for this kind of partner",
    "P037": "documents of a run are to leave in one file, and the mapping has room for one, or tells the number of its file",
}


def met() -> set[str]:
    """Every code that stands in the program."""
    return {text for path in modules() for text in texts(path) if CODE.match(text)}


def tables() -> dict[str, str]:
    """The tables as they should stand, by the name of their marks."""
    causes = [f"| `{code}` | {cause.title} | {cause.next_step} |" for code, cause in CAUSES.items()]
    known = sorted(code for code in met() if IN_CONFIGURATION.match(code))
    mistakes = [f"| `{code}` | {MISTAKES[code]} |" for code in known if code in MISTAKES]
    return {
        "causes": _table("| code | means | what to do |\n|---|---|---|", causes),
        "mistakes": _table("| code | means |\n|---|---|", mistakes),
    }


def written() -> dict[str, str]:
    """The tables as they stand in the page."""
    page = PAGE.read_text(encoding="utf-8")
    return {
        name: page.partition(_mark(name, "begin"))[2].partition(_mark(name, "end"))[0].strip("\n") + "\n"
        for name in tables()
    }


def write() -> None:
    """Put the codes of now into the page."""
    page = PAGE.read_text(encoding="utf-8")
    for name, table in tables().items():
        head, _, rest = page.partition(_mark(name, "begin"))
        page = f"{head}{_mark(name, 'begin')}\n\n{table}\n{_mark(name, 'end')}{rest.partition(_mark(name, 'end'))[2]}"
    PAGE.write_text(page, encoding="utf-8")


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([head, *rows]) + "\n"


def _mark(name: str, which: str) -> str:
    return f"<!-- {name}: {which} -->"


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        sys.stdout.write("\n".join(tables().values()))
