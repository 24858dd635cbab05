"""What events do to an order and its lines; ``transitions`` finds it all in one table."""
