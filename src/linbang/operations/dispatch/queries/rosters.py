"""Rosters: who stands where in a week, what a proposal may choose from, and how it looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA, day_window, local_date
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.places.queries import within_any
from linbang.intake.activities.choices import ShiftState
from linbang.intake.activities.models import Activity, PointPairing, Post, Shift
from linbang.operations.clearance import queries as clearance
from linbang.operations.dispatch.models import Commitment, ShiftPlaces
from linbang.operations.dispatch.queries.staff import activities_led_by
from matching import Busy, RosterPeople, RosterRequest, RosterSlots, slots_between

_LOAD_DAYS = 90
_PEOPLE_MAX = 5_000
_SHIFTS_MAX = 5_000
# An unpaired unit's person stands there only when that saves somebody else four hours.
OTHER_UNIT_MINUTES = 240


@dataclass(frozen=True)
class RosterCell:
    """The shifts of one post on one day."""

    day: date
    loads: list[ShiftPlaces]

    @property
    def missing(self) -> int:
        """How many people are wanted still, to reach the minimum."""
        return sum(max(load.shift.places_min - load.taken, 0) for load in self.loads)


@dataclass(frozen=True)
class RosterRow:
    """One post through a week, and the units that keep its point."""

    post: Post
    units: list[str]
    cells: list[RosterCell]


@dataclass(frozen=True)
class RosterBoard:
    """Posts by days, with the gaps at a glance."""

    activity: Activity
    days: list[date]
    rows: list[RosterRow]

    @property
    def loads(self) -> list[ShiftPlaces]:
        """The counters of all shifts shown."""
        return [load for row in self.rows for cell in row.cells for load in cell.loads]

    @property
    def missing_by_day(self) -> list[int]:
        """How many people each day wants still."""
        return [sum(row.cells[n].missing for row in self.rows) for n in range(len(self.days))]

    @property
    def week(self) -> list[tuple[date, int]]:
        """The days with how many people each wants still."""
        return list(zip(self.days, self.missing_by_day, strict=True))

    @property
    def before(self) -> date:
        """A day of the week before."""
        return self.days[0] - timedelta(days=7)

    @property
    def after(self) -> date:
        """A day of the week after."""
        return self.days[0] + timedelta(days=7)

    @property
    def missing(self) -> int:
        """How many people the whole week wants still."""
        return sum(self.missing_by_day)

    @property
    def gaps(self) -> int:
        """How many shifts lack somebody."""
        return sum(load.taken < load.shift.places_min for load in self.loads)


def rosters_led_by(actor: Actor, *, now: datetime) -> QuerySet[Activity]:
    """Return the activities with a roster ahead, the fullest first, with ``shifts_ahead``,
    ``gaps`` within a week.
    """
    ahead = Q(shifts__starts_at__gt=now, shifts__state=ShiftState.PLANNED)
    soon = ahead & Q(shifts__starts_at__lt=now + timedelta(days=7))
    return (
        activities_led_by(actor)
        .annotate(
            shifts_ahead=Count("shifts", filter=ahead),
            gaps=Count("shifts", filter=soon & Q(shifts__load__taken__lt=F("shifts__places_min"))),
        )
        .filter(shifts_ahead__gt=1)
        .order_by("-shifts_ahead", "id")
    )


def roster_board(activity: Activity, week: date, *, unit: UUID | None = None) -> RosterBoard:
    """Return the week around a day: posts by days with their counters; three queries."""
    monday = week - timedelta(days=week.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    loads = ShiftPlaces.objects.select_related("shift__post__point").filter(
        cell=activity.cell,
        shift__activity_id=activity.pk,
        shift__state=ShiftState.PLANNED,
        shift__starts_at__gte=day_window(days[0])[0],
        shift__starts_at__lt=day_window(days[-1])[1],
    )
    by_post: dict[int, dict[date, list[ShiftPlaces]]] = {}
    posts: dict[int, Post] = {}
    for load in loads.order_by("shift__starts_at", "shift_id"):
        posts[load.shift.post_id] = load.shift.post
        by_day = by_post.setdefault(load.shift.post_id, {})
        by_day.setdefault(local_date(load.shift.starts_at), []).append(load)
    keepers = _keepers(posts.values(), days[0])
    shown = [
        post
        for post in sorted(posts.values(), key=lambda post: (post.position, post.pk))
        if unit is None or unit in {one.public_id for one in keepers.get(post.point_id or 0, ())}
    ]
    return RosterBoard(
        activity=activity,
        days=days,
        rows=[
            RosterRow(
                post=post,
                units=[one.name for one in keepers.get(post.point_id or 0, ())],
                cells=[RosterCell(day, by_post[post.pk].get(day, [])) for day in days],
            )
            for post in shown
        ],
    )


def _keepers(posts: Iterable[Post], day: date) -> dict[int, list[Organisation]]:
    """Return the units that keep the points of posts, by point; one query."""
    points = {post.point_id for post in posts if post.point_id is not None}
    keepers: dict[int, list[Organisation]] = {}
    pairings = PointPairing.objects.select_related("organisation").filter(
        Q(until_date=None) | Q(until_date__gte=day), point_id__in=points
    )
    for pairing in pairings.order_by("id"):
        keepers.setdefault(pairing.point_id, []).append(pairing.organisation)
    return keepers


def units_of_board(board: RosterBoard) -> list[tuple[str, str]]:
    """Return the units that keep a point of a board, for its filter; one query."""
    points = [row.post.point_id for row in board.rows if row.post.point_id is not None]
    units = Organisation.objects.filter(
        pk__in=PointPairing.objects.filter(point_id__in=points, until_date=None).values(
            "organisation_id"
        )
    )
    return [(str(unit.public_id), unit.name) for unit in units.order_by("name", "id")]


def shifts_to_roster(activity: Activity, *, starts_on: date, ends_on: date) -> list[ShiftPlaces]:
    """Return the shifts of an activity between two days, by time; one query."""
    loads = ShiftPlaces.objects.select_related("shift__post", "shift__activity").filter(
        cell=activity.cell,
        shift__activity_id=activity.pk,
        shift__state=ShiftState.PLANNED,
        shift__starts_at__gte=day_window(starts_on)[0],
        shift__starts_at__lt=day_window(ends_on)[1],
    )
    return list(loads.order_by("shift__starts_at", "shift_id")[:_SHIFTS_MAX])


def people_to_roster(activity: Activity, organisation: Organisation | None) -> list[Person]:
    """Return the volunteers a roster may choose from: of a unit or team, or of the place."""
    people = Person.objects.filter(
        closed_at=None, confirmed_at__isnull=False, volunteer__ended_at=None
    ).select_related("volunteer")
    if organisation is None:
        people = people.filter(within_any("region_id", [activity.region_id]))
    else:
        members = Membership.objects.filter(
            organisation__path__gte=organisation.path,
            organisation__path__lt=organisation.path + ":",
            approved_at__isnull=False,
            ended_at=None,
        )
        people = people.filter(pk__in=members.values("person_id"))
    return list(people.filter(volunteer__isnull=False).order_by("id")[:_PEOPLE_MAX])


def roster_request(
    loads: Sequence[ShiftPlaces],
    people: Sequence[Person],
    *,
    day_cap: int,
    fill: bool,
    now: datetime,
) -> RosterRequest:
    """Turn shifts and people into the arrays that ``matching`` asks for; six queries."""
    shifts = [load.shift for load in loads]
    epoch = min(shift.starts_at for shift in shifts) - timedelta(days=_LOAD_DAYS)
    # China's midnight, so that the days of the library are those of the calendar.
    epoch = day_window(local_date(epoch))[0]
    wanted = [max(load.shift.places_min - load.taken, 0) for load in loads]
    free = [0 if load.waiting else load.places - load.taken for load in loads]
    return RosterRequest(
        people=RosterPeople(
            ids=np.array([person.pk for person in people], np.int64),
            load=_minutes_lately(people, now=now),
            busy=_busy(people, shifts, epoch=epoch),
        ),
        slots=RosterSlots(
            ids=np.array([shift.pk for shift in shifts], np.int64),
            starts=_minutes([shift.starts_at for shift in shifts], epoch),
            ends=_minutes([shift.ends_at for shift in shifts], epoch),
            minimum=np.minimum(wanted, free).astype(np.int32),
            maximum=np.array(free, np.int32),
        ),
        allowed=_cleared(shifts, people, now=now) & _free_by_week(shifts, people),
        penalty=_penalty(shifts, people),
        day_cap=day_cap,
        fill=fill,
    )


def _minutes(instants: Sequence[datetime], epoch: datetime) -> npt.NDArray[np.int32]:
    return np.array([int((one - epoch).total_seconds() // 60) for one in instants], np.int32)


def _minutes_lately(people: Sequence[Person], *, now: datetime) -> npt.NDArray[np.int32]:
    """Return the minutes each person was and is promised to shifts in these months; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT promise.person_id,
                sum(extract(epoch FROM upper(promise.during) - lower(promise.during)))::bigint / 60
            FROM dispatch_commitment AS promise
            WHERE promise.person_id = ANY (%s)
                AND promise.source = 'shift'
                AND promise.released_at IS NULL
                AND promise.during && tstzrange(%s, NULL)
            GROUP BY promise.person_id
            """,
            [[person.pk for person in people], now - timedelta(days=_LOAD_DAYS)],
        )
        minutes = dict(cursor.fetchall())
    return np.array([minutes.get(person.pk, 0) for person in people], np.int32)


def _busy(people: Sequence[Person], shifts: Sequence[Shift], *, epoch: datetime) -> Busy:
    """Return the promises that touch the roster's days, row after row; one query."""
    promises = Commitment.objects.filter(
        person_id__in=[person.pk for person in people],
        released_at=None,
        during__overlap=(
            min(shift.starts_at for shift in shifts),
            max(shift.ends_at for shift in shifts),
        ),
    )
    windows: dict[int, list[tuple[datetime, datetime]]] = {}
    for person_id, during in promises.order_by("id").values_list("person_id", "during"):
        windows.setdefault(person_id, []).append((during.lower, during.upper))
    rows = [windows.get(person.pk, []) for person in people]
    flat = [window for row in rows for window in row]
    return Busy(
        ptr=np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64),
        start=_minutes([window[0] for window in flat], epoch),
        end=_minutes([window[1] for window in flat], epoch),
    )


