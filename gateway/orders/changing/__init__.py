"""Changes, cancellations and returns of an order that was decided."""
