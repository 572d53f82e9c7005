"""The one answer: may this person take this post, and if not, every reason why."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from linbang.intake.activities.models import Qualification, Shift
from linbang.operations.clearance.choices import Cause

_AGAINST = """
SELECT n, causes
FROM clearance_against_v1(%s::varchar[], %s::bigint[], %s::bigint[], %s::timestamptz[])
ORDER BY n
"""


def reasons_against(pairs: Sequence[tuple[Shift, int]], *, now: datetime) -> list[tuple[str, ...]]:
    """Return the causes against each (shift, person id), in order; empty means cleared.

    One query for all. Codes are those of ``Cause``; a qualification's is ``code:qualification``.
    """
    if not pairs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _AGAINST,
            [
                [shift.cell for shift, _ in pairs],
                [shift.pk for shift, _ in pairs],
                [person_id for _, person_id in pairs],
                [now] * len(pairs),
            ],
        )
        return [tuple(causes) for _, causes in cursor.fetchall()]


def causes_in_words(causes: Iterable[str]) -> str:
    """Say causes to a person, joined; qualifications by their names."""
    parts = [cause.partition(":") for cause in causes]
    names = {
        one.code: one.label
        for one in Qualification.objects.filter(code__in=[code for _, _, code in parts if code])
    }
    return "；".join(
        f"{Cause(kind).label}（{names.get(code, code)}）" if code else str(Cause(kind).label)
        for kind, _, code in parts
    )
