"""The site's YAML as frozen, checked models, every mistake with its place."""
