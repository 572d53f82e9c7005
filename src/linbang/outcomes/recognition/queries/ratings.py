"""Who may rate what, and what ratings add up to once they are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.foundation.workdays import CalendarYearMissing, add_workdays
from linbang.intake.activities.models import Activity
from linbang.operations.service import queries as service
from linbang.operations.service_records import queries as records
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.recognition import rules
from linbang.outcomes.recognition.choices import POINTS, RatedBy, Side
from linbang.outcomes.recognition.models import Rating

_SHOWN_MAX = 50


@dataclass(frozen=True)
class RatingSum:
    """A person's average in tenths, None below three shown ratings, and how many are shown."""

    tenths: int | None
    count: int

    @property
    def text(self) -> str:
        """The average with one decimal; nothing for none."""
        return rules.tenths_text(self.tenths)


@dataclass(frozen=True)
class RatingLine:
    """One shown rating: what was rated, by whom in which part, and the three points."""

    item: str
    served_at: datetime
    side: Side
    rated_by: RatedBy
    points: tuple[tuple[str | Promise, int], ...]
    comment: str


@dataclass(frozen=True)
class RecordToRate:
    """A record whose other side may be rated; names masked but for the leader."""

    record_id: UUID
    item: str
    helper: str
    volunteer: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class RatingPage:
    """What a page of one rating shows: what is rated, until when, and what may be seen by now."""

    row: RecordToRate
    side: Side
    due: date | None
    is_rated: bool
    is_over: bool
    shown: tuple[RatingLine, ...]


@dataclass(frozen=True)
class Feedback:
    """What the volunteers of an activity say of its organisation, nobody named."""

    count: int
    averages: tuple[tuple[str | Promise, str], ...]
    comments: tuple[str, ...]


def over_before(now: datetime) -> datetime:
    """Return the instant before which a record must be drafted to be closed for ratings."""
    return day_window(rules.last_day_over(local_date(now)))[1]


def due_date(record: ServiceRecord) -> date | None:
    """Return the last day for ratings of a record; None where next year's calendar is missing."""
    try:
        return add_workdays(local_date(record.drafted_at), rules.RATING_WORKDAYS)
    except CalendarYearMissing:
        return None


def is_over(record: ServiceRecord, *, now: datetime) -> bool:
    """Tell whether the time for ratings of a record is over (rule 53)."""
    return record.drafted_at < over_before(now)


def records_to_rate_as_volunteer(actor: Actor, *, now: datetime) -> QuerySet[ServiceRecord]:
    """Return the actor's own records whose service she may still rate, the latest first."""
    return _to_rate(records.records_earned_by(actor), Side.SERVICE, now=now)


def records_to_rate_as_resident(actor: Actor, *, now: datetime) -> QuerySet[ServiceRecord]:
    """Return the visits whose volunteer the actor, or whom she speaks for, may still rate."""
    return _to_rate(records.records_received_by(actor), Side.VOLUNTEER, now=now)


def records_to_rate_as_leader(
    activity: Activity, *, by_id: int | None, now: datetime
) -> QuerySet[ServiceRecord]:
    """Return the people of an activity who may still be rated, in the order of their shifts."""
    of_activity = records.records_visible_to(Actor.system()).filter(
        attendance__sign_up__shift__activity=activity
    )
    others = of_activity.exclude(Q(person_id=by_id))
    return _to_rate(others, Side.VOLUNTEER, now=now).order_by("starts_at", "person__pinyin", "id")


def records_to_rate_by_phone(actor: Actor, *, now: datetime) -> QuerySet[ServiceRecord]:
    """Return the visits whose residents the station may ask by phone, own work left out."""
    others = records.records_looked_after_by(actor).exclude(Q(person_id=actor.person_id))
    return _to_rate(others.filter(visit__isnull=False), Side.VOLUNTEER, now=now)


def earned_by(actor: Actor, record: UUID) -> ServiceRecord:
    """Return one of the actor's own records. Raises NotFound."""
    return _one(records.records_earned_by(actor), record)


