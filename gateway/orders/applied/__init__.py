"""What events do to an order besides moving quantities; ``transitions`` finds them in one table."""
