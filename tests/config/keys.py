"""Public keys that are well formed and nobody's."""

import base64


def public_key(kind: str = "ssh-ed25519", seed: int = 7) -> str:
    """A line as OpenSSH writes it."""
    blob = len(kind).to_bytes(4, "big") + kind.encode() + (32).to_bytes(4, "big") + bytes([seed]) * 32
    return f"{kind} {base64.b64encode(blob).decode()}"


HASH = "scrypt$16384$8$1$c2FsdHNhbHRzYWx0$" + "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"
"""The form of a stored password, of none."""
