import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.choices import AbsenceKind, AttendanceMethod


class Attendance(CellModel):
    """One coming and going of a person on a shift; up to three a shift (rule 32).

    Written twice and never again (a trigger keeps it): when she comes, and when she goes.
    ``…_at`` is when it was, ``…_recorded_at`` when it reached us: a leader's phone may have been
    offline. ``…_key`` is the idempotency key of the call.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sign_up = CellForeignKey(SignUp, models.PROTECT, related_name="attendances")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="attendances")
    pair = models.PositiveSmallIntegerField()
    in_at = models.DateTimeField()
    in_recorded_at = models.DateTimeField()
    in_method = models.CharField(max_length=10, choices=AttendanceMethod)
    in_by_id = models.BigIntegerField()
    in_key = models.CharField(max_length=64, db_collation="C", blank=True)
    in_distance_m = models.PositiveIntegerField(null=True)
    in_note = models.CharField(max_length=200, blank=True)
    out_at = models.DateTimeField(null=True, blank=True)
    out_recorded_at = models.DateTimeField(null=True, blank=True)
    out_method = models.CharField(max_length=10, choices=AttendanceMethod, blank=True)
    out_by_id = models.BigIntegerField(null=True)
    out_key = models.CharField(max_length=64, db_collation="C", blank=True)
    out_distance_m = models.PositiveIntegerField(null=True)
    out_note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("到岗记录")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "sign_up", "pair"], name="attendance_pair_once"
            ),
            models.UniqueConstraint(
                fields=["cell", "person"],
                condition=Q(out_at=None),
                name="attendance_open_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["cell", "person", "in_key"],
                condition=~Q(in_key=""),
                name="attendance_in_key_once",
            ),
            models.UniqueConstraint(
                fields=["cell", "person", "out_key"],
                condition=~Q(out_key=""),
                name="attendance_out_key_once",
            ),
            models.CheckConstraint(
                condition=Q(pair__range=(1, 3)), name="attendance_pairs_up_to_three"
            ),
            models.CheckConstraint(
                condition=Q(
                    out_at=None, out_recorded_at=None, out_method="", out_by_id=None, out_key=""
                )
                | Q(out_at__gt=F("in_at"), out_recorded_at__isnull=False, out_by_id__isnull=False)
                & ~Q(out_method=""),
                name="attendance_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(in_recorded_at__gte=F("in_at")), name="attendance_is_not_in_the_future"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-in_at"], name="attendance_by_person"),
        ]


class Absence(CellModel):
    """A person with a place never came; excused by a leader, or on appeal (rule 28)."""

    sign_up = CellOneToOneField(SignUp, models.PROTECT, related_name="absence")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=8, choices=AbsenceKind)
    shift_started_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    excused_at = models.DateTimeField(null=True, blank=True)
    excused_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("未到")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=AbsenceKind.EXCUSED) | ~Q(note=""),
                name="absence_excused_says_why",
            )
        ]
        indexes = [
            models.Index(
                fields=["person", "shift_started_at"],
                condition=Q(kind=AbsenceKind.NO_SHOW, excused_at=None),
                name="absence_that_counts",
            )
        ]


class WrongTry(CellModel):
    """A wrong rotating code of an activity; five in a minute close the entry for a while."""

    activity = CellForeignKey(Activity, models.CASCADE, related_name="+")
    person = AnyCellForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("错误的签到码")
        indexes = [models.Index(fields=["person", "at"], name="wrong_try_by_person")]
