"""Write places, stays and what follows from them: two tables by COPY, the rest in the database."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import connection

from linbang.demo.actions.copying import copy_in, fill_tables, numbered
from linbang.demo.rules.crowd import Seat
from linbang.intake.activities.models import Activity
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.clearance.models import AcceptedText
from linbang.operations.clearance.queries import documents_of

_TABLES = """
    CREATE TEMPORARY TABLE demo_seat (
        n integer, shift_id bigint, person_id bigint, state varchar, channel varchar,
        asked_at timestamptz, by_id bigint, held_until timestamptz, ended_at timestamptz,
        end_reason varchar, is_late boolean, absence varchar, note varchar
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE demo_stay (
        n integer, shift_id bigint, person_id bigint, pair smallint, in_at timestamptz,
        out_at timestamptz, in_method varchar, out_method varchar, by_id bigint,
        noted_at timestamptz
    ) ON COMMIT DROP;
"""
_ASKED = """
    SELECT DISTINCT activity.id
    FROM demo_seat AS seat
    JOIN activities_shift AS shift ON shift.id = seat.shift_id
    JOIN activities_activity AS activity
        ON activity.cell = shift.cell AND activity.id = shift.activity_id
    WHERE activity.hazards <> '{}' OR activity.needs_agreement
"""


def write_crowd(seats: Iterable[tuple[int, Seat]], *, now: datetime) -> int:
    """Write the places of shifts, by shift id, and open all counters; return how many places."""
    seats = list(seats)
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        with cursor.copy("COPY demo_seat FROM STDIN") as copy:
            for row in _seat_rows(seats):
                copy.write_row(row)
        with cursor.copy("COPY demo_stay FROM STDIN") as copy:
            for row in _stay_rows(seats):
                copy.write_row(row)
        cursor.execute("ANALYZE demo_seat, demo_stay, activities_shift")
    _keep_texts(now)
    fill_tables("crowd", {"now": now})
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE demo_seat, demo_stay")
    return len(seats)


def _keep_texts(now: datetime) -> None:
    """Keep what the people of risky or long activities read and accepted, word for word."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED)
        wanted = Activity.objects.filter(pk__in=[number for (number,) in cursor.fetchall()])
    texts = []
    for activity in wanted.order_by("id"):
        needs = {
            AcceptanceKind.RISK: activity.is_high_risk,
            AcceptanceKind.AGREEMENT: activity.needs_agreement,
        }
        kinds = [kind for kind, is_needed in needs.items() if is_needed]
        texts += [
            AcceptedText(
                cell=activity.cell, activity=activity, kind=one.kind, version=one.version,
                digest=one.digest, text=one.text, shown_at=min(activity.created_at, now),
            )
            for one in documents_of(activity, kinds)
        ]  # fmt: skip
    copy_in(numbered(texts))


def _seat_rows(seats: Iterable[tuple[int, Seat]]) -> Iterator[tuple[object, ...]]:
    for n, (shift_id, seat) in enumerate(seats):
        yield (
            *(n, shift_id, seat.person, seat.state, seat.channel, seat.asked_at, seat.by),
            *(seat.held_until, seat.ended_at, seat.reason, seat.is_late, seat.absence, seat.note),
        )


def _stay_rows(seats: Iterable[tuple[int, Seat]]) -> Iterator[tuple[object, ...]]:
    for n, (shift_id, seat) in enumerate(seats):
        for stay in seat.stays:
            yield (
                *(n, shift_id, seat.person, stay.pair, stay.in_at, stay.out_at),
                *(stay.in_method, stay.out_method, stay.by, stay.noted_at),
            )
