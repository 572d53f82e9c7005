"""Whose sign-ups are whose, who leads a shift, and the rows an action locks first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.models import RoleGrant
from linbang.foundation.access.rules import PERMISSIONS, Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Kinship
from linbang.foundation.people.rules import age_on
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes, prefix_range
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import SIGN_UP_PLACED, SignUpState
from linbang.operations.dispatch.models import Commitment, ShiftPlaces, SignUp

_SHIFT_LEADERS = tuple(role for role in Role if Permission.LEAD_SHIFTS in PERMISSIONS[role])
_LEADERS_TOLD_MAX = 5
_ORGANISATION_DIGITS = 10


def sign_ups_with_shifts() -> QuerySet[SignUp]:
    """Return sign-ups joined with what every notice and page says of them."""
    return SignUp.objects.select_related("shift__activity__organiser", "shift__post", "person")


def sign_up_of_id(sign_up_id: int) -> SignUp:
    """Return a sign-up with its shift, activity and person. Raises NotFound."""
    sign_up = sign_ups_with_shifts().filter(pk=sign_up_id).first()
    if sign_up is None:
        raise NotFound
    return sign_up


def live_sign_ups(shift_ids: Collection[int]) -> QuerySet[SignUp]:
    """Return the sign-ups of shifts that have not ended, in the order they came."""
    return (
        sign_ups_with_shifts()
        .filter(shift_id__in=list(shift_ids), ended_at=None)
        .order_by("shift_id", "id")
    )


def sign_ups_of(actor: Actor) -> QuerySet[SignUp]:
    """Return the sign-ups of the actor and of the minors the actor is guardian of."""
    return sign_ups_with_shifts().filter(person_id__in=people_in_charge_of(actor))


def sign_ups_led_by(actor: Actor) -> QuerySet[SignUp]:
    """Return the sign-ups of the activities whose shifts the actor leads."""
    return sign_ups_with_shifts().filter(led_by(actor, "shift__activity"))


def people_in_charge_of(actor: Actor) -> list[int]:
    """Return the actor's own id and those of the minors in the actor's care; one query."""
    if actor.person_id is None:
        return []
    wards = Kinship.objects.filter(
        relative_id=actor.person_id, is_guardian=True, confirmed_at__isnull=False, ended_at=None
    )
    return [actor.person_id, *wards.order_by("id").values_list("person_id", flat=True)]


def led_by(actor: Actor, activity: str = "") -> Q:
    """Return the condition that the actor leads the shifts of an activity: named as its leader,
    or permitted within its region or its organiser. ``activity``: the path to it, if any.
    """
    at = f"{activity}__" if activity else ""
    if actor.is_system:
        return Q()
    condition = within_any(f"{at}region_id", actor.regions_for(Permission.LEAD_SHIFTS))
    if actor.person_id is not None:
        condition |= Q(**{f"{at}leader_id": actor.person_id})
    for path in actor.organisations_for(Permission.LEAD_SHIFTS):
        low, high = prefix_range(path)
        condition |= Q(**{f"{at}organiser__path__gte": low, f"{at}organiser__path__lt": high})
    return condition


def leads(actor: Actor, activity: Activity) -> bool:
    """Tell whether the actor leads the shifts of an activity; as ``led_by``, over one row."""
    return (
        actor.may(Permission.LEAD_SHIFTS, region=activity.region_id)
        or (actor.person_id is not None and actor.person_id == activity.leader_id)
        or any(
            activity.organiser.path.startswith(path)
            for path in actor.organisations_for(Permission.LEAD_SHIFTS)
        )
    )


def leads_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Tell whether the actor acts for the people of a unit or team."""
    return actor.may(Permission.LEAD_SHIFTS, region=organisation.region_id) or any(
        organisation.path.startswith(path)
        for path in actor.organisations_for(Permission.LEAD_SHIFTS)
    )


def leaders_at(activity: Activity) -> list[int]:
    """Return whom to tell about an activity's shifts: its leader, else who leads shifts of its
    organiser or nearest to its region; at most one query.
    """
    if activity.leader_id is not None:
        return [activity.leader_id]
    return holders_at(activity.region_id, paths_above(activity.organiser.path))


def paths_above(path: str) -> list[str]:
    """Return the paths from the root of an organisation's tree down to itself."""
    return [path[:end] for end in range(_ORGANISATION_DIGITS, len(path) + 1, _ORGANISATION_DIGITS)]


