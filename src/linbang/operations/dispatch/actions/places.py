"""The places of shifts: opened when planned, more or fewer when planning changes its mind."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record_many
from linbang.foundation.clock import CHINA
from linbang.foundation.events import announce
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.errors import PlacesBelowTaken
from linbang.operations.dispatch.events import PlacesAdded
from linbang.operations.dispatch.models import ShiftPlaces


@transaction.atomic
def open_places(*, shift_ids: Collection[int]) -> int:
    """Open the counters of new shifts in one statement; return how many. Safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO dispatch_shiftplaces (cell, shift_id, places, taken, waiting)
            SELECT shift.cell, shift.id, shift.places, 0, 0
            FROM activities_shift AS shift
            WHERE shift.id = ANY (%s)
            ORDER BY shift.id
            ON CONFLICT (shift_id) DO NOTHING
            """,
            [list(shift_ids)],
        )
        return int(cursor.rowcount)


@transaction.atomic
def drop_places(*, shift_ids: Collection[int]) -> int:
    """Drop the counters of shifts that are about to be deleted; return how many.

    A shift somebody ever signed up for keeps its counter, and so cannot be deleted.
    """
    never_asked = ShiftPlaces.objects.filter(shift_id__in=shift_ids, taken=0, waiting=0).exclude(
        shift__sign_ups__isnull=False
    )
    return int(never_asked.delete()[0])


@transaction.atomic
def resize_places(*, shift_ids: Collection[int], by: Actor, now: datetime) -> int:
    """Give shifts as many places as planning now says; return how many changed.

    Whoever waits is offered what was added. Raises PlacesBelowTaken for fewer than are taken,
    which undoes the change of planning too.
    """
    loads = queries.lock_places(shift_ids)
    shifts = Shift.objects.filter(pk__in=list(loads)).select_related("activity", "post")
    changed = [shift for shift in shifts.order_by("id") if shift.places != loads[shift.pk].places]
    for shift in changed:
        if shift.places < loads[shift.pk].taken:
            raise PlacesBelowTaken(
                field="places",
                taken=loads[shift.pk].taken,
                post=shift.post.name,
                when=f"{shift.starts_at.astimezone(CHINA):%m-%d %H:%M}",
            )
    _resize([shift.pk for shift in changed])
    by_cell: dict[str, list[int]] = {}
    for shift in changed:
        if shift.places > loads[shift.pk].places and loads[shift.pk].waiting:
            by_cell.setdefault(shift.cell, []).append(shift.pk)
    for cell, grown in by_cell.items():
        announce(PlacesAdded(shift_ids=tuple(grown), cell=cell, at=now))
    record_many(by=by, action="dispatch.resize_places", subjects=changed, now=now)
    return len(changed)


def _resize(shift_ids: Collection[int]) -> None:
    # The last word has the constraint ``places_taken_at_most_all``.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE dispatch_shiftplaces AS load
            SET places = shift.places
            FROM activities_shift AS shift
            WHERE shift.cell = load.cell AND shift.id = load.shift_id AND shift.id = ANY (%s)
            """,
            [list(shift_ids)],
        )
