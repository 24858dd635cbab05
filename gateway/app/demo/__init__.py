"""The demo: a small distributor and all who deal with it, played as rows of a script, and the story of what came of it."""
