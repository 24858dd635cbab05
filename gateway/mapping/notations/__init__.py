"""How each format names its data: X12, rows, records, XML."""
