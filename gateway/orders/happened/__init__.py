"""What happened to an order besides its own way; the union of all events is in ``events``."""
