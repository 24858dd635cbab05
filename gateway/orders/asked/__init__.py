"""What can be asked of an order besides its own way: changes and returns."""
