from django.db import models
from django.utils.translation import gettext_lazy as _

from linbang.foundation.audit.choices import Outcome
from linbang.foundation.db import CellModel


class AuditEvent(CellModel):
    """One thing somebody did or saw. Append-only; holds ids, never personal data.

    Actors are plain ids: the trail outlives what it speaks of.
    """

    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.DONE)
    account_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    about_id = models.BigIntegerField(null=True, help_text=_("涉及谁的资料"))
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    region_code = models.CharField(max_length=18, blank=True, db_collation="C")
    address = models.GenericIPAddressField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("审计记录")
        indexes = [
            models.Index(
                fields=["cell", "subject_type", "subject_id", "id"], name="audit_by_subject"
            ),
            models.Index(fields=["cell", "person_id", "id"], name="audit_by_person"),
            models.Index(fields=["region_code", "id"], name="audit_by_region"),
            # A person's data may be looked at from any cell.
            models.Index(
                fields=["about_id", "id"],
                condition=models.Q(about_id__isnull=False),
                name="audit_about_person",
            ),
        ]


class AuditSeal(models.Model):
    """One link of the chain: the hash of an event and of the link before it.

    A job seals what has come in, in order of arrival at the job, so no write waits for the chain.
    """

    sequence = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="seal")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["previous_hash"], name="audit_seal_has_one_successor"),
            models.CheckConstraint(
                condition=models.Q(sequence__gte=1), name="audit_seal_sequence_starts_at_one"
            ),
        ]
