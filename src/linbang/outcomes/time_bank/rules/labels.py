"""The names under which the books are kept, and what is said of a transfer."""

from datetime import date

from linbang.outcomes.time_bank.choices import Purpose

COUNTY_DIGITS = 6
BRANCH_DIGITS = 12


def record_key(record_id: int) -> str:
    """Return the key under which a record is banked once."""
    return f"record:{record_id}"


def correction_key(correction_id: int) -> str:
    """Return the key under which a correction is banked once."""
    return f"correction:{correction_id}"


def record_of(source: str) -> int | None:
    """Return the record a transfer's source names, if it names one."""
    kind, _, number = source.partition(":")
    return int(number) if kind == "record" and number.isdigit() else None


def owner_of(person_id: int) -> str:
    """Return the label under which the ledger keeps a person's books."""
    return f"person:{person_id}"


def issuer_of(cell: str) -> str:
    """Return the label of the book a cell issues from."""
    return f"cell:{cell}"


def purpose_of(word: str) -> Purpose | None:
    """Return the purpose a transfer was posted for, if it is one of ours."""
    return Purpose(word) if word in Purpose.values else None


def void_key(record_id: int, turn: int) -> str:
    """Return the key under which a record is voided; it may be restored, and voided again."""
    return f"void:{record_id}:{turn}"


def restore_key(record_id: int, turn: int) -> str:
    """Return the key under which what a void took back is given again."""
    return f"restore:{record_id}:{turn}"


def overflow_key(key: str) -> str:
    """Return the key of the pool's part of what is banked under a key."""
    return f"{key}:pool"


def settlement_key(shortfall_id: int, key: str) -> str:
    """Return the key under which what is banked under another pays for a shortfall."""
    return f"shortfall:{shortfall_id}:{key}"


def grant_key(person_id: int, month: date) -> str:
    """Return the key under which a person is granted a month's time once."""
    return f"grant:{person_id}:{month:%Y-%m}"


def grant_return_key(grant_id: int) -> str:
    """Return the key under which what is left of a grant goes back once."""
    return f"grant:{grant_id}:back"


def grant_owner_of(person_id: int, month: date) -> str:
    """Return the label of the book of a person's grant of one month."""
    return f"person:{person_id}:{month:%Y-%m}"


def team_of(organisation_id: int) -> str:
    """Return the label of a team's book."""
    return f"team:{organisation_id}"


def station_of(region_code: str) -> str:
    """Return the label of the book of a region's station."""
    return f"station:{region_code}"


def pool_of(scheme_region: str, *, cell: str) -> str:
    """Return the label of the pool of a scheme in a cell: books balance cell by cell.

    A scheme of a street or community has a pool of its own; any wider one has one in each cell.
    """
    return f"pool:{scheme_region if scheme_region.startswith(cell) else cell}"


def number_on_card(text: str) -> str:
    """Return the number in what was scanned or typed: a card's address, or the number itself."""
    return text.strip().rstrip("/").rpartition("/")[2].strip().upper()


def is_savings_number(number: str) -> bool:
    """Tell whether a number is a red card's own, not a volunteer's."""
    return len(number) == 13 and number[0] == "S" and number[1:].isdecimal()


def cell_of_card(number: str) -> str:
    """Return the county in which a red card was issued."""
    return number[1:7]


def has_own_pool(region_code: str) -> bool:
    """Tell whether a scheme adopted there keeps a pool of its own below the county's."""
    return len(region_code) > COUNTY_DIGITS


def branch_of(region_code: str) -> str:
    """Return the branch that serves a place: its community, for a building has no counter."""
    return region_code[:BRANCH_DIGITS]
