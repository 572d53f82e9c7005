import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.crypto import SealedTextField
from linbang.foundation.db import CellForeignKey, CellModel, CellOneToOneField
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.outcomes.recognition.choices import (
    APPLICATION_ENDS,
    ApplicationState,
    ChangeKind,
    ObjectionOutcome,
    SchemeCode,
)


class StarScheme(CellModel):
    """A region's adoption of a level table; the newest of the nearest region holds. Append-only."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, choices=SchemeCode)
    version = models.PositiveSmallIntegerField()
    adopted_at = models.DateTimeField()
    by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("星级标准")
        indexes = [models.Index(fields=["region", "-id"], name="star_scheme_by_region")]


class StarApplication(CellModel):
    """Somebody asks for a star; checked, put on notice, and ended once (rule 54).

    ``proved_minutes`` and ``entered_minutes`` are what counted when it was made, under the table
    whose code and version are kept. ``region`` is the community, never the door. Who checked is
    ``approved_by_id``; whoever ended it, ``closed_by_id``, is empty for the clock.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = CellForeignKey(Person, models.PROTECT, related_name="star_applications")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    star = models.PositiveSmallIntegerField()
    scheme = models.CharField(max_length=16, choices=SchemeCode)
    scheme_version = models.PositiveSmallIntegerField()
    proved_minutes = models.PositiveIntegerField()
    entered_minutes = models.PositiveIntegerField()
    rating_tenths = models.PositiveSmallIntegerField(null=True)
    applied_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by_id = models.BigIntegerField(null=True)
    notice_until = models.DateField(null=True)
    outcome = models.CharField(
        max_length=10, choices=[(end.value, end.label) for end in APPLICATION_ENDS], blank=True
    )
    reason = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("星级申请")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "person"],
                condition=Q(closed_at=None),
                name="star_application_open_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(star__range=(1, 5)), name="star_application_for_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by_id=None, notice_until=None)
                | Q(
                    approved_at__isnull=False,
                    approved_by_id__isnull=False,
                    notice_until__isnull=False,
                ),
                name="star_application_approval_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None, closed_by_id=None)
                | ~Q(outcome="") & Q(closed_at__isnull=False),
                name="star_application_end_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ApplicationState.GRANTED) | Q(approved_at__isnull=False),
                name="star_application_granted_after_notice",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", ApplicationState.GRANTED, ApplicationState.WITHDRAWN])
                | ~Q(reason=""),
                name="star_application_denied_says_why",
            ),
            # Never for oneself, whatever the code above it does.
            models.CheckConstraint(
                condition=Q(approved_by_id=None) | ~Q(approved_by_id=F("person_id")),
                name="star_application_checked_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "id"], name="star_application_by_region"),
            models.Index(
                fields=["notice_until"],
                condition=Q(closed_at=None, notice_until__isnull=False),
                name="star_application_on_notice",
            ),
        ]


class StarObjection(CellModel):
    """Somebody says during the notice that a star is not due; answered once, by somebody else."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = CellForeignKey(StarApplication, models.PROTECT, related_name="objections")
    by_id = models.BigIntegerField()
    text = SealedTextField()
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=ObjectionOutcome, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("星级公示异议")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "application", "by_id"],
                condition=Q(answered_at=None),
                name="star_objection_open_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_by_id=None, answered_at=None)
                | ~Q(outcome="")
                & ~Q(answer="")
                & Q(answered_by_id__isnull=False)
                & Q(answered_at__isnull=False),
                name="star_objection_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by_id=None) | ~Q(answered_by_id=F("by_id")),
                name="star_objection_answered_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cell", "application"],
                condition=Q(answered_at=None),
                name="star_objection_open",
            )
        ]


class StarChange(CellModel):
    """A person's star from then on: the newest row holds. Append-only.

    Granted by an application; lowered, with the reason, when hours were corrected or voided.
    ``scheme`` and its version say by which levels, ``minutes`` what counted then.
    """

    person = CellForeignKey(Person, models.PROTECT, related_name="star_changes")
    kind = models.CharField(max_length=8, choices=ChangeKind)
    star = models.PositiveSmallIntegerField()
    application = CellOneToOneField(
        StarApplication, models.PROTECT, null=True, related_name="change"
    )
    scheme = models.CharField(max_length=16, choices=SchemeCode)
    scheme_version = models.PositiveSmallIntegerField()
    # For a table of yearly hours: the year they were served in.
    year = models.PositiveSmallIntegerField(null=True)
    minutes = models.PositiveIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("星级变动")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.GRANTED, star__range=(1, 5), application__isnull=False)
                | Q(kind=ChangeKind.LOWERED, star__range=(0, 4), application=None),
                name="star_change_granted_or_lowered",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ChangeKind.LOWERED) | ~Q(reason=""),
                name="star_change_lowered_says_why",
            ),
        ]
        indexes = [models.Index(fields=["cell", "person", "-id"], name="star_change_by_person")]
