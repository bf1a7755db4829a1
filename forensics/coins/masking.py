"""How a secret is shown without being shown.

A seed or key gives away everything it guards, so tables hold its kind, its size and a fingerprint, never the value. The
fingerprint (first four bytes of SHA-256) tells whether two finds are the same secret; it is not made for short secrets,
which a list of guesses could find from it.
"""

import re

from forensics.coins import keys
from forensics.coins.digests import sha256

BASE58_RUN = re.compile(r"[1-9A-HJ-NP-Za-km-z]{51,112}")
SHORT = 16  # letters; below this nothing of a secret is shown


def mask(secret: str) -> str:
    """`aban… (12 words)`, `xprv… (111 characters)`, `… (3 characters)`."""
    words = secret.split()
    size = f"{len(words)} words" if len(words) > 1 else f"{len(secret)} characters"
    return f"{secret[:4] if len(secret) >= SHORT else ''}… ({size})"


def fingerprint(secret: str) -> str | None:
    """Eight hexadecimal digits that are the same for the same secret; None for a short one."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hex()[:8] if len(secret) >= SHORT else None


def conceal(text: str) -> str:
    """A text with the private keys that stand in it (WIF, extended) masked; all else stays."""
    return BASE58_RUN.sub(lambda run: mask(run[0]) if _spends(run[0]) else run[0], text)


def _spends(text: str) -> bool:
    key = keys.extended(text)
    return keys.is_wif(text) or (key is not None and key.private)