def holders_at(region_code: str, paths: Iterable[str] = ()) -> list[int]:
    """Return the people who lead shifts of an organisation or at a region, the nearest first."""
    grants = RoleGrant.objects.filter(
        Q(region_id__in=ancestor_codes(region_code)) | Q(organisation_path__in=list(paths)),
        role__in=_SHIFT_LEADERS,
        ended_at=None,
        account__person__isnull=False,
    ).order_by("-organisation_path", "-region_id", "id")
    found = grants.values_list("account__person__id", flat=True)[:_LEADERS_TOLD_MAX]
    return list(dict.fromkeys(found))


def lock_people(person_ids: Collection[int]) -> None:
    """Take the locks of people's promises, in order of their ids, before any row (ADR 0008)."""
    if not person_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT pg_advisory_xact_lock(hashtextextended('dispatch.commitment', asked.person_id))
            FROM (SELECT DISTINCT unnest(%s::bigint[]) AS person_id ORDER BY 1) AS asked
            """,
            [list(person_ids)],
        )


def lock_places(shift_ids: Collection[int]) -> dict[int, ShiftPlaces]:
    """Return the places of shifts by shift, their rows locked in order of the shifts' ids.

    Whoever changes a sign-up of a shift holds this row; people's locks are taken before it.
    """
    rows = ShiftPlaces.objects.select_for_update(no_key=True).filter(shift_id__in=list(shift_ids))
    return {row.shift_id: row for row in rows.order_by("shift_id")}


def placed_people(shift_ids: Collection[int]) -> set[int]:
    """Return the people who hold a place on one of the shifts."""
    placed = SignUp.objects.filter(
        shift_id__in=list(shift_ids), state__in=SIGN_UP_PLACED, ended_at=None
    )
    return set(placed.values_list("person_id", flat=True))


def waiting_for(shift_id: int) -> SignUp | None:
    """Return the first who waits for a shift."""
    waiting = sign_ups_with_shifts().filter(shift_id=shift_id, state=SignUpState.WAITING)
    return waiting.order_by("id").first()


def windows_booked(
    person_ids: Collection[int], *, starts_at: datetime, ends_at: datetime
) -> Mapping[int, Sequence[rules.Window]]:
    """Return people's promises that touch a stretch of time, by person; one query on the GiST
    index of ``commitments_do_not_overlap``.
    """
    promises = Commitment.objects.filter(
        person_id__in=list(person_ids), released_at=None, during__overlap=(starts_at, ends_at)
    ).order_by("id")
    booked: dict[int, list[rules.Window]] = {}
    for promise in promises:
        window = rules.Window(promise.source_id, promise.during.lower, promise.during.upper)
        booked.setdefault(promise.person_id, []).append(window)
    return booked


def is_booked(person_id: int, *, starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether a person is promised elsewhere in a window."""
    return bool(windows_booked([person_id], starts_at=starts_at, ends_at=ends_at))


def is_accompanied(sign_up: SignUp) -> bool:
    """Tell whether a guardian of the person holds a place on the same shift (rule 8)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT dispatch_accompanied_v1(%s, %s, %s)",
            [sign_up.cell, sign_up.shift_id, sign_up.person_id],
        )
        (accompanied,) = cursor.fetchone()
    return bool(accompanied)


def wards_without_guardian(guardian: SignUp) -> list[SignUp]:
    """Return the sign-ups of children under ten who would be alone on a guardian's shift."""
    kin = Kinship.objects.filter(
        relative_id=guardian.person_id,
        is_guardian=True,
        confirmed_at__isnull=False,
        ended_at=None,
    )
    theirs = live_sign_ups([guardian.shift_id]).filter(person_id__in=kin.values("person_id"))
    day = local_date(guardian.shift.starts_at)
    return [
        sign_up
        for sign_up in theirs
        if age_on(sign_up.person.birth_date, day) < rules.ALONE_FROM_AGE
        and not is_accompanied(sign_up)
    ]


def shifts_ahead_of(person_id: int, *, now: datetime) -> list[int]:
    """Return the shifts that have not begun on which a person stands, waits or asks."""
    mine = SignUp.objects.filter(person_id=person_id, ended_at=None, shift__starts_at__gt=now)
    return sorted(mine.values_list("shift_id", flat=True))


def shifts_ahead_at(activity_id: int, *, now: datetime) -> list[int]:
    """Return the shifts of an activity that have not begun."""
    ahead = ShiftPlaces.objects.filter(
        shift__activity_id=activity_id, shift__starts_at__gt=now
    ).order_by("shift_id")
    return list(ahead.values_list("shift_id", flat=True))
