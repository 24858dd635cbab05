"""Reasons to wait: credit, holds put on by people, and who may end them."""
