import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity
from linbang.operations.clearance.choices import AcceptanceKind


class AcceptedText(CellModel):
    """A notice or agreement word for word, kept once for all who accepted it. Append-only."""

    activity = CellForeignKey(Activity, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AcceptanceKind)
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256")
    text = models.TextField()
    shown_at = models.DateTimeField()

    class Meta:
        verbose_name = _("告知与协议文本")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "activity", "digest"], name="accepted_text_kept_once"
            )
        ]


class Acceptance(CellModel):
    """A person accepted the risk notice or agreement of an activity in one version. Append-only.

    ``version`` is the activity's ``risk_version``; ``text_digest`` names the ``AcceptedText``;
    ``given_by`` is a guardian for a minor.
    """

    activity = CellForeignKey(Activity, models.PROTECT, related_name="acceptances")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AcceptanceKind)
    version = models.PositiveSmallIntegerField()
    text_digest = models.CharField(max_length=64, help_text="SHA-256")
    accepted_at = models.DateTimeField()
    given_by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("告知与协议")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "activity", "person", "kind", "version"],
                name="acceptance_once_a_version",
            )
        ]


class GuardianConsent(CellModel):
    """A guardian lets a minor take part in one activity; withdrawn, never deleted (STU 3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = CellForeignKey(Activity, models.PROTECT, related_name="+")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    guardian = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("监护人同意书")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "activity", "person", "guardian"],
                condition=Q(withdrawn_at=None),
                name="guardian_consent_once_an_activity",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("guardian")), name="guardian_consent_is_by_another"
            ),
        ]


class ConsentRequest(CellModel):
    """A minor asks the guardians to let her take part in an activity; one of them answers."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity = CellForeignKey(Activity, models.PROTECT, related_name="+")
    person = AnyCellForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    is_granted = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("请监护人同意")
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "activity", "person"],
                condition=Q(answered_at=None),
                name="consent_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_granted=None)
                | Q(answered_at__isnull=False, is_granted__isnull=False),
                name="consent_request_answer_is_whole",
            ),
        ]
