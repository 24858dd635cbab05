"""EDI and file-based B2B integration gateway with an order management core."""
