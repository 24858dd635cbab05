"""What becomes due without a file."""
