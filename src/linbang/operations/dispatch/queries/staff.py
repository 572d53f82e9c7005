"""The desk of whoever leads shifts: activities with their gaps, and the people of each shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.queries import found_people, people_visible_to
from linbang.foundation.people.rules import age_on
from linbang.foundation.places.queries import within_any
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.clearance import queries as clearance
from linbang.operations.dispatch.choices import (
    SIGN_UP_PLACED,
    SIGN_UP_TONES,
    SignUpChannel,
    SignUpState,
    StandInState,
)
from linbang.operations.dispatch.models import Reservation, ShiftPlaces, SignUp, StandIn
from linbang.operations.dispatch.queries.sign_ups import led_by, sign_ups_with_shifts

_FOUND_MAX = 10
_UNITS_MAX = 200
_SHIFTS_MAX = 300
_STREET_DIGITS = 9
_SHORT_WITHIN = timedelta(days=14)


def activity_with_id(activity_id: int) -> Activity:
    """Return an activity with its organiser. Raises NotFound."""
    activity = Activity.objects.select_related("organiser").filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    return activity


def activities_led_by(actor: Actor) -> QuerySet[Activity]:
    """Return the published activities whose shifts the actor leads."""
    return Activity.objects.select_related("organiser").filter(
        led_by(actor), state=ActivityState.PUBLISHED
    )


def activities_at_hand(actor: Actor, *, now: datetime) -> QuerySet[Activity]:
    """Return the activities with shifts ahead, the next first, with what wants doing: ``next_at``,
    ``shifts_ahead``, ``places``, ``taken``, ``waiting``, ``requests`` and ``gaps`` (shifts with
    fewer people than they need).
    """
    ahead = Q(shifts__ends_at__gt=now, shifts__state=ShiftState.PLANNED)
    loads = ShiftPlaces.objects.filter(
        cell=OuterRef("cell"),
        shift__activity_id=OuterRef("pk"),
        shift__ends_at__gt=now,
        shift__state=ShiftState.PLANNED,
    ).order_by()
    requests = SignUp.objects.filter(
        cell=OuterRef("cell"),
        shift__activity_id=OuterRef("pk"),
        shift__starts_at__gt=now,
        state=SignUpState.REQUESTED,
    ).order_by()
    return (
        activities_led_by(actor)
        .annotate(
            next_at=Min("shifts__starts_at", filter=ahead),
            shifts_ahead=Count("shifts", filter=ahead),
        )
        .filter(next_at__isnull=False)
        .annotate(
            places=_summed(loads, Sum("places")),
            taken=_summed(loads, Sum("taken")),
            waiting=_summed(loads, Sum("waiting")),
            gaps=_summed(loads.filter(taken__lt=F("shift__places_min")), Count("id")),
            requests=_summed(requests, Count("id")),
        )
        .order_by("next_at", "id")
    )


def _summed(rows: QuerySet[Any, Any], what: Sum | Count) -> Coalesce:
    counted = rows.values("shift__activity_id").annotate(figure=what).values("figure")
    return Coalesce(Subquery(counted), 0)


def requests_to_answer(actor: Actor, *, now: datetime) -> QuerySet[SignUp]:
    """Return who asked for a place on a shift ahead that the actor leads, and was not answered."""
    return SignUp.objects.filter(
        led_by(actor, "shift__activity"), state=SignUpState.REQUESTED, shift__starts_at__gt=now
    )


def shifts_short_of_people(actor: Actor, *, now: datetime) -> QuerySet[ShiftPlaces]:
    """Return the shifts of the next fortnight that the actor leads and that need more people."""
    return ShiftPlaces.objects.filter(
        led_by(actor, "shift__activity"),
        shift__activity__state=ActivityState.PUBLISHED,
        shift__state=ShiftState.PLANNED,
        shift__starts_at__gt=now,
        shift__starts_at__lt=now + _SHORT_WITHIN,
        taken__lt=F("shift__places_min"),
    )


@dataclass(frozen=True)
class ShiftLine:
    """One shift of an activity as its leader chooses among them."""

    shift: Shift
    load: ShiftPlaces
    requests: int

    @property
    def is_short(self) -> bool:
        """Fewer people than the shift needs."""
        return self.load.taken < self.shift.places_min


@dataclass(frozen=True)
class PersonLine:
    """One person of a shift as its leader sees her."""

    sign_up: SignUp
    name: str
    number: str
    age: int
    position: int | None
    seeks: bool

    @property
    def tone(self) -> str:
        """The colour of the state's label."""
        return SIGN_UP_TONES.get(SignUpState(self.sign_up.state), "grey")

    @property
    def channel(self) -> str:
        """By whom she was signed up, unless by herself."""
        channel = SignUpChannel(self.sign_up.channel)
        return "" if channel == SignUpChannel.SELF else str(channel.label)


@dataclass(frozen=True)
class ShiftSheet:
    """Everybody of one shift: who comes, who asks, who waits, who has left."""

    line: ShiftLine
    placed: list[PersonLine]
    requested: list[PersonLine]
    waiting: list[PersonLine]
    ended: list[PersonLine]
    kept: list[Reservation]


