"""Data of the demo: a small distributor's master files, and what its customers, its warehouse and its ERP bring."""
