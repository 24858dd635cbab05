"""Receivables: what partners owe, what they paid, how one settles the other, and what is done when they do not pay."""
