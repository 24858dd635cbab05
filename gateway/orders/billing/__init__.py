"""Invoices, taxes, freight and their corrections."""
