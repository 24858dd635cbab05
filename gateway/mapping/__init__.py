"""Records to canonical documents and back, by YAML rules that are checked and compiled at start-up."""
