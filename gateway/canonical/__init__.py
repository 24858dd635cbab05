"""The canonical business documents that every partner format is mapped to and from."""
