"""What reads a document rule by rule: its scopes, its values, what was traced and what was left."""
