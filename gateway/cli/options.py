"""The options that many commands have."""

from pathlib import Path
from typing import Annotated

import typer

Site = Annotated[
    Path | None,
    typer.Option("--site", "--config", metavar="PATH", help="The site: its folder, or its gateway.yaml. Default: "
                 "$GATEWAY_CONFIG, else the nearest gateway.yaml from here upwards, else that of /etc/gateway."),
]  # fmt: skip
Now = Annotated[
    str | None,
    typer.Option("--now", metavar="MOMENT", help="Act as at this moment, e.g. 2026-11-21T12:00:00Z; without Z or offset it "
                 "is UTC. Default: the clock."),
]  # fmt: skip
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs; its keys stay the same.")]
PartnerName = Annotated[
    str, typer.Option("--partner", metavar="NAME", help="The partner, as 'gateway partner list' names it.")
]
OrderName = Annotated[
    str,
    typer.Argument(metavar="ORDER", help="Our order number or the partner's PO number, e.g. SO-0000001 or PO-4471."),
]
Last = Annotated[
    int | None,
    typer.Option("--last", min=1, metavar="NUMBER", help="So many of the newest; all by default, 100 at a terminal."),
]
Since = Annotated[
    str, typer.Option("--since", metavar="MOMENT", help="Only since this day or moment, e.g. 2026-11-20.")
]
Who = Annotated[str, typer.Option("--who", metavar="NAME", help="Who does it; it is recorded.")]
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
