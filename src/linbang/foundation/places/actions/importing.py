"""Merging an edition of the national division table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from linbang.foundation.places import rules

# Dropped first: two editions may be merged in one transaction.
_STAGE = """
DROP TABLE IF EXISTS staged_region;
CREATE TEMP TABLE staged_region (
    code varchar(18) COLLATE "C" PRIMARY KEY,
    name varchar(80) NOT NULL,
    pinyin varchar(160) NOT NULL,
    initials varchar(40) NOT NULL
) ON COMMIT DROP
"""

_RENAME = """
UPDATE places_region AS region
SET name = staged.name,
    pinyin = staged.pinyin,
    initials = staged.initials,
    former_names = region.former_names || region.name,
    valid_to = NULL
FROM staged_region AS staged
WHERE region.code = staged.code AND region.name <> staged.name
"""

_REOPEN = """
UPDATE places_region AS region
SET valid_to = NULL
FROM staged_region AS staged
WHERE region.code = staged.code AND region.valid_to IS NOT NULL
"""

_ADD = """
INSERT INTO places_region
    (code, name, level, parent_id, pinyin, initials, former_names, valid_from)
SELECT
    code,
    name,
    length(code),
    CASE length(code)
        WHEN 4 THEN left(code, 2)
        WHEN 6 THEN left(code, 4)
        WHEN 9 THEN left(code, 6)
        WHEN 12 THEN left(code, 9)
    END,
    pinyin,
    initials,
    '{}',
    %(edition)s
FROM staged_region
ORDER BY length(code), code
ON CONFLICT (code) DO NOTHING
"""

# Only what the edition speaks of can be closed by it: counties it lists, levels it publishes.
_CLOSE = """
UPDATE places_region AS region
SET valid_to = %(edition)s
WHERE region.valid_to IS NULL
    AND region.valid_from < %(edition)s
    AND region.level BETWEEN 9 AND 12
    AND EXISTS (SELECT FROM staged_region WHERE staged_region.code = left(region.code, 6))
    AND NOT EXISTS (SELECT FROM staged_region WHERE staged_region.code = region.code)
"""


@dataclass(frozen=True)
class ImportedRegions:
    """How many regions an import read, added, renamed and closed."""

    read: int
    added: int
    renamed: int
    closed: int


def _staged(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    for code, name in rows:
        if not rules.is_region_code(code):
            raise ValueError(f"{code!r} is not a region code")
        spelt = rules.spelling(name)
        yield code, name, spelt.pinyin, spelt.initials


@transaction.atomic
def import_regions(*, rows: Iterable[tuple[str, str]], edition: date) -> ImportedRegions:
    """Merge an edition of the national division table: pairs of code and name.

    Set-based and repeatable: unknown codes are added from the edition's date, changed names
    keep the old one, codes that vanished from a listed county are closed on that date. Grids
    and buildings are left alone.
    """
    read = 0
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("COPY staged_region (code, name, pinyin, initials) FROM STDIN") as copy:
            for row in _staged(rows):
                copy.write_row(row)
                read += 1
        cursor.execute("ANALYZE staged_region")
        cursor.execute(_RENAME)
        renamed = cursor.rowcount
        cursor.execute(_REOPEN)
        cursor.execute(_ADD, {"edition": edition})
        added = cursor.rowcount
        cursor.execute(_CLOSE, {"edition": edition})
        closed = cursor.rowcount
    return ImportedRegions(read, added, renamed, closed)
