"""In which order the commands are shown: by when somebody needs them."""

Section = tuple[str, tuple[str, ...]]
SECTIONS: tuple[Section, ...] = (
    ("Start here", ("demo", "init", "validate", "help")),
    ("Every day", ("run", "trace", "orders", "holds", "files", "acks", "promises", "dispatch")),
    ("Goods and money", ("stock", "replenish", "returns", "invoices", "payments", "claims")),
    ("Partners and mappings", ("partner", "mapping", "values", "import", "schema")),
    ("On a bad day", ("doctor", "health", "explain-code", "alerts", "channels", "units", "workers", "audit")),
    ("The site and its machine", ("config", "db", "sftp", "metrics", "bench", "completion")),
)
