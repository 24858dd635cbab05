"""Draft partner files from a sample of what a partner sends."""
