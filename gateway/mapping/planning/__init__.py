"""Checking outbound mappings and making their plans: one module for each format that is written."""
