"""Did each file get through exactly once: receipts, dispatches, acknowledgments, control numbers, duplicates. Pure."""