def shift_lines(activity: Activity, *, now: datetime) -> list[ShiftLine]:
    """Return an activity's shifts that are not over, with their counters; one query."""
    requests = SignUp.objects.filter(
        cell=OuterRef("cell"), shift_id=OuterRef("pk"), state=SignUpState.REQUESTED
    ).order_by()
    counted = requests.values("shift_id").annotate(figure=Count("id")).values("figure")
    shifts = (
        Shift.objects.select_related("load", "post", "activity__organiser")
        .filter(
            cell=activity.cell,
            activity=activity,
            ends_at__gt=now,
            state=ShiftState.PLANNED,
            load__isnull=False,
        )
        .annotate(requests=Coalesce(Subquery(counted), 0))
        .order_by("starts_at", "id")[:_SHIFTS_MAX]
    )
    return [ShiftLine(shift, shift.load, shift.requests) for shift in shifts]


def shift_sheet(line: ShiftLine) -> ShiftSheet:
    """Gather everybody of one shift; two queries."""
    searching = StandIn.objects.filter(
        cell=OuterRef("cell"), sign_up_id=OuterRef("pk"), state=StandInState.OPEN
    )
    sign_ups = (
        sign_ups_with_shifts()
        .select_related("person__volunteer")
        .filter(shift_id=line.shift.pk)
        .annotate(seeks=Exists(searching))
        .order_by("id")
    )
    groups: dict[str, list[PersonLine]] = {
        "placed": [],
        "requested": [],
        "waiting": [],
        "ended": [],
    }
    for sign_up in sign_ups:
        group = groups[_group_of(sign_up)]
        position = len(group) + 1 if sign_up.state == SignUpState.WAITING else None
        group.append(_person_line(sign_up, position))
    kept = Reservation.objects.select_related("organisation").filter(
        shift_id=line.shift.pk, released_at=None
    )
    return ShiftSheet(line=line, kept=list(kept.order_by("id")), **groups)


def _group_of(sign_up: SignUp) -> str:
    if sign_up.state in SIGN_UP_PLACED:
        return "placed"
    named = {SignUpState.REQUESTED: "requested", SignUpState.WAITING: "waiting"}
    return named.get(SignUpState(sign_up.state), "ended")


def _person_line(sign_up: SignUp, position: int | None) -> PersonLine:
    person = sign_up.person
    profile = getattr(person, "volunteer", None)
    return PersonLine(
        sign_up=sign_up,
        name=person.name,
        number=profile.number if profile else "",
        age=age_on(person.birth_date, local_date(sign_up.shift.starts_at)),
        position=position,
        seeks=sign_up.seeks,  # type: ignore[attr-defined]  # annotated
    )


@dataclass(frozen=True)
class FoundPerson:
    """Somebody whom a leader may sign up: found by a clerk's words, and what is in the way."""

    public_id: UUID
    name: str
    number: str
    reasons: str


def people_to_sign_up(
    actor: Actor, shift: Shift, words: str, *, now: datetime
) -> list[FoundPerson]:
    """Return the visible people found by name, pinyin or phone, with why they may not take the
    shift; four queries.
    """
    if not words.strip():
        return []
    people = list(found_people(actor, words).select_related("volunteer")[:_FOUND_MAX])
    told = clearance.reasons_against([(shift, person.pk) for person in people], now=now)
    return [
        FoundPerson(
            public_id=person.public_id,
            name=person.name,
            number=getattr(getattr(person, "volunteer", None), "number", ""),
            reasons=clearance.causes_in_words(causes),
        )
        for person, causes in zip(people, told, strict=True)
    ]


def person_to_sign_up(actor: Actor, public_id: UUID) -> int:
    """Return the id of a person the actor may see. Raises NotFound."""
    person = people_visible_to(actor).filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    return person.pk


def units_near(activity: Activity) -> list[tuple[str, str]]:
    """Return the open units and teams of an activity's street, to keep places for; one query."""
    near = within_any("region_id", [activity.region_id[:_STREET_DIGITS]])
    units = Organisation.objects.filter(near, closed_at=None).order_by("kind", "name", "id")
    return [(str(unit.public_id), unit.name) for unit in units[:_UNITS_MAX]]


def unit_with(public_id: UUID) -> int:
    """Return the id of an open unit or team. Raises NotFound."""
    unit = Organisation.objects.filter(public_id=public_id, closed_at=None).first()
    if unit is None:
        raise NotFound
    return unit.pk


def people_placed(
    activity: Activity, *, shift_ids: Sequence[int], day: date | None, now: datetime
) -> list[int]:
    """Return the people with a place on shifts of an activity that are not over, each once."""
    placed = SignUp.objects.filter(
        cell=activity.cell,
        shift__activity_id=activity.pk,
        shift__ends_at__gt=now,
        state__in=SIGN_UP_PLACED,
    )
    if shift_ids:
        placed = placed.filter(shift_id__in=list(shift_ids))
    if day is not None:
        begins, ends = day_window(day)
        placed = placed.filter(shift__starts_at__gte=begins, shift__starts_at__lt=ends)
    return sorted(set(placed.values_list("person_id", flat=True)))