def _cleared(
    shifts: Sequence[Shift], people: Sequence[Person], *, now: datetime
) -> npt.NDArray[np.bool_]:
    """Tell who is cleared for which shift: b1[P, S]; one query.

    Posts that ask for the same are asked once, for their first and last shift of the roster: an
    age may be too low at the first, a credential may have lapsed by the last. Signing up asks
    again for each shift, so that nobody slips through between.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for column, shift in enumerate(shifts):
        post = shift.post
        wants = (shift.activity_id, post.age_min, post.age_max, tuple(post.qualifications))
        groups.setdefault(wants, []).append(column)
    samples = {key: (columns[0], columns[-1]) for key, columns in groups.items()}
    pairs = [
        (shifts[column], person.pk)
        for ends in samples.values()
        for column in ends
        for person in people
    ]
    told = iter(clearance.reasons_against(pairs, now=now))
    allowed = np.zeros((len(people), len(shifts)), np.bool_)
    for columns in groups.values():
        first, last = ([not next(told) for _ in people] for _ in range(2))
        both = np.array(first, np.bool_) & np.array(last, np.bool_)
        allowed[:, columns] = both[:, None]
    return allowed


def _free_by_week(shifts: Sequence[Shift], people: Sequence[Person]) -> npt.NDArray[np.bool_]:
    """Tell whose weekly free time covers which shift; who gave none has said nothing."""
    offered = np.array([person.volunteer.availability for person in people], np.int64)
    asked = np.array(
        [
            slots_between(shift.starts_at.astimezone(CHINA), shift.ends_at.astimezone(CHINA))
            for shift in shifts
        ],
        np.int64,
    )
    missing = asked[None, :] & ~offered[:, None]
    free: npt.NDArray[np.bool_] = (missing == 0) | (offered == 0)[:, None]
    return free


def _penalty(shifts: Sequence[Shift], people: Sequence[Person]) -> npt.NDArray[np.int32]:
    """Speak against people of other units where units keep a point; two queries."""
    penalty = np.zeros((len(people), len(shifts)), np.int32)
    keepers = _keepers((shift.post for shift in shifts), local_date(shifts[0].starts_at))
    if not keepers:
        return penalty
    rows = {person.pk: row for row, person in enumerate(people)}
    units = {unit.pk for found in keepers.values() for unit in found}
    theirs: dict[int, list[int]] = {unit: [] for unit in units}
    members = Membership.objects.filter(
        organisation_id__in=units,
        person_id__in=list(rows),
        approved_at__isnull=False,
        ended_at=None,
    )
    for unit, person_id in members.values_list("organisation_id", "person_id"):
        theirs[unit].append(rows[person_id])
    for column, shift in enumerate(shifts):
        kept_by = keepers.get(shift.post.point_id or 0, ())
        if kept_by:
            penalty[:, column] = OTHER_UNIT_MINUTES
            own = [row for unit in kept_by for row in theirs[unit.pk]]
            penalty[own, column] = 0
    return penalty
