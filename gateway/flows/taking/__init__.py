"""What is done with each business document that comes in."""
