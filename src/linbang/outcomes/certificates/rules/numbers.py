"""Numbers of certificates: year and chance, nothing of the person (rules 6 and 49)."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import timedelta

# Read from paper and told by telephone: no 0 and O, 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 9  # 31^9: trying out finds nothing
_SHAPE = re.compile(rf"2\d{{3}}-[{ALPHABET}]{{{_LENGTH}}}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－_", "-"))

# Looking up ten papers in a row is work; sixty in ten minutes is trying out.
CHECKS_MAX = 60
CHECKS_WITHIN = timedelta(minutes=10)


def new_number(year: int, choose: Callable[[Sequence[str]], str]) -> str:
    """Return a new number, as 2026-K7QM4T9XB; ``choose`` takes one of several characters."""
    return f"{year}-" + "".join(choose(ALPHABET) for _ in range(_LENGTH))


def normal_number(text: str) -> str:
    """Return what somebody typed as a number would be written: capitals, one dash, no blanks."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).upper()
    return "".join(plain.split())


def is_number(text: str) -> bool:
    """Tell whether a text has the shape of a number."""
    return _SHAPE.fullmatch(text) is not None
