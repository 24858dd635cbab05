"""Make a new site: the folders, a gateway.yaml, the own house and one example partner, never overwriting anything."""

import os
import shlex
from pathlib import Path

from gateway.cli import output, schema
from gateway.kernel.errors import RefusedError, TransportError

GATEWAY_YAML = """gateway: 1
# Who you are towards every partner; a partner file may say otherwise.
us: {qualifier: ZZ, id: MYCOMPANY, name: My Company}
time_zone: America/Chicago
currency: USD
# Your GS1 company prefix, for the carton numbers (SSCC-18) of ship notices.
# labels: {gs1_prefix: "0614141", extension_digit: 0}
# Who is told when something needs a person.
# mail: {host: mail.example.com, from: edi@example.com}
# alerts: {routes: [{name: office, to: [you@example.com]}]}
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
ERP_YAML = """# Your own house: what you sell, at what price, from where. Its CSV files lie in inbox/erp, or are taken by hand:
# gateway import items FILE. A column that you do not have may be left out.
gateway: 1
partner: erp
name: Our ERP
kind: erp
documents:
  item: {in: csv/items}            # sku, description, uom, upc, ...
  item_id: {in: csv/item-ids}      # partner, partner_sku, sku: where partners number your items their own way
  price: {in: csv/prices}          # price_list, sku, uom, unit_price, currency
  warehouse: {in: csv/warehouses}  # warehouse, name, address1, city, state, postal_code, country
  stock: {in: csv/stock}           # warehouse, sku, on_hand, counted_at
"""
README = """# A site of the gateway

| here | is |
|---|---|
| `gateway.yaml` | who you are; everything else in it has a default |
| `partners/` | one file for each company you exchange files with; `erp.yaml` is your own house |
| `mappings/` | where a partner's files differ from the standard |
| `inbox/NAME/`, `outbox/NAME/` | what partners send, and what leaves for them |
| `var/` | the database and the archive; never edit anything in it |

The first order, from a file that a partner sent you:

1. Write your own id into `gateway.yaml` (`us`).
2. `gateway partner new NAME --from FILE` drafts the partner, and says step by step how that file becomes an order.

Every day: `gateway run` works until it is ended, `gateway run --once` does what is there. `gateway holds list` shows what waits
for you, `gateway trace NUMBER` what became of anything, `gateway doctor` what is wrong and what repairs it.
"""
GITIGNORE = "var/\ninbox/*\noutbox/*\n.schemas/\nsecrets/\n"
FOLDERS = ("partners", "mappings", "inbox/erp", "inbox/example", "outbox/example")


def init(directory: Path) -> int:
    """Write what is missing; says each file it wrote and each it left alone."""
    _folders(directory)
    files = {
        "gateway.yaml": schema.modeline("gateway") + GATEWAY_YAML,
        "partners/erp.yaml": schema.modeline("partner", 1) + ERP_YAML,
        "partners/example.yaml": schema.modeline("partner", 1) + EXAMPLE_YAML,
        "README.md": README,
        ".gitignore": GITIGNORE,
    }
    if (directory / "gateway.yaml").exists() and any((directory / "partners").glob("*.yaml")):
        files = {name: text for name, text in files.items() if not name.startswith("partners/")}  # it has its own
    for name, text in files.items():
        _written(directory / name, text)
    schema.write(directory, directory / schema.FOLDER, os.environ)
    output.line(f"written  {directory / schema.FOLDER}")
    output.line(schema.attach(directory))
    _next(directory)
    return 0


def _folders(directory: Path) -> None:
    """Every folder of the site; raises RefusedError where something else has its name."""
    for folder in (directory, *(directory / name for name in FOLDERS)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            other = next(each for each in (folder, *folder.parents) if each.exists() and not each.is_dir())
            raise RefusedError(
                f"{other} is a file, and a folder is to be there.",
                next_step=f"Move it away: mv {shlex.quote(str(other))} {shlex.quote(f'{other}.old')}; or name another folder: gateway init DIR",
            ) from error
        except OSError as error:
            raise _not_written(folder, error) from error


def _written(path: Path, text: str) -> None:
    if path.exists() or path.is_symlink():
        output.line(f"kept     {path}")
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _not_written(path, error) from error
    output.line(f"written  {path}")


def _not_written(path: Path, error: OSError) -> TransportError:
    above = next(each for each in path.absolute().parents if each.is_dir())
    return TransportError(
        f"{path} cannot be written: {error.strerror}.",
        next_step=f"Look at the rights: ls -ld {shlex.quote(str(above))}; or make the site where you may write: gateway init ~/my-site",
    )


def _next(directory: Path) -> None:
    """How the first order comes about."""
    output.talk("Next:")
    steps = [f"cd {shlex.quote(str(directory))}"] if directory.resolve() != Path.cwd() else []
    steps += [
        "Write your own id and name into gateway.yaml ('us'), then: gateway config check",
        "With a file that a partner sent you: gateway partner new NAME --from FILE",
        "It says how that file becomes an order. No file at hand? gateway demo shows a whole site at work.",
    ]
    for number, each in enumerate(steps, 1):
        output.talk(f"  {number}. {each}")
