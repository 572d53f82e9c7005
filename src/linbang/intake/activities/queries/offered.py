"""What is open to everybody: for the discover pages, the feeds and the public list."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from linbang.foundation.places.queries import within_any
from linbang.intake.activities.choices import ActivityState, Audience, ShiftState
from linbang.intake.activities.models import Activity, Shift

_PATH_DIGITS = 10
_COUNTY_DIGITS = 6
# What no list shows; the sealed columns would cost a decryption a row.
_UNLISTED = (
    "content", "conditions", "risk_text", "outcome", "contact_phone", "content_digest", "key",
)  # fmt: skip


def open_activities(
    *,
    now: datetime,
    region: str = "",
    category: str = "",
    starts_from: datetime | None = None,
    starts_before: datetime | None = None,
    text: str = "",
    organisations: Iterable[str] = (),
) -> QuerySet[Activity]:
    """Return the published activities with a shift ahead, by their next one; one query.

    Rows carry ``next_starts_at``, ``next_ends_at`` and ``next_shift_id`` of the next shift within
    the window, and come with organiser and region; contents and sealed columns are left shut.
    ``organisations`` are the paths the reader belongs to: what recruits members alone is shown to
    them and to nobody else. Indexes ``activity_by_region_and_state``, ``shift_by_activity``.
    """
    upcoming = _within(
        Shift.objects.filter(cell=OuterRef("cell"), activity=OuterRef("pk")),
        now=now,
        starts_from=starts_from,
        starts_before=starts_before,
    ).order_by("starts_at", "id")
    found = Activity.objects.filter(
        _offered("", region=region, category=category, text=text, organisations=organisations)
    )
    return (
        found.select_related("organiser", "region")
        .defer(*_UNLISTED, "organiser__contact_phone")
        .annotate(
            next_starts_at=Subquery(upcoming.values("starts_at")[:1]),
            next_ends_at=Subquery(upcoming.values("ends_at")[:1]),
            next_shift_id=Subquery(upcoming.values("pk")[:1]),
        )
        .filter(next_starts_at__isnull=False)
        .order_by("next_starts_at", "id")
    )


def open_shifts(
    *,
    now: datetime,
    region: str = "",
    category: str = "",
    starts_from: datetime | None = None,
    starts_before: datetime | None = None,
    text: str = "",
    organisations: Iterable[str] = (),
) -> QuerySet[Shift]:
    """Return the shifts ahead of published activities, by time; one query.

    With post, activity, organiser and region; filters as in ``open_activities``. Index
    ``shift_by_time`` within a county.
    """
    shifts = _within(
        Shift.objects.all(), now=now, starts_from=starts_from, starts_before=starts_before
    ).filter(
        _offered(
            "activity__", region=region, category=category, text=text, organisations=organisations
        )
    )
    if len(region) >= _COUNTY_DIGITS:
        shifts = shifts.filter(cell=region[:_COUNTY_DIGITS])
    hidden = [f"activity__{name}" for name in _UNLISTED]
    return (
        shifts.select_related(
            "post", "post__point", "activity", "activity__organiser", "activity__region"
        )
        .defer(*hidden, "activity__organiser__contact_phone")
        .order_by("starts_at", "id")
    )


def _within(
    shifts: QuerySet[Shift],
    *,
    now: datetime,
    starts_from: datetime | None,
    starts_before: datetime | None,
) -> QuerySet[Shift]:
    shifts = shifts.filter(state=ShiftState.PLANNED, starts_at__gt=now)
    if starts_from is not None:
        shifts = shifts.filter(starts_at__gte=starts_from)
    if starts_before is not None:
        shifts = shifts.filter(starts_at__lt=starts_before)
    return shifts


def _offered(at: str, *, region: str, category: str, text: str, organisations: Iterable[str]) -> Q:
    condition = Q(**{f"{at}state": ActivityState.PUBLISHED})
    if region:
        # Not joined to the table of regions: the code is the path.
        condition &= within_any(f"{at}region_id", [region])
    if category:
        condition &= Q(**{f"{at}categories__contains": [category]})
    if text:
        condition &= Q(**{f"{at}name__contains": text}) | Q(**{f"{at}place_name__contains": text})
    return condition & _addressed(at, organisations)


def _addressed(at: str, organisations: Iterable[str]) -> Q:
    everybody = Q(**{f"{at}audience": Audience.EVERYONE})
    above = {
        path[:length]
        for path in organisations
        for length in range(_PATH_DIGITS, len(path) + 1, _PATH_DIGITS)
    }
    return everybody | Q(**{f"{at}organiser__path__in": above}) if above else everybody


def public_activity(public_id: UUID) -> QuerySet[Activity]:
    """Return an activity everybody may look at by its address: published, over or cancelled."""
    return Activity.objects.select_related("organiser", "region", "leader", "policy").filter(
        public_id=public_id,
        state__in=(ActivityState.PUBLISHED, ActivityState.CLOSED, ActivityState.CANCELLED),
    )
