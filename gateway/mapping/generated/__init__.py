"""Mappings as generated Python: fast for what is in order, giving up on everything else."""
