"""Region codes: the code is the path, so every question of place is a question of prefix."""

from itertools import pairwise

# 2-4-6-9-12 as published; then three digits for the grid and three for the building.
CODE_LENGTHS = (2, 4, 6, 9, 12, 15, 18)


def is_region_code(code: str) -> bool:
    """Tell whether the text has the form of a region code."""
    return code.isascii() and code.isdigit() and len(code) in CODE_LENGTHS


def parent_code(code: str) -> str | None:
    """Return the code one level up; None for a province."""
    steps = {child: parent for parent, child in pairwise(CODE_LENGTHS)}
    length = steps.get(len(code))
    return code[:length] if length else None


def ancestor_codes(code: str) -> tuple[str, ...]:
    """Return the codes above and including this one, the province first."""
    return tuple(code[:length] for length in CODE_LENGTHS if length <= len(code))


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return the half-open range [low, high) that holds the subtree of a code.

    ``:`` follows ``9`` in the C collation the columns use.
    """
    return prefix, prefix + ":"


def short_name(name: str) -> str:
    """Return a community's everyday name: 新竹社区居委会 → 新竹社区, 葛麻村委会 → 葛麻村."""
    for suffix, kept in (("社区居委会", "社区"), ("居委会", "社区"), ("村委会", "村")):
        if name.endswith(suffix):
            return name[: -len(suffix)] + kept
    return name