def received_by(actor: Actor, record: UUID) -> ServiceRecord:
    """Return one record of a visit to the actor, or to whom she speaks for. Raises NotFound."""
    return _one(records.records_received_by(actor), record)


def looked_after_by(actor: Actor, record: UUID) -> ServiceRecord:
    """Return one visit of the station whose resident may be asked by phone. Raises NotFound."""
    others = records.records_looked_after_by(actor).exclude(Q(person_id=actor.person_id))
    return _one(others.filter(visit__isnull=False), record)


def record_to_rate(
    actor: Actor, record: UUID, side: Side, *, by_station: bool = False
) -> ServiceRecord:
    """Return a record the actor may rate in some part, leaders included. Raises NotFound."""
    if side == Side.SERVICE:
        return earned_by(actor, record)
    if by_station:
        return looked_after_by(actor, record)
    received = records.records_received_by(actor).filter(public_id=record).first()
    if received is not None:
        return received
    led = service.activities_led_by(actor).values("pk")
    of_others = records.records_visible_to(Actor.system()).exclude(Q(person_id=actor.person_id))
    return _one(of_others.filter(attendance__sign_up__shift__activity__in=led), record)


def rating_page(record: ServiceRecord, side: Side, *, now: datetime) -> RatingPage:
    """Return what a page of one rating shows."""
    [row] = rows_to_rate([record])
    return RatingPage(
        row=row,
        side=side,
        due=due_date(record),
        is_rated=rating_on(record, side) is not None or not is_first_of_its_shift(record),
        is_over=is_over(record, now=now),
        shown=tuple(ratings_on_record(record, now=now)),
    )


