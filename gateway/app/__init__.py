"""The composition root: which adapter fills which port."""
