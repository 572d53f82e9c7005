import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import CellForeignKey, CellModel
from linbang.intake.activities.choices import DayRule, ShiftState
from linbang.intake.activities.models.activities import Activity, Post


class Series(CellModel):
    """A rhythm of an activity: its RRULE (RFC 5545), the time of day, and which days count.

    ``posts`` empty means all posts of the activity. Times are China's wall clock.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = CellForeignKey(Activity, models.CASCADE, related_name="series")
    rule = models.CharField(max_length=200, help_text="RRULE, RFC 5545")
    day_rule = models.CharField(max_length=14, choices=DayRule, default=DayRule.ANY)
    starts_on = models.DateField()
    ends_on = models.DateField()
    start_time = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    posts = models.JSONField(default=list, blank=True, help_text=_("岗位编号；空为全部"))
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("周期")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="series_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(15, 1440)), name="series_lasts_15_minutes_to_a_day"
            ),
        ]


class Shift(CellModel):
    """One post at one time: what people sign up for. How many places are taken is dispatch's.

    A shift of a series remembers the date the rhythm gave it, so that it is found again when
    the rhythm changes; ``is_moved`` says that its own time was set by hand.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = CellForeignKey(Activity, models.PROTECT, related_name="shifts")
    post = CellForeignKey(Post, models.PROTECT, related_name="shifts")
    series = CellForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="shifts")
    series_date = models.DateField(null=True, blank=True)
    is_moved = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveSmallIntegerField()
    places_min = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ShiftState, default=ShiftState.PLANNED)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("班次")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_window_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(places__range=(1, 5000), places_min__lte=F("places")),
                name="shift_places_cover_the_minimum",
            ),
            models.CheckConstraint(
                condition=Q(state=ShiftState.PLANNED, cancelled_at=None)
                | Q(state=ShiftState.CANCELLED, cancelled_at__isnull=False) & ~Q(cancel_reason=""),
                name="shift_cancelled_says_when_and_why",
            ),
            models.UniqueConstraint(
                fields=["cell", "post", "series", "series_date"],
                condition=Q(series__isnull=False),
                name="shift_once_a_date_of_a_series",
            ),
        ]
        indexes = [
            models.Index(fields=["cell", "activity", "starts_at"], name="shift_by_activity"),
            models.Index(fields=["cell", "post", "starts_at"], name="shift_by_post"),
            models.Index(fields=["cell", "starts_at", "id"], name="shift_by_time"),
        ]
