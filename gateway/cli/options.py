"""The options that many commands have."""

from pathlib import Path
from typing import Annotated

import typer

Site = Annotated[Path | None, typer.Option("--site", help="The site's folder; default: found from here upwards.")]
Now = Annotated[str | None, typer.Option("--now", help="Act as at this moment, e.g. 2026-11-21T12:00:00Z.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
PartnerName = Annotated[str, typer.Option("--partner", help="The partner's name.")]
OrderName = Annotated[str, typer.Argument(help="Our order number or the partner's PO number.")]
Who = Annotated[str, typer.Option("--who", help="Who does it; it is recorded.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded.")]
