"""Every rule of the mapping language, where it lives, and the test that guards it: the table of docs/reference/mapping-coverage.md."""

from tests.docs.rules_and_tests import RULES

REFERENCE = {
    "Files and YAML": "mapping.md#where-the-files-are",
    "Paths: X12": "mapping/paths.md#x12",
    "Paths: CSV": "mapping/paths.md#csv",
    "Paths: record files": "mapping/paths.md#record-files",
    "Paths: XML": "mapping/paths.md#xml",
    "Names": "mapping/paths.md#our-own-documents",
    "Rules": "mapping/rules.md",
    "Types": "mapping/rules.md#types",
    "Groups": "mapping/rules.md#groups",
    "Tables": "mapping/rules.md#tables",
    "Inheritance": "mapping/rules.md#inheritance",
    "Writing X12": "mapping/writing.md#x12",
    "Writing CSV": "mapping/writing.md#csv",
    "Writing record files": "mapping/writing.md#record-files",
    "Writing XML": "mapping/writing.md#xml",
    "Templates and JSON": "mapping/writing.md#templates",
    "Expressions": "mapping/expressions.md",
    "Checks and data that nobody reads": "mapping/checks.md",
    "Plug-ins": "mapping/options.md#plug-ins",
    "Mistakes": "mapping/mistakes.md",
    "Partner files": "partner-file.md",
    "Tools": "mapping-tools.md",
}


def tables() -> str:
    """A table for each section of the reference."""
    found = []
    for section, page in REFERENCE.items():
        rows = [f"| {rule} | `{module}` | `{test}` |" for rule, module, test in RULES[section]]
        found.append(
            "\n".join([f"## [{section}]({page})", "", "| rule | lives in | guarded by |", "|---|---|---|", *rows, ""])
        )
    return "\n".join(found)
