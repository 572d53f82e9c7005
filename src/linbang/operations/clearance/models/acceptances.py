from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linbang.foundation.db import AnyCellForeignKey, CellForeignKey, CellModel
from linbang.foundation.people.models import Person
from linbang.intake.activities.models import Activity
from linbang.operations.clearance.choices import AcceptanceKind


class Acceptance(CellModel):
    """A person accepted the risk notice or agreement of an activity in one version. Append-only.

    ``version`` is the activity's ``risk_version``; ``given_by`` is a guardian for a minor.
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
                condition=~Q(person=models.F("guardian")), name="guardian_consent_is_by_another"
            ),
        ]
