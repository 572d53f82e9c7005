"""The people of sign-up, and the recount that must come out even."""

from datetime import timedelta
from itertools import pairwise

from django.db.models import Count, Q

from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import BEFORE, SATURDAY, make_activity
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.choices import SIGN_UP_PLACED, SignUpState
from linbang.operations.dispatch.models import Commitment, Reservation, ShiftPlaces, SignUp

SYSTEM = Actor.system("450103")
LONG_AGO = BEFORE - timedelta(days=200)
SOON = SATURDAY - timedelta(hours=23)

__all__ = ["BEFORE", "LONG_AGO", "SATURDAY", "SOON", "SYSTEM", "actor", "led", "recount", "someone"]


def someone(name: str = "王建国", **columns: object) -> Person:
    """Make a volunteer, as a person."""
    return make_volunteer(name, now=LONG_AGO, **columns).person  # type: ignore[arg-type]  # columns of a person


def actor(person: Person) -> Actor:
    return Actor(person_id=person.pk, cell=person.cell, account_id=person.account_id)


def led(**columns: object) -> tuple[Activity, Actor]:
    """Make an activity and its leader, who has no role at all."""
    leader = make_person("覃桂芳", now=LONG_AGO)
    return make_activity(leader=leader, **columns), make_actor(leader)


def recount() -> None:
    """Check every counter against the rows: nothing oversold, nobody twice, no overlaps."""
    for load in ShiftPlaces.objects.order_by("id"):
        counts = SignUp.objects.filter(shift_id=load.shift_id).aggregate(
            placed=Count("id", filter=Q(state__in=SIGN_UP_PLACED)),
            waiting=Count("id", filter=Q(state=SignUpState.WAITING)),
        )
        kept = sum(
            Reservation.objects.filter(shift_id=load.shift_id, released_at=None).values_list(
                "places", flat=True
            )
        )
        assert (load.taken, load.waiting) == (counts["placed"] + kept, counts["waiting"])
        assert load.taken <= load.places
    live = SignUp.objects.filter(ended_at=None)
    pairs = list(live.values_list("shift_id", "person_id"))
    assert len(pairs) == len(set(pairs))
    promised = Commitment.objects.filter(source="shift", released_at=None)
    assert set(promised.values_list("source_id", flat=True)) == set(
        live.filter(state__in=SIGN_UP_PLACED).values_list("pk", flat=True)
    )
    windows = sorted(
        promised.values_list("person_id", "during"), key=lambda one: (one[0], one[1].lower)
    )
    for (one, earlier), (other, later) in pairwise(windows):
        assert one != other or earlier.upper <= later.lower
