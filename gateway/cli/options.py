"""The options that many commands have."""

from pathlib import Path
from typing import Annotated

import typer

Site = Annotated[Path | None, typer.Option("--site", help="The site's folder; default: found from here upwards.")]
Now = Annotated[str | None, typer.Option("--now", help="Act as at this moment, e.g. 2026-11-21T12:00:00Z.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
PartnerName = Annotated[str, typer.Option("--partner", help="The partner's name.")]
OrderName = Annotated[str, typer.Argument(help="Our order number or the partner's PO number.")]
Last = Annotated[
    int | None, typer.Option("--last", min=1, help="So many of the newest; all by default, 100 at a terminal.")
]
Since = Annotated[str, typer.Option("--since", help="Only since this day or moment, e.g. 2026-11-20.")]
Who = Annotated[str, typer.Option("--who", help="Who does it; it is recorded.")]
Note = Annotated[str, typer.Option("--note", help="Why; it is recorded.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded.")]
CorrectLine = Annotated[str, typer.Option("--line", help="The line that --sku, --quantity, --uom and --price are of.")]
CorrectSku = Annotated[str | None, typer.Option("--sku", help="Our item number of the line.")]
CorrectQuantity = Annotated[str | None, typer.Option("--quantity", help="The quantity of the line.")]
CorrectUom = Annotated[str | None, typer.Option("--uom", help="The unit of measure of the line.")]
CorrectPrice = Annotated[str | None, typer.Option("--price", help="Their price of the line, per unit.")]
CorrectShipTo = Annotated[str | None, typer.Option("--ship-to-id", help="The partner's code of the place to ship to.")]
CorrectAddress = Annotated[
    list[str] | None,
    typer.Option("--address", help="Part of the ship-to address, e.g. city=Austin; several times. Parts: name, name2, "
                 "address1, address2, city, state, postal_code, country."),
]  # fmt: skip
CorrectFirst = Annotated[str | None, typer.Option("--ship-not-before", help="A date, or '' for none.")]
CorrectLast = Annotated[str | None, typer.Option("--ship-no-later", help="A date, or '' for none.")]
CorrectCancel = Annotated[str | None, typer.Option("--cancel-after", help="A date, or '' for none.")]
CorrectCurrency = Annotated[str | None, typer.Option("--currency", help="The currency of the order, e.g. USD.")]
