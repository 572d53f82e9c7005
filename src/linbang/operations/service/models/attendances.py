import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.choices import AbsenceKind, AttendanceMethod


class Attendance(CellModel):
    """One coming and going of a person on a shift; up to three a shift (rule 32).

    Written twice and never again (a trigger keeps it): when she comes, and when she goes.
    ``…_at`` is when it was, ``…_recorded_at`` when it reached us: a leader's phone may have been
    offline. ``…_key`` is the idempotency key of the call. What a leader opened by mistake is closed
    by the method ``void`` and counts for nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sign_up = CellForeignKey(SignUp, models.PROTECT, related_name="attendances")
    # attendance_by_person finds them.
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="attendances", db_index=False)
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
                condition=Q(in_recorded_at__gte=F("in_at"))
                & (Q(out_at=None) | Q(out_recorded_at__gte=F("out_at"))),
                name="attendance_is_not_in_the_future",
            ),
            models.CheckConstraint(
                condition=~Q(in_method=AttendanceMethod.LOCATION) | Q(in_distance_m__isnull=False),
                name="attendance_by_location_has_distance",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-in_at"], name="attendance_by_person"),
        ]


class ClosedRoll(CellModel):
    """The roll of a shift is closed, by its leader or by the clock a day later: whoever did not
    come is absent (rule 28). Nobody is marked any more; a paper sheet may still be entered.
    """

    shift = CellOneToOneField(Shift, models.PROTECT, related_name="closed_roll")
    closed_at = models.DateTimeField()
    closed_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("已结束的点名")


class Absence(CellModel):
    """A person with a place never came, or was excused beforehand (rule 28).

    It counts from ``counted_at`` on, when the roll was closed: until then a leader's mark may prove
    wrong. The person may object; a leader or worker then excuses, or upholds with an answer.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sign_up = CellOneToOneField(SignUp, models.PROTECT, related_name="absence")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=8, choices=AbsenceKind)
    shift_started_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    objection = SealedTextField(help_text=_("本人说明"))
    objected_at = models.DateTimeField(null=True, blank=True)
    excused_at = models.DateTimeField(null=True, blank=True)
    excused_by_id = models.BigIntegerField(null=True)
    upheld_at = models.DateTimeField(null=True, blank=True)
    upheld_by_id = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("未到")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=AbsenceKind.EXCUSED) | ~Q(note=""),
                name="absence_excused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(excused_at=None, upheld_at=None) | ~Q(answer=""),
                name="absence_decided_says_why",
            ),
            models.CheckConstraint(
                condition=Q(counted_at=None) | Q(kind=AbsenceKind.NO_SHOW),
                name="absence_excused_never_counts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "shift_started_at"],
                condition=Q(kind=AbsenceKind.NO_SHOW, excused_at=None, counted_at__isnull=False),
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
