"""X12: delimiters, tokens, envelopes, guides, the walk that finds every fault, and the writer."""
