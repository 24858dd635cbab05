"""Running outbound plans: one module for each format that is written."""
