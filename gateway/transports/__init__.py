"""How files travel: directory channels in and out."""
