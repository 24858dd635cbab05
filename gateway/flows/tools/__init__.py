"""The tools for mappings: check, show, run, test, begin, explain, replay, and what codes nobody knew yet."""