def rows_to_rate(found: Iterable[ServiceRecord]) -> list[RecordToRate]:
    """Return what pages show of records to be rated."""
    return [
        RecordToRate(
            record_id=row.public_id,
            item=row.item,
            helper=row.helper,
            volunteer=row.volunteer,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in records.record_rows(found)
    ]


def lock_record_to_rate(record_id: int) -> ServiceRecord:
    """Return a record with what decides who may rate it."""
    return ServiceRecord.objects.select_related(
        "person", "visit", "attendance__sign_up__shift__activity__organiser"
    ).get(pk=record_id)


def is_first_of_its_shift(record: ServiceRecord) -> bool:
    """Tell whether a record stands for its shift: several comings are rated once (rule 53)."""
    if record.attendance is None:
        return True
    earlier = ServiceRecord.objects.filter(
        cell=record.cell, attendance__sign_up=record.attendance.sign_up, pk__lt=record.pk
    )
    return not earlier.exists()


def may_lead(actor: Actor, activity: Activity) -> bool:
    """Tell whether the actor leads an activity, and so rates its people."""
    return service.activities_led_by(actor).filter(pk=activity.pk).exists()


def rating_on(record: ServiceRecord, side: Side) -> Rating | None:
    """Return what one side said, shown or not."""
    return Rating.objects.filter(cell=record.cell, record=record, side=side).first()


def shown_ratings(now: datetime) -> QuerySet[Rating]:
    """Return the ratings that may be seen: both are in, or the time is over (rule 53)."""
    other = Rating.objects.filter(cell=OuterRef("cell"), record=OuterRef("record")).exclude(
        side=OuterRef("side")
    )
    return Rating.objects.filter(Exists(other) | Q(record__drafted_at__lt=over_before(now)))


def people_rated_lately(now: datetime) -> set[int]:
    """Return the volunteers with a rating that may have been shown within the last month."""
    lately = Rating.objects.filter(side=Side.VOLUNTEER, rated_at__gt=now - timedelta(days=31))
    return set(lately.values_list("person_id", flat=True))


def rating_of(person: Person, *, now: datetime) -> RatingSum:
    """Return a volunteer's average of shown ratings; one query."""
    return ratings_of([person.pk], now=now).get(person.pk, RatingSum(None, 0))


def own_rating(actor: Actor, *, now: datetime) -> RatingSum:
    """Return the actor's own average; one query."""
    return ratings_of([actor.person_id or 0], now=now).get(actor.person_id or 0, RatingSum(None, 0))


def ratings_of(person_ids: Iterable[int], *, now: datetime) -> Mapping[int, RatingSum]:
    """Return the averages of many volunteers, those without ratings left out; one query."""
    summed = (
        shown_ratings(now)
        .filter(person_id__in=list(person_ids), side=Side.VOLUNTEER)
        .values("person_id")
        .annotate(count=Count("pk"), total=Sum(F("first") + F("second") + F("third")))
    )
    return {
        row["person_id"]: RatingSum(rules.average_tenths(row["total"], row["count"]), row["count"])
        for row in summed
    }


def ratings_received(actor: Actor, *, now: datetime) -> list[RatingLine]:
    """Return what was said of the actor as a volunteer, the latest first; fifty."""
    return _lines(_of(actor, now).filter(side=Side.VOLUNTEER))


def ratings_given(actor: Actor) -> list[RatingLine]:
    """Return what the actor said of services, the latest first; fifty. Shown to her at once."""
    given = Rating.objects.filter(Q(cell=actor.cell, person_id=actor.person_id, side=Side.SERVICE))
    return _lines(given)


def ratings_on_record(record: ServiceRecord, *, now: datetime) -> list[RatingLine]:
    """Return the shown ratings of one record."""
    return _lines(shown_ratings(now).filter(cell=record.cell, record=record))


def feedback_on(activity: Activity, *, now: datetime) -> Feedback | None:
    """Return what volunteers say of an activity; None below three, which would tell who."""
    found = list(
        shown_ratings(now)
        .filter(side=Side.SERVICE, record__attendance__sign_up__shift__activity=activity)
        # By what was said, not by when: the order must not tell who.
        .order_by("first", "second", "third", "public_id")
    )
    if len(found) < rules.RATINGS_MIN:
        return None
    columns = zip(*((one.first, one.second, one.third) for one in found), strict=True)
    return Feedback(
        count=len(found),
        averages=tuple(
            (label, rules.tenths_text((sum(column) * 20 + len(found)) // (len(found) * 2)))
            for label, column in zip(POINTS[Side.SERVICE], columns, strict=True)
        ),
        comments=tuple(one.comment for one in found if one.comment)[:_SHOWN_MAX],
    )


def _one(found: QuerySet[ServiceRecord], record: UUID) -> ServiceRecord:
    one = found.filter(public_id=record).first()
    if one is None:
        raise NotFound
    return one


def _to_rate(
    found: QuerySet[ServiceRecord], side: Side, *, now: datetime
) -> QuerySet[ServiceRecord]:
    same_shift = ServiceRecord.objects.filter(
        cell=OuterRef("cell"), attendance__sign_up=OuterRef("attendance__sign_up")
    )
    rated = Rating.objects.filter(cell=OuterRef("cell"), record=OuterRef("pk"), side=side)
    return found.filter(
        ~Exists(rated),
        ~Exists(same_shift.filter(pk__lt=OuterRef("pk"))),
        drafted_at__gte=over_before(now),
    )


def _of(actor: Actor, now: datetime) -> QuerySet[Rating]:
    return shown_ratings(now).filter(Q(cell=actor.cell, person_id=actor.person_id))


def _lines(found: QuerySet[Rating]) -> list[RatingLine]:
    ratings = list(found.order_by("-rated_at", "-id")[:_SHOWN_MAX])
    about = {record.pk: row for record, row in _with_rows([one.record_id for one in ratings])}
    return [
        RatingLine(
            item=about[one.record_id].item,
            served_at=about[one.record_id].starts_at,
            side=Side(one.side),
            rated_by=RatedBy(one.rated_by),
            points=tuple(
                zip(POINTS[Side(one.side)], (one.first, one.second, one.third), strict=True)
            ),
            comment=one.comment,
        )
        for one in ratings
    ]


def _with_rows(record_ids: list[int]) -> Iterable[tuple[ServiceRecord, records.RecordRow]]:
    found = list(records.records_visible_to(Actor.system()).filter(pk__in=record_ids))
    return zip(found, records.record_rows(found), strict=True)
