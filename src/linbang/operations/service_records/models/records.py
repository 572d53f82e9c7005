import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import (
    AnyCellForeignKey,
    CellForeignKey,
    CellModel,
)
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.operations.dispatch.models import PersonRange
from linbang.operations.service.models import Attendance, Visit
from linbang.operations.service_records.choices import (
    Cut,
    RecordKind,
)
from linbang.operations.service_records.models.back_entries import BackEntrySegment


class SegmentRange(Func):
    """The half-open window of a record as a range."""

    function = "tstzrange"
    output_field = DateTimeRangeField()

    def __init__(self) -> None:
        super().__init__(F("starts_at"), F("ends_at"), RangeBoundary())


class ServiceRecord(CellModel):
    """What a volunteer did, credited by a stated version of a policy. Append-only.

    It comes from a visit to a resident, from a coming and going on a shift, or was entered
    afterwards; ``title`` keeps what the latter two were called then. Lives in the volunteer's cell,
    with the books it will be banked in. ``minutes`` is the counted presence; ``credited_minutes``
    what the policy's rounding makes of it; ``cuts`` says why less was counted than the volunteer
    was there. A presence of which nothing counts has 0 minutes; one over midnight has a record for
    each day, its ``part``.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="service_records")
    visit = AnyCellForeignKey(Visit, models.PROTECT, null=True, related_name="records")
    beneficiary = AnyCellForeignKey(Person, models.PROTECT, null=True, related_name="+")
    attendance = AnyCellForeignKey(Attendance, models.PROTECT, null=True, related_name="records")
    entry = AnyCellForeignKey(BackEntrySegment, models.PROTECT, null=True, related_name="records")
    title = models.CharField(max_length=110, blank=True)
    category = models.CharField(max_length=4, choices=ServiceCategory)
    item_code = models.CharField(max_length=24, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    recording_unit = models.CharField(max_length=100)
    part = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    credited_minutes = models.PositiveIntegerField()
    cuts = ArrayField(models.CharField(max_length=8, choices=Cut), default=list, blank=True)
    kind = models.CharField(max_length=8, choices=RecordKind)
    policy = models.CharField(max_length=24)
    policy_version = models.PositiveSmallIntegerField()
    drafted_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("服务记录")
        constraints = [
            models.UniqueConstraint(fields=["cell", "visit", "part"], name="record_once_a_visit"),
            models.UniqueConstraint(
                fields=["cell", "attendance", "part"], name="record_once_an_attendance"
            ),
            models.UniqueConstraint(fields=["cell", "entry", "part"], name="record_once_an_entry"),
            models.CheckConstraint(
                condition=Q(
                    visit__isnull=False,
                    beneficiary__isnull=False,
                    attendance=None,
                    entry=None,
                    title="",
                )
                & ~Q(item_code="")
                | (
                    Q(attendance__isnull=False, entry=None)
                    | Q(attendance=None, entry__isnull=False, kind=RecordKind.ENTERED)
                )
                & Q(visit=None, beneficiary=None, item_code="")
                & ~Q(title=""),
                name="record_has_one_source",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="record_window_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(credited_minutes__range=(0, 1440)),
                name="record_credits_at_most_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind=RecordKind.PROVED, entered_by_id=None)
                | Q(kind=RecordKind.ENTERED, entered_by_id__isnull=False),
                name="record_entered_says_by_whom",
            ),
            # Rule 34: no segment overlaps another of the same person, anywhere.
            ExclusionConstraint(
                name="record_segments_do_not_overlap",
                index_type="gist",
                expressions=[
                    (PersonRange(), RangeOperators.OVERLAPS),
                    (SegmentRange(), RangeOperators.OVERLAPS),
                ],
                condition=Q(minutes__gt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["cell", "person", "-starts_at"], name="record_by_person"),
            models.Index(fields=["region", "starts_at"], name="record_by_region_and_time"),
            models.Index(fields=["beneficiary", "-starts_at"], name="record_by_beneficiary"),
        ]
