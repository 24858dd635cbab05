"""Data of the demo: a small distributor's master files, and two files of purchase orders from ACME."""
