import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.intake.activities.models import Qualification
from linbang.operations.clearance.choices import TrainingKind, TrainingMode, TrainingResult


class Training(CellModel):
    """A training as it is recorded: name, content, learning time, organiser (Order 67, art. 8).

    Who passes gets the qualification, if it leads to one. Learning time is no service time.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organiser = AnyCellForeignKey(Organisation, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    qualification = models.ForeignKey(
        Qualification, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=50)
    content = models.CharField(max_length=500)
    kind = models.CharField(max_length=12, choices=TrainingKind)
    mode = models.CharField(max_length=6, choices=TrainingMode)
    learning_minutes = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("培训")
        constraints = [
            models.CheckConstraint(condition=Q(learning_minutes__gt=0), name="training_takes_time"),
            models.UniqueConstraint(
                fields=["cell", "region", "name"],
                condition=Q(ended_at=None),
                name="training_name_once_a_region",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrainingSession(CellModel):
    """One sitting of a training: when, where, for how many."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training = CellForeignKey(Training, models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=160)
    trainer = models.CharField(max_length=50, blank=True)
    places = models.PositiveSmallIntegerField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("培训场次")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="training_session_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(places__gt=0), name="training_session_has_places"),
        ]
        indexes = [models.Index(fields=["cell", "starts_at"], name="training_session_by_time")]


class Enrolment(CellModel):
    """A person takes part in a sitting; the result, once known, is written once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = CellForeignKey(TrainingSession, models.PROTECT, related_name="enrolments")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField()
    enrolled_by_id = models.BigIntegerField(null=True)
    left_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=8, choices=TrainingResult, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("培训报名")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "session", "person"],
                condition=Q(left_at=None),
                name="enrolment_once_a_session",
            ),
            models.CheckConstraint(
                condition=Q(result="", decided_at=None)
                | ~Q(result="") & Q(decided_at__isnull=False),
                name="enrolment_result_has_time",
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="enrolment_by_person")]
