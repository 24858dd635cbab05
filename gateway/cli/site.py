"""Make a new site: the folders, a gateway.yaml and one example partner, never overwriting anything."""

import os
from pathlib import Path

from gateway.cli import output, schema

GATEWAY_YAML = """gateway: 1
# Who you are towards every partner; a partner file may say otherwise.
us: {qualifier: ZZ, id: MYCOMPANY, name: My Company}
time_zone: America/Chicago
currency: USD
# Your GS1 company prefix, for the carton numbers (SSCC-18) of ship notices.
# labels: {gs1_prefix: "0614141", extension_digit: 0}
"""
EXAMPLE_YAML = """gateway: 1
partner: example
name: Example Retail Inc.
# draft: nothing is read or sent yet. Set it to 'testing', later to 'live'.
status: draft
x12:
  them: {qualifier: ZZ, id: EXAMPLE}
  version: 004010
documents:
  order: {in: x12/850}
  acknowledgment: {out: x12/855}
  shipment: {out: x12/856}
  invoice: {out: x12/810}
"""
GITIGNORE = "var/\ninbox/*\noutbox/*\n.schemas/\n"
FOLDERS = ("partners", "mappings", "inbox/example", "outbox/example")


def init(directory: Path) -> int:
    """Write what is missing; says each file it wrote and each it left alone."""
    for folder in FOLDERS:
        (directory / folder).mkdir(parents=True, exist_ok=True)
    files = {
        "gateway.yaml": schema.modeline("gateway") + GATEWAY_YAML,
        "partners/example.yaml": schema.modeline("partner", 1) + EXAMPLE_YAML,
        ".gitignore": GITIGNORE,
    }
    for name, text in files.items():
        path = directory / name
        if path.exists():
            output.line(f"kept     {path}")
        else:
            path.write_text(text, encoding="utf-8")
            output.line(f"written  {path}")
    schema.write(directory, directory / schema.FOLDER, os.environ)
    output.line(f"written  {directory / schema.FOLDER}")
    output.line(schema.attach(directory))
    output.talk("Next: edit gateway.yaml and partners/example.yaml, then run 'gateway config check'.")
    return 0
