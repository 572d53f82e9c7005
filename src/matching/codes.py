"""National code lists as bits, and region codes as integers whose prefixes are areas."""

from collections.abc import Iterable

# Source: national volunteer data model, handbook domain.md §6.4. A code's place in its tuple is
# its bit and never changes: masks may be kept by callers. Append, never reorder.
SKILLS: tuple[str, ...] = (*(f"{number:02d}" for number in range(1, 24)), "99")
CATEGORIES: tuple[str, ...] = (
    *(f"{number:04d}" for number in range(1, 21)),
    *("0099", "3202", "3203", "3204"),
)
# The tongues an elder may have to be spoken to in. Source: ISO 639-3; csl is Chinese sign language.
LANGUAGES: tuple[str, ...] = (
    *("cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "cjy", "cdo", "czh", "cnp", "csp"),
    *("zyb", "uig", "bod", "mvf", "kor", "iii", "hmn", "kaz", "csl", "eng"),
)
SLOTS: tuple[str, ...] = tuple(f"{number:02d}" for number in range(1, 25))

PLACE_DIGITS = 18


def mask_of(codes: Iterable[str], table: tuple[str, ...]) -> int:
    """Gather codes of one list into a bit mask.

    Raises ValueError for a code that the list does not have.
    """
    mask = 0
    for code in codes:
        mask |= 1 << table.index(code)
    return mask


def codes_of(mask: int, table: tuple[str, ...]) -> tuple[str, ...]:
    """List the codes of a bit mask in the order of their list."""
    return tuple(code for bit, code in enumerate(table) if mask >> bit & 1)


def place_number(region_code: str) -> int:
    """Turn a region code of 2 to 18 digits into an integer, unknown lower levels as zeros.

    An empty code becomes 0: nowhere in particular. Source: architecture.md, region code.
    """
    if region_code and not (region_code.isascii() and region_code.isdecimal()):
        raise ValueError(f"a region code has digits only: {region_code!r}")
    if len(region_code) > PLACE_DIGITS:
        raise ValueError(f"a region code has at most {PLACE_DIGITS} digits: {region_code!r}")
    return int(region_code.ljust(PLACE_DIGITS, "0"))
