"""Bytes to records and back: X12, delimited text; the only place that knows how files are written."""
